"""When registers are read: what a person asks for now, and what comes round by itself."""

from django.db.models import Q
from django.utils import timezone

from integrations.models import PullPlan
from integrations.queue.outbox import enqueue_pull


def request(plan: PullPlan, *, everything: bool = False, requested_from: str = "") -> None:
    """Ask the worker to read a register now (*Leer ahora*)."""
    enqueue_pull(plan.pk, "all" if everything else "", requested_from)


def enqueue_due() -> int:
    """Put in the queue what is due; the lock of the plan makes a second delivery harmless."""
    now = timezone.now()
    live = Q(connection__archived_at__isnull=True, connection__paused_at__isnull=True)
    due = list(PullPlan.objects.filter(live, due_at__lte=now).order_by("due_at", "pk"))
    for plan in due:
        # Taken off the list before it is asked for: the run, or its refusal, writes the next hour.
        if PullPlan.objects.filter(pk=plan.pk, due_at=plan.due_at).update(due_at=None):
            enqueue_pull(plan.pk, "", "lectura programada")
    return len(due)
