"""How a run of background work ends: well, put off, or failed in a state that people see.

The exception's text goes to the log with a reference; people read what happened, what is safe, what to do, and the same
reference.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, TypeVar
from uuid import UUID

from django.db import InterfaceError, OperationalError, close_old_connections, connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from integrations.models import BackgroundJob
from integrations.queue import failure_reasons
from integrations.queue.job_owners import OWNERS
from integrations.queue.work_kinds import KINDS, Again, WorkKind

log = logging.getLogger(__name__)

RETRY_PASSING_AFTER = timedelta(minutes=1)
REST_FIRST, REST_MOST = timedelta(minutes=2), timedelta(minutes=15)
"""How long work that failed is left alone before it is tried again without a person: doubling with each failure."""
_SAVE_AGAIN_AFTER_SECONDS = (0.2, 1.0, 3.0)
_State = BackgroundJob.State
_R = TypeVar("_R")


@dataclass(frozen=True)
class JobRun:
    """One start of a job. `token` is None where it has no row of its own: a step, or a run beside another one."""

    task: str
    key: str
    arguments: Sequence[Any]
    began_at: datetime
    token: UUID | None
    tries: int
    reference: str = field(default_factory=failure_reasons.new_reference)
    """By which the log and the page speak of its failure."""

    @property
    def kind(self) -> WorkKind:
        """Its row in the table of work."""
        return KINDS[self.task]

    def row(self) -> "QuerySet[BackgroundJob]":
        """Its job, as long as nobody cancelled it or took it over."""
        return BackgroundJob.objects.filter(task=self.task, key=self.key, token=self.token, state=_State.RUNNING)


def done(run: JobRun) -> None:
    """Delete the job of a run that ended well; one that was asked for meanwhile waits again."""
    if run.token is not None:
        _save(lambda: _close(run))


def _close(run: JobRun) -> None:
    if not run.row().filter(asked_again=False).delete()[0]:
        waiting = {"state": _State.WAITING, "tries": 0, "reason": "", "reference": "", "queued_at": timezone.now()}
        run.row().update(**waiting, asked_again=False, token=None, failed_at=None)


def cut_short(run: JobRun) -> None:
    """Let the sweeper see at once that a run is over without an end."""
    if run.token is not None:
        _save(lambda: run.row().update(alive_until=timezone.now()))


def failed(run: JobRun, error: Exception) -> str:
    """Write the failure of a run down; returns what people read of it."""
    happened = failure_reasons.what_happened(error)
    if _is_tried_again_soon(run, error):
        _save(lambda: _put_off(run, happened))
        return happened
    return _save(lambda: _fail(run, happened)) or happened


def died_too_often(job: BackgroundJob) -> bool:
    """End a job all of whose tries were killed; False where it may be tried again, or was not killed."""
    kind = KINDS[job.task]
    if job.state != _State.RUNNING or job.tries < kind.most_tries or kind.again is Again.BY_THE_CLOCK:
        return False
    run = JobRun(job.task, job.key, job.arguments, job.started_at or timezone.now(), job.token, job.tries)
    log.error("%s (%s) was killed %s times; reference %s", run.task, run.key, run.tries, run.reference)
    _save(lambda: _fail(run, failure_reasons.killed(run.tries)))
    return True


def _is_tried_again_soon(run: JobRun, error: Exception) -> bool:
    if not failure_reasons.is_passing(error) or run.token is None:
        return False
    again = run.kind.again
    return again is Again.AFTER_A_REST or (again is Again.BY_A_PERSON and run.tries < run.kind.most_tries)


def _put_off(run: JobRun, happened: str) -> None:
    now = timezone.now()
    waiting = {"state": _State.WAITING, "token": None, "failed_at": now, "again_at": now + RETRY_PASSING_AFTER}
    told = {"reason": happened, "reference": run.reference, "failures": F("failures") + 1}
    if run.row().update(**waiting, **told) and run.task in OWNERS:
        OWNERS[run.task].free(int(run.key))


def _fail(run: JobRun, happened: str) -> str:
    """Put the job and the row that it is about in a state that people see; returns what they read."""
    reason = f"{happened} {run.kind.safe} {_what_to_do(run.kind)} Referencia: {run.reference}."
    with transaction.atomic():
        if owner := OWNERS.get(run.task):
            owner.fail(int(run.key), reason, run.began_at)
        job, _ = BackgroundJob.objects.get_or_create(task=run.task, key=run.key)
        job.state, job.token, job.asked_again, job.arguments = _State.FAILED, None, False, [*run.arguments]
        job.reason, job.reference = reason, run.reference
        job.failures, job.failed_at = job.failures + 1, timezone.now()
        job.again_at = job.failed_at + _rest(job.failures) if run.kind.again is Again.AFTER_A_REST else None
        job.save()
    return reason


def _rest(failures: int) -> timedelta:
    return min(REST_FIRST * float(2 ** min(failures - 1, 10)), REST_MOST)


def _what_to_do(kind: WorkKind) -> str:
    if kind.again is Again.BY_A_PERSON:
        return "Presione «Reintentar»; si falla otra vez, dele al administrador la referencia."
    return "Se intenta solo más tarde; si sigue, dele la referencia a quien administra el servidor."


def _save(write: Callable[[], _R]) -> _R | None:
    """Write how a run ended, again where the database refuses. What can't be written the sweeper takes for dead."""
    for seconds in (*_SAVE_AGAIN_AFTER_SECONDS, None):
        try:
            return write()
        except (OperationalError, InterfaceError):
            if seconds is None:
                log.exception("the end of a job could not be saved")
                break
            if not connection.in_atomic_block:  # Django closes one that is inside of a transaction, used or not
                close_old_connections()
            time.sleep(seconds)
    return None
