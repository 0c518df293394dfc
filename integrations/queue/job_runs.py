"""Running background work so that whatever happens ends in a state that people see (`job_endings`)."""

import logging
from collections.abc import Callable, Sequence
from datetime import timedelta
from functools import partial, wraps
from typing import Any, ParamSpec, TypeVar
from uuid import uuid4

from django.conf import settings
from django.utils import timezone

from integrations.models import BackgroundJob
from integrations.queue import failure_reasons, job_endings, jobs
from integrations.queue.cluster import REAP_SECONDS, this_process
from integrations.queue.delivery import put
from integrations.queue.job_endings import JobRun
from integrations.queue.job_owners import OWNERS
from integrations.queue.work_kinds import KINDS, Again

log = logging.getLogger(__name__)

_LOGGED = "%s (%s) failed; reference %s"
NOT_NOW = "está detenido, o falló hace poco"
_State = BackgroundJob.State
_P = ParamSpec("_P")
_R = TypeVar("_R")


def background(function: Callable[_P, _R]) -> Callable[_P, _R | str]:
    """Make a task of `tasks.py` end visibly. Raises: KeyError where it has no row in `work_kinds.KINDS`."""
    task = f"{function.__module__}.{function.__name__}"
    kind = KINDS[task]

    @wraps(function)
    def ending_visibly(*args: _P.args, **kwargs: _P.kwargs) -> _R | str:
        if kind.is_quiet:
            return run_step(task, kind.key_of(args), partial(function, **kwargs), *args)
        return run(task, partial(function, **kwargs), *args)

    return ending_visibly


def run(task: str, work: Callable[..., _R], *arguments: Any) -> _R | str:
    """Do the work of a task here and now; what it returned or, where it did not end well, why, in Spanish."""
    started = _begin(task, arguments)
    if started is None:
        return NOT_NOW
    try:
        result = work(*arguments)
    except Exception as error:
        log.exception(_LOGGED, task, started.key, started.reference)
        return job_endings.failed(started, error)
    except BaseException:
        # The queue ends a task that takes too long: it is as dead as one whose worker was killed.
        job_endings.cut_short(started)
        raise
    job_endings.done(started)
    return result


def run_step(task: str, key: str, work: Callable[..., _R], *arguments: Any) -> _R | str:
    """The same for a part of a task that is over in no time: only its failure is written, and taken back."""
    started = JobRun(task, key, arguments, timezone.now(), None, 1)
    try:
        result = work(*arguments)
    except Exception as error:
        log.exception(_LOGGED, task, key, started.reference)
        return job_endings.failed(started, error)
    before = BackgroundJob.objects.filter(task=task, key=key)
    if before.exists():
        before.delete()
    return result


def _begin(task: str, arguments: Sequence[Any]) -> JobRun | None:
    """Keep that a run begins; None where nothing but a person may start it now, or it died too often."""
    kind, now = KINDS[task], timezone.now()
    key = kind.key_of(arguments)
    job, _ = BackgroundJob.objects.get_or_create(task=task, key=key, defaults={"arguments": [*arguments]})
    if kind.again is not Again.BY_THE_CLOCK and job.rests(now):
        return None
    if jobs.is_alive(job):
        return JobRun(task, key, arguments, now, None, job.tries)
    if job_endings.died_too_often(job):
        return None
    return _take(job, arguments)


def _take(job: BackgroundJob, arguments: Sequence[Any]) -> JobRun:
    """Mark a job as running, unless another worker just did: then this run is beside it."""
    token, now = uuid4(), timezone.now()
    columns = {
        "state": _State.RUNNING,
        "token": token,
        "tries": job.tries + 1,
        "started_at": now,
        "alive_until": now + timedelta(seconds=settings.Q_CLUSTER["timeout"] + 2 * REAP_SECONDS),
        "again_at": None,
        "asked_again": False,
        "process": this_process(),
    }
    if job.state == _State.RUNNING:
        columns |= {"reason": failure_reasons.killed(job.tries), "failed_at": now}
    taken = BackgroundJob.objects.filter(pk=job.pk, state=job.state, token=job.token).update(**columns)
    return JobRun(job.task, job.key, arguments, now, token if taken else None, job.tries + 1)


def end_the_dead() -> int:
    """Queue the work of killed processes again, or end what was killed too often; how many."""
    running = BackgroundJob.objects.filter(state=_State.RUNNING)
    dead = [job for job in running if KINDS[job.task].again is not Again.BY_THE_CLOCK and not jobs.is_alive(job)]
    for job in dead:
        if not job_endings.died_too_often(job):
            _put_back(job)
    return len(dead)


def _put_back(job: BackgroundJob) -> None:
    now = timezone.now()
    waiting = {"state": _State.WAITING, "token": None, "queued_at": now, "failed_at": now}
    same = BackgroundJob.objects.filter(pk=job.pk, token=job.token, state=_State.RUNNING)
    if same.update(**waiting, reason=failure_reasons.killed(job.tries)):
        if owner := OWNERS.get(job.task):
            owner.free(int(job.key))
        put(job.task, *job.arguments, cluster=KINDS[job.task].cluster)
