"""What a rule says of a document."""

from typing import NamedTuple


class Finding(NamedTuple):
    """`name` is the attribute it is about, or empty; `line` the position, None for the header."""

    rule: str
    name: str
    message: str
    line: int | None = None
