"""Read our own tables: what an export wrote, exactly, and templates that people filled in.

Nothing about them is guessed or asked. Of an export no value is trimmed; of a template, as people type, every one.

Any other table is read by `reading.documents`, which finds out what its columns and formats mean.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from functools import cache
from itertools import groupby, islice, product
from typing import Any

from integrations.choices import Kind, Target
from integrations.erp.equality import same_tax_id
from integrations.erp.fields.parsing import FieldError
from integrations.erp.fields.spec import Field, ValueType
from integrations.files import sag_xml, siigo_json
from integrations.files.cell_text import OutputCell, unescape_formula
from integrations.files.doubtful_numbers import NUMERIC
from integrations.files.drafts import Draft
from integrations.files.errors import RowError
from integrations.files.reading.cells import BrokenCell, InputCell, InputTable, TableRow, display_text, is_empty
from integrations.files.reading.content_rows import ContentRows
from integrations.files.reading.dates import DateOrder, read_date
from integrations.files.reading.headings import CORRECTION_HEADING
from integrations.files.reading.hidden_rows import HiddenRows
from integrations.files.reading.import_targets import PAYMENTS
from integrations.files.reading.numbers import NumberFormat, read_number
from integrations.files.reading.odd_rows import OddRows, tell_odd_rows
from integrations.files.reading.payments import REQUIRED_COLUMNS
from integrations.files.table_columns import (
    DOCUMENT,
    EXAMPLE_MARK,
    IDENTITY_HEADINGS,
    INFORMATION_HEADINGS,
    NOTE_HEADING,
    TableColumn,
    columns_of,
)
from integrations.models.syncable import model_for

_NOTHING = (None, "")


def reader_of(headings: Sequence[str]) -> "ExportedTableReader | None":
    """The reader of the kind whose export or template has these headings; None for any other table."""
    present = {heading for heading in headings if heading} - {CORRECTION_HEADING}
    if not present & {*INFORMATION_HEADINGS, *IDENTITY_HEADINGS.values()}:
        return None
    kinds = [kind for kind in Kind if present <= _headings(kind)]
    found = next((kind for kind in kinds if NOTE_HEADING in present or _key_headings(kind) <= present), None)
    return ExportedTableReader(found, headings) if found is not None else None


@cache
def _headings(kind: Kind) -> frozenset[str]:
    return frozenset(column.heading for column in columns_of(kind)) | frozenset(INFORMATION_HEADINGS)


@cache
def _key_headings(kind: Kind) -> frozenset[str]:
    """The headings of the natural key, which every export has and a template lacks."""
    names = model_for(kind).natural_key_columns
    own = [column for column in columns_of(kind) if not column.sparse_field and column.part == DOCUMENT]
    return frozenset(column.heading for column in own if column.name in names)


def table_headings(table: InputTable) -> list[str]:
    """The texts of the first row, without blank ones at its end."""
    first = next(islice(table.rows(), 1), TableRow(1, []))
    names = [display_text(cell) for cell in first.cells]
    while names and not names[-1]:
        names.pop()
    return names


def _columns_by_part(kind: Kind, headings: Sequence[str]) -> dict[str, list[tuple[int, TableColumn]]]:
    """Part → its (place, column) pairs; every part of the kind."""
    by_heading = {column.heading: column for column in columns_of(kind)}
    columns = [(place, by_heading[name]) for place, name in enumerate(headings) if name in by_heading]
    parts = (DOCUMENT, *model_for(kind).part_relations)
    return {part: [(place, column) for place, column in columns if column.part == part] for part in parts}


class ExportedTableReader:
    """Makes drafts of the rows of our own table."""

    def __init__(self, kind: Kind, headings: Sequence[str]) -> None:
        self.kind, self._width = kind, len(headings)
        self._model = model_for(kind)
        self._relations = self._model.part_relations
        self._columns = _columns_by_part(kind, headings)
        self._note = headings.index(NOTE_HEADING) if NOTE_HEADING in headings else None
        self._is_export = _key_headings(kind) <= set(headings) and self._note is None
        self._brings = {
            part: frozenset(_attribute(column) for _, column in own) for part, own in self._columns.items() if own
        }

    def drafts(
        self, table: InputTable, hidden: HiddenRows | None = None, notices: list[str] | None = None
    ) -> Iterator[Draft]:
        """A draft for each record, whose rows stand together; `notices` gets what was left out, once all were read."""
        content = ContentRows(table, 1, hidden)
        rows = self._odd_rows(table.row_width).marked(row for row in content if not self._is_example(row))
        for _key, group in groupby(rows, key=self._key):
            yield self.draft(list(group))
        if notices is not None:
            notices += content.notices()

    def _odd_rows(self, usual_width: int) -> OddRows:
        """What finds the rows that can be read in two ways."""
        if not self._relations:
            return OddRows(self._width, usual_width)
        own = self._columns[DOCUMENT]
        keys = [place for place, column in own if column.name in IDENTITY_HEADINGS and not column.sparse_field]
        fields = {place: column.field for columns in self._columns.values() for place, column in columns}
        return OddRows(self._width, usual_width, keys or [place for place, _ in own], keys, fields)

    def _is_example(self, row: TableRow) -> bool:
        return self._note is not None and str(_cell(row, self._note) or "").startswith(EXAMPLE_MARK)

    def _key(self, row: TableRow) -> tuple[object, ...]:
        """The cells of the record's identity; where it is empty, all of its document. A master is one row."""
        if not self._relations:
            return (row.number,)
        own = self._columns[DOCUMENT]
        key = tuple(
            _cell(row, place) for place, column in own if column.name in IDENTITY_HEADINGS and not column.sparse_field
        )
        return key if all(cell not in _NOTHING for cell in key) else tuple(_cell(row, place) for place, _ in own)

    def draft(self, rows: list[TableRow]) -> Draft:
        """The draft of one record from its rows."""
        record: Any = self._model()
        draft = Draft(rows[0].number, record, rows=list(rows), brings=self._brings)
        self._fill(draft, record, DOCUMENT, rows[0])
        self._refuse_contradictions(draft, rows)
        if hasattr(record, "origin") and not record.external_id:
            record.origin = siigo_json.ORIGIN if record.voucher_type else sag_xml.ORIGIN
        self._add_parts(draft, rows)
        if not self._is_export:
            self._require_least(draft)
        tell_odd_rows(draft)
        return draft

    def _add_parts(self, draft: Draft, rows: list[TableRow]) -> None:
        for row, relation in product(rows, self._relations):
            if any(_cell(row, place) not in _NOTHING for place, _ in self._columns[relation]):
                self._fill(draft, draft.new_part(relation), relation, row)
                if relation == PAYMENTS:
                    self._require_payment(draft, row)
        draft.refuse_repeated_positions(rows[0].number)

    def _require_payment(self, draft: Draft, row: TableRow) -> None:
        """Even an export has no payment without its means or amount."""
        places = {column.heading: place for place, column in self._columns[PAYMENTS]}
        for attribute, heading in REQUIRED_COLUMNS.items():
            if is_empty(_cell(row, places[heading]) if heading in places else None):
                name = attribute.removeprefix(f"{PAYMENTS}.")
                draft.errors.append(RowError(row.number, name, f"falta «{heading}».", heading))

    def _require_least(self, draft: Draft) -> None:
        """Require of a template what every reader does; an export may hold less, and comes back as it was."""
        record: Any = draft.record
        if getattr(record, "origin", "") == siigo_json.ORIGIN:
            names = (*siigo_json.REQUIRED_OF_VOUCHER, *siigo_json.REQUIRED_OF_LINE)
            for line, row in zip(draft.parts.get("lines", [record]), draft.rows, strict=False):
                draft.require(line, self._model.exports[Target.SIIGO].catalogue, names, row=row.number)
            return
        export = self._model.exports[Target.SAG]
        draft.require(record, export.catalogue, sag_xml.REQUIRED[export.tag], row=draft.row)

    def _fill(self, draft: Draft, target: Any, part: str, row: TableRow) -> None:
        for place, column in self._columns[part]:
            cell = _cell(row, place)
            try:
                column.assign(target, _value(column.field, cell, as_typed=not self._is_export))
            except FieldError as wrong:
                draft.errors.append(RowError(row.number, column.name, str(wrong), column.heading, display_text(cell)))
        draft.finish_dates(target, row=row.number)

    def _refuse_contradictions(self, draft: Draft, rows: list[TableRow]) -> None:
        """The document's columns are repeated in its rows: one that differs from the first row is an error."""
        for row in rows[1:]:
            for place, column in self._columns[DOCUMENT]:
                cell, first = _cell(row, place), _cell(rows[0], place)
                is_same = column.field.is_tax_id and same_tax_id(cell, first)
                if cell not in (*_NOTHING, first) and not is_same:
                    text = display_text(cell)
                    message = f"«{text}» no es lo que dice la fila {rows[0].number} del mismo documento."
                    draft.errors.append(RowError(row.number, column.name, message, column.heading, text))


def _attribute(column: TableColumn) -> str:
    """The column's name as `Draft.brings` has it."""
    return f"{column.sparse_field}/{column.name}" if column.sparse_field else column.name


def _cell(row: TableRow, place: int) -> InputCell:
    return row.cells[place] if place < len(row.cells) else None


def _value(field: Field, cell: InputCell, *, as_typed: bool) -> OutputCell:
    """The value of a cell as an export wrote it, or as a person typed over it: 31/12/2026, 1.250,50."""
    if as_typed and isinstance(cell, str):
        cell = cell.strip()
    if isinstance(cell, BrokenCell):
        raise FieldError(field, cell.display, cell.reason)
    if isinstance(cell, bool):
        return "S" if cell else "N"
    if not isinstance(cell, str):
        is_text = field.value_type in (ValueType.TEXT, ValueType.FLAG)
        return str(cell) if is_text and isinstance(cell, date | Decimal) else cell
    if as_typed and field.value_type in NUMERIC:
        _refuse_two_readings(field, cell, ".")
    return None if cell == "" else _TYPED.get(field.value_type, _as_it_is)(field, unescape_formula(cell))


def _as_it_is(_field: Field, text: str) -> OutputCell:
    return text


def _day(_field: Field, text: str) -> OutputCell:
    is_iso = text[:4].isdigit() and len(text) > 4 and not text[4].isdigit()
    return text if is_iso else read_date(text, DateOrder.DAY_FIRST) or text


def _number(field: Field, text: str) -> OutputCell:
    _refuse_two_readings(field, text, ",")
    number = read_number(text.strip(), NumberFormat.COMMA) if "," in text else None
    return text if number is None else number


def _refuse_two_readings(field: Field, text: str, mark: str) -> None:
    """Refuse a number that somebody typed whose one mark may be of decimals or of thousands: `1.250`, `1,250`.

    An export writes a point for decimals, and is exact. Raises: FieldError.
    """
    if mark in text and re.fullmatch(rf"-?[1-9][0-9]{{0,2}}[{mark}][0-9]{{3}}", text.strip()):
        advice = "escriba los miles sin marca y los decimales con coma, como 1250 o 1250,5."
        raise FieldError(field, text, f"«{text.strip()}» puede leerse de dos maneras: {advice}")


_TYPED: dict[ValueType, Callable[[Field, str], OutputCell]] = {
    ValueType.DATE: _day,
    ValueType.DECIMAL: _number,
    ValueType.INTEGER: _number,
}
