"""Queue a task again for what waits and may have lost its own."""

from collections.abc import Iterable

from integrations.choices import BatchState, Status
from integrations.models import SyncBatch, SyncStanding
from integrations.models.clock import database_now
from integrations.queue.outbox import enqueue_drain, enqueue_preview


def wake(connection_ids: Iterable[int | None]) -> None:
    """Queue a task for each of these lanes, whatever waits there."""
    for connection_id in filter(None, set(connection_ids)):
        enqueue_drain(connection_id)


def wake_all() -> None:
    """Queue a task for each lane with something queued: what a dead cluster had taken would wait for its retry."""
    waiting = SyncStanding.objects.filter(status=Status.QUEUED).order_by()
    wake(waiting.values_list("connection", flat=True).distinct())
    wake_previews(database_now())


def wake_previews(stale: object) -> None:
    """Queue again the preview of each batch that was created before `stale` and is still in preparation."""
    for batch_id in SyncBatch.objects.filter(state=BatchState.PREPARING, created_at__lt=stale).values_list(
        "pk", flat=True
    ):
        enqueue_preview(batch_id)
