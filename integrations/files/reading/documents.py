"""Rows of a table as records: each document whole, each wrong cell named by its row and column."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from integrations.files.drafts import Draft
from integrations.files.reading.cells import InputTable, TableRow, display_text, is_empty
from integrations.files.reading.content_rows import ContentRows
from integrations.files.reading.document_name_columns import input_column
from integrations.files.reading.fill_records import InputColumn, RecordFiller
from integrations.files.reading.grouping import DocumentKeys, group_rows
from integrations.files.reading.import_targets import (
    LINES,
    PAYMENTS,
    ImportTarget,
    attribute_of,
    columns_filled,
    import_targets,
)
from integrations.files.reading.left_out_rows import LeftOutRows
from integrations.files.reading.odd_rows import OddRows, tell_odd_rows
from integrations.files.reading.payments import REQUIRED_COLUMNS, PaymentColumns
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.reading.required_columns import ORIGINS, required_targets
from integrations.files.reading.survey import TableSurvey
from integrations.files.reading.two_amounts import reader_of
from integrations.files.reading.unnumbered_rows import document_keys
from integrations.models import Syncable
from integrations.models.new_instances import blank
from integrations.models.syncable import model_for

_NO_COLUMN = 1_000_000
"""The place of a field without a column: no row is as wide."""
_REPEATED_LINE = (
    "la secuencia {number} de este comprobante ya está en la fila {first}: el documento está dos veces en el archivo o "
    "la secuencia se repite."
)
_REPEATED_PAYMENT = (
    "el medio de pago {number} de este documento ya está en la fila {first}: deje uno o dele otra posición."
)


class DocumentReader:
    """Makes drafts of the rows of a table, by a complete plan.

    `notices` gets a sentence for each row that is left out.
    """

    def __init__(self, plan: ReadingPlan, headings: Sequence[str], notices: list[str] | None = None) -> None:
        targets = import_targets(plan.kind)
        self._plan, self._width = plan, len(headings)
        self._notices = notices if notices is not None else []
        self._model = model_for(plan.kind)
        self._targets = {column: targets[key] for column, key in plan.columns.items() if key in targets}
        self._columns = [input_column(headings, place, target, plan) for place, target in self._places(targets)]
        self._payments = PaymentColumns(self._targets)
        self._brings = _brought_columns((column.target for column in self._columns), self._model)
        self._mark_required()
        self._sort_columns()

    def _places(self, targets: Mapping[str, ImportTarget]) -> list[tuple[int, ImportTarget]]:
        """(column, import target) of the columns, and after them of those for which one value stands."""
        there = {target.key for target in self._targets.values()}
        fixed = [targets[key] for key in self._plan.fixed if key in targets and key not in there]
        return [*sorted(self._targets.items()), *enumerate(fixed, _NO_COLUMN)]

    def _mark_required(self) -> None:
        columns = [column.target for column in self._columns]
        required_set, targets = required_targets(self._plan.kind, columns, self._plan.goes_to)
        self._origin = ORIGINS[required_set]
        required = {attribute_of(target) for target in targets} | REQUIRED_COLUMNS.keys()
        for column in self._columns:
            column.is_required = not required.isdisjoint(columns_filled(column.target))

    def _sort_columns(self) -> None:
        """Which columns fill what: the record, directly or through its first line, its lines or its payments."""
        self._columns.sort(key=lambda column: column.is_last)
        of_lines = [column for column in self._columns if column.target.path.startswith(f"{LINES}.")]
        of_payments = [column for column in self._columns if column.target.relation == PAYMENTS]
        of_record = [column for column in self._columns if column not in (*of_lines, *of_payments)]
        self._sort_columns_of_lines(of_lines)
        self._payment_parts = RecordFiller(of_payments)
        self._record = RecordFiller(column for column in of_record if column.target.relation != LINES)
        self._through_line = RecordFiller((c for c in of_record if c.target.relation == LINES), "movement")
        keys = DocumentKeys(self._plan.kind, self._targets).columns
        self._repeated = [column for column in of_record if column.place not in keys]

    def _sort_columns_of_lines(self, columns: Sequence[InputColumn]) -> None:
        """Those of a debit and a credit, which are read together, and the others."""
        self._amounts = reader_of(columns, self._plan.negatives)
        of_amounts = self._amounts.columns if self._amounts else ()
        self._lines = RecordFiller(column for column in columns if column not in of_amounts)

    def drafts(self, table: InputTable, survey: TableSurvey) -> Iterator[Draft]:
        """A draft for each document of a surveyed table."""
        content = ContentRows(table, self._plan.heading, self._plan.hidden_rows)
        left_out = LeftOutRows(self._plan.kind, self._targets)
        rows = self._odd_rows(table.row_width).marked(left_out.rest(iter(content), self._notices))
        for group in group_rows(rows, document_keys(self._targets, self._plan), survey.scattered):
            yield self.draft(group)

    def _odd_rows(self, usual_width: int) -> OddRows:
        """What finds the rows that can be read in two ways, by the columns that say which document each is of."""
        keys = DocumentKeys(self._plan.kind, self._targets)
        fields = {place: target.field for place, target in self._targets.items()}
        if not keys.has_lines:
            return OddRows(self._width, usual_width)
        return OddRows(self._width, usual_width, keys.columns, keys.numbers, fields, keys.sequence)

    def draft(self, rows: list[TableRow]) -> Draft:
        """The draft of one document from its rows."""
        record: Any = blank(self._model)
        draft = Draft(rows[0].number, record, rows=rows, last_row=rows[-1].number, brings=self._brings)
        if hasattr(record, "origin"):
            record.origin = self._origin
        self._fill_record(draft, record, rows)
        if LINES in self._model.part_relations:
            self._fill_lines(draft, rows)
        if self._payments:
            self._fill_payments(draft, rows)
        tell_odd_rows(draft)
        return draft

    def _fill_record(self, draft: Draft, record: Syncable, rows: list[TableRow]) -> None:
        first = rows[0]
        self._record.fill(record, first, draft.errors.append)
        for row in rows[1:] if self._repeated else ():
            for column in self._repeated:
                cell = column.cell(row.cells)
                if not is_empty(cell) and not column.says_the_same(cell, column.cell(first.cells)):
                    message = f"«{display_text(cell)}» no es lo que dice la fila {first.number} del mismo documento."
                    draft.errors.append(column.error(row.number, message, cell))

    def _fill_lines(self, draft: Draft, rows: list[TableRow]) -> None:
        first_rows: dict[int, int] = {}
        for row in self._rows_of_lines(rows):
            line = draft.new_part(LINES)
            if not first_rows:
                self._through_line.fill(line, rows[0], draft.errors.append)
            self._lines.fill(line, row, draft.errors.append)
            if self._amounts:
                self._amounts.fill(line, row, draft.errors.append)
            _refuse_repeated(draft, line, row, first_rows, _REPEATED_LINE)

    def _rows_of_lines(self, rows: list[TableRow]) -> list[TableRow]:
        """The rows with a line; where none has one but Siigo's document fields need a line, the first row."""
        if not self._payments:
            return rows
        with_line = [row for row in rows if not self._payments.has_only_payment(row.cells)]
        return with_line or (rows[:1] if self._through_line else [])

    def _fill_payments(self, draft: Draft, rows: list[TableRow]) -> None:
        first_rows: dict[int, int] = {}
        for row in rows:
            if self._payments.has_payment(row.cells):
                payment = draft.new_part(PAYMENTS)
                self._payment_parts.fill(payment, row, draft.errors.append)
                _refuse_repeated(draft, payment, row, first_rows, _REPEATED_PAYMENT)


def _refuse_repeated(draft: Draft, part: Any, row: TableRow, first_rows: dict[int, int], message: str) -> None:
    """Add an error where an earlier line, or payment, has the same number; `first_rows` is number → row."""
    first = first_rows.setdefault(part.position, row.number)
    if first != row.number:
        draft.refuse(row.number, "sequence", message.format(number=part.position, first=first))


def _brought_columns(targets: Iterable[ImportTarget], model: type[Syncable]) -> dict[str, frozenset[str]]:
    """`Draft.brings` of a table with these import targets."""
    columns: dict[str, set[str]] = {"": set()}
    if LINES in model.part_relations:
        columns[LINES] = set()
    for target in targets:
        for filled in columns_filled(target):
            relation, _, name = filled.rpartition(".")
            columns.setdefault(relation, set()).add(name)
        if not attribute_of(target):
            columns.setdefault(target.relation, set()).add(f"{target.field.sparse_in}/{target.field.name}")
    return {relation: frozenset(names) for relation, names in columns.items()}
