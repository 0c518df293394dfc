"""Putting tasks in the queue again, for what waits and may have lost its own."""

from collections.abc import Iterable
from datetime import datetime

from integrations.choices import BatchState, Status
from integrations.models import SyncBatch, SyncStanding
from integrations.models.clock import database_now
from integrations.queue.outbox import enqueue_drain, enqueue_preview


def wake(connection_ids: Iterable[int | None]) -> None:
    """Queue a task for each of these lanes, whatever waits there."""
    for connection_id in filter(None, set(connection_ids)):
        enqueue_drain(connection_id)


def wake_all() -> None:
    """Queue a task for each connection with something queued, and for each preview in preparation.

    What a dead cluster had taken would else wait for django-q2 to deliver it again.
    """
    waiting = SyncStanding.objects.filter(status=Status.QUEUED).order_by()
    wake(waiting.values_list("connection", flat=True).distinct())
    wake_previews(database_now())


def wake_previews(before: datetime) -> None:
    """Queue a task for each preview that was asked for before that moment and is still in preparation."""
    waiting = SyncBatch.objects.filter(state=BatchState.PREPARING, created_at__lt=before)
    for batch_id in waiting.values_list("pk", flat=True):
        enqueue_preview(batch_id)
