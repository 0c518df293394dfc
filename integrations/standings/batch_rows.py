"""What goes with a move: whose the ERP's document is, and what the batch's row says. Talks to no ERP."""

from typing import Any

from django.utils import timezone

from integrations.choices import BatchState, Status
from integrations.erp.receipts import Reference
from integrations.models import SyncBatch, SyncBatchItem, SyncStanding

_IN_MOTION = (Status.QUEUED, Status.SENDING, Status.RETRYING)


def reference_facts(row: SyncStanding, reference: Reference) -> dict[str, Any]:
    """The reference as columns; `reference_taken` where another record already holds that document."""
    facts: dict[str, Any] = {"reference": str(reference)[:80]} if str(reference) else {}
    if not reference.identifier:
        return facts
    key = reference.identifier[:120]
    others = SyncStanding.objects.filter(
        company_id=row.company_id, target=row.target, kind=row.kind, reference_key=key
    ).exclude(pk=row.pk)
    if others.exists():
        return {
            **facts,
            "reference_taken": True,
            "message": f"El documento {reference} del ERP ya es de otro de aquí: compare y decida.",
        }
    return {**facts, "reference_key": key}


def record_on_batch(row: SyncStanding) -> None:
    """Keep the batch's row of this record, and close the batch when nothing of it is left in motion."""
    if row.batch_id is None:
        return
    SyncBatchItem.objects.filter(batch_id=row.batch_id, kind=row.kind, record_id=row.record_id).update(
        outcome=row.status, message=row.message
    )
    if row.status not in _IN_MOTION:
        close_if_done(row.batch_id)


def close_if_done(batch_id: int) -> None:
    if SyncStanding.objects.filter(batch_id=batch_id, status__in=_IN_MOTION).exists():
        return
    SyncBatch.objects.filter(pk=batch_id, state=BatchState.QUEUED).update(
        state=BatchState.DONE, finished_at=timezone.now()
    )
