"""Our own tables coming back: what an export wrote, exactly, and templates that people filled in.

Nothing about them is guessed or asked. Of an export no value is trimmed; of a template, as people type, every one.

Any other table is read by `reading.documents`, which finds out what its columns and marks mean.
"""

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby, islice
from typing import Any

from integrations.choices import Kind, Target
from integrations.erp.fields.parsing import FieldError
from integrations.erp.fields.spec import Field, ValueType
from integrations.files import sag_xml, siigo_json
from integrations.files.cell_text import Cell, unguarded
from integrations.files.drafts import Draft, require
from integrations.files.errors import RowError
from integrations.files.reading.cells import Broken, Row, Table, is_empty, shown
from integrations.files.reading.cells import Cell as Read
from integrations.files.reading.dates import DateOrder, read_date
from integrations.files.reading.headings import CORRECTION_HEADING
from integrations.files.reading.import_targets import PAYMENTS
from integrations.files.reading.numbers import NumberFormat, read_number
from integrations.files.reading.payments import OBLIGATORY
from integrations.files.table_columns import DOCUMENT, EXAMPLE, IDENTITY, NOTE, SHOWN_ONLY, Column, columns_of
from integrations.models.syncable import model_for

_TEXTS = frozenset({ValueType.TEXT, ValueType.FLAG})


def kind_of(headings: Sequence[str]) -> Kind | None:
    """The kind whose export or template has these headings; None for any other table."""
    named = {heading for heading in headings if heading} - {CORRECTION_HEADING}
    if not named & {*SHOWN_ONLY, *IDENTITY.values()}:
        return None
    fitting = (kind for kind in Kind if named <= _headings(kind))
    return next((kind for kind in fitting if NOTE in named or _keys(kind) <= named), None)


@cache
def _headings(kind: Kind) -> frozenset[str]:
    return frozenset(column.heading for column in columns_of(kind)) | frozenset(SHOWN_ONLY)


@cache
def _keys(kind: Kind) -> frozenset[str]:
    """What a template lacks and every export has: the columns that name a record, and where it stands."""
    names = model_for(kind).natural_key_columns
    own = [column for column in columns_of(kind) if not column.held_in and column.part == DOCUMENT]
    return frozenset(column.heading for column in own if column.name in names)


def headings_of(table: Table) -> list[str]:
    """The texts of the first row, without blank ones at its end."""
    first = next(islice(table.rows(), 1), Row(1, []))
    names = [shown(cell) for cell in first.cells]
    while names and not names[-1]:
        names.pop()
    return names


class OwnDocuments:
    """The records of our own table."""

    def __init__(self, kind: Kind, headings: Sequence[str]) -> None:
        self.kind = kind
        self.notices: list[str] = []
        self._model = model_for(kind)
        known = {column.heading: column for column in columns_of(kind)}
        placed = [(place, known[name]) for place, name in enumerate(headings) if name in known]
        self._parts = {part: [one for one in placed if one[1].part == part] for part in (DOCUMENT, *self._relations)}
        self._note = next((place for place, name in enumerate(headings) if name == NOTE), None)
        self._is_export = _keys(kind) <= set(headings) and self._note is None
        self._brings = {
            part: frozenset(_brought(column) for _, column in own) for part, own in self._parts.items() if own
        }

    @property
    def _relations(self) -> tuple[str, ...]:
        return self._model.part_relations

    def of(self, table: Table) -> Iterator[Draft]:
        """A draft for each record: the rows of one stand together."""
        rows = (row for row in islice(table.rows(), 1, None) if self._counts(row))
        for _key, group in groupby(rows, key=self._key):
            yield self.draft(list(group))

    def _counts(self, row: Row) -> bool:
        if self._note is not None and str(_at(row, self._note) or "").startswith(EXAMPLE):
            return False
        return any(cell not in (None, "") for cell in row.cells)

    def _key(self, row: Row) -> tuple[object, ...]:
        """What names the record; where nobody wrote it, all that its document says. A master is its row."""
        if not self._relations:
            return (row.number,)
        own = self._parts[DOCUMENT]
        named = tuple(_at(row, place) for place, column in own if column.name in IDENTITY and not column.held_in)
        return named if all(cell not in (None, "") for cell in named) else tuple(_at(row, place) for place, _ in own)

    def draft(self, rows: list[Row]) -> Draft:
        """One record of its rows."""
        record: Any = self._model()
        draft = Draft(rows[0].number, record, rows=list(rows), brings=self._brings)
        self._fill(draft, record, DOCUMENT, rows[0])
        self._same_in_all(draft, rows)
        if hasattr(record, "origin") and not record.external_id:
            record.origin = siigo_json.ORIGIN if record.voucher_type else sag_xml.ORIGIN
        for row in rows:
            for relation in self._relations:
                if any(_at(row, place) not in (None, "") for place, _ in self._parts[relation]):
                    self._fill(draft, draft.new_part(relation), relation, row)
                    if relation == PAYMENTS:
                        self._require_payment(draft, row)
        draft.refuse_repeated_positions(rows[0].number)
        if not self._is_export:
            self._require_least(draft)
        return draft

    def _require_payment(self, draft: Draft, row: Row) -> None:
        """Even of an export: a payment without its means or amount is none."""
        places = {column.heading: place for place, column in self._parts[PAYMENTS]}
        for attribute, heading in OBLIGATORY.items():
            if is_empty(_at(row, places[heading]) if heading in places else None):
                name = attribute.removeprefix(f"{PAYMENTS}.")
                draft.errors.append(RowError(row.number, name, f"falta «{heading}».", heading))

    def _require_least(self, draft: Draft) -> None:
        """What every reader asks of a record; an export may hold less, and comes back as it was."""
        record: Any = draft.record
        if getattr(record, "origin", "") == siigo_json.ORIGIN:
            names = (*siigo_json.OF_THE_VOUCHER, *siigo_json.OBLIGATORY)
            for line, row in zip(draft.parts.get("lines", [record]), draft.rows, strict=False):
                require(draft, line, self._model.exports[Target.SIIGO].catalogue, names, row=row.number)
            return
        export = self._model.exports[Target.SAG]
        require(draft, record, export.catalogue, sag_xml.KEYS[export.tag], row=draft.row)

    def _fill(self, draft: Draft, target: Any, part: str, row: Row) -> None:
        for place, column in self._parts[part]:
            cell = _at(row, place)
            try:
                column.put(target, _meant(column.field, cell, as_typed=not self._is_export))
            except FieldError as wrong:
                draft.errors.append(RowError(row.number, column.name, str(wrong), column.heading, shown(cell)))
        draft.finish_dates(target, row.number)

    def _same_in_all(self, draft: Draft, rows: list[Row]) -> None:
        """The document's columns are repeated: two answers for one document are told."""
        for row in rows[1:]:
            for place, column in self._parts[DOCUMENT]:
                now, first = _at(row, place), _at(rows[0], place)
                if now not in (None, "", first):
                    told = f"«{shown(now)}» no es lo que dice la fila {rows[0].number} del mismo documento."
                    draft.errors.append(RowError(row.number, column.name, told, column.heading, shown(now)))


def _brought(column: Column) -> str:
    return f"{column.held_in}/{column.name}" if column.held_in else column.name


def _at(row: Row, place: int) -> Read:
    return row.cells[place] if place < len(row.cells) else None


def _meant(field: Field, cell: Read, *, as_typed: bool) -> Cell:
    """What an export meant by a cell, and what a person may have typed over it: 31/12/2026, 1.250,50."""
    if as_typed and isinstance(cell, str):
        cell = cell.strip()
    if isinstance(cell, Broken):
        raise FieldError(field, cell.shown, cell.told)
    if isinstance(cell, bool):
        return "S" if cell else "N"
    if not isinstance(cell, str):
        return str(cell) if isinstance(cell, date | Decimal) and field.value_type in _TEXTS else cell
    return None if cell == "" else _TYPED.get(field.value_type, _as_it_is)(unguarded(cell))


def _as_it_is(text: str) -> Cell:
    return text


def _day(text: str) -> Cell:
    is_iso = text[:4].isdigit() and len(text) > 4 and not text[4].isdigit()
    return text if is_iso else read_date(text, DateOrder.DAY_FIRST) or text


def _number(text: str) -> Cell:
    found = read_number(text.strip(), NumberFormat.COMMA) if "," in text else None
    return text if found is None else found


_TYPED: dict[ValueType, Callable[[str], Cell]] = {
    ValueType.DATE: _day,
    ValueType.DECIMAL: _number,
    ValueType.INTEGER: _number,
}
