"""Pausing one connection, and letting it go on."""

from django.db import transaction
from django.utils import timezone

from integrations.models import Connection
from integrations.queue.outbox import enqueue_drain


def pause(connection_id: int, reason: str) -> None:
    """Claim nothing more on a connection until a person resumes it; a second pause keeps the first reason."""
    Connection.objects.filter(pk=connection_id, paused_at__isnull=True).update(
        paused_at=timezone.now(), pause_reason=reason[:300]
    )


def resume(connection_id: int) -> None:
    """Let a connection go on, forget its failed calls, and queue a task that drains it."""
    with transaction.atomic():
        Connection.objects.filter(pk=connection_id).update(
            paused_at=None, pause_reason="", failures_in_a_row=0, resting_until=None, rest_reason="", gate_pages=0
        )
        enqueue_drain(connection_id)
