"""How a register of an ERP is read, as data: what to ask, and which column fills which of our fields. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

KEY, CODE, NAME = "key", "code", "name"
"""The fields that every mirror row has: unique in its register, what documents name it by, what people read."""

AFTER, LIMIT, SINCE = "{after}", "{limit}", "{since}"
"""What a query may have: the last key of the page before, the rows of a page, the first day that matters."""

_PART = re.compile(r"([^\W\d]\w*)(?::(\d{1,2}))?")


class MappingError(ValueError):
    """A text of columns can't be read. The message is Spanish."""


@dataclass(frozen=True, slots=True)
class ColumnPart:
    """One column of the ERP's row; `width` pads it with zeros on the left, 0 leaves it as it came."""

    column: str
    width: int = 0


@dataclass(frozen=True)
class RegisterReading:
    """How one register is read. `columns` is our field → columns of the ERP, joined by `+` where several make one.

    `line:3+group:4+product:6` is one code of 13 digits. Names are compared without regard to case.
    """

    register: str
    columns: Mapping[str, str]
    query: str = ""
    """SAG: one SELECT, with `{after}`, `{limit}` and `{since}` where it reads by pages or by date."""
    resource: str = ""
    """Siigo: the resource of the connector."""
    params: Mapping[str, Any] = field(default_factory=dict)
    """Siigo: its filters."""
    keeps_every_column: bool = False
    """True where the rules need columns that nobody listed: they become facts, by name in lower case."""
    assumed: bool = False
    """True where no text shows the answer."""

    @cached_property
    def parts(self) -> dict[str, tuple[ColumnPart, ...]]:
        """Our field → the columns that make it. Raises MappingError."""
        return {name: parse_columns(text) for name, text in self.columns.items()}

    @property
    def by_date(self) -> bool:
        """Whether it can be read from a day on."""
        return SINCE in self.query

    @property
    def by_pages(self) -> bool:
        """Whether it is read page by page."""
        return AFTER in self.query and LIMIT in self.query


def parse_columns(text: str) -> tuple[ColumnPart, ...]:
    """The columns of `n_nit`, or of `line:3+group:4`. Raises MappingError for a text that can't be read."""
    matches = [_PART.fullmatch(word.strip()) for word in text.split("+")]
    if not all(matches):
        raise MappingError(
            f"«{text}» no se entiende. Escriba una columna (n_nit) o varias que forman un código (line:3+group:4)."
        )
    return tuple(ColumnPart(match[1].lower(), int(match[2] or 0)) for match in matches if match)
