"""The tasks of the queue: each takes ids, calls one function, and returns the text that the queue shows.

Whatever one raises ends in a state that people see: `background`.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from uuid import UUID

from django.conf import settings

from integrations import notices
from integrations.corrections import working
from integrations.dispatch import batches
from integrations.files.importing import confirmation, staging, survey_step, undoing, watched_folders
from integrations.models import SyncBatch
from integrations.payloads import judgement
from integrations.pulls import pull_run, sag_query_worker, schedule
from integrations.queue import heartbeat
from integrations.queue.cluster import FILES, SCHEDULED, SENDING
from integrations.queue.job_runs import background
from integrations.sending import engine
from integrations.sweep import sweep as sweep_once
from integrations.verifying import key_probe, looks, reconcile, unknown_documents


@contextmanager
def _at_work(cluster: str = SENDING) -> Iterator[None]:
    """Say for how long a long task without a lease may be busy, so that its cluster is not taken for frozen."""
    heartbeat.beat(cluster, busy_seconds=settings.Q_CLUSTER["timeout"])
    try:
        yield
    finally:
        heartbeat.beat(cluster)


@background
def drain(connection_id: int) -> int:
    """Send what is queued on a lane."""
    return engine.drain(connection_id)


@background
def prepare_batch(batch_id: int) -> None:
    """Make the preview of a large selection."""
    with _at_work():
        batches.prepare(SyncBatch.objects.get(pk=batch_id))


@background
def verify(standing_id: int, attempt: str, requested_from: str = "", _connection_id: int | None = None) -> str:
    """Verify one record in the ERP."""
    return reconcile.verify(standing_id, UUID(attempt) if attempt else None, requested_from)


@background
def look(connection_id: int) -> int:
    """Look in the ERP for what it said it had accepted."""
    return looks.look_when_due(connection_id)


@background
def pull(plan_id: int, since: str = "", requested_from: str = "") -> str:
    """Read a register of an ERP into the mirror."""
    with _at_work():
        return pull_run.pull_when_free(plan_id, since, requested_from)


@background
def pull_due() -> int:
    """Put in the queue the reads whose hour has come."""
    return schedule.enqueue_due()


@background
def verify_many(attempts: list[tuple[int, str]], requested_from: str = "", _connection_id: int | None = None) -> int:
    """Verify many records in the ERP, many in each read."""
    attempts_by_id = {standing_id: UUID(attempt) if attempt else None for standing_id, attempt in attempts}
    return len(reconcile.verify_many(attempts_by_id, requested_from))


@background
def probe_key_fields(probe_id: int) -> str:
    """Send one document to a test company and find out which field returns our key."""
    return key_probe.run(probe_id)


@background
def after_restore(connection_id: int) -> str:
    """Look for documents that were sent after a restored backup was taken, and allow creates where there are none."""
    return unknown_documents.find(connection_id)


@background
def query_sag(run_id: int) -> str:
    """Send one query to SAG and store its rows."""
    with _at_work():
        return sag_query_worker.perform(run_id)


@background
def look_over_file(file_id: int) -> str:
    """Find out how a file is written."""
    with _at_work(FILES):
        return survey_step.look(file_id)


@background
def stage_file(file_id: int) -> str:
    """Read a file's documents and compare them with the records."""
    with _at_work(FILES):
        return staging.stage(file_id)


@background
def import_file(file_id: int) -> str:
    """Make records of a file's documents."""
    with _at_work(FILES):
        return confirmation.run(file_id)


@background
def undo_import(file_id: int) -> str:
    """Delete what an import made, and put back what it changed."""
    with _at_work(FILES):
        return undoing.run(file_id)


@background
def work_on_correction(correction_id: int) -> str:
    """Preview, apply or undo a correction in bulk."""
    with _at_work(FILES):
        return working.work(correction_id)


@background
def register_switched_on() -> int:
    """Give the records of a kind that a connection switched on their standing."""
    return judgement.register_switched_on()


@background
def sweep() -> str:
    """Do what time alone makes due."""
    heartbeat.beat(SCHEDULED)
    return str(sweep_once())


@background
def take_in_folders() -> int:
    """Bring in the files of the watched folders."""
    return watched_folders.pass_over_all()


@background
def tell_people() -> str:
    """Mail the notices that are due: batches that ended, and the summary of the day."""
    return str(notices.send_due())


@background
def beat(cluster: str) -> None:
    """A sign of life of the cluster that ran this."""
    heartbeat.beat(cluster)
