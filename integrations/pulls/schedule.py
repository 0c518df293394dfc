"""When registers are read: now, because a person asks, or on schedule."""

from django.db.models import Q
from django.utils import timezone

from integrations.models import PullPlan
from integrations.queue.outbox import enqueue_pull


def request(plan: PullPlan, *, everything: bool = False, requested_from: str = "") -> None:
    """Ask the worker to read a register now (*Leer ahora*)."""
    enqueue_pull(plan.pk, "all" if everything else "", requested_from)


def enqueue_due() -> int:
    """Queue the reads that are due; how many. A task that is delivered twice reads once, by the lock of its plan."""
    now = timezone.now()
    live = Q(connection__archived_at__isnull=True, connection__paused_at__isnull=True)
    due = list(PullPlan.objects.filter(live, due_at__lte=now).order_by("due_at", "pk"))
    for plan in due:
        # No longer due before it is queued: the run, or its refusal, sets the next time.
        if PullPlan.objects.filter(pk=plan.pk, due_at=plan.due_at).update(due_at=None):
            enqueue_pull(plan.pk, "", "lectura programada")
    return len(due)
