"""What staff are told while nothing leaves, and who may stop and start everything."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.checks import run_checks
from django.test import Client
from django.utils import timezone
from pytest_django import Settings

from integrations.checks import CONNECTIONS
from integrations.choices import Environment, Target
from integrations.connections import stop_switch
from integrations.dispatch import batches
from integrations.models import Connection, Heartbeat, SyncAttempt, SyncBatch
from integrations.standings.requester import Requester
from tests import builders
from tests.integrations.admin.conftest import NO_REFERENCE, SOUND, person

STOP, GO_ON = "/admin/envios/detener/", "/admin/envios/reanudar/"


def text(response: Any) -> str:
    return str(response.content.decode())


def queued(number: int = 1001) -> SyncBatch:
    movement = builders.voucher(number)
    batch = batches.draft(
        company=movement.company,
        target=Target.SIIGO,
        kind=movement.kind,
        record_ids=[movement.pk],
        requester=Requester(origin="prueba"),
    )
    return batches.confirm(batch.pk)


def test_everything_can_be_stopped_from_the_front_page(staff: Client, siigo: Connection) -> None:
    assert "Detener todos los envíos" in text(staff.get("/admin/"))


def test_stopping_keeps_the_reason_and_who_gave_it(staff: Client, siigo: Connection) -> None:
    staff.post(STOP, {"motivo": "cierre de mes"})
    assert stop_switch.current().stop_reason == "ana: cierre de mes"


def test_without_the_permission_nobody_stops_everything(db: None) -> None:
    response = person("ledger.view_movement").post(STOP, {"motivo": "x"})
    assert (response.status_code, stop_switch.current().is_on) == (403, False)


def test_without_the_permission_nobody_is_offered_to(db: None) -> None:
    assert "Detener todos los envíos" not in text(person("ledger.view_movement").get("/admin/"))


@pytest.mark.parametrize("page", ["/admin/", "/admin/ledger/movement/", "/admin/integrations/syncbatch/"])
def test_while_everything_is_stopped_every_page_says_so_and_why(staff: Client, page: str) -> None:
    stop_switch.stop_all("ana: cierre de mes")
    shown = text(staff.get(page))
    assert ("Todos los envíos están detenidos" in shown, "cierre de mes" in shown) == (True, True)


def test_going_on_takes_the_banner_away(staff: Client) -> None:
    stop_switch.stop_all("prueba")
    staff.post(GO_ON)
    assert "Todos los envíos están detenidos" not in text(staff.get("/admin/ledger/movement/"))


@pytest.mark.parametrize("where", ["front", "connection", "batch", "data"])
def test_a_resting_lane_says_why_and_when_it_goes_on(staff: Client, siigo: Connection, where: str) -> None:
    batch = queued()
    Connection.objects.update(resting_until=timezone.now() + timedelta(minutes=5))
    page = {
        "front": "/admin/",
        "connection": f"/admin/integrations/connection/{siigo.pk}/change/",
        "batch": f"/admin/lote/{batch.pk}/",
        "data": f"/admin/lote/{batch.pk}/avance/",
    }[where]
    shown = text(staff.get(page))
    assert ("El ERP no responde: se prueba de nuevo" in shown, "Sigue el" in shown) == (True, True)


def test_a_lane_out_of_its_hours_says_so_before_confirming(staff: Client, siigo: Connection) -> None:
    in_two_days = (timezone.localtime() + timedelta(days=2)).isoweekday()
    Connection.objects.update(send_days=str(in_two_days))
    movement = builders.voucher()
    data = {"action": ["enviar_siigo", ""], "index": "0", "_selected_action": [str(movement.pk)]}
    assert "Fuera del horario de envío" in text(staff.post("/admin/ledger/movement/", data, follow=True))


def test_a_batch_that_its_canaries_stopped_says_why(staff: Client, siigo: Connection) -> None:
    batch = queued()
    SyncBatch.objects.update(paused_at=timezone.now(), pause_reason="Los primeros 3 documentos se rechazaron.")
    assert "Los primeros 3 documentos se rechazaron." in text(staff.get(f"/admin/lote/{batch.pk}/"))


@pytest.mark.parametrize("where", ["front", "batch"])
def test_a_sending_process_that_does_not_answer_is_told(staff: Client, siigo: Connection, where: str) -> None:
    batch = queued()
    Heartbeat.objects.create(process="x", cluster="integrador", beaten_at=timezone.now() - timedelta(minutes=5))
    page = {"front": "/admin/", "batch": f"/admin/lote/{batch.pk}/"}[where]
    assert "El proceso de envío no responde. Avise al administrador." in text(staff.get(page))


def test_the_monitor_is_told_too_without_any_figure(client: Client, db: None) -> None:
    Heartbeat.objects.create(process="x", cluster="integrador", beaten_at=timezone.now() - timedelta(minutes=5))
    response = client.get("/salud/cola")
    assert (response.status_code, response.json()) == (503, {"vivo": True, "listo": False})


def test_the_web_is_ready_without_the_queue(client: Client, db: None) -> None:
    Heartbeat.objects.create(process="x", cluster="integrador", beaten_at=timezone.now() - timedelta(minutes=5))
    assert client.get("/salud").status_code == 200


def form_of(staff: Client, connection: Connection) -> tuple[str, dict[str, Any]]:
    """The page of a connection and what its form would post untouched."""
    url = f"/admin/integrations/connection/{connection.pk}/change/"
    form = staff.get(url).context["adminform"].form
    values = {name: form[name].value() for name in form.fields}
    return url, {name: value for name, value in values.items() if value is not None and value is not False}


def test_days_are_chosen_by_name(staff: Client, siigo: Connection) -> None:
    url, data = form_of(staff, siigo)
    staff.post(url, data | {"send_days": ["5", "1"], "send_from": "08:00", "send_until": "18:00"})
    siigo.refresh_from_db()
    assert siigo.send_days == "15"


def test_half_a_window_is_refused_in_words(staff: Client, siigo: Connection) -> None:
    url, data = form_of(staff, siigo)
    assert "Escriba las dos horas" in text(staff.post(url, data | {"send_from": "08:00"}))


def test_a_connection_of_tests_is_refused_after_production(staff: Client) -> None:
    old = builders.siigo_connection(NO_REFERENCE, environment=Environment.PRODUCTION, **SOUND)
    SyncAttempt.objects.create(kind="movement", record_id=1, target=Target.SIIGO, company=old.company, connection=old)
    Connection.objects.update(archived_at=timezone.now())
    _, data = form_of(staff, old)
    data |= {"company": old.company_id, "target": "siigo", "environment": "tests", "endpoint": NO_REFERENCE}
    response = staff.post("/admin/integrations/connection/add/", data | {"account": "x", "new_credential": "x"})
    assert "ya tiene envíos a producción" in text(response)


@pytest.mark.parametrize(("debug", "level"), [(False, "ERROR"), (True, "WARNING")])
def test_a_ladder_that_does_not_climb_is_said_at_start(
    siigo: Connection, settings: Settings, debug: bool, level: str
) -> None:
    Connection.objects.update(settle_seconds=1)
    settings.DEBUG = debug
    found = run_checks(tags=[CONNECTIONS], include_deployment_checks=True)
    assert [(one.id, one.level) for one in found] == [("integrations.E005", {"ERROR": 40, "WARNING": 30}[level])]


def test_a_ladder_that_climbs_starts(siigo: Connection) -> None:
    assert run_checks(tags=[CONNECTIONS], include_deployment_checks=True) == []
