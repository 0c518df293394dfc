"""Empty cells in a column that may be the same in all of a file: one value may stand in all of them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from integrations.choices import Kind
from integrations.files.reading.cells import TableRow, is_empty
from integrations.files.reading.import_targets import ImportTarget, attribute_of
from integrations.files.reading.required_columns import same_in_all


@dataclass(frozen=True)
class BlankColumn:
    """A column with a heading whose cells are empty in `rows` rows; `key` is that of its import target."""

    key: str
    heading: str
    rows: int

    def told(self) -> str:
        """What is seen and what it means, in Spanish."""
        where = "una fila" if self.rows == 1 else f"{self.rows} filas"
        return f"«{self.heading}» está vacía en {where}."


class BlankCells:
    """Counts, as a table is read, the rows of a document of its own whose cell is empty.

    A row without its document's number goes on with the document above: there an empty cell says nothing.
    """

    def __init__(self, kind: Kind | str, columns: Mapping[int, ImportTarget], goes_to: str = "") -> None:
        keys = {target.key for target in same_in_all(kind, columns.values(), goes_to)}
        self._columns = {place: target for place, target in columns.items() if target.key in keys}
        self._numbers = [place for place, target in columns.items() if attribute_of(target) == "number"]
        self._rows = dict.fromkeys(self._columns, 0)

    def see(self, row: TableRow) -> None:
        """Count the empty cells of one row."""
        if self._columns and all(_is_filled(row, place) for place in self._numbers):
            for place in self._columns:
                self._rows[place] += not _is_filled(row, place)

    def columns(self, headings: Sequence[str]) -> list[BlankColumn]:
        """The columns with empty cells."""
        return [
            BlankColumn(self._columns[place].key, headings[place], rows) for place, rows in self._rows.items() if rows
        ]


def _is_filled(row: TableRow, place: int) -> bool:
    return place < len(row.cells) and not is_empty(row.cells[place])
