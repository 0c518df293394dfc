"""*Inicio*: numbers that lead to what they count, in few queries."""

from datetime import timedelta
from typing import Any

from django.contrib.auth.models import User
from django.core.cache import cache
from django.db import connection as database
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from integrations.choices import Status, Target
from integrations.connections import pausing
from integrations.dispatch import batches
from integrations.erp.receipts import Verdict
from integrations.models import Connection, Heartbeat, Syncable, SyncAttempt, SyncStanding
from integrations.payloads import judgement
from integrations.queue import heartbeat
from integrations.queue.cluster import FILES, SCHEDULED
from integrations.selectors import dashboard
from integrations.standings import unblockings
from integrations.standings.requester import Requester
from tests import builders
from tests.integrations.admin.conftest import person

KINDS = ("movement", "client")
MOST_QUERIES = 24
"""With two connections, each of which is asked why nothing starts there."""


def text(response: Any) -> str:
    return " ".join(str(response.content.decode()).split())


def call(record: Syncable, connection: Connection, outcome: Verdict, days_ago: int = 0) -> None:
    SyncAttempt.objects.create(
        kind=record.kind, record_id=record.pk, target=connection.target, company=connection.company,
        connection=connection, outcome=outcome, finished_at=timezone.now() - timedelta(days=days_ago),
    )  # fmt: skip


def test_what_passed_the_checks_is_counted_as_ready(siigo: Connection) -> None:
    movement = builders.voucher()
    builders.voucher(2)  # never judged
    judgement.keep_verdicts(movement.company_id, movement.kind, [movement.pk])
    assert dashboard.front(KINDS).ready(Target.SIIGO) == 1


def test_the_five_numbers_lead_to_their_lists(staff: Client) -> None:
    page = text(staff.get("/admin/"))
    for address in ("?vista=listos_siigo", "?vista=listos_sag", "/admin/errores/", "/admin/por-confirmar/",
                    "syncattempt/?outcome=accepted"):  # fmt: skip
        assert address in page


def test_fourteen_days_are_counted_today_included(siigo: Connection) -> None:
    movement = builders.voucher()
    for days_ago in (0, 13, 20):
        call(movement, siigo, Verdict.ACCEPTED, days_ago)
    assert [day.sent for day in dashboard.front(KINDS).days] == [1, *[0] * 12, 1]


def test_a_day_tells_apart_what_was_refused_from_what_had_no_clear_answer(siigo: Connection) -> None:
    movement = builders.voucher()
    for outcome in (Verdict.REFUSED, Verdict.REFUSED_UNPROVEN, Verdict.AMBIGUOUS, Verdict.NEVER_SENT):
        call(movement, siigo, outcome)
    today = dashboard.front(KINDS).days[-1]
    assert (today.sent, today.failed, today.doubtful) == (0, 2, 1)


def test_the_bars_have_their_table(staff: Client, siigo: Connection) -> None:
    call(builders.voucher(), siigo, Verdict.ACCEPTED)
    page = text(staff.get("/admin/"))
    assert '<rect class="enviado"' in page
    assert f'<th scope="row">{timezone.localdate():%d/%m/%Y}</th> <td class="cifra">1</td>' in page


def test_the_most_frequent_causes_lead_to_their_cards(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    SyncStanding.objects.filter(record_id=movement.pk, target=Target.SIIGO).update(
        status=Status.REJECTED, cause="period_closed"
    )
    assert "/admin/errores/?causa=erp-siigo-period_closed" in text(staff.get("/admin/"))


def test_a_connection_says_when_it_answered_last(staff: Client, siigo: Connection) -> None:
    Connection.objects.filter(pk=siigo.pk).update(answered_at=timezone.now() - timedelta(minutes=2))
    assert "hace 2 min" in text(staff.get("/admin/"))


def test_a_paused_connection_says_why(staff: Client, siigo: Connection) -> None:
    pausing.pause(siigo.pk, "Siigo no aceptó la clave.")
    page = text(staff.get("/admin/"))
    assert "En pausa" in page
    assert "Siigo no aceptó la clave." in page


def test_a_lane_of_one_call_that_waits_for_an_answer_says_until_when(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    until = timezone.now() + timedelta(minutes=5)
    SyncStanding.objects.filter(record_id=movement.pk, target=Target.SIIGO).update(
        status=Status.UNCERTAIN, connection=siigo, slot_until=until
    )
    assert f"se espera hasta las {timezone.localtime(until):%H:%M:%S}" in text(staff.get("/admin/"))


def test_a_queue_that_does_not_answer_is_said(staff: Client) -> None:
    Heartbeat.objects.create(
        process="uno",
        cluster="integrador",
        beaten_at=timezone.now() - timedelta(seconds=heartbeat.SILENT_SECONDS + 5),
    )
    assert heartbeat.SILENT in text(staff.get("/admin/"))


def test_what_keeps_time_and_does_not_answer_is_said(staff: Client) -> None:
    Heartbeat.objects.create(process="dos", cluster=SCHEDULED, beaten_at=timezone.now() - timedelta(minutes=5))
    assert "nada se verifica ni se reintenta solo" in text(staff.get("/admin/"))


def test_what_reads_files_and_does_not_answer_is_said(staff: Client) -> None:
    Heartbeat.objects.create(process="tres", cluster=FILES, beaten_at=timezone.now() - timedelta(minutes=5))
    assert "Lo que lee e importa archivos no está funcionando" in text(staff.get("/admin/"))


def test_what_was_let_go_is_told_on_the_front_page(staff: Client, siigo: Connection) -> None:
    unblockings.record(list(SyncStanding.objects.filter(record_id=builders.voucher().pk)[:1]), "Llegó.")
    assert "1 documento desbloqueado" in text(staff.get("/admin/"))


def test_what_was_let_go_is_sent_through_the_confirm_page(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    unblockings.record(list(SyncStanding.objects.filter(record_id=movement.pk, target=Target.SIIGO)), "Llegó.")
    answer = staff.post("/admin/desbloqueados/", {"enviar": f"{movement.company_id}-movement-siigo"})
    assert answer["Location"].endswith("/confirmar/")


def test_the_numbers_are_only_of_what_one_may_see(siigo: Connection) -> None:
    builders.client("800111222")
    page = text(person("ledger.view_movement").get("/admin/"))
    assert "Clientes" not in page


def test_the_numbers_are_kept_for_a_while(siigo: Connection) -> None:
    first = dashboard.front(KINDS)
    builders.voucher()
    assert dashboard.front(KINDS) == first


def test_what_one_did_last_is_shown_to_oneself(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    batch = batches.draft(
        company=movement.company, target=Target.SIIGO, kind=movement.kind, record_ids=[movement.pk],
        requester=Requester(User.objects.get(username="ana"), "prueba"),
    )  # fmt: skip
    batches.confirm(batch.pk)
    assert f"Lote {batch.pk}</a>" in text(staff.get("/admin/")).split("Acciones recientes")[1]


def test_the_front_page_takes_few_queries(staff: Client, siigo: Connection, sag: Connection) -> None:
    for number in range(1, 31):
        builders.voucher(number)
    cache.clear()
    with CaptureQueriesContext(database) as asked:
        staff.get("/admin/")
    told = [query["sql"] for query in asked]
    assert len(told) - told.count("SELECT clock_timestamp()") <= MOST_QUERIES  # PostgreSQL tells the time too
