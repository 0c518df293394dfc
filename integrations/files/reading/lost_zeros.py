"""Codes that a spreadsheet took for numbers: the zeros they began with are gone, and only their neighbours tell."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from integrations.erp.fields.spec import ValueType
from integrations.files.reading.cells import Cell
from integrations.files.reading.import_targets import Room


class Zeros:
    """What the codes of a table say about lost zeros, as it is read."""

    def __init__(self, columns: Mapping[int, Room]) -> None:
        self._columns = [column for column, room in columns.items() if room.field.value_type is ValueType.TEXT]
        self._widths: dict[int, set[int]] = {column: set() for column in self._columns}
        self._shorter: dict[int, dict[int, str]] = {column: {} for column in self._columns}
        for column in self._columns:
            sample = columns[column].field.sample
            if sample.isdigit() and sample.startswith("0") and len(sample) > 1 and columns[column].field.coded:
                self._widths[column].add(len(sample))

    def see(self, columns: Sequence[Iterable[Cell]]) -> None:
        """Note the cells of some rows, column by column."""
        for column in self._columns:
            for cell in columns[column] if column < len(columns) else ():
                text = str(cell) if isinstance(cell, int | Decimal) else cell
                if isinstance(text, str) and text.isdigit():
                    self._note(column, text)

    def _note(self, column: int, text: str) -> None:
        if text[0] == "0" and len(text) > 1:
            self._widths[column].add(len(text))
        else:
            self._shorter[column].setdefault(len(text), text)

    def told(self, headings: Sequence[str]) -> list[str]:
        """A sentence for each column in which zeros seem to be missing."""
        found = []
        for column in self._columns:
            widths = self._widths[column]
            short = next((text for size, text in self._shorter[column].items() if widths and size < min(widths)), "")
            if short and len(widths) == 1 and short != "0":
                whole = short.zfill(min(widths))
                found.append(
                    f"En «{headings[column]}» parece que Excel quitó ceros a la izquierda: «{short}» tal vez es "
                    f"«{whole}». Revise esos códigos antes de importar."
                )
        return found
