"""Putting tasks in the queue by their names, so that the web process does not load what they run."""

from collections.abc import Sequence
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django_q.models import Schedule

from integrations.queue.jobs import ask
from integrations.queue.work_kinds import (
    AFTER_RESTORE,
    BEAT,
    CORRECT,
    DRAIN,
    IMPORT,
    LOOK,
    LOOK_OVER,
    PREVIEW,
    PROBE,
    PULL,
    QUERY,
    REGISTER,
    STAGE,
    UNDO_IMPORT,
    VERIFY,
    VERIFY_MANY,
)

VERIFIED_TOGETHER = 500
"""Records of one wide read of an ERP."""


def enqueue_drain(connection_id: int, calls_at_once: int = 1) -> None:
    """Drain the lane of a connection, with as many tasks as it may have calls in flight and there are workers.

    Ids only: a task's payload is a signed pickle, no place for secrets.
    """
    times = min(calls_at_once, settings.Q_CLUSTER["workers"])
    ask(DRAIN, connection_id, times=times, group=f"lane-{connection_id}")


def enqueue_drain_at(connection_id: int, moment: datetime) -> None:
    """Wake the lane of a connection at a moment, or up to half a minute later. The last moment asked for holds."""
    name = f"lane-{connection_id}"
    with transaction.atomic():
        Schedule.objects.filter(name=name).delete()
        Schedule.objects.create(
            name=name, func=DRAIN, args=str(connection_id), schedule_type=Schedule.ONCE, next_run=moment
        )


def enqueue_preview(batch_id: int) -> None:
    """Make the preview of a large batch."""
    ask(PREVIEW, batch_id)


def enqueue_verification(
    standing_id: int, attempt: str, requested_from: str = "", connection_id: int | None = None
) -> None:
    """Look a record up in the ERP. `attempt` is the one in doubt: a verdict on another attempt changes nothing."""
    ask(VERIFY, standing_id, attempt, requested_from, connection_id)


def enqueue_after_restore(connection_id: int) -> None:
    """See whether what left after a restored copy is all known."""
    ask(AFTER_RESTORE, connection_id)


def enqueue_beat(cluster: str) -> None:
    """Ask a cluster for a sign of life."""
    ask(BEAT, cluster, cluster=cluster)


def enqueue_pull(plan_id: int, since: str = "", requested_from: str = "") -> None:
    """Read a register. `since` is an ISO day, «all» for everything, empty for what changed since the last read."""
    ask(PULL, plan_id, since, requested_from, group=f"pull-{plan_id}")


def enqueue_verifications(
    pairs: Sequence[tuple[int, str]], requested_from: str = "", connection_id: int | None = None
) -> None:
    """The same for many (standing id, attempt) of one lane and kind: one wide read serves them all."""
    for start in range(0, len(pairs), VERIFIED_TOGETHER):
        chunk = pairs[start : start + VERIFIED_TOGETHER]
        if len(chunk) == 1:
            enqueue_verification(*chunk[0], requested_from, connection_id)
        else:
            ask(VERIFY_MANY, [list(pair) for pair in chunk], requested_from, connection_id)


def enqueue_looks(connection_id: int) -> None:
    """Look in the ERP for what it said it had accepted."""
    ask(LOOK, connection_id, group=f"look-{connection_id}")


def enqueue_registration() -> None:
    """Give the records of a kind that was just switched on their standing; the sweeper would, a little later."""
    ask(REGISTER)


def enqueue_probe(probe_id: int) -> None:
    """Learn which field carries our key back."""
    ask(PROBE, probe_id)


def enqueue_look(file_id: int) -> None:
    """Find out how a file is written."""
    ask(LOOK_OVER, file_id)


def enqueue_staging(file_id: int) -> None:
    """Read a file's documents and compare them with the records."""
    ask(STAGE, file_id)


def enqueue_import(file_id: int) -> None:
    """Make records of a file's documents."""
    ask(IMPORT, file_id)


def enqueue_undo(file_id: int) -> None:
    """Take back what an import did."""
    ask(UNDO_IMPORT, file_id)


def enqueue_correction(correction_id: int) -> None:
    """Preview, apply or undo a correction in bulk, whichever it waits for."""
    ask(CORRECT, correction_id)


def enqueue_query(run_id: int) -> None:
    """Send a query to SAG and store its rows."""
    ask(QUERY, run_id)
