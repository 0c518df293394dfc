"""The pages of what is read from the ERPs: cards, settings, runs and differences."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from django_q.models import OrmQ

from catalog.models import ThirdParty
from integrations.choices import Register, Status
from integrations.models import Connection, PullPlan, PullRun, RegisterRow
from integrations.pulls.plans import plan_for, reading_of
from integrations.pulls.pull_run import pull
from integrations.standings import transitions
from tests.integrations.admin.conftest import person
from tests.integrations.pulls.conftest import party

pytestmark = pytest.mark.django_db

CARDS = "/admin/integrations/pullplan/"


def text_of(response: Any) -> str:
    assert response.status_code == 200
    return str(response.content.decode())


def brought(sag: Connection) -> PullPlan:
    plan = plan_for(sag, "third_parties")
    pull(plan, pages=[[party(1, 800333444)]])
    return plan


def differing(sag: Connection) -> PullPlan:
    plan = brought(sag)
    record = ThirdParty.objects.get()
    with transitions.editing(record):
        record.phone = "3009998877"
        record.save()
    pull(plan, pages=[[party(1, 800333444)]])
    return plan


def form_data(page: Any) -> dict[str, Any]:
    form = page.context["adminform"].form
    given = {name: form.get_initial_for_field(field, name) for name, field in form.fields.items()}
    return {name: ("on" if value is True else value) for name, value in given.items() if value not in (None, False)}


def test_there_is_a_card_for_each_master_of_each_connection(staff: Client, sag: Connection, siigo: Connection) -> None:
    page = text_of(staff.get(CARDS))
    assert page.count("Leer ahora") == 7
    assert "Todavía no se ha leído." in page


def test_reading_now_is_a_task_for_the_worker(staff: Client, sag: Connection) -> None:
    OrmQ.objects.all().delete()
    answer = staff.post(f"{CARDS}{sag.pk}/third_parties/leer/")
    assert (answer.status_code, OrmQ.objects.count(), PullRun.objects.count()) == (302, 1, 0)
    assert OrmQ.objects.get().task["func"] == "integrations.tasks.pull"


def test_who_may_not_read_from_the_erp_has_no_button_and_no_door(sag: Connection) -> None:
    reader = person("integrations.view_pullplan")
    assert "Leer ahora" not in text_of(reader.get(CARDS))
    assert reader.post(f"{CARDS}{sag.pk}/third_parties/leer/").status_code == 403


def test_the_card_tells_how_the_last_read_went(staff: Client, sag: Connection) -> None:
    brought(sag)
    assert "1 leídos, 1 creados" in text_of(staff.get(CARDS))


def test_a_run_shows_what_it_could_not_read_and_what_to_do(staff: Client, sag: Connection) -> None:
    run = pull(plan_for(sag, "third_parties"), pages=[[party(1, 800333444, nit=None)]])
    page = text_of(staff.get(f"/admin/integrations/pullrun/{run.pk}/change/"))
    assert "La fila no trae «identificación» (columna nit)" in page
    assert "Terceros de SAG" in text_of(staff.get("/admin/integrations/pullrun/"))


def test_the_form_shows_the_usual_query_and_saving_it_stores_none(staff: Client, sag: Connection) -> None:
    plan = plan_for(sag, "third_parties")
    url = reverse("admin:integrations_pullplan_change", args=[plan.pk])
    page = staff.get(url)
    assert "FROM TERCEROS t" in text_of(page)
    answer = staff.post(url, form_data(page) | {"interval_hours": "6"})
    plan.refresh_from_db()
    assert (answer.status_code, plan.query, plan.columns, plan.interval_hours) == (302, "", {}, 6)


def test_another_installation_has_its_own_view_and_columns(staff: Client, sag: Connection) -> None:
    plan = plan_for(sag, "third_parties")
    url = reverse("admin:integrations_pullplan_change", args=[plan.pk])
    own = "SELECT documento, razon FROM vw_terceros"
    data = {name: value for name, value in form_data(staff.get(url)).items() if not name.startswith("column_")}
    columns = {"column_key": "documento", "column_tax_id": "documento", "column_name": "razon"}
    assert staff.post(url, data | columns | {"query": own}).status_code == 302
    plan.refresh_from_db()
    assert reading_of(plan).query == own
    run = pull(plan, pages=[[{"DOCUMENTO": 800333444, "Razon": "PROVEEDOR"}]])
    assert (run.created, ThirdParty.objects.get().name) == (1, "PROVEEDOR")


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"query": "DELETE FROM TERCEROS"}, "Solo se permite leer"),
        ({"query": "SELECT * FROM t WHERE k > {after}"}, "Para leer por páginas escriba {after} y {limit}"),
        ({"query": "SELECT TOP {limit} * FROM t WHERE k > {after}"}, "ORDER BY"),
        ({"column_tax_id": ""}, "Falta decir qué columna es «identificación»"),
        ({"column_name": "una; otra"}, "«una; otra» no se entiende"),
        ({"overlap_days": "900"}, "365"),
        ({"interval_hours": "0"}, "1"),
    ],
)
def test_what_can_not_be_asked_is_said_before_it_is_saved(
    staff: Client, sag: Connection, changes: dict[str, str], told: str
) -> None:
    plan = plan_for(sag, "third_parties")
    url = reverse("admin:integrations_pullplan_change", args=[plan.pk])
    page = staff.post(url, form_data(staff.get(url)) | changes)
    assert told in text_of(page)


def test_siigo_has_its_filters_instead_of_a_query(staff: Client, siigo: Connection) -> None:
    plan = plan_for(siigo, "third_parties")
    url = reverse("admin:integrations_pullplan_change", args=[plan.pk])
    page = staff.get(url)
    assert "Identificación final" in text_of(page)
    assert 'name="query"' not in text_of(page)
    staff.post(url, form_data(page) | {"param_third_final": "900000000"})
    plan.refresh_from_db()
    assert reading_of(plan).params["third_final"] == 900_000_000


def test_a_difference_shows_the_field_and_both_sides(staff: Client, sag: Connection) -> None:
    plan = differing(sag)
    page = text_of(staff.get(f"{CARDS}{plan.pk}/diferencias/"))
    assert all(said in page for said in ("Teléfono", "3009998877", "6044440000", "Tomar lo de SAG"))


def test_taking_what_the_erp_has_settles_the_difference(staff: Client, sag: Connection) -> None:
    plan = differing(sag)
    staff.post(f"{CARDS}{plan.pk}/diferencias/", {"fila": [RegisterRow.objects.get().pk]})
    record = ThirdParty.objects.get()
    assert (record.phone, record.sag_status) == ("6044440000", Status.SYNCED)
    assert "No hay diferencias por decidir." in text_of(staff.get(f"{CARDS}{plan.pk}/diferencias/"))


def test_a_record_on_its_way_is_not_overwritten_by_a_click(staff: Client, sag: Connection) -> None:
    plan = differing(sag)
    record = ThirdParty.objects.get()
    for row in transitions.locked(record.kind, [record.pk]):
        row.status = Status.SENDING
        row.save()
    staff.post(f"{CARDS}{plan.pk}/diferencias/", {"fila": [RegisterRow.objects.get().pk]})
    assert ThirdParty.objects.get().phone == "3009998877"


def test_the_voucher_form_offers_the_fuentes_that_sag_has(staff: Client, sag: Connection) -> None:
    plan = plan_for(sag, "sources")
    pull(plan, pages=[[{"ka_ni_fuente": 1, "k_sc_codigo_fuente": "FV", "sc_nombre": "Factura de venta"}]])
    page = text_of(staff.get("/admin/ledger/movement/add/"))
    assert '<datalist id="fuentes"><option value="FV">Factura de venta</option></datalist>' in page


def test_what_was_read_can_be_looked_up(staff: Client, sag: Connection) -> None:
    brought(sag)
    page = staff.get(f"/admin/integrations/registerrow/?q=PROVEEDOR&register__exact={Register.THIRD_PARTIES}")
    assert "800333444" in text_of(page)
    row = RegisterRow.objects.get()
    assert "6044440000" in text_of(staff.get(f"/admin/integrations/registerrow/{row.pk}/change/"))
