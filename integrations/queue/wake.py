"""Putting tasks in the queue again, for what waits and may have lost its own."""

from collections.abc import Iterable

from integrations.choices import Status
from integrations.models import SyncStanding
from integrations.queue import job_runs, jobs
from integrations.queue.outbox import enqueue_drain
from integrations.queue.work_kinds import DRAIN


def wake(connection_ids: Iterable[int | None]) -> None:
    """Queue a task for each of these lanes, whatever waits there; none for one whose last task failed just now."""
    for connection_id in filter(None, set(connection_ids)):
        if not jobs.rests(DRAIN, connection_id):
            enqueue_drain(connection_id)


def wake_all() -> None:
    """Queue a task for each connection with something queued, and for all other work that waits.

    What a dead cluster had taken would else wait for django-q2 to deliver it again.
    """
    waiting = SyncStanding.objects.filter(status=Status.QUEUED).order_by()
    wake(waiting.values_list("connection", flat=True).distinct())
    job_runs.end_the_dead()
    jobs.go_on(after_a_dead_cluster=True)
