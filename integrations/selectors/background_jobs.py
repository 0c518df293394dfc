"""*Trabajos en segundo plano*: what waits, runs or failed, about what, since when and who asked."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import models

from integrations.models import (
    BackgroundJob,
    Connection,
    Correction,
    ImportFile,
    KeyProbe,
    PullPlan,
    QueryRun,
    SyncBatch,
)
from integrations.queue import jobs
from integrations.queue import work_kinds as kinds
from integrations.queue.work_kinds import KINDS, Again

MOST_ROWS = 200
_State = BackgroundJob.State
_MODELS: dict[str, type[models.Model]] = {
    **dict.fromkeys((kinds.LOOK_OVER, kinds.STAGE, kinds.IMPORT, kinds.UNDO_IMPORT), ImportFile),
    **dict.fromkeys((kinds.DRAIN, kinds.LOOK, kinds.AFTER_RESTORE, kinds.VERIFY, kinds.VERIFY_MANY), Connection),
    kinds.CORRECT: Correction,
    kinds.PREVIEW: SyncBatch,
    kinds.QUERY: QueryRun,
    kinds.PROBE: KeyProbe,
    kinds.PULL: PullPlan,
}
"""The row that the key of a job is about."""
_RELATED = {
    ImportFile: ("company", "requested_by"),
    Correction: ("company", "requested_by"),
    SyncBatch: ("connection", "requested_by"),
    QueryRun: ("connection", "requested_by"),
    KeyProbe: ("connection", "requested_by"),
    PullPlan: ("connection__company",),
    Connection: ("company",),
}


@dataclass(frozen=True)
class JobRow:
    """One job as people read it, in Spanish. `about` is the row that it works on, or None."""

    job: BackgroundJob
    title: str
    about: Any
    who: str
    may_cancel: bool
    is_by_the_clock: bool

    @property
    def since(self) -> datetime:
        """Since when it is in its state."""
        job = self.job
        in_its_state = {_State.RUNNING: job.started_at, _State.FAILED: job.failed_at}.get(_State(job.state))
        return in_its_state or job.asked_at

    @property
    def may_try_again(self) -> bool:
        """Whether a person may start it now."""
        return self.job.state in (_State.FAILED, _State.STOPPED) or bool(self.job.reason and self.job.again_at)


def rows() -> list[JobRow]:
    """The jobs that there are, those that failed first: one query for them and one for each kind of row."""
    found = list(BackgroundJob.objects.order_by("-failed_at", "asked_at")[:MOST_ROWS])
    found.sort(key=lambda job: _ORDER[_State(job.state)])
    about = _about(found)
    return [_row(job, about.get((job.task, job.key))) for job in found]


_ORDER = {_State.FAILED: 0, _State.RUNNING: 1, _State.WAITING: 2, _State.STOPPED: 3}


def _about(found: Sequence[BackgroundJob]) -> dict[tuple[str, str], Any]:
    by_model: dict[type[models.Model], set[str]] = {}
    for job in found:
        if job.task in _MODELS and job.key.isdecimal():
            by_model.setdefault(_MODELS[job.task], set()).add(job.key)
    rows_of = {
        model: {str(row.pk): row for row in model._default_manager.filter(pk__in=keys).select_related(*_RELATED[model])}
        for model, keys in by_model.items()
    }
    named = [job for job in found if job.task in _MODELS]
    return {(job.task, job.key): rows_of.get(_MODELS[job.task], {}).get(job.key) for job in named}


def _row(job: BackgroundJob, about: Any) -> JobRow:
    kind = KINDS.get(job.task)
    if kind is None:
        return JobRow(job, str(job), about, "", may_cancel=True, is_by_the_clock=False)
    by_the_clock = kind.again is Again.BY_THE_CLOCK
    may_cancel = job.state != _State.STOPPED and (kind.stops_while_running or not jobs.is_alive(job))
    title = f"{kind.title}: {job.key.lower()}" if job.task == kinds.SWEEP and job.key else kind.title
    return JobRow(job, title, about, _who(job, about), may_cancel, by_the_clock)


def _who(job: BackgroundJob, about: Any) -> str:
    """Who asked for it; the origin that its arguments name where nobody is known."""
    person = getattr(about, "requested_by", None)
    named = getattr(about, "requested_from", "") or (job.arguments[2] if len(job.arguments) > 2 else "")
    return str(person or named or "el sistema")


def failed_count() -> int:
    """How many jobs failed and wait for a person, or for their next try."""
    return jobs.failed().count()


def failures() -> list[dict[str, str]]:
    """{work, about, reason, reference} of each job that failed, in Spanish, for commands."""
    return [
        {"work": row.title, "about": str(row.about or ""), "reason": row.job.reason, "reference": row.job.reference}
        for row in rows()
        if row.job.reason and row.job.state != _State.STOPPED
    ]


def reason_of(tasks: Sequence[str], key: object) -> str:
    """Why the last try of a row's work failed, in Spanish; empty where it did not."""
    failed = BackgroundJob.objects.filter(task__in=tasks, key=str(key)).exclude(reason="")
    return failed.values_list("reason", flat=True).first() or ""
