"""Store the cells of a table's columns in a record, a line or a payment; equal cells are converted once."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from integrations.erp.equality import same_tax_id
from integrations.erp.fields.columns import ColumnPath, path_of
from integrations.erp.fields.parsing import FieldError
from integrations.erp.fields.storing import finish_dates, store
from integrations.files.errors import RowError
from integrations.files.reading.attached_digits import AttachedDigits, with_digit_apart
from integrations.files.reading.cell_values import CellConverter, converter_of
from integrations.files.reading.cells import InputCell, TableRow, display_text, is_empty
from integrations.files.reading.fixed_values import fixed_cell
from integrations.files.reading.import_targets import ImportTarget
from integrations.files.reading.reading_plan import ReadingPlan

_MAX_CACHED = 4096
_NOWHERE = ColumnPath("", "")
_CACHED_PARTS = (str, int)
"""Classes of the cells of a cached date: `True` is not the month 1, though Python finds them equal."""
AddError = Callable[[RowError], None]


class InputColumn:
    """A column of the table that is read: its import target, and how its cells become values."""

    is_last = False
    """Whether it is filled after the others of its record."""

    def __init__(self, headings: Sequence[str], place: int, target: ImportTarget, plan: ReadingPlan) -> None:
        self.place, self.target = place, target
        self.heading = headings[place] if place < len(headings) and headings[place] else target.field.label
        self.path = path_of(target.field) or _NOWHERE
        self.is_required = False
        self.default: InputCell = fixed_cell(target, plan.fixed[target.key]) if target.key in plan.fixed else None
        """What stands for its empty cells."""
        self.cached: dict[type, dict[Any, Any]] = {str: {}, int: {}, Decimal: {}}
        """Class of cell → cell → its value: codes and sides repeat from line to line."""
        self.convert: CellConverter = converter_of(target.field, plan.form_of(place), plan.dates)
        if target.field.is_tax_id and plan.attached_digits is AttachedDigits.DIGIT:
            self.convert = with_digit_apart(self.convert)

    def put(self, instance: Any, owner: Any, cell: InputCell) -> None:
        """Store a cell in an instance; `owner`, itself or its movement, has the attribute. Raises: FieldError."""
        store(instance, self.target.field, self.convert(cell))
        cached = self.cached.get(cell.__class__)
        value = owner.__dict__.get(self.path.attribute)
        # "Set and empty" is stored in the sparse JSON too: an equal cell has to be stored again. So has the NIT of a
        # master, whose check digit is another column.
        fills_one_column = not self.path.part and not (self.target.field.is_tax_id and hasattr(owner, "check_digit"))
        if cached is not None and value not in (None, "") and fills_one_column:
            if len(cached) > _MAX_CACHED:
                cached.clear()
            cached[cell] = value

    def cell(self, cells: Sequence[InputCell]) -> InputCell:
        """The column's cell in a row, which may be shorter."""
        return cells[self.place] if self.place < len(cells) else None

    def says_the_same(self, cell: InputCell, other: InputCell) -> bool:
        """Whether two cells of the column mean one value; a NIT may be written in two ways."""
        texts = display_text(cell).strip(), display_text(other).strip()
        return texts[0] == texts[1] or (self.target.field.is_tax_id and same_tax_id(*texts))

    def error(self, row: int, message: str, cell: InputCell) -> RowError:
        """An error of this column."""
        return RowError(row, self.target.field.name, message, self.heading, display_text(cell))


class RecordFiller:
    """The columns that fill a record, each of its lines, or each of its payments; false where there are none.

    `owner` is the attribute path from the instance to what has the columns: "movement" for document fields that
    Siigo sends with a line.
    """

    def __init__(self, columns: Iterable[InputColumn], owner: str = "") -> None:
        self.columns = list(columns)
        self._owner = ColumnPath(owner, "")
        self._plain = [column for column in self.columns if not column.path.part]
        parts: dict[str, list[InputColumn]] = {}
        for column in self.columns:
            if column.path.part:
                parts.setdefault(column.path.attribute, []).append(column)
        self._dates = [_DateColumns(attribute, columns) for attribute, columns in parts.items()]

    def __bool__(self) -> bool:
        return bool(self.columns)

    def fill(self, instance: Any, row: TableRow, add_error: AddError) -> None:
        """Store a row's cells; `add_error` gets what is wrong with each."""
        owner = self._owner.owner_of(instance)
        _fill(self._plain, instance, owner, row, add_error)
        for dates in self._dates:
            dates.fill(instance, owner, row, add_error)


def _fill(columns: Iterable[InputColumn], instance: Any, owner: Any, row: TableRow, add_error: AddError) -> None:
    cells, attributes = row.cells, owner.__dict__
    width = len(cells)
    for column in columns:
        cell = cells[column.place] if column.place < width else None
        cached = column.cached.get(cell.__class__)
        if cached is not None and cell in cached:
            attributes[column.path.attribute] = cached[cell]
        elif is_empty(cell):
            if column.default is not None:
                _put(column, instance, owner, row.number, column.default, add_error)
            elif column.is_required:
                add_error(column.error(row.number, f"falta «{column.heading}».", cell))
        else:
            _put(column, instance, owner, row.number, cell, add_error)


def _put(column: InputColumn, instance: Any, owner: Any, number: int, cell: InputCell, add_error: AddError) -> None:
    try:
        column.put(instance, owner, cell)
    except FieldError as wrong:
        add_error(column.error(number, str(wrong), cell))


class _DateColumns:
    """The columns of the year, month and day of one date."""

    def __init__(self, attribute: str, columns: list[InputColumn]) -> None:
        self._attribute, self._columns = attribute, columns
        self._cached: dict[tuple[InputCell, ...], date] = {}

    def fill(self, instance: Any, owner: Any, row: TableRow, add_error: AddError) -> None:
        cells = tuple([column.cell(row.cells) for column in self._columns])
        cached = self._cached.get(cells) if all(cell.__class__ in _CACHED_PARTS for cell in cells) else None
        if cached is not None:
            setattr(owner, self._attribute, cached)
            return
        is_right = self._make_date(instance, row, add_error)
        day = getattr(owner, self._attribute)
        # Parts that are empty leave the date that another column gave: it is this document's alone.
        if is_right and day is not None and not any(map(is_empty, cells)):
            self._cached[cells] = day

    def _make_date(self, instance: Any, row: TableRow, add_error: AddError) -> bool:
        """Store the parts and put them together; whether all was right."""
        errors: list[RowError] = []
        _fill(self._columns, instance, instance, row, errors.append)
        try:
            finish_dates(instance)
        except FieldError as wrong:
            column = next((column for column in self._columns if column.target.field is wrong.field), self._columns[0])
            errors.append(column.error(row.number, str(wrong), str(wrong.value)))
        for error in errors:
            add_error(error)
        return not errors
