"""A debit and a credit in columns of their own: each row has one of them, the side and the amount of its line."""

import re
from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Any

from integrations.erp.fields.parsing import FieldError, parse
from integrations.files.errors import RowError
from integrations.files.reading.cells import InputCell, TableRow, display_text, is_empty
from integrations.files.reading.fill_records import AddError, InputColumn
from integrations.files.reading.import_targets import ImportTarget, attribute_of
from integrations.files.reading.negatives import NEGATIVE_LABELS, Negatives
from integrations.files.reading.numbers import is_negative
from integrations.files.reading.questions import SurveyQuestion

DEBIT, CREDIT = "lines.debit", "lines.credit"
_OTHER = {"D": "C", "C": "D"}
_NAMES = {"D": "débito", "C": "crédito"}
_ANY_BUT_ZERO = re.compile(r"[1-9A-Za-z]")
_MAX_CACHED = 4096
_Side = tuple[str, Decimal]


def amount_places(columns: Mapping[int, ImportTarget]) -> tuple[int, ...]:
    """(debit's, credit's) column; empty where a table has not both."""
    by_attribute = {attribute_of(target): place for place, target in columns.items()}
    places = tuple(by_attribute[name] for name in (DEBIT, CREDIT) if name in by_attribute)
    return places if len(places) == 2 else ()


def is_zero_row(cells: Sequence[InputCell], places: tuple[int, ...]) -> bool:
    """Whether debit and credit are zero, or one of them is and the other empty: no entry."""
    width = len(cells)
    own = [cells[place] if place < width else None for place in places]
    return bool(own) and all(map(_is_nothing, own)) and not all(map(is_empty, own))


def _is_nothing(cell: InputCell) -> bool:
    """Whether a cell is empty, or a zero in any notation."""
    if isinstance(cell, str):
        return not _ANY_BUT_ZERO.search(cell.replace("COP", ""))
    return cell is None or (isinstance(cell, int | Decimal) and not isinstance(cell, bool) and cell == 0)


class NegativeAmounts:
    """The first debit and credit below zero of a table, collected as it is read."""

    def __init__(self, columns: Mapping[int, ImportTarget]) -> None:
        self._examples: dict[int, str] = {}
        self._places = amount_places(columns)

    def see(self, columns: Sequence[Iterable[InputCell]]) -> None:
        """Collect the cells of some rows, column by column."""
        for place in self._places:
            if place not in self._examples and place < len(columns):
                example = next((cell for cell in columns[place] if is_negative_cell(cell)), None)
                if example is not None:
                    self._examples[place] = display_text(example).strip()

    def question(self, headings: Sequence[str]) -> SurveyQuestion | None:
        """What is asked about them; None where there are none."""
        if not self._examples:
            return None
        shown = " y ".join(f"«{text}» en «{headings[place]}»" for place, text in self._examples.items())
        text = f"Hay débitos o créditos negativos, como {shown}: diga qué hacer con ellos."
        return SurveyQuestion("negatives", text, tuple((key.value, label) for key, label in NEGATIVE_LABELS.items()))


def is_negative_cell(cell: InputCell) -> bool:
    """Whether a cell is a number below zero, as a text in any notation."""
    if isinstance(cell, str):
        return is_negative(cell)
    return isinstance(cell, int | Decimal) and not isinstance(cell, bool) and cell < 0


class TwoAmounts:
    """Fills the side and the amount of a line from its two cells."""

    def __init__(self, debit: InputColumn, credit: InputColumn, negatives: Negatives | None) -> None:
        self._columns = {"D": debit, "C": credit}
        self._negatives = negatives
        self._cached: dict[tuple[type, InputCell, type, InputCell], _Side] = {}

    @property
    def columns(self) -> tuple[InputColumn, ...]:
        """The debit's and the credit's."""
        return tuple(self._columns.values())

    def fill(self, line: Any, row: TableRow, add_error: AddError) -> None:
        """Store the side and the amount of a row; `add_error` gets what is wrong."""
        debit, credit = (column.cell(row.cells) for column in self._columns.values())
        key = (debit.__class__, debit, credit.__class__, credit)
        side = self._cached.get(key)
        if side is None:
            side = self._read(row, add_error)
            if side is None:
                return
            if len(self._cached) > _MAX_CACHED:
                self._cached.clear()
            self._cached[key] = side
        line.side, line.amount = side

    def _read(self, row: TableRow, add_error: AddError) -> _Side | None:
        cells = {side: column.cell(row.cells) for side, column in self._columns.items()}
        filled: dict[str, Decimal] = {}
        for side, column in self._columns.items():
            try:
                amount = _amount(column, cells[side])
            except FieldError as wrong:
                add_error(column.error(row.number, str(wrong), cells[side]))
                return None
            if amount:
                filled[side] = amount
        if len(filled) != 1:
            add_error(self._neither_or_both(row, cells, bool(filled)))
            return None
        side, amount = filled.popitem()
        return (side, amount) if amount > 0 else self._below_zero(row, side, amount, add_error)

    def _neither_or_both(self, row: TableRow, cells: Mapping[str, InputCell], has_both: bool) -> RowError:
        debit, credit = (column.heading for column in self._columns.values())
        message = f"la fila no trae «{debit}» ni «{credit}». Escriba uno de los dos."
        if has_both:
            first, second = (display_text(cells[side]).strip() for side in ("D", "C"))
            message = f"la fila trae débito ({first}) y crédito ({second}). Deje uno solo, o parta la fila en dos."
        return self._columns["D"].error(row.number, message, cells["D"])

    def _below_zero(self, row: TableRow, side: str, amount: Decimal, add_error: AddError) -> _Side | None:
        if self._negatives in (Negatives.TURN, Negatives.UNSIGNED):
            return (_OTHER[side] if self._negatives is Negatives.TURN else side), -amount
        column = self._columns[side]
        cell = column.cell(row.cells)
        message = (
            f"«{display_text(cell).strip()}» es un {_NAMES[side]} negativo. Páselo al otro lado o quítele el signo."
        )
        add_error(column.error(row.number, message, cell))
        return None


def _amount(column: InputColumn, cell: InputCell) -> Decimal | None:
    """The number in a cell; None where it is empty. Raises: FieldError."""
    if is_empty(cell):
        return None
    value = parse(column.target.field, column.convert(cell))
    return value if isinstance(value, Decimal) else None


def reader_of(columns: Iterable[InputColumn], negatives: Negatives | None) -> TwoAmounts | None:
    """What fills lines from these columns; None where they have not both amounts."""
    by_attribute = {attribute_of(column.target): column for column in columns}
    if DEBIT not in by_attribute or CREDIT not in by_attribute:
        return None
    return TwoAmounts(by_attribute[DEBIT], by_attribute[CREDIT], negatives)
