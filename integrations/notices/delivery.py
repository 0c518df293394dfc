"""Each notice once: its row is taken before its mail leaves, and says what became of it.

Runs beside the sweeper, never in a send. A mail server that can't be reached is tried again; a mail that was handed
over and failed is not, because nobody knows how far it got.
"""

import logging
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from django.contrib.auth import get_user_model
from django.core.mail import EmailMessage, get_connection
from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils import timezone

from integrations.choices import BatchState
from integrations.inbox.viewers import viewable_kinds
from integrations.models import Notice, NoticePreference, SyncBatch
from integrations.notices.mail_text import Letter, about_batch, about_day

log = logging.getLogger(__name__)

DAY_STARTS_AT = 7
"""Hour of Colombia after which the summary of the day leaves."""
_MOST_AT_ONCE = 20
_STILL_NEWS = timedelta(days=1)
_LONGEST = timedelta(hours=1)
"""A go of all that may be due takes far less."""
_NO_SERVER = "El servidor de correo no responde; se intenta de nuevo."
Batches = NoticePreference.Batches


@dataclass(frozen=True)
class Told:
    """How many mails left in one go, and how many could not."""

    sent: int
    failed: int


@dataclass(frozen=True)
class _Due:
    """A notice that somebody may want: whose, how its row is found, and how it is written."""

    person: Any
    key: dict[str, Any]
    write: Callable[[], Letter]
    wants: Callable[[Letter], bool]


def tell(now: datetime | None = None) -> Told:
    """Send what is due at `now`. Repeating it, or two at once, sends nothing twice."""
    now = now or timezone.now()
    _give_up_on_the_interrupted(now)
    taken = [(due, notice) for due in _due(now) if (notice := _take(due.key)) is not None]
    written = [(notice, due.person, letter) for due, notice in taken if (letter := _written(due, notice)) is not None]
    if not written:
        return Told(0, 0)
    try:
        mailbox = get_connection()
        mailbox.open()
    except (OSError, ValueError) as unreachable:
        log.warning("the mail server could not be reached: %s", type(unreachable).__name__)
        for notice, _person, _letter in written:
            _became(notice, Notice.State.WAITING, _NO_SERVER)
        return Told(0, len(written))
    try:
        sent = sum(_send(mailbox, *one) for one in written)
    finally:
        mailbox.close()
    return Told(sent, len(written) - sent)


def _give_up_on_the_interrupted(now: datetime) -> None:
    """What a process took and never finished: its mail may have left, so nobody sends another."""
    interrupted = Notice.objects.filter(state=Notice.State.TAKEN, at__lt=now - _LONGEST)
    interrupted.update(state=Notice.State.FAILED, told="El correo se interrumpió: no se sabe si salió.")


def _due(now: datetime) -> Iterable[_Due]:
    yield from _batches_due(now - _STILL_NEWS)
    if timezone.localtime(now).hour >= DAY_STARTS_AT:
        yield from _days_due(timezone.localdate(now))


def _batches_due(since: datetime) -> Iterable[_Due]:
    over = SyncBatch.objects.filter(
        Q(notice__isnull=True) | Q(notice__state=Notice.State.WAITING),
        state__in=[BatchState.DONE, BatchState.CANCELLED],
        confirmed_at__isnull=False,
        finished_at__gte=since,
        requested_by__isnull=False,
    )
    found = over.select_related("requested_by__notice_preference", "connection", "company").order_by("finished_at")
    for batch in found[:_MOST_AT_ONCE]:
        wants = partial(_wants_batch, preference_of(batch.requested_by).batches)
        yield _Due(batch.requested_by, {"batch": batch}, partial(about_batch, batch), wants)


def _wants_batch(chosen: str, letter: Letter) -> bool:
    return chosen == Batches.ALWAYS or (chosen == Batches.PROBLEMS and letter.is_news)


def _days_due(today: date) -> Iterable[_Due]:
    told = Notice.objects.filter(day=today).exclude(state=Notice.State.WAITING).values("person")
    staff = get_user_model()._default_manager.filter(is_active=True, is_staff=True).exclude(email="")
    wanting = staff.exclude(notice_preference__daily=False).exclude(pk__in=told)
    for person in wanting.order_by("pk")[:_MOST_AT_ONCE]:
        wants = partial(_wants_day, bool(viewable_kinds(person)))
        yield _Due(person, {"person": person, "day": today}, partial(about_day, person), wants)


def _wants_day(sees_records: bool, letter: Letter) -> bool:
    return sees_records and letter.is_news


def preference_of(person: Any) -> NoticePreference:
    """What a person chose; who never did has the defaults, unsaved."""
    return getattr(person, "notice_preference", None) or NoticePreference(person=person)


def _take(key: dict[str, Any]) -> Notice | None:
    """The notice's row, taken by this process alone; None where another has it or it left already."""
    try:
        with transaction.atomic():
            return Notice.objects.create(**key)
    except IntegrityError:
        waiting = Notice.objects.filter(**key, state=Notice.State.WAITING)
        return Notice.objects.get(**key) if waiting.update(state=Notice.State.TAKEN) else None


def _written(due: _Due, notice: Notice) -> Letter | None:
    """The letter, where its person wants it and can be reached."""
    if not due.person.email:
        _became(notice, Notice.State.SKIPPED, "La persona no tiene correo.")
        return None
    letter = due.write()
    if not due.wants(letter):
        _became(notice, Notice.State.SKIPPED, "Así lo eligió en «Mis avisos».")
        return None
    return letter


def _send(mailbox: Any, notice: Notice, person: Any, letter: Letter) -> int:
    mail = EmailMessage(letter.subject, letter.body, to=[person.email], connection=mailbox)
    try:
        mail.send()
    except (OSError, ValueError) as failed:
        log.warning("notice %s could not be sent: %s", notice.pk, type(failed).__name__)
        _became(notice, Notice.State.FAILED, f"No se pudo enviar el correo a {person.email}.")
        return 0
    _became(notice, Notice.State.SENT, f"Se avisó por correo a {person.email}.")
    return 1


def _became(notice: Notice, state: Notice.State, told: str) -> None:
    Notice.objects.filter(pk=notice.pk).update(state=state, told=told[:300])
