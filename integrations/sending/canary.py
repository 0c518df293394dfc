"""Canaries: of a large batch a few documents leave first; where all are refused for the same cause, the batch stops."""

from django.utils import timezone

from integrations.choices import BatchState, Status
from integrations.models import Connection, SyncBatch, SyncStanding

_UNSETTLED = (Status.SENDING, Status.RETRYING, Status.UNCERTAIN)
_ARRIVED = (Status.SYNCED, Status.CHANGED)
_SETTLED = (Status.SYNCED, Status.CHANGED, Status.REJECTED, Status.CONFLICT)


def waiting_batches(connection: Connection) -> list[int]:
    """Ids of the batches of a LOCKED connection that wait for their canaries; decides those whose have settled."""
    if not connection.canaries:
        return []
    undecided = SyncBatch.objects.filter(
        connection=connection,
        state=BatchState.QUEUED,
        canary_passed=False,
        paused_at__isnull=True,
        ready_count__gt=connection.canary_above,
    )
    return [batch.pk for batch in undecided if not _may_go_on(batch, connection.canaries)]


def _may_go_on(batch: SyncBatch, canaries: int) -> bool:
    settled = list(
        SyncStanding.objects.filter(batch=batch, status__in=_SETTLED)
        .order_by("position")
        .values_list("status", "cause")[:canaries]
    )
    if len(settled) < canaries:
        has_arrivals = any(status in _ARRIVED for status, _ in settled)
        return _may_go_on_early(batch, len(settled), canaries, has_arrivals=has_arrivals)
    same_refusal = len(set(settled)) == 1 and settled[0][0] == Status.REJECTED
    _decide(batch, stop=same_refusal)
    return not same_refusal


def _may_go_on_early(batch: SyncBatch, settled: int, canaries: int, *, has_arrivals: bool) -> bool:
    """Whether more may leave while canaries are unsettled: others of the first; all, once one arrived."""
    unsettled = list(SyncStanding.objects.filter(batch=batch, status__in=_UNSETTLED).values_list("status", flat=True))
    if settled + len(unsettled) < canaries:
        return True
    if not has_arrivals or any(status != Status.UNCERTAIN for status in unsettled):
        return False
    _decide(batch, stop=False)
    return True


def _decide(batch: SyncBatch, *, stop: bool) -> None:
    """Close the trial of a batch. One that a person resumes later is not stopped a second time."""
    changes: dict[str, object] = {"canary_passed": True}
    if stop:
        changes |= {"paused_at": timezone.now(), "pause_reason": _reason(batch)}
    SyncBatch.objects.filter(pk=batch.pk).update(**changes)


def _reason(batch: SyncBatch) -> str:
    refused = SyncStanding.objects.filter(batch=batch, status=Status.REJECTED).order_by("position")
    message = refused.values_list("message", flat=True).first() or "sin mensaje"
    summary = f"Los primeros {refused.count()} documentos se rechazaron por lo mismo: {message}"
    return f"{summary[:220]} Corríjalo, o reanude el lote si los demás no tienen ese problema."[:300]
