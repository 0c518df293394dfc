"""Tables that are read, as rows of cells, and what is known of their file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol


class BrokenCell(NamedTuple):
    """A cell of a sheet without a value: `reason` says why and what to do, in Spanish; `display` is what it shows."""

    reason: str
    display: str


InputCell = str | int | Decimal | bool | date | BrokenCell | None
"""A text as written, a number of a sheet exactly, a day; None: an empty cell."""


class TableRow(NamedTuple):
    """`number` is the row that a person sees, from 1."""

    number: int
    cells: list[InputCell]


class InputTable(Protocol):
    """A table whose rows are read from disk each time; none is kept in memory."""

    description: "FileDescription"

    def rows(self) -> Iterator[TableRow]:
        """Every row, the headings included."""


@dataclass
class FileDescription:
    """What was found out about a file before its columns."""

    format: str
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    sheets: list[str] = field(default_factory=list)
    """The visible sheets of a workbook; `hidden_sheets` are not read."""
    hidden_sheets: list[str] = field(default_factory=list)

    def labelled(self) -> list[tuple[str, str]]:
        """(label, value) of what is known, in Spanish."""
        pairs = [
            ("Formato", self.format.upper()),
            ("Codificación", ENCODINGS.get(self.encoding, self.encoding)),
            ("Separador", SEPARATORS.get(self.separator, self.separator)),
            ("Hoja", self.sheet),
            ("Hojas ocultas que no se leen", ", ".join(self.hidden_sheets)),
        ]
        return [(label, value) for label, value in pairs if value]


ENCODINGS = {
    "utf-8": "UTF-8",
    "utf-8-sig": "UTF-8 con marca (BOM)",
    "cp1252": "Windows-1252",
    "cp850": "DOS (850)",
    "utf-16": "UTF-16",
}
SEPARATORS = {",": "coma", ";": "punto y coma", "\t": "tabulación", "|": "barra"}


def is_empty(cell: InputCell) -> bool:
    """Whether a cell is empty or blank."""
    return cell is None or (isinstance(cell, str) and not cell.strip())


def display_text(cell: InputCell) -> str:
    """A cell as a person would write it: 31/12/2026, VERDADERO."""
    if cell is None:
        return ""
    if isinstance(cell, BrokenCell):
        return cell.display
    if isinstance(cell, bool):
        return "VERDADERO" if cell else "FALSO"
    return f"{cell:%d/%m/%Y}" if isinstance(cell, date) else str(cell)
