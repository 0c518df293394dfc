"""Send each notice once: its row is taken before its mail is sent, and then says what became of it.

Runs on schedule, never during a send. A mail server that can't be reached is tried again; a mail that failed while it
was handed over is not, because nobody knows how far it got.
"""

import logging
from collections.abc import Callable, Iterable, Iterator
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
from integrations.notices.mail_text import Mail, about_batch, about_day

log = logging.getLogger(__name__)

DAY_STARTS_AT = 7
"""Hour in Colombia from which the summary of the day is sent."""
_MOST_AT_ONCE = 20
_STILL_NEWS = timedelta(days=1)
_LONGEST_RUN = timedelta(hours=1)
"""One run takes far less."""
_NO_SERVER = "El servidor de correo no responde; se intenta de nuevo."
Batches = NoticePreference.Batches


@dataclass(frozen=True)
class MailCounts:
    """How many mails one run sent, and how many it could not."""

    sent: int
    failed: int


@dataclass(frozen=True)
class _DueNotice:
    """A notice that a person may want: whose, the columns that find its row, and how its mail is written."""

    person: Any
    key: dict[str, Any]
    write: Callable[[], Mail]
    wants: Callable[[Mail], bool]


def send_due(now: datetime | None = None) -> MailCounts:
    """Send the notices that are due at `now`. Repeating it, or two at once, sends nothing twice."""
    now = now or timezone.now()
    _give_up_on_the_interrupted(now)
    mails = list(_mails_to_send(now))
    if not mails:
        return MailCounts(0, 0)
    try:
        mailbox = get_connection()
        mailbox.open()
    except (OSError, ValueError) as unreachable:
        log.warning("the mail server could not be reached: %s", type(unreachable).__name__)
        for notice, _person, _mail in mails:
            _finish(notice, Notice.State.WAITING, _NO_SERVER)
        return MailCounts(0, len(mails))
    try:
        sent = sum(_send(mailbox, notice, person, mail) for notice, person, mail in mails)
    finally:
        mailbox.close()
    return MailCounts(sent, len(mails) - sent)


def _mails_to_send(now: datetime) -> Iterator[tuple[Notice, Any, Mail]]:
    """The notices that this process took, with their person and mail; the others are marked as skipped."""
    taken = [(due, notice) for due in _due(now) if (notice := _take(due.key)) is not None]
    for due, notice in taken:
        mail = _write(due, notice)
        if mail is not None:
            yield notice, due.person, mail


def _give_up_on_the_interrupted(now: datetime) -> None:
    """Notices that a process took and never finished are not sent again: their mail may have been sent."""
    interrupted = Notice.objects.filter(state=Notice.State.TAKEN, at__lt=now - _LONGEST_RUN)
    interrupted.update(state=Notice.State.FAILED, told="El correo se interrumpió: no se sabe si salió.")


def _due(now: datetime) -> Iterable[_DueNotice]:
    yield from _batches_due(now - _STILL_NEWS)
    if timezone.localtime(now).hour >= DAY_STARTS_AT:
        yield from _days_due(timezone.localdate(now))


def _batches_due(since: datetime) -> Iterable[_DueNotice]:
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
        yield _DueNotice(batch.requested_by, {"batch": batch}, partial(about_batch, batch), wants)


def _wants_batch(chosen: str, mail: Mail) -> bool:
    return chosen == Batches.ALWAYS or (chosen == Batches.PROBLEMS and mail.is_news)


def _days_due(today: date) -> Iterable[_DueNotice]:
    notified = Notice.objects.filter(day=today).exclude(state=Notice.State.WAITING).values("person")
    staff = get_user_model()._default_manager.filter(is_active=True, is_staff=True).exclude(email="")
    wanting = staff.exclude(notice_preference__daily=False).exclude(pk__in=notified)
    for person in wanting.order_by("pk")[:_MOST_AT_ONCE]:
        wants = partial(_wants_day, bool(viewable_kinds(person)))
        yield _DueNotice(person, {"person": person, "day": today}, partial(about_day, person), wants)


def _wants_day(sees_records: bool, mail: Mail) -> bool:
    return sees_records and mail.is_news


def preference_of(person: Any) -> NoticePreference:
    """The preferences of a person; the defaults, unsaved, where there are none."""
    return getattr(person, "notice_preference", None) or NoticePreference(person=person)


def _take(key: dict[str, Any]) -> Notice | None:
    """Take the row of a notice; None where another process has it, or it was sent."""
    try:
        with transaction.atomic():
            return Notice.objects.create(**key)
    except IntegrityError:
        waiting = Notice.objects.filter(**key, state=Notice.State.WAITING)
        return Notice.objects.get(**key) if waiting.update(state=Notice.State.TAKEN) else None


def _write(due: _DueNotice, notice: Notice) -> Mail | None:
    """The mail, where the person wants it and has an address; else the notice is marked as skipped."""
    if not due.person.email:
        _finish(notice, Notice.State.SKIPPED, "La persona no tiene correo.")
        return None
    mail = due.write()
    if not due.wants(mail):
        _finish(notice, Notice.State.SKIPPED, "Así lo eligió en «Mis avisos».")
        return None
    return mail


def _send(mailbox: Any, notice: Notice, person: Any, mail: Mail) -> int:
    message = EmailMessage(mail.subject, mail.body, to=[person.email], connection=mailbox)
    try:
        message.send()
    except (OSError, ValueError) as failed:
        log.warning("notice %s could not be sent: %s", notice.pk, type(failed).__name__)
        _finish(notice, Notice.State.FAILED, f"No se pudo enviar el correo a {person.email}.")
        return 0
    _finish(notice, Notice.State.SENT, f"Se avisó por correo a {person.email}.")
    return 1


def _finish(notice: Notice, state: Notice.State, message: str) -> None:
    Notice.objects.filter(pk=notice.pk).update(state=state, told=message[:300])
