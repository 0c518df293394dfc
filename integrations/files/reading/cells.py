"""What one cell of a table holds, and a table as rows of cells."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol


class Broken(NamedTuple):
    """A cell of a sheet that shows no value; `told` says why and what to do, in Spanish."""

    told: str
    shown: str


Cell = str | int | Decimal | bool | date | Broken | None
"""A text as written, a number of a sheet exactly, a day; None: nothing there."""


class Row(NamedTuple):
    """`number` is the row that a person sees, from 1."""

    number: int
    cells: list[Cell]


class Table(Protocol):
    """A table that can be read as often as one likes, row by row; nothing of it is held."""

    facts: "Facts"

    def rows(self) -> Iterator[Row]: ...


@dataclass
class Facts:
    """What was found out about a file before its columns: shown to whoever brings it in."""

    format: str
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    """The visible sheets of a book; `hidden_sheets` those that are not read."""
    hidden_sheets: list[str] = field(default_factory=list)

    def told(self) -> list[tuple[str, str]]:
        """(what, how) for people, in Spanish."""
        named = [
            ("Formato", self.format.upper()),
            ("Codificación", ENCODINGS.get(self.encoding, self.encoding)),
            ("Separador", SEPARATORS.get(self.separator, self.separator)),
            ("Hoja", self.sheet),
            ("Hojas ocultas que no se leen", ", ".join(self.hidden_sheets)),
        ]
        return [(what, how) for what, how in named if how]


ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 con marca (BOM)",
    "cp1252": "Windows-1252",
    "cp850": "DOS (850)",
    "utf-16": "UTF-16",
}
SEPARATORS = {",": "coma", ";": "punto y coma", "\t": "tabulación", "|": "barra"}


def is_empty(cell: Cell) -> bool:
    return cell is None or (isinstance(cell, str) and not cell.strip())


def shown(cell: Cell) -> str:
    """A cell as a person would write it."""
    if cell is None:
        return ""
    if isinstance(cell, Broken):
        return cell.shown
    if isinstance(cell, bool):
        return "VERDADERO" if cell else "FALSO"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)
