"""Tables that are read, as rows of cells, and what is known of their file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from typing import NamedTuple, Protocol


class BrokenCell(NamedTuple):
    """A cell of a sheet without a value: `reason` says why and what to do, in Spanish; `display` is what it shows."""

    reason: str
    display: str


class RowProblem(BrokenCell):
    """The last cell of a row that can't be read in one way only; it stands for all that follows the cells before it.

    Its row is refused with its whole document. `display` is what the file has there.
    """

    __slots__ = ()


InputCell = str | int | Decimal | bool | date | BrokenCell | None
"""A text as written, a number of a sheet exactly, a day; None: an empty cell."""


class TableRow(NamedTuple):
    """`number` is the row that a person sees, from 1."""

    number: int
    cells: list[InputCell]


class InputTable(Protocol):
    """A table whose rows are read from disk each time; none is kept in memory."""

    description: "FileDescription"

    @property
    def row_width(self) -> int:
        """How many cells the rows of a text file usually have; 0 for a sheet, whose cells have places of their own."""

    @property
    def may_hide_rows(self) -> bool:
        """Whether some row of a sheet does not show."""

    @property
    def hidden_rows(self) -> Sequence[int]:
        """The rows that don't show and are not blank, in order; complete once all rows were read."""

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
    hidden_columns: list[int] = field(default_factory=list)
    """Columns of a sheet, from 0, that are hidden and read; known once rows are read."""

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
    "mac_roman": "Mac (Roman)",
    "utf-16": "UTF-16",
    "utf-16-le": "UTF-16 sin marca",
    "utf-16-be": "UTF-16 sin marca (al revés)",
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
