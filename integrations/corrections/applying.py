"""Writing what a correction's preview showed, and taking it back."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from django.db import transaction

from integrations.corrections.history import write_entries
from integrations.corrections.previewing import load
from integrations.models import ContentPart, Correction, CorrectionItem, Syncable, SyncStanding
from integrations.models.bulk_writes import update_many
from integrations.models.record_content import content_digest
from integrations.payloads.changing import CellChange, write
from integrations.payloads.judgement import keep_verdicts
from integrations.payloads.record_fields import RecordField, field_of
from integrations.standings import left_alone, transitions
from integrations.standings.bulk_editing import edit_many
from integrations.standings.left_alone import Closed

_Outcome = CorrectionItem.Outcome
_CHANGED_MEANWHILE = "Cambió después de la vista previa: quedó como lo dejaron."
_EDITED_SINCE = "Cambió después de la corrección: quedó como está ahora."


@dataclass(frozen=True)
class Direction:
    """One way through a correction: what becomes of an item that was done, or was not, and what keeps it from it."""

    done: _Outcome
    not_done: _Outcome
    cells: Callable[[CorrectionItem], list[CellChange]]
    why_not: Callable[[CorrectionItem, Syncable], str]
    is_undo: bool = False


def _forward(item: CorrectionItem) -> list[CellChange]:
    return [CellChange(**change) for change in item.changes]


def backward(item: CorrectionItem) -> list[CellChange]:
    """The changes of an item the other way round."""
    return [change.backwards() for change in _forward(item)]


APPLY = Direction(
    _Outcome.DONE,
    _Outcome.LEFT,
    _forward,
    lambda item, record: "" if record.version == item.version else _CHANGED_MEANWHILE,
)
UNDO = Direction(
    _Outcome.UNDONE,
    _Outcome.KEPT,
    backward,
    lambda item, record: "" if content_digest(record) == item.digest else _EDITED_SINCE,
    is_undo=True,
)


@transaction.atomic
def write_items(correction: Correction, items: Sequence[CorrectionItem], direction: Direction) -> None:
    """Write these items' records whole, with one history entry each, and say of the others why they stayed."""
    ids = [item.record_id for item in items]
    locked = transitions.locked(correction.kind, ids)
    rows = left_alone.standings_by_record(correction.kind, locked)
    records = load(correction, ids)
    field, closed = field_of(correction.kind, correction.field), left_alone.closed_periods(correction.company_id)
    assert field is not None  # noqa: S101 - the preview found it
    done: list[tuple[CorrectionItem, Syncable]] = []
    parts: list[ContentPart] = []
    for item in items:
        record = records.get(item.record_id)
        item.reason = left_alone.why(record, correction.company_id, rows.get(item.record_id, []))
        if record is not None and not item.reason:
            item.reason = direction.why_not(item, record) or _written(record, field, direction.cells(item), closed)
        item.outcome = direction.not_done if item.reason else direction.done
        if record is not None and not item.reason:
            done.append((item, record))
            parts += field.rows_of(record) if field.relation else []
    _save(correction, done, field, parts, locked)
    write_entries(correction, field, [item for item, _ in done], undo=direction.is_undo)
    update_many(items, ["outcome", "reason", "digest"])


def _written(record: Syncable, field: RecordField, cells: Sequence[CellChange], closed: Closed) -> str:
    """Set the new values on a record, without saving; or why that is not done, in Spanish."""
    before = getattr(record, "date", None)
    write(record, field, cells)
    record.complete_content({relation: getattr(record, relation).all() for relation in record.part_relations})
    return left_alone.why_closed(before, getattr(record, "date", None), closed)


def _save(
    correction: Correction,
    done: Sequence[tuple[CorrectionItem, Syncable]],
    field: RecordField,
    parts: Sequence[ContentPart],
    locked: Sequence[SyncStanding],
) -> None:
    records = [record for _, record in done]
    if not records:
        return
    type(records[0]).complete_contents(records)
    ids = {record.pk for record in records}
    columns = [*type(records[0]).computed_columns, *([] if field.relation else [field.column])]
    edit_many(records, columns, parts, [field.column], [row for row in locked if row.record_id in ids])
    for item, record in done:
        item.digest = content_digest(record)
    keep_verdicts(correction.company_id, correction.kind, list(ids))
