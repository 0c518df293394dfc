"""The rows of a table that are no part of a document: those of totals, and entries of nothing. Each is told."""

from collections.abc import Iterator, Mapping, Sequence
from enum import Enum

from integrations.choices import Kind
from integrations.files.reading.cells import InputCell, TableRow, is_empty
from integrations.files.reading.import_targets import ImportTarget
from integrations.files.reading.totals_rows import TotalsRows
from integrations.files.reading.two_amounts import amount_places, is_zero_row

_MAX_NAMED = 10
"""Rows that a notice names."""


class LeftOut(Enum):
    """Why a row is left out, as (of one row, of many)."""

    TOTALS = (
        "La fila {} parece de totales y no se importó.",
        "{} filas parecen de totales y no se importaron: {}.",
    )
    ZERO = (
        "La fila {} tiene débito y crédito en cero y no se importó.",
        "{} filas tienen débito y crédito en cero y no se importaron: {}.",
    )
    TITLE = (
        "La fila {} trae una sola celda, como el título de un grupo, y no se importó.",
        "{} filas traen una sola celda, como el título de un grupo, y no se importaron: {}.",
    )


class LeftOutRows:
    """Tells the rows that are left out from those of documents."""

    def __init__(self, kind: Kind | str, columns: Mapping[int, ImportTarget]) -> None:
        self._totals = TotalsRows(kind, columns)
        self._amounts = amount_places(columns)

    def why(self, row: TableRow) -> LeftOut | None:
        """Why a row is left out; None for a row of a document."""
        if self._totals.has(row):
            return LeftOut.TOTALS
        if not self._amounts:
            return None
        return LeftOut.ZERO if is_zero_row(row.cells, self._amounts) else self._title(row.cells)

    def _title(self, cells: Sequence[InputCell]) -> LeftOut | None:
        """Of a journal: a row without amounts and with one cell, as ledgers print the account above its entries."""
        if any(place < len(cells) and not is_empty(cells[place]) for place in self._amounts):
            return None
        return LeftOut.TITLE if sum(not is_empty(cell) for cell in cells) == 1 else None

    def rest(self, rows: Iterator[TableRow], notices: list[str]) -> Iterator[TableRow]:
        """The rows of documents. `notices` gets one sentence for all rows of a reason, told anew for each found."""
        numbers: dict[LeftOut, list[int]] = {}
        for row in rows:
            why = self.why(row)
            if why is None:
                yield row
                continue
            before = numbers.setdefault(why, [])
            if before:
                notices.remove(_sentence(why, before))
            before.append(row.number)
            notices.append(_sentence(why, before))


def _sentence(why: LeftOut, numbers: Sequence[int]) -> str:
    of_one, of_many = why.value
    if len(numbers) == 1:
        return of_one.format(numbers[0])
    more = f" y {len(numbers) - _MAX_NAMED} más" if len(numbers) > _MAX_NAMED else ""
    return of_many.format(len(numbers), ", ".join(map(str, numbers[:_MAX_NAMED])) + more)
