"""Putting tasks in the queue by their names, so that the web process does not load what they run.

With the database as broker the row commits with the state that it belongs to; with Redis it leaves after
the commit, and the sweeper puts back what was lost.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import transaction
from django_q.models import Schedule
from django_q.tasks import async_task

from integrations.queue.cluster import FILES

DRAIN = "integrations.tasks.drain"
PREVIEW = "integrations.tasks.prepare_batch"
QUERY = "integrations.tasks.query_sag"
VERIFY = "integrations.tasks.verify"
AFTER_RESTORE = "integrations.tasks.after_restore"
BEAT = "integrations.tasks.beat"
PULL = "integrations.tasks.pull"
VERIFY_MANY = "integrations.tasks.verify_many"
LOOK = "integrations.tasks.look"
PROBE = "integrations.tasks.probe_key_fields"
LOOK_OVER = "integrations.tasks.look_over_file"
STAGE = "integrations.tasks.stage_file"
IMPORT = "integrations.tasks.import_file"
UNDO_IMPORT = "integrations.tasks.undo_import"
CORRECT = "integrations.tasks.work_on_correction"
REGISTER = "integrations.tasks.register_switched_on"
_WITHOUT_AN_ERP = frozenset({LOOK_OVER, STAGE, IMPORT, UNDO_IMPORT, CORRECT})
"""Long work that calls no ERP: it has a cluster of its own, so that a year of vouchers never keeps a lane waiting."""
VERIFIED_TOGETHER = 500
"""Records of one wide read of an ERP."""


def enqueue_drain(connection_id: int, calls_at_once: int = 1) -> None:
    """Drain the lane of a connection, with as many tasks as it may have calls in flight and there are workers.

    Ids only: a task's payload is a signed pickle, no place for secrets.
    """
    for _ in range(min(calls_at_once, settings.Q_CLUSTER["workers"])):
        _enqueue(DRAIN, connection_id, group=f"lane-{connection_id}")


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
    _enqueue(PREVIEW, batch_id)


def enqueue_verification(standing_id: int, attempt: str, requested_from: str = "") -> None:
    """Look a record up in the ERP. `attempt` is the one in doubt: a verdict on another attempt changes nothing."""
    _enqueue(VERIFY, standing_id, attempt, requested_from)


def enqueue_after_restore(connection_id: int) -> None:
    """See whether what left after a restored copy is all known."""
    _enqueue(AFTER_RESTORE, connection_id)


def enqueue_beat(cluster: str) -> None:
    """Ask a cluster for a sign of life."""
    _enqueue(BEAT, cluster, cluster=cluster)


def enqueue_pull(plan_id: int, since: str = "", requested_from: str = "") -> None:
    """Read a register. `since` is an ISO day, «all» for everything, empty for what changed since the last read."""
    _enqueue(PULL, plan_id, since, requested_from, group=f"pull-{plan_id}")


def enqueue_verifications(pairs: Sequence[tuple[int, str]], requested_from: str = "") -> None:
    """The same for many (standing id, attempt) of one lane and kind: one wide read serves them all."""
    for start in range(0, len(pairs), VERIFIED_TOGETHER):
        chunk = pairs[start : start + VERIFIED_TOGETHER]
        if len(chunk) == 1:
            enqueue_verification(*chunk[0], requested_from)
        else:
            _enqueue(VERIFY_MANY, [list(pair) for pair in chunk], requested_from)


def enqueue_looks(connection_id: int) -> None:
    """Look in the ERP for what it said it had accepted."""
    _enqueue(LOOK, connection_id, group=f"look-{connection_id}")


def enqueue_registration() -> None:
    """Give the records of a kind that was just switched on their standing; the sweeper would, a little later."""
    _enqueue(REGISTER)


def enqueue_probe(probe_id: int) -> None:
    """Learn which field carries our key back."""
    _enqueue(PROBE, probe_id)


def enqueue_look(file_id: int) -> None:
    """Find out how a file is written."""
    _enqueue(LOOK_OVER, file_id)


def enqueue_staging(file_id: int) -> None:
    """Read a file's documents and compare them with the records."""
    _enqueue(STAGE, file_id)


def enqueue_import(file_id: int) -> None:
    """Make records of a file's documents."""
    _enqueue(IMPORT, file_id)


def enqueue_undo(file_id: int) -> None:
    """Take back what an import did."""
    _enqueue(UNDO_IMPORT, file_id)


def enqueue_correction(correction_id: int) -> None:
    """Preview, apply or undo a correction in bulk, whichever it waits for."""
    _enqueue(CORRECT, correction_id)


def enqueue_query(run_id: int) -> None:
    """Send a query to SAG and store its rows."""
    _enqueue(QUERY, run_id)


def _enqueue(task: str, *arguments: Any, **options: Any) -> None:
    if task in _WITHOUT_AN_ERP:
        options["cluster"] = FILES
    if settings.Q_CLUSTER.get("orm"):
        async_task(task, *arguments, **options)
    else:
        transaction.on_commit(lambda: async_task(task, *arguments, **options))
