"""What a rule found, before the severity of a connection says how much it matters."""

from typing import NamedTuple


class Finding(NamedTuple):
    """`field` is a wire name or empty; `line` a position, or None for the whole voucher."""

    rule: str
    field: str
    message: str
    line: int | None = None
