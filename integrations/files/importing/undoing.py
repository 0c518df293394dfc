"""Undoing an import: what it made is deleted and what it changed is put back, as long as nothing of that left."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from django.contrib.admin.models import CHANGE, DELETION
from django.db import transaction
from django.utils import timezone

from integrations.choices import Status
from integrations.files.importing.work_lease import budget_seconds, lease
from integrations.files.kept_content import put_back
from integrations.models import ImportedRecord, ImportFile, Syncable, SyncStanding
from integrations.models.bulk_writes import update_many
from integrations.models.change_history import write_down
from integrations.models.syncable import model_for
from integrations.payloads.judgement import keep_verdicts
from integrations.queue.outbox import enqueue_undo
from integrations.standings import deletion

_State, _Outcome = ImportFile.State, ImportedRecord.Outcome
UNDOABLE = (_State.DONE, _State.UNDONE, _State.CANCELLED)
"""The states in which what came in may be taken back: also of an import that was cancelled half way."""
_MAY_BE_PUT_BACK = frozenset({Status.NEW, Status.REJECTED, Status.EXCLUDED, Status.CHANGED})
_GONE = "ya no está: se eliminó después."
_EDITED = "se cambió aquí después de importarlo."
_EXAMPLES = 5
TAKEN = "ya se había hecho"
"""What `run` says where another task has the file, or it is done."""


@dataclass(frozen=True)
class Stay:
    """Why some records stay as they are: the reason, how many, and the first of them by (name, key)."""

    reason: str
    count: int
    examples: Sequence[tuple[str, int]]


@dataclass(frozen=True)
class UndoPreview:
    """What undoing an import would do now. `edited`: how many stay only because they were changed here since."""

    deletes: int
    restores: int
    edited: int
    stays: Sequence[Stay]


def preview(file: ImportFile, *, with_edited: bool = False) -> UndoPreview:
    """What `request` would do; `with_edited`: also to what was changed here after the import."""
    does = Counter[ImportedRecord.Outcome]()
    reasons: dict[str, list[tuple[str, int]]] = {}
    counts = Counter[str]()
    for chunk in _chunks(file):
        for row, record, reason in _judged(file.kind, chunk, with_edited=with_edited):
            does[_outcome(row, reason)] += 1
            if reason := deletion.general(reason):
                counts[reason] += 1
                examples = reasons.setdefault(reason, [])
                if len(examples) < _EXAMPLES and record is not None:
                    examples.append((str(record), record.pk))
    stays = [Stay(reason, count, reasons[reason]) for reason, count in counts.most_common()]
    return UndoPreview(does[_Outcome.DELETED], does[_Outcome.RESTORED], counts[_EDITED], stays)


def _outcome(row: ImportedRecord, reason: str) -> ImportedRecord.Outcome:
    return _Outcome.KEPT if reason else _Outcome.DELETED if row.is_new else _Outcome.RESTORED


def _chunks(file: ImportFile) -> Iterator[list[ImportedRecord]]:
    """What the import made or changed and was not undone, the last first."""
    last: int | None = None
    rows = file.records.exclude(outcome__in=(_Outcome.DELETED, _Outcome.RESTORED)).order_by("-pk")
    while chunk := list((rows if last is None else rows.filter(pk__lt=last))[: deletion.AT_ONCE]):
        yield chunk
        last = chunk[-1].pk


def _judged(
    kind: str, chunk: Sequence[ImportedRecord], *, with_edited: bool
) -> Iterator[tuple[ImportedRecord, Any, str]]:
    """(row, its record, why it stays as it is) of each."""
    model: Any = model_for(kind)
    records: dict[int, Syncable] = model._default_manager.prefetch_related(*model.part_relations).in_bulk(
        [row.record_id for row in chunk]
    )
    never_left = deletion.why_they_stay(
        [records[row.record_id] for row in chunk if row.is_new and row.record_id in records]
    )
    on_its_way = _why_not_put_back(kind, [row.record_id for row in chunk if not row.is_new])
    for row in chunk:
        record = records.get(row.record_id)
        if record is None:
            yield row, None, _GONE
            continue
        reason = (never_left if row.is_new else on_its_way).get(row.record_id, "")
        if not reason and not with_edited and record.version != row.version:
            reason = _EDITED
        yield row, record, reason


def _why_not_put_back(kind: str, record_ids: Sequence[int]) -> dict[int, str]:
    """Record id → why a changed one stays: what is on its way, in doubt, or in the ERP as the import left it."""
    why: dict[int, str] = {}
    for row in SyncStanding.objects.of_records(kind, record_ids).order_by("pk"):
        if row.verify_first or row.status not in _MAY_BE_PUT_BACK:
            erp = row.get_target_display()
            why.setdefault(row.record_id, f"en {erp} está «{row.get_status_display()}».")
    return why


def request(file_id: int, user: Any = None, *, with_edited: bool = False) -> bool:
    """Queue the undoing of a finished import, or of what an earlier undoing left. Returns whether it can be."""
    with transaction.atomic():
        file = ImportFile.objects.select_for_update().get(pk=file_id)
        if file.state not in UNDOABLE or not file.records.exists():
            return False
        file.records.filter(outcome=_Outcome.KEPT).update(outcome=_Outcome.WAITING, reason="")
        file.state, file.undone_by, file.undo_edited = _State.UNDOING, user, with_edited
        file.save()
        enqueue_undo(file.pk)
    return True


def run(file_id: int, seconds: float | None = None) -> str:
    """Undo what waits for it, for as long as a task may; a fresh task does the rest."""
    with lease(file_id, _State.UNDOING) as file:
        if file is None:
            return TAKEN
        is_over = _run(file, time.monotonic() + (seconds or budget_seconds()))
    if not is_over:
        enqueue_undo(file_id)
    return str(file.get_state_display())


def _run(file: ImportFile, until: float) -> bool:
    while _undo_next(file):
        if time.monotonic() > until:
            return False
    file.refresh_from_db()
    return True


@transaction.atomic
def _undo_next(file: ImportFile) -> bool:
    """Undo the next chunk, or end the undoing; False where it is over."""
    # Whoever else has this file in hand waits here, and finds these records done.
    locked = ImportFile.objects.select_for_update().filter(pk=file.pk, state=_State.UNDOING).first()
    if locked is None:
        return False
    waiting = file.records.filter(outcome=_Outcome.WAITING).order_by("-pk")
    if chunk := list(waiting[: deletion.AT_ONCE]):
        _undo(file, chunk)
        ImportFile.objects.filter(pk=file.pk).update(touched_at=timezone.now())
        return True
    locked.state, locked.finished_at = _State.UNDONE, timezone.now()
    locked.save()
    return False


def _undo(file: ImportFile, chunk: Sequence[ImportedRecord]) -> None:
    """Undo a chunk in one transaction, its standings locked first, as by every writer."""
    deletion.lock_with_dependents(file.kind, [row.record_id for row in chunk])
    judged = list(_judged(file.kind, chunk, with_edited=file.undo_edited))
    for row, _, reason in judged:
        row.outcome, row.reason = _outcome(row, reason), reason
    going = [(row, record) for row, record, reason in judged if not reason]
    _delete(file, [row for row, _ in going if row.is_new])
    _put_back(file, [(row, record) for row, record in going if not row.is_new])
    update_many(list(chunk), ["outcome", "reason"])


def _delete(file: ImportFile, rows: Sequence[ImportedRecord]) -> None:
    done = deletion.delete_many(file.kind, [row.record_id for row in rows])
    for row in rows:
        if row.record_id in done.kept:
            row.outcome, row.reason = _Outcome.KEPT, done.kept[row.record_id]
    _write_down(file, DELETION, list(done.deleted.items()))


def _put_back(file: ImportFile, pairs: Sequence[tuple[ImportedRecord, Any]]) -> None:
    for row, record in pairs:
        put_back(record, row.before)
    keep_verdicts(file.company_id, file.kind, [record.pk for _, record in pairs])
    _write_down(file, CHANGE, [(record.pk, str(record)) for _, record in pairs])


def _write_down(file: ImportFile, flag: int, rows: Sequence[tuple[int, str]]) -> None:
    write_down(file.undone_by_id, model_for(file.kind), flag, rows, f"Se deshizo la importación {file.pk}.")


def outcome_counts(file: ImportFile) -> Counter[str]:
    """How many of the records of an import were deleted, put back, or stayed."""
    return Counter(file.records.order_by().values_list("outcome", flat=True).iterator())
