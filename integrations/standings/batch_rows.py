"""What is written beside a move: the ERP's reference on the standing, and the outcome on the batch."""

from typing import Any

from django.utils import timezone

from integrations.choices import BatchState, Status
from integrations.erp.receipts import Reference
from integrations.models import SyncAttempt, SyncBatch, SyncBatchItem, SyncStanding

_IN_MOTION = (Status.QUEUED, Status.SENDING, Status.RETRYING)


def reference_facts(row: SyncStanding, reference: Reference) -> dict[str, Any]:
    """A reference as columns of the standing; `reference_taken` where that document is another record's."""
    facts: dict[str, Any] = {"reference": str(reference)[:80]} if str(reference) else {}
    if not reference.identifier:
        return facts
    key = reference.identifier[:120]
    standings = SyncStanding.objects.filter(company_id=row.company_id, target=row.target, kind=row.kind)
    others = standings.filter(reference_key=key).exclude(pk=row.pk)
    if others.exists():
        message = f"El documento {reference} del ERP ya es de otro de aquí: compare y decida."
        return {**facts, "reference_taken": True, "message": message}
    return {**facts, "reference_key": key}


def take_from_hints(row: SyncStanding, reference: Reference) -> None:
    """Take a document's number, which a read by key found for `row`, from records that only an answer gave it to."""
    bare = reference.number.rpartition("-")[2]
    hints = SyncStanding.objects.with_hints().filter(
        company=row.company_id, target=row.target, kind=row.kind, reference__in=[reference.number, bare]
    )
    sends = SyncAttempt.objects.filter(connection=row.connection_id, kind=row.kind, series=reference.series)
    # A record that gave itself this number was not named by an answer.
    named_otherwise = sends.exclude(reference__in=[reference.number, bare])
    hints.filter(attempt__in=named_otherwise.values("pk")).exclude(pk=row.pk).update(reference="")


def record_on_batch(row: SyncStanding) -> None:
    """Write the record's status on its item of the batch, and end the batch when nothing of it is in motion."""
    if row.batch_id is None:
        return
    SyncBatchItem.objects.filter(batch_id=row.batch_id, kind=row.kind, record_id=row.record_id).update(
        outcome=row.status, message=row.message
    )
    if row.status not in _IN_MOTION:
        close_if_done(row.batch_id)


def close_if_done(batch_id: int) -> None:
    """End a batch of which nothing is queued, being sent or retried."""
    if SyncStanding.objects.filter(batch_id=batch_id, status__in=_IN_MOTION).exists():
        return
    SyncBatch.objects.filter(pk=batch_id, state=BatchState.QUEUED).update(
        state=BatchState.DONE, finished_at=timezone.now()
    )
