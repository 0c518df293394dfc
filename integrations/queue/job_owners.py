"""What a failed job leaves on the row that people look at, and what trying again or cancelling does to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from functools import partial

from django.db.models import F
from django.utils import timezone

from integrations.choices import BatchState
from integrations.models import Correction, ImportFile, KeyProbe, PullPlan, PullRun, QueryRun, StagedDocument, SyncBatch
from integrations.queue import work_kinds

_CANCELLED = "Se canceló antes de terminar."
_LEFT_OUT = "Se canceló la importación antes de que entrara."
_NOT_IMPORTED = {"row": 0, "column": "", "value": "", "message": _LEFT_OUT, "line": _LEFT_OUT}
_File = ImportFile.State
_COMING = (StagedDocument.Verdict.NEW, StagedDocument.Verdict.CHANGED)


def _nothing(_pk: int) -> None:
    """There is no row to change, or it needs no change."""


@dataclass(frozen=True)
class JobOwner:
    """The row that a job is about, by its primary key. Each function leaves a row in any other state as it is."""

    fail: Callable[[int, str, datetime], object]
    """Put it in the state that says why, in Spanish; the run that failed began at that moment."""
    resume: Callable[[int], object] = _nothing
    """Put it back where its task takes it up."""
    cancel: Callable[[int], object] = _nothing
    free: Callable[[int], object] = _nothing
    """Let another task have it at once: the one that had it is dead."""


_Stepwise = type[ImportFile] | type[Correction]
"""What has `WORKING` states, and keeps in which of them it failed."""


def _fail_in(model: _Stepwise, pk: int, reason: str, _since: datetime) -> None:
    working = model._default_manager.filter(pk=pk, state__in=model.WORKING)
    working.update(failed_in=F("state"), state=model.State.FAILED, message=reason, busy_until=None)


def _resume_in(model: _Stepwise, pk: int) -> None:
    failed = model._default_manager.filter(pk=pk, state=model.State.FAILED)
    failed.update(state=F("failed_in"), failed_in="", message="", touched_at=timezone.now())


def _free_in(model: _Stepwise, pk: int) -> None:
    model._default_manager.filter(pk=pk).update(busy_until=None)


def cancel_file(pk: int) -> None:
    """Cancel an import that is not over: what became records stays and can be undone, the rest is left out."""
    over = {"finished_at": timezone.now(), "message": "", "failed_in": ""}
    file = ImportFile.objects.select_for_update().filter(pk=pk, state__in=ImportFile.OPEN).first()
    if file is None:
        return
    file.pieces.all().delete()
    waiting = file.documents.filter(outcome="")
    if file.failed_in == _File.UNDOING:
        ImportFile.objects.filter(pk=pk).update(**over, state=_File.UNDONE)
    elif file.done:
        waiting.filter(verdict__in=_COMING).update(outcome="left", errors=[_NOT_IMPORTED])
        ImportFile.objects.filter(pk=pk).update(**over, state=_File.DONE)
    else:
        waiting.delete()
        ImportFile.objects.filter(pk=pk).update(**over, state=_File.CANCELLED)


def _cancel_correction(pk: int) -> None:
    """Discard one that changed nothing yet; any other is over as far as it got, and can be undone."""
    failed, now = Correction.objects.filter(pk=pk, state=Correction.State.FAILED), timezone.now()
    untouched = failed.filter(failed_in=Correction.State.PREPARING)
    if not untouched.update(state=Correction.State.CANCELLED, message="", failed_in="", finished_at=now):
        failed.update(state=Correction.State.DONE, message="", failed_in="", finished_at=now)


def _fail_batch(pk: int, _reason: str, _since: datetime) -> None:
    SyncBatch.objects.filter(pk=pk, state=BatchState.PREPARING).update(state=BatchState.FAILED)


def _resume_batch(pk: int) -> None:
    SyncBatch.objects.filter(pk=pk, state=BatchState.FAILED).update(state=BatchState.PREPARING)


def _cancel_batch(pk: int) -> None:
    unread = SyncBatch.objects.filter(pk=pk, state__in=[BatchState.PREPARING, BatchState.FAILED])
    unread.update(state=BatchState.CANCELLED, finished_at=timezone.now())


def _fail_query(pk: int, reason: str, _since: datetime) -> None:
    QueryRun.objects.filter(pk=pk, finished_at=None).update(finished_at=timezone.now(), error=reason)


def _resume_query(pk: int) -> None:
    QueryRun.objects.filter(pk=pk).exclude(error="").update(started_at=None, finished_at=None, error="", seconds=None)


def _fail_probe(pk: int, reason: str, _since: datetime) -> None:
    KeyProbe.objects.filter(pk=pk, finished_at=None).update(finished_at=timezone.now(), message=reason)


def _resume_probe(pk: int) -> None:
    KeyProbe.objects.filter(pk=pk, results={}).update(finished_at=None, message="")


def _fail_read(plan_id: int, reason: str, since: datetime) -> None:
    """End the run that began since then, or leave one that says why none did."""
    now, failed = timezone.now(), PullRun.State.FAILED
    plan = PullPlan.objects.filter(pk=plan_id).first()
    if plan is None:
        return
    begun = PullRun.objects.filter(plan=plan, started_at__gte=since)
    if not begun.update(state=failed, message=reason, finished_at=now, lease_until=None):
        PullRun.objects.create(
            plan=plan, connection_id=plan.connection_id, state=failed, message=reason, finished_at=now
        )


def _cancel_read(plan_id: int) -> None:
    PullPlan.objects.filter(pk=plan_id).update(due_at=None)


def _stepwise(model: _Stepwise, cancel: Callable[[int], object]) -> JobOwner:
    return JobOwner(partial(_fail_in, model), partial(_resume_in, model), cancel, partial(_free_in, model))


_OF_A_FILE = _stepwise(ImportFile, cancel_file)
OWNERS: dict[str, JobOwner] = {
    work_kinds.LOOK_OVER: _OF_A_FILE,
    work_kinds.STAGE: _OF_A_FILE,
    work_kinds.IMPORT: _OF_A_FILE,
    work_kinds.UNDO_IMPORT: _OF_A_FILE,
    work_kinds.CORRECT: _stepwise(Correction, _cancel_correction),
    work_kinds.PREVIEW: JobOwner(_fail_batch, _resume_batch, _cancel_batch),
    work_kinds.QUERY: JobOwner(_fail_query, _resume_query, lambda pk: _fail_query(pk, _CANCELLED, timezone.now())),
    work_kinds.PROBE: JobOwner(_fail_probe, _resume_probe, lambda pk: _fail_probe(pk, _CANCELLED, timezone.now())),
    work_kinds.PULL: JobOwner(_fail_read, cancel=_cancel_read),
}
"""By the dotted name of the task; its first argument is the primary key."""
