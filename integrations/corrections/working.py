"""The task of a correction: preview it, apply it or undo it, as far as a task may; a fresh one does the rest."""

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from integrations.corrections.applying import APPLY, UNDO, write_items
from integrations.corrections.previewing import Previewer
from integrations.models import Correction, CorrectionItem
from integrations.payloads.judgement import free_rivals
from integrations.queue import jobs
from integrations.queue.job_owners import OWNERS
from integrations.queue.outbox import enqueue_correction
from integrations.queue.work_kinds import CORRECT

BUDGET_SHARE = 0.6
"""Of the queue's timeout, after which a task leaves the rest to a fresh one."""
_CHUNK = 200
"""Records of a transaction, after which a task looks at the clock."""
_State, _Verdict, _Outcome = Correction.State, CorrectionItem.Verdict, CorrectionItem.Outcome


def apply(correction_id: int) -> bool:
    """Queue a previewed correction; a second confirmation changes nothing. Returns whether it was waiting for one."""
    return _start(correction_id, _State.REVIEW, _State.APPLYING)


def undo(correction_id: int, person: object = None) -> bool:
    """Queue the taking back of a correction that was applied. Returns whether it was."""
    return _start(correction_id, _State.DONE, _State.UNDOING, undone_by=person)


def _start(correction_id: int, before: Correction.State, after: Correction.State, **facts: object) -> bool:
    with transaction.atomic():
        started = Correction.objects.filter(pk=correction_id, state=before).update(
            state=after, touched_at=timezone.now(), **facts
        )
        if started:
            enqueue_correction(correction_id)
    return bool(started)


def try_again(correction_id: int) -> bool:
    """Take a failed correction up where it failed; False where it has not failed."""
    with transaction.atomic():
        has_failed = _has_failed(correction_id)
        if has_failed:
            jobs.resume_and_ask(CORRECT, correction_id)
    return has_failed


def give_up(correction_id: int) -> bool:
    """Leave a failed correction as far as it got; what it did can be undone. False where it has not failed."""
    with transaction.atomic():
        has_failed = _has_failed(correction_id)
        if has_failed:
            OWNERS[CORRECT].cancel(correction_id)
            jobs.forget([CORRECT], correction_id)
    return has_failed


def _has_failed(correction_id: int) -> bool:
    locked = Correction.objects.select_for_update().filter(pk=correction_id, state=_State.FAILED)
    return locked.first() is not None


def work(correction_id: int, seconds: float | None = None) -> str:
    """Do what a correction waits for; what it came to, in Spanish."""
    with _lease(correction_id) as correction:
        if correction is None:
            return "ya se había hecho"
        until = time.monotonic() + (seconds or settings.Q_CLUSTER["timeout"] * BUDGET_SHARE)
        is_over = _STEPS[_State(correction.state)](correction, until)
    if not is_over:
        enqueue_correction(correction_id)
    return str(correction.get_state_display())


@contextmanager
def _lease(correction_id: int) -> Iterator[Correction | None]:
    """The correction, for this task alone; None where nothing is to be done, or another task does it."""
    until = timezone.now() + timedelta(seconds=settings.Q_CLUSTER["timeout"])
    chosen = Correction.objects.filter(_is_free(), pk=correction_id, state__in=Correction.WORKING)
    if not chosen.update(busy_until=until):
        yield None
        return
    try:
        yield Correction.objects.select_related("company", "requested_by").get(pk=correction_id)
    finally:
        Correction.objects.filter(pk=correction_id).update(busy_until=None)


def _is_free() -> Q:
    return Q(busy_until=None) | Q(busy_until__lt=timezone.now())


def _prepare(correction: Correction, until: float) -> bool:
    unseen = correction.items.filter(verdict=_Verdict.UNSEEN)
    previewer = Previewer.of(correction)
    return _in_chunks(correction, unseen, until, previewer.preview) and _end(correction, _State.REVIEW)


def _apply(correction: Correction, until: float) -> bool:
    waiting = correction.items.filter(verdict=_Verdict.CHANGES, outcome=_Outcome.WAITING)
    is_over = _in_chunks(correction, waiting, until, lambda items: write_items(correction, items, APPLY))
    return is_over and _finish(correction, _State.DONE, _Outcome.DONE)


def _undo(correction: Correction, until: float) -> bool:
    done = correction.items.filter(outcome=_Outcome.DONE)
    is_over = _in_chunks(correction, done, until, lambda items: write_items(correction, items, UNDO))
    return is_over and _finish(correction, _State.UNDONE, _Outcome.UNDONE)


_STEPS = {_State.PREPARING: _prepare, _State.APPLYING: _apply, _State.UNDOING: _undo}


def _in_chunks(
    correction: Correction,
    items: "QuerySet[CorrectionItem]",
    until: float,
    do: Callable[[Sequence[CorrectionItem]], None],
) -> bool:
    """Do every item, which then is none of the query any more. Returns whether all are done before `until`."""
    while chunk := list(items.order_by("position")[:_CHUNK]):
        do(chunk)
        Correction.objects.filter(pk=correction.pk).update(touched_at=timezone.now())
        if time.monotonic() > until:
            return not items.exists()
    return True


def _finish(correction: Correction, state: Correction.State, outcome: CorrectionItem.Outcome) -> bool:
    edited = set(correction.items.filter(outcome=outcome).values_list("record_id", flat=True))
    if edited:
        free_rivals(correction.company_id, correction.kind, edited, f"{correction}.")
    return _end(correction, state)


def _end(correction: Correction, state: Correction.State) -> bool:
    correction.state = state
    Correction.objects.filter(pk=correction.pk, state__in=Correction.WORKING).update(
        state=state, finished_at=timezone.now(), message=""
    )
    return True
