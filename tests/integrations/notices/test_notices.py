"""One mail a batch and one summary a day, each once; and never in the way of a send."""

import smtplib
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core import mail
from django.core.mail.backends.locmem import EmailBackend
from django.test import Client
from django.utils import timezone
from pytest_django import Settings as SettingsWrapper

from integrations import notices
from integrations.choices import BatchState, ItemVerdict, Kind, Status, Target
from integrations.management import installation
from integrations.models import Connection, Notice, NoticePreference, SyncBatch, SyncBatchItem, SyncStanding
from integrations.notices import delivery
from integrations.queue.cluster import SCHEDULED
from tests import builders

pytestmark = pytest.mark.django_db
Batches = NoticePreference.Batches


class Unreachable(EmailBackend):
    """A mail server that nobody finds."""

    def open(self) -> bool:
        raise ConnectionRefusedError


class Refusing(EmailBackend):
    """A mail server that takes the connection and refuses the person."""

    def send_messages(self, messages: Any) -> int:
        raise smtplib.SMTPRecipientsRefused({})


def night() -> datetime:
    """An hour at which no summary of the day leaves."""
    return timezone.localtime().replace(hour=delivery.DAY_STARTS_AT - 1, minute=59)


def morning() -> datetime:
    return timezone.localtime().replace(hour=delivery.DAY_STARTS_AT, minute=0)


@pytest.fixture
def ana() -> User:
    return User.objects.create_superuser("ana", "ana@prueba.example", "x", first_name="Ana")


@pytest.fixture
def siigo() -> Connection:
    return builders.siigo_connection("http://127.0.0.1:9/")


def batch_of(person: User | None, connection: Connection, *outcomes: Status, **facts: Any) -> SyncBatch:
    """A batch that ended now, with these outcomes."""
    given = {"state": BatchState.DONE, "finished_at": timezone.now(), "confirmed_at": timezone.now(), **facts}
    batch = SyncBatch.objects.create(
        company=connection.company,
        connection=connection,
        target=connection.target,
        kind=Kind.MOVEMENT,
        requested_by=person,
        ready_count=len(outcomes),
        ready_amount=119000 * len(outcomes),
        **given,
    )
    SyncBatchItem.objects.bulk_create(
        SyncBatchItem(
            batch=batch, position=place, kind=Kind.MOVEMENT, record_id=place, verdict=ItemVerdict.READY, outcome=outcome
        )
        for place, outcome in enumerate(outcomes, 1)
    )
    return batch


def chose(person: User, **facts: Any) -> None:
    NoticePreference.objects.create(person=person, **facts)


def test_who_sent_a_batch_with_errors_is_told_its_counts(ana: User, siigo: Connection) -> None:
    batch = batch_of(ana, siigo, Status.SYNCED, Status.SYNCED, Status.REJECTED)
    notices.send_due(night())
    [letter] = mail.outbox
    assert letter.to == ["ana@prueba.example"]
    assert letter.subject == f"Lote {batch.pk} a Siigo terminado: 2 enviados, 1 con error"
    assert "Con error: 1" in letter.body
    assert "Total del lote: $ 357.000" in letter.body


def test_the_mail_leads_to_the_batch(ana: User, siigo: Connection, settings: SettingsWrapper) -> None:
    settings.PUBLIC_URL = "https://contabilidad.example/"
    batch = batch_of(ana, siigo, Status.REJECTED)
    notices.send_due(night())
    assert f"https://contabilidad.example/admin/lote/{batch.pk}/" in mail.outbox[0].body


def test_without_a_public_address_the_mail_names_the_batch(
    ana: User, siigo: Connection, settings: SettingsWrapper
) -> None:
    settings.PUBLIC_URL = ""
    batch = batch_of(ana, siigo, Status.REJECTED)
    notices.send_due(night())
    assert f"en Lotes de envío, con el número {batch.pk}" in mail.outbox[0].body


def test_a_batch_is_told_once(ana: User, siigo: Connection) -> None:
    batch_of(ana, siigo, Status.REJECTED)
    notices.send_due(night()), notices.send_due(night())
    assert len(mail.outbox) == 1


def test_a_batch_that_another_process_took_is_left_to_it(ana: User, siigo: Connection) -> None:
    Notice.objects.create(batch=batch_of(ana, siigo, Status.REJECTED))
    notices.send_due(night())
    assert mail.outbox == []


@pytest.mark.parametrize(
    ("chosen", "outcome", "mails"),
    [
        (Batches.ALWAYS, Status.SYNCED, 1),
        (Batches.PROBLEMS, Status.SYNCED, 0),
        (Batches.PROBLEMS, Status.REJECTED, 1),
        (Batches.PROBLEMS, Status.UNCERTAIN, 1),
        (Batches.PROBLEMS, Status.NEW, 1),
        (Batches.NEVER, Status.REJECTED, 0),
    ],
)
def test_each_person_is_told_what_they_chose(
    ana: User, siigo: Connection, chosen: Batches, outcome: Status, mails: int
) -> None:
    chose(ana, batches=chosen)
    batch_of(ana, siigo, outcome)
    notices.send_due(night())
    assert len(mail.outbox) == mails


def test_who_never_chose_is_told_of_problems(ana: User, siigo: Connection) -> None:
    batch_of(ana, siigo, Status.SYNCED), batch_of(ana, siigo, Status.REJECTED)
    notices.send_due(night())
    assert len(mail.outbox) == 1


def test_what_is_still_under_way_is_not_told(ana: User, siigo: Connection) -> None:
    batch_of(ana, siigo, Status.REJECTED, state=BatchState.QUEUED, finished_at=None)
    notices.send_due(night())
    assert mail.outbox == []


def test_old_news_is_not_told(ana: User, siigo: Connection) -> None:
    batch_of(ana, siigo, Status.REJECTED, finished_at=timezone.now() - timedelta(days=2))
    notices.send_due(night())
    assert mail.outbox == []


def test_who_has_no_address_is_not_told(siigo: Connection) -> None:
    batch_of(User.objects.create_superuser("luis", password="x"), siigo, Status.REJECTED)
    notices.send_due(night())
    assert Notice.objects.get().state == Notice.State.SKIPPED


def test_a_mail_server_that_is_away_breaks_nothing_and_is_tried_again(
    ana: User, siigo: Connection, settings: SettingsWrapper
) -> None:
    batch_of(ana, siigo, Status.REJECTED)
    settings.EMAIL_BACKEND = f"{__name__}.Unreachable"
    told = notices.send_due(night())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    assert (told.failed, notices.send_due(night()).sent, len(mail.outbox)) == (1, 1, 1)


def test_a_mail_that_was_refused_is_not_sent_again(ana: User, siigo: Connection, settings: SettingsWrapper) -> None:
    batch_of(ana, siigo, Status.REJECTED)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    notices.send_due(night())
    settings.EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
    notices.send_due(night())
    assert (Notice.objects.get().state, mail.outbox) == (Notice.State.FAILED, [])


def test_the_page_of_the_batch_says_that_the_mail_failed(
    ana: User, siigo: Connection, settings: SettingsWrapper, client: Client
) -> None:
    batch = batch_of(ana, siigo, Status.REJECTED)
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"
    notices.send_due(night())
    client.force_login(ana)
    page = client.get(f"/admin/lote/{batch.pk}/").content.decode()
    assert "No se pudo enviar el correo a ana@prueba.example." in page


def test_a_mail_that_was_interrupted_is_told_and_never_repeated(ana: User, siigo: Connection) -> None:
    Notice.objects.create(batch=batch_of(ana, siigo, Status.REJECTED))
    notices.send_due(timezone.now() + timedelta(hours=2))
    told = Notice.objects.get(batch__isnull=False)
    assert (told.state, told.told) == (Notice.State.FAILED, "El correo se interrumpió: no se sabe si salió.")
    assert [letter for letter in mail.outbox if "Lote" in letter.subject] == []


# --- the summary of the day


def an_error(siigo: Connection) -> None:
    movement = builders.voucher(company=siigo.company)
    SyncStanding.objects.filter(record_id=movement.pk, target=Target.SIIGO).update(
        status=Status.REJECTED, cause="period_closed"
    )


def test_the_day_begins_with_what_waits_for_a_person(ana: User, siigo: Connection) -> None:
    an_error(siigo)
    notices.send_due(morning())
    [letter] = mail.outbox
    assert "1 documento espera a una persona" in letter.subject
    assert "- El periodo está cerrado en Siigo (Siigo): 1" in letter.body


def test_the_summary_of_a_day_leaves_once(ana: User, siigo: Connection) -> None:
    an_error(siigo)
    notices.send_due(morning()), notices.send_due(morning())
    assert len(mail.outbox) == 1


def test_a_day_without_anything_to_do_has_no_mail(ana: User, siigo: Connection) -> None:
    notices.send_due(morning())
    assert mail.outbox == []


def test_who_does_not_want_the_summary_gets_none(ana: User, siigo: Connection) -> None:
    chose(ana, daily=False)
    an_error(siigo)
    notices.send_due(morning())
    assert mail.outbox == []


def test_who_sees_no_records_gets_no_summary(siigo: Connection) -> None:
    User.objects.create_user("luis", "luis@prueba.example", "x", is_staff=True)
    an_error(siigo)
    notices.send_due(morning())
    assert mail.outbox == []


def test_before_the_morning_nothing_leaves(ana: User, siigo: Connection) -> None:
    an_error(siigo)
    notices.send_due(night())
    assert mail.outbox == []


# --- choosing


def test_a_person_chooses_and_is_told_where_the_mails_go(ana: User, client: Client) -> None:
    client.force_login(ana)
    given = {"email": "ana.ruiz@prueba.example", "batches": "always"}
    page = client.post("/admin/avisos/", given, follow=True).content.decode()
    assert "Los avisos llegan a ana.ruiz@prueba.example." in page
    assert NoticePreference.objects.values_list("person", "batches", "daily").get() == (ana.pk, "always", False)


def test_a_wrong_address_is_not_kept(ana: User, client: Client) -> None:
    client.force_login(ana)
    client.post("/admin/avisos/", {"email": "ana", "batches": "always"})
    ana.refresh_from_db()
    assert ana.email == "ana@prueba.example"


def test_every_page_leads_to_the_choice(ana: User, client: Client) -> None:
    client.force_login(ana)
    assert 'href="/admin/avisos/"' in client.get("/admin/").content.decode()


def test_what_keeps_time_sends_the_mails(settings: SettingsWrapper) -> None:
    from django_q.models import Schedule

    settings.COMPANY_TAX_ID = "900123456"
    installation.bootstrap()
    assert Schedule.objects.get(func="integrations.tasks.tell_people").cluster == SCHEDULED
