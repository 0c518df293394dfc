"""Rows of a table as records: each document whole, each wrong cell told by its row and column."""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from integrations.erp.fields.spec import ValueType
from integrations.files.drafts import Draft
from integrations.files.reading.cells import Row, Table, is_empty, shown
from integrations.files.reading.fill_records import Column, Filling
from integrations.files.reading.grouping import Keys, documents, looks_like_totals
from integrations.files.reading.import_targets import LINES, PAYMENTS, Room, attribute_of, rooms_of
from integrations.files.reading.payments import OBLIGATORY, Payments
from integrations.files.reading.reading_plan import Plan
from integrations.files.reading.required_columns import ORIGINS, least_of
from integrations.files.reading.survey import Survey, content_rows
from integrations.models import Syncable
from integrations.models.new_instances import blank
from integrations.models.syncable import model_for

_TWICE = (
    "la secuencia {number} de este comprobante ya está en la fila {first}: el documento está dos veces en el archivo o "
    "la secuencia se repite."
)
_PAID_TWICE = "el medio de pago {number} de este documento ya está en la fila {first}: deje uno o dele otra posición."


class Documents:
    """The documents of a table, read by a complete plan. `notices` says what was left out, once all were read."""

    def __init__(self, plan: Plan, headings: Sequence[str]) -> None:
        self.plan, self.headings = plan, headings
        self.notices: list[str] = []
        rooms = rooms_of(plan.kind)
        self._model = model_for(plan.kind)
        self.columns: dict[int, Room] = {column: rooms[key] for column, key in plan.columns.items() if key in rooms}
        chosen, least = least_of(plan.kind, self.columns.values())
        self._origin = ORIGINS[chosen]
        self._columns = [Column(self.headings, column, room, plan) for column, room in sorted(self.columns.items())]
        of_lines = [one for one in self._columns if one.room.path.startswith(f"{LINES}.")]
        of_payments = [one for one in self._columns if one.room.relation == PAYMENTS]
        of_record = [one for one in self._columns if one not in (*of_lines, *of_payments)]
        self._payments = Payments(self.columns)
        keyed = Keys(plan.kind, self.columns).columns
        self._of_lines, self._of_payments = Filling(of_lines), Filling(of_payments)
        self._through_lines = Filling((one for one in of_record if one.room.relation == LINES), "movement")
        self._of_head = Filling(one for one in of_record if one.room.relation != LINES)
        self._repeated = [one for one in of_record if one.place not in keyed]
        self._brings = _brought(self.columns.values(), self._model)
        wanted = {attribute_of(room) for room in least}
        self._obligatory = [one for one in self._columns if attribute_of(one.room) in wanted]
        for one in self._columns:
            one.is_obligatory = attribute_of(one.room) in wanted | OBLIGATORY.keys()

    def of(self, table: Table, survey: Survey) -> Iterator[Draft]:
        """A draft for each document of a table that was looked over."""
        rows = self._without_totals(content_rows(table, self.plan.heading))
        for group in documents(rows, Keys(self.plan.kind, self.columns), survey.repeated):
            yield self.draft(group)

    def _without_totals(self, rows: Iterator[Row]) -> Iterator[Row]:
        texts = [one.place for one in self._obligatory if one.room.field.value_type is ValueType.TEXT]
        for row in rows:
            if looks_like_totals(row, texts):
                self.notices.append(f"La fila {row.number} parece de totales y no se importó.")
            else:
                yield row

    def draft(self, rows: list[Row]) -> Draft:
        """One document of its rows."""
        record: Any = blank(self._model)
        draft = Draft(rows[0].number, record, rows=rows, last_row=rows[-1].number, brings=self._brings)
        if hasattr(record, "origin"):
            record.origin = self._origin
        self._fill_record(draft, record, rows)
        if LINES in self._model.part_relations:
            self._fill_lines(draft, rows)
        if self._payments:
            self._fill_payments(draft, rows)
        return draft

    def _fill_record(self, draft: Draft, record: Syncable, rows: list[Row]) -> None:
        self._of_head.fill(record, rows[0], draft.errors.append)
        first = rows[0]
        for row in rows[1:] if self._repeated else ():
            for column in self._repeated:
                now = column.cell(row.cells)
                if not is_empty(now) and shown(now).strip() != shown(column.cell(first.cells)).strip():
                    told = f"«{shown(now)}» no es lo que dice la fila {first.number} del mismo documento."
                    draft.errors.append(column.error(row.number, told, now))

    def _fill_lines(self, draft: Draft, rows: list[Row]) -> None:
        numbered: dict[int, int] = {}
        for row in self._rows_of_lines(rows):
            line = draft.new_part(LINES)
            if not numbered:
                self._through_lines.fill(line, rows[0], draft.errors.append)
            self._of_lines.fill(line, row, draft.errors.append)
            _refuse_repeated(draft, line, row, numbered, _TWICE)

    def _rows_of_lines(self, rows: list[Row]) -> list[Row]:
        """All that carry one; the words of Siigo hang from a line, so the first row is one where none else is."""
        if not self._payments:
            return rows
        found = [row for row in rows if not self._payments.only_pays(row.cells)]
        return found or (rows[:1] if self._through_lines else [])

    def _fill_payments(self, draft: Draft, rows: list[Row]) -> None:
        numbered: dict[int, int] = {}
        for row in rows:
            if self._payments.pays(row.cells):
                payment = draft.new_part(PAYMENTS)
                self._of_payments.fill(payment, row, draft.errors.append)
                _refuse_repeated(draft, payment, row, numbered, _PAID_TWICE)


def _refuse_repeated(draft: Draft, part: Any, row: Row, numbered: dict[int, int], told: str) -> None:
    """Two lines, or payments, of one document with one number would be one; `numbered` says where each was first."""
    first = numbered.setdefault(part.position, row.number)
    if first != row.number:
        draft.refuse(row.number, "sequence", told.format(number=part.position, first=first))


def _brought(rooms: Iterable[Room], model: type[Syncable]) -> dict[str, frozenset[str]]:
    found: dict[str, set[str]] = {"": set()}
    if LINES in model.part_relations:
        found[LINES] = set()
    for room in rooms:
        relation, _, name = attribute_of(room).rpartition(".")
        if name:
            found.setdefault(relation, set()).add(name)
        else:
            found.setdefault(room.relation, set()).add(f"{room.field.sparse_in}/{room.field.name}")
    return {relation: frozenset(names) for relation, names in found.items()}
