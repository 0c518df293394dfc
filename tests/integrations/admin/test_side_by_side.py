"""*Comparar lado a lado* on the page: three columns, what is not known yet, and the button that asks the ERP."""

import datetime as dt
import zlib
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from django_q.models import OrmQ

from integrations.choices import Status, Target
from integrations.erp.read_back import ComparedValue, FoundRecord, Match, ReadBackResult
from integrations.erp.read_back_evidence import as_json
from integrations.erp.receipts import Reference
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.models.attempt import StoredPayload
from integrations.selectors import pages
from integrations.standings import attempts
from ledger.models import Movement
from tests import builders
from tests.builders import standing_of
from tests.integrations.admin.conftest import person
from tests.integrations.admin.test_forms import save

pytestmark = pytest.mark.django_db


@pytest.fixture
def sent(siigo: Connection) -> Movement:
    """A voucher that Siigo accepted an hour ago."""
    movement = builders.voucher()
    judged = pages.would_be_sent(movement, siigo)
    assert judged is not None
    assert judged.payload is not None
    body = judged.payload.body.encode()
    stored = StoredPayload.objects.create(sha256="c" * 64, compressed=zlib.compress(body), size=len(body))
    ago = timezone.now() - dt.timedelta(hours=1)
    attempt = SyncAttempt.objects.create(
        kind="movement", record_id=movement.pk, target=Target.SIIGO, company=siigo.company, connection=siigo,
        payload=stored, outcome="accepted", lease_until=ago, finished_at=ago,
    )  # fmt: skip
    SyncAttempt.objects.update(started_at=ago)
    row = standing_of(movement)
    row.status, row.connection, row.attempt, row.settles_at = Status.SYNCED, siigo, attempt.pk, ago
    row.ever_present, row.version_sent, row.send_kind = True, row.version, "update"
    row.save()
    Movement.objects.filter(pk=movement.pk).update(siigo_status=Status.SYNCED)
    return Movement.objects.get(pk=movement.pk)


def read(movement: Movement, *pairs: ComparedValue) -> None:
    """A read of Siigo that showed the document."""
    row = SyncStanding.objects.select_related("connection").get(pk=standing_of(movement).pk)
    assert row.connection is not None
    finding = ReadBackResult(Match.OTHER, (FoundRecord(Reference("F-1 1001", "2026/F/1/1001", "2026/F/1"), pairs),))
    reading = attempts.new_attempt(row, row.connection, SyncAttempt.Operation.VERIFY)
    attempts.close_verification(reading, finding.match, "", "", as_json(finding), "prueba")


def at(movement: Movement, target: str = "siigo") -> str:
    return f"/admin/ledger/movement/{movement.pk}/lado-a-lado/{target}/"


def text(response: Any) -> str:
    return str(response.content.decode())


def test_what_was_not_read_says_so_with_the_button_that_verifies(staff: Client, sent: Movement) -> None:
    page = text(staff.get(at(sent)))
    assert ("Todavía no se ha consultado" in page, "/siigo/verificar/" in page) == (True, True)


def test_the_button_asks_the_erp(staff: Client, sent: Movement) -> None:
    staff.post(f"/admin/ledger/movement/{sent.pk}/siigo/verificar/")
    assert OrmQ.objects.count() == 1


def test_without_permission_there_is_no_button(sent: Movement) -> None:
    assert "/siigo/verificar/" not in text(person("ledger.view_movement").get(at(sent)))


def test_what_was_changed_here_is_marked_in_words(staff: Client, sent: Movement) -> None:
    save(staff, sent, **{"lines-1-description": "Venta corregida"})
    page = text(staff.get(at(sent)))
    assert ("≠ Cambió aquí" in page, "Venta corregida" in page, page.count('class="difiere"')) == (True, True, 1)


def test_what_the_erp_has_otherwise_is_marked_in_words(staff: Client, sent: Movement) -> None:
    read(
        sent,
        ComparedValue("cuenta", "1305050001", "1305050001", False, 1),
        ComparedValue("valor", "119000", "119001", True, 1),
    )
    page = text(staff.get(at(sent)))
    assert ("≠ Siigo tiene otro" in page, "119001" in page, "Todavía no se ha" in page) == (True, True, False)


def test_a_read_from_before_the_last_send_is_not_shown_as_what_the_erp_has(staff: Client, sent: Movement) -> None:
    read(sent, ComparedValue("valor", "119000", "119001", True, 1))
    SyncAttempt.objects.filter(operation=SyncAttempt.Operation.VERIFY).update(
        started_at=timezone.now() - dt.timedelta(minutes=30)
    )
    SyncAttempt.objects.filter(operation=SyncAttempt.Operation.SEND).update(started_at=timezone.now())
    page = text(staff.get(at(sent)))
    assert ("anterior a este envío" in page, "119001" in page) == (True, False)


def test_what_was_never_sent_shows_what_would_be(staff: Client, siigo: Connection) -> None:
    page = text(staff.get(at(builders.voucher())))
    assert ("Todavía no se ha enviado" in page, "1305050001" in page) == (True, True)


def test_an_erp_that_takes_no_such_record_has_no_page(staff: Client, siigo: Connection) -> None:
    client = builders.client()
    assert staff.get(f"/admin/catalog/client/{client.pk}/lado-a-lado/siigo/").status_code == 404


def test_who_may_not_see_the_record_may_not_compare_it(sent: Movement) -> None:
    assert person("catalog.view_client").get(at(sent)).status_code == 403


def test_one_side_alone_is_not_called_equal(staff: Client, siigo: Connection) -> None:
    page = text(staff.get(at(builders.voucher())))
    assert ("solo se ve lo que se enviaría ahora a Siigo" in page, "no difiere" in page) == (True, False)
