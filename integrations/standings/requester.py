"""Who asks for something, as evidence keeps it."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True)
class Requester:
    """Who asks: a user of the admin, or a user and command of the shell."""

    user: Any = None
    origin: str = ""
