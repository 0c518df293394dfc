"""Codes that a spreadsheet took for numbers: the zeros they began with are gone, and only other codes show it."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal

from integrations.erp.fields.spec import ValueType
from integrations.files.reading.cells import InputCell
from integrations.files.reading.import_targets import ImportTarget


class LostZeros:
    """Lengths of the codes of a table, collected as it is read."""

    def __init__(self, columns: Mapping[int, ImportTarget]) -> None:
        self._columns = [column for column, target in columns.items() if target.field.value_type is ValueType.TEXT]
        self._widths: dict[int, set[int]] = {column: set() for column in self._columns}
        """Column → the lengths of its codes that begin with a zero."""
        self._by_length: dict[int, dict[int, str]] = {column: {} for column in self._columns}
        """Column → length → the first other code of that length."""
        for column in self._columns:
            field = columns[column].field
            if field.coded and field.sample.isdigit() and field.sample.startswith("0") and len(field.sample) > 1:
                self._widths[column].add(len(field.sample))

    def see(self, columns: Sequence[Iterable[InputCell]]) -> None:
        """Collect the cells of some rows, column by column."""
        for column in self._columns:
            for cell in columns[column] if column < len(columns) else ():
                text = str(cell) if isinstance(cell, int | Decimal) else cell
                if isinstance(text, str) and text.isdigit():
                    self._collect(column, text)

    def _collect(self, column: int, text: str) -> None:
        if text[0] == "0" and len(text) > 1:
            self._widths[column].add(len(text))
        else:
            self._by_length[column].setdefault(len(text), text)

    def notices(self, headings: Sequence[str]) -> list[str]:
        """A sentence for each column whose codes seem to lack zeros."""
        return [
            f"En «{headings[column]}» parece que Excel quitó ceros a la izquierda: «{short}» tal vez es "
            f"«{short.zfill(min(self._widths[column]))}». Revise esos códigos antes de importar."
            for column in self._columns
            if (short := self._short_code(column))
        ]

    def _short_code(self, column: int) -> str:
        """A code shorter than those that begin with a zero, where these have one length."""
        widths = self._widths[column]
        if len(widths) != 1:
            return ""
        short = next((text for length, text in self._by_length[column].items() if length < min(widths)), "")
        return "" if short == "0" else short
