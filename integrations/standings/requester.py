"""Who asks for something, and how many records were done: what goes into and comes out of every request."""

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Requester:
    """Who asks: a user of the admin, or a user and command of the shell (`origin`)."""

    user: Any = None
    origin: str = ""

    def as_columns(self) -> dict[str, Any]:
        """`requested_by` and `requested_from`, as batches and attempts keep them."""
        return {"requested_by": self.user, "requested_from": self.origin[:200]}


@dataclass
class Tally:
    """How many records a request did and skipped, and why: «0 enviados, 12 omitidos porque…»."""

    done: int = 0
    skipped: int = 0
    reasons: list[str] = field(default_factory=list)
