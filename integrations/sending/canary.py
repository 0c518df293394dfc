"""Canary first: of a large batch a few documents leave alone, and sameness in their refusal stops it."""

from django.db import transaction
from django.utils import timezone

from integrations.choices import BatchState, Status
from integrations.models import Connection, SyncBatch, SyncStanding

_OUT = (Status.SENDING, Status.RETRYING, Status.UNCERTAIN)
_ARRIVED = (Status.SYNCED, Status.CHANGED)
_SETTLED = (Status.SYNCED, Status.CHANGED, Status.REJECTED, Status.CONFLICT)


def holding(connection: Connection) -> list[int]:
    """Batches of a LOCKED connection that wait for their canaries. Judges those whose canaries have settled."""
    if not connection.canaries:
        return []
    untried = SyncBatch.objects.filter(
        connection=connection,
        state=BatchState.QUEUED,
        canary_passed=False,
        paused_at__isnull=True,
        ready_count__gt=connection.canary_above,
    )
    return [batch.pk for batch in untried if not _may_claim(batch, connection.canaries)]


def _may_claim(batch: SyncBatch, canaries: int) -> bool:
    settled = list(
        SyncStanding.objects.filter(batch=batch, status__in=_SETTLED)
        .order_by("position")
        .values_list("status", "cause")[:canaries]
    )
    if len(settled) < canaries:
        return _may_go_on_without_all(
            batch, len(settled), canaries, arrived=any(status in _ARRIVED for status, _ in settled)
        )
    same = len(set(settled)) == 1 and settled[0][0] == Status.REJECTED
    _conclude(batch, stopped=same)
    return not same


def _may_go_on_without_all(batch: SyncBatch, settled: int, canaries: int, *, arrived: bool) -> bool:
    """One that arrived shows that the way is open: what is only in doubt then holds nobody."""
    out = list(SyncStanding.objects.filter(batch=batch, status__in=_OUT).values_list("status", flat=True))
    if settled + len(out) < canaries:
        return True
    if not arrived or any(status != Status.UNCERTAIN for status in out):
        return False
    _conclude(batch, stopped=False)
    return True


def _conclude(batch: SyncBatch, *, stopped: bool) -> None:
    """A batch that a person lets go on after sameness is not stopped a second time."""
    facts: dict[str, object] = {"canary_passed": True}
    if stopped:
        facts |= {"paused_at": timezone.now(), "pause_reason": _reason(batch)}
    with transaction.atomic():
        SyncBatch.objects.filter(pk=batch.pk).update(**facts)


def _reason(batch: SyncBatch) -> str:
    refused = SyncStanding.objects.filter(batch=batch, status=Status.REJECTED).order_by("position")
    message = refused.values_list("message", flat=True).first() or "sin mensaje"
    told = f"Los primeros {refused.count()} documentos se rechazaron por lo mismo: {message}"
    return f"{told[:220]} Corríjalo, o reanude el lote si los demás no tienen ese problema."[:300]
