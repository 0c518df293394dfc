"""What the columns of a table put into a record, a line or a payment; what repeats is worked out once."""

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from integrations.erp.fields.columns import ColumnPath, path_of
from integrations.erp.fields.parsing import FieldError
from integrations.erp.fields.storing import finish_dates, store
from integrations.files.errors import RowError
from integrations.files.reading.cell_values import Convert, converter
from integrations.files.reading.cells import Cell, Row, is_empty, shown
from integrations.files.reading.import_targets import Room
from integrations.files.reading.reading_plan import Plan

_REMEMBERED = 4096
_NOWHERE = ColumnPath("", "")
_AS_WRITTEN = (str, int)
"""Of a date's parts: `True` is not the month 1, though Python finds them equal."""
Tell = Callable[[RowError], None]


class Column:
    """A column of the table that is read: its room, and how its cells become values."""

    def __init__(self, headings: Sequence[str], place: int, room: Room, plan: Plan) -> None:
        self.place, self.room = place, room
        self.heading = headings[place] if place < len(headings) and headings[place] else room.field.label
        self.path = path_of(room.field) or _NOWHERE
        self.is_obligatory = False
        self.known: dict[type, dict[Any, Any]] = {str: {}, int: {}, Decimal: {}}
        """What an equal cell came to: codes and sides repeat from line to line."""
        self._convert: Convert = converter(room.field, plan.numbers, plan.dates)

    def put(self, target: Any, holder: Any, cell: Cell) -> None:
        """Store a cell where its room is; `holder` has the attribute, if one has. Raises: FieldError."""
        store(target, self.room.field, self._convert(cell))
        known = self.known.get(cell.__class__)
        value = holder.__dict__.get(self.path.attribute)
        # What is there and empty is noted beside the attribute too: an equal cell has to be stored again.
        if known is not None and value not in (None, "") and not self.path.part:
            if len(known) > _REMEMBERED:
                known.clear()
            known[cell] = value

    def cell(self, cells: Sequence[Cell]) -> Cell:
        return cells[self.place] if self.place < len(cells) else None

    def error(self, row: int, message: str, cell: Cell) -> RowError:
        return RowError(row, self.room.field.name, message, self.heading, shown(cell))


class Filling:
    """The columns that fill one thing: a record, each of its lines, each of its payments.

    `owner`: where the attributes are, as seen from the thing; Siigo's words for a document hang from a line.
    """

    def __init__(self, columns: Iterable[Column], owner: str = "") -> None:
        self.columns = list(columns)
        self._owner = ColumnPath(owner, "")
        self._plain = [one for one in self.columns if not one.path.part]
        parts: dict[str, list[Column]] = {}
        for one in self.columns:
            if one.path.part:
                parts.setdefault(one.path.attribute, []).append(one)
        self._days = [_Day(attribute, columns) for attribute, columns in parts.items()]

    def __bool__(self) -> bool:
        return bool(self.columns)

    def fill(self, target: Any, row: Row, tell: Tell) -> None:
        """Store a row's cells; `tell` takes what is wrong with each."""
        holder = self._owner.owner_of(target)
        _fill(self._plain, target, holder, row, tell)
        for day in self._days:
            day.fill(target, holder, row, tell)


def _fill(columns: Iterable[Column], target: Any, holder: Any, row: Row, tell: Tell) -> None:
    cells, held = row.cells, holder.__dict__
    width = len(cells)
    for column in columns:
        cell = cells[column.place] if column.place < width else None
        known = column.known.get(cell.__class__)
        if known is not None and cell in known:
            held[column.path.attribute] = known[cell]
        elif is_empty(cell):
            if column.is_obligatory:
                tell(column.error(row.number, f"falta «{column.heading}».", cell))
        else:
            _put(column, target, holder, row.number, cell, tell)


def _put(column: Column, target: Any, holder: Any, number: int, cell: Cell, tell: Tell) -> None:
    try:
        column.put(target, holder, cell)
    except FieldError as wrong:
        tell(column.error(number, str(wrong), cell))


class _Day:
    """The columns of one date's parts."""

    def __init__(self, attribute: str, columns: list[Column]) -> None:
        self._attribute, self._columns = attribute, columns
        self._known: dict[tuple[Cell, ...], date] = {}

    def fill(self, target: Any, holder: Any, row: Row, tell: Tell) -> None:
        written = tuple([one.cell(row.cells) for one in self._columns])
        known = self._known.get(written) if all(cell.__class__ in _AS_WRITTEN for cell in written) else None
        if known is not None:
            setattr(holder, self._attribute, known)
            return
        is_right = self._work_out(target, row, tell)
        day = getattr(holder, self._attribute)
        # Parts that are empty leave the date that another column gave: it is this document's alone.
        if is_right and day is not None and not any(map(is_empty, written)):
            self._known[written] = day

    def _work_out(self, target: Any, row: Row, tell: Tell) -> bool:
        """Put the parts together on the target; whether all was right."""
        wrong: list[RowError] = []
        _fill(self._columns, target, target, row, wrong.append)
        try:
            finish_dates(target)
        except FieldError as refused:
            column = next((one for one in self._columns if one.room.field is refused.field), self._columns[0])
            wrong.append(column.error(row.number, str(refused), str(refused.value)))
        for error in wrong:
            tell(error)
        return not wrong
