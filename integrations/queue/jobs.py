"""What the queue was asked to do: asking, asking again, stopping. `job_runs` runs it.

Each piece of work has one row as long as it has not ended well, so that whatever a broker forgets or a worker takes to
its grave is found again, and what fails is seen.
"""

import os
import socket
from collections.abc import Collection
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from integrations.models import BackgroundJob
from integrations.queue.cluster import CLUSTERS
from integrations.queue.delivery import is_queue_empty, put
from integrations.queue.job_owners import OWNERS
from integrations.queue.work_kinds import KINDS, Again

LOST_AFTER = timedelta(seconds=120)
"""A job that waits longer, although nothing is in the queue, has lost its task."""
_State = BackgroundJob.State


def ask(task: str, *arguments: Any, times: int = 1, **options: Any) -> None:
    """Queue a task by its dotted name, as often as several workers may share it, and keep that it was asked for."""
    kind = KINDS[task]
    if not kind.is_quiet:
        _note(task, arguments)
    for _ in range(times):
        put(task, *arguments, **{"cluster": kind.cluster, **options})


def _note(task: str, arguments: Collection[Any]) -> None:
    key, now = KINDS[task].key_of([*arguments]), timezone.now()
    asked = {"arguments": [*arguments], "state": _State.WAITING, "again_at": None}
    job, is_new = BackgroundJob.objects.get_or_create(task=task, key=key, defaults=asked)
    is_as_asked = job.state == _State.WAITING and job.again_at is None and job.arguments == [*arguments]
    if is_new or is_as_asked:
        return
    same = BackgroundJob.objects.filter(pk=job.pk)
    if not (is_alive(job) and same.filter(token=job.token).update(asked_again=True, arguments=[*arguments])):
        tries = job.tries if job.state in (_State.WAITING, _State.RUNNING) else 0
        same.update(**asked, tries=tries, asked_at=now, queued_at=now)


def rests(task: str, *arguments: Any) -> bool:
    """Whether this work failed a short time ago, or a person stopped it: nothing but a person asks for it now."""
    job = BackgroundJob.objects.filter(task=task, key=KINDS[task].key_of(arguments)).first()
    return job is not None and job.rests(timezone.now())


def failed() -> "QuerySet[BackgroundJob]":
    """The jobs whose last try failed and that nobody stopped: what an administrator has to look at."""
    return BackgroundJob.objects.exclude(reason="").exclude(state=_State.STOPPED)


def try_again(job_id: int) -> bool:
    """Do failed or stopped work now, from where it was; False where it is running, or is over by now."""
    with transaction.atomic():
        # The owner's row is locked before the job's, as confirming an import does.
        job = BackgroundJob.objects.filter(pk=job_id).first()
        if job is None or is_alive(job):
            return False
        resume_and_ask(job.task, *job.arguments)
    return True


def resume_and_ask(task: str, *arguments: Any) -> None:
    """Put what failed work was about back where the task takes it up, and queue the task."""
    kind = KINDS[task]
    if owner := OWNERS.get(task):
        owner.resume(int(kind.key_of(arguments)))
    if kind.again is Again.BY_THE_CLOCK:
        put(task, *arguments, cluster=kind.cluster)
    else:
        ask(task, *arguments)


def cancel(job_id: int) -> str:
    """Give work up; what came of that, in Spanish. What its schedule starts anyway only leaves the list."""
    with transaction.atomic():
        job = BackgroundJob.objects.filter(pk=job_id).first()
        if job is None:
            return "Ya había terminado."
        kind = KINDS[job.task]
        if is_alive(job) and not kind.stops_while_running:
            return "Está en curso y no se puede interrumpir: espere a que termine."
        return _give_up(job, kind.again)


_STOPPED = "Queda detenido: no se intenta más hasta que alguien lo pida."
_OFF_THE_LIST = "Se quitó de la lista. Se hace solo a su hora; si falla otra vez, vuelve a aparecer."


def _give_up(job: BackgroundJob, again: Again) -> str:
    if owner := OWNERS.get(job.task):
        owner.cancel(int(job.key))
    if again is Again.AFTER_A_REST:
        BackgroundJob.objects.filter(pk=job.pk).update(state=_State.STOPPED, token=None, again_at=None)
        return _STOPPED
    job.delete()
    return _OFF_THE_LIST if again is Again.BY_THE_CLOCK else "Se canceló."


def forget(tasks: Collection[str], key: object) -> None:
    """Drop the jobs of a row that is over, or that somebody cancelled."""
    BackgroundJob.objects.filter(task__in=tasks, key=str(key)).delete()


def is_alive(job: BackgroundJob) -> bool:
    """Whether the run of a job may still be going on: its time is not over, and its process is not gone."""
    if job.state != _State.RUNNING or job.alive_until is None or job.alive_until <= timezone.now():
        return False
    machine, _, pid = job.process.rpartition(":")
    return machine != socket.gethostname() or _exists(int(pid))


def _exists(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return not _is_zombie(pid)


def _is_zombie(pid: int) -> bool:
    """Whether a process is dead and only waits to be reaped, as in a container whose first process reaps nobody."""
    try:
        return Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] == "Z"
    except OSError:
        return False


def go_on(after_a_dead_cluster: bool = False) -> int:
    """Queue again what waits for its time, or lost its task; how many.

    `after_a_dead_cluster`: all that waits, since the dead may have had any of it in hand.
    """
    now = timezone.now()
    chosen = _that_wait(now, after_a_dead_cluster)
    for job in chosen:
        BackgroundJob.objects.filter(pk=job.pk).update(state=_State.WAITING, queued_at=now, again_at=None)
        put(job.task, *job.arguments, cluster=KINDS[job.task].cluster)
    return len(chosen)


def _that_wait(now: datetime, after_a_dead_cluster: bool) -> list[BackgroundJob]:
    """Those whose time has come, and those of which no task is left in the queue."""
    due = Q(state__in=[_State.WAITING, _State.FAILED], again_at__lte=now)
    since = now if after_a_dead_cluster else now - LOST_AFTER
    waiting = BackgroundJob.objects.filter(due | Q(state=_State.WAITING, again_at=None, queued_at__lte=since))
    is_empty = {cluster: after_a_dead_cluster or is_queue_empty(cluster) for cluster in CLUSTERS}
    return [job for job in waiting if job.task in KINDS and (job.again_at or is_empty[KINDS[job.task].cluster])]
