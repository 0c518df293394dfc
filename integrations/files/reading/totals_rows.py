"""Rows of totals: they are no documents, and what they say is kept as control totals."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from integrations.choices import Kind
from integrations.erp.fields.spec import ValueType
from integrations.files.reading.cells import InputCell, TableRow, display_text, is_empty
from integrations.files.reading.import_targets import ImportTarget, attribute_of
from integrations.files.reading.numbers import NumberFormat, read_number
from integrations.files.reading.required_columns import required_targets

WORDS = ("total", "subtotal", "sub total", "sub-total", "gran total", "sumas iguales", "sumas ", "saldo ")
"""How the name of such a row begins, as accounting programs print it (habit of the country, *assumed*)."""
_OF_ALL = ("total", "totales", "total general", "totales generales", "gran total", "sumas iguales")
MAX_KEPT = 200
"""Rows of totals whose amounts are kept; a ledger prints one an account."""


@dataclass(frozen=True)
class ControlTotal:
    """What a row of totals says. `label` is its text as written, empty where it has none.

    `first` and `last` are the rows that it is the total of: all of the file where it is the only one, or the last one
    and named so; else those since the row of totals before it. `amounts` are (heading, attribute as `lines.amount`,
    pesos or units).
    """

    row: int
    label: str
    first: int
    last: int
    amounts: tuple[tuple[str, str, Decimal], ...]

    def as_data(self) -> dict[str, Any]:
        """The control total for JSON, in `ImportFile.shown["control_totals"]`, which is a list of them:

        `{"row": 72, "label": "TOTAL", "rows": [2, 71], "amounts": [{"heading": "Débito", "attribute": "lines.debit",
        "value": "119000.00"}]}`. An attribute is that of the record, or of a line as `lines.amount`, `lines.debit`,
        `lines.credit`, `lines.quantity`; a value is decimal text.
        """
        amounts = [
            {"heading": heading, "attribute": attribute, "value": f"{value:f}"}
            for heading, attribute, value in self.amounts
        ]
        return {"row": self.row, "label": self.label, "rows": [self.first, self.last], "amounts": amounts}


class TotalsRows:
    """Tells rows of totals from those of documents, by the texts that every document has."""

    def __init__(self, kind: Kind | str, columns: Mapping[int, ImportTarget]) -> None:
        _, targets = required_targets(kind, columns.values())
        required = {attribute_of(target) for target in targets} | {"document", "source_document"}
        self._columns = [
            place
            for place, target in sorted(columns.items())
            if attribute_of(target) in required and target.field.value_type is ValueType.TEXT
        ]

    def has(self, row: TableRow) -> bool:
        """Whether a row without its code says it is of totals or has only amounts."""
        cells, columns = row.cells, self._columns
        if len(columns) > 1 and all(column < len(cells) and cells[column] not in ("", None) for column in columns):
            return False
        filled = [cells[column] for column in columns if column < len(cells) and not is_empty(cells[column])]
        codes = [cell for cell in filled if not _is_totals_name(display_text(cell))]
        if len(columns) > 1 and len(filled) == len(columns):
            return False
        is_named = any(isinstance(cell, str) and _is_totals_name(cell) for cell in cells)
        return (is_named and len(codes) < max(1, len(columns) - 1)) or not (filled or any(map(_has_letters, cells)))


def _is_totals_name(text: str) -> bool:
    return text.strip().casefold().startswith(WORDS)


def _has_letters(cell: InputCell) -> bool:
    return isinstance(cell, str) and cell.upper() != cell.lower()


@dataclass
class ControlTotals:
    """The rows of totals of a table, collected as it is read."""

    _kept: list[tuple[TableRow, int]] = field(default_factory=list)
    """(row of totals, the row before the first that it is the total of)."""
    _before: int = 0
    _last: int = 0

    def see_document(self, row: TableRow) -> None:
        """Note a row that is not one of totals."""
        if not self._before:
            self._before = row.number - 1
        self._last = row.number

    def see_totals(self, row: TableRow) -> None:
        """Keep a row of totals, up to `MAX_KEPT`."""
        if len(self._kept) < MAX_KEPT:
            self._kept.append((row, self._last))

    def totals(
        self, headings: Sequence[str], columns: Mapping[int, ImportTarget], numbers: Mapping[int, NumberFormat]
    ) -> list[ControlTotal]:
        """What they say in the columns of amounts, by the number format of each."""
        found, since, label_before = [], self._before, ""
        for row, last in self._kept:
            label = _label(row.cells)
            first = self._before + 1 if self._is_of_all(row, label, label_before) else since + 1
            amounts = tuple(_amounts(row.cells, headings, columns, numbers))
            if amounts and last >= first:
                found.append(ControlTotal(row.number, label, first, last, amounts))
            since, label_before = row.number, label
        return found

    def _is_of_all(self, row: TableRow, label: str, label_before: str) -> bool:
        is_only = len(self._kept) == 1
        is_named = label.casefold().strip(" :") in _OF_ALL and label != label_before
        return row.number == self._kept[-1][0].number and (is_only or is_named)


def _label(cells: Iterable[InputCell]) -> str:
    texts = [cell.strip() for cell in cells if isinstance(cell, str)]
    return next((text for text in texts if _is_totals_name(text)), "")


def _amounts(
    cells: Sequence[InputCell],
    headings: Sequence[str],
    columns: Mapping[int, ImportTarget],
    numbers: Mapping[int, NumberFormat],
) -> Iterable[tuple[str, str, Decimal]]:
    for place, target in sorted(columns.items()):
        if target.field.value_type is ValueType.DECIMAL and place < len(cells):
            value = _number(cells[place], numbers.get(place))
            if value is not None:
                yield headings[place], attribute_of(target) or target.path, value


def _number(cell: InputCell, form: NumberFormat | None) -> Decimal | None:
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return Decimal(cell)
    return read_number(cell.strip(), form or NumberFormat.PLAIN) if isinstance(cell, str) else None
