"""The form of a record: what stands beside its boxes, what may not be changed any more, and what a box may hold."""

from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.utils import timezone

from integrations.admin.local_problems import of_record
from integrations.choices import Register, Status, Target
from integrations.models import Connection, RegisterRow, SyncAttempt, SyncStanding
from integrations.models.attempt import StoredPayload
from integrations.selectors.pages import STORY_ROWS, standing_actions
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.conftest import person
from tests.integrations.admin.test_forms import form_of, save, url_of

pytestmark = pytest.mark.django_db


def text(response: Any) -> str:
    return str(response.content.decode())


def page_of(client: Client, record: Any) -> str:
    return text(client.get(url_of(record)))


def held_by(record: Any, target: Target, **facts: Any) -> None:
    """What the worker writes after the ERP took it."""
    rows = SyncStanding.objects.of(record).filter(target=target)
    rows.update(status=Status.SYNCED, ever_present=True, version_sent=record.version, **facts)
    type(record)._default_manager.filter(pk=record.pk).update(**{f"{target}_status": Status.SYNCED})


# --- the local checks beside their boxes


def test_a_problem_stands_beside_its_box(staff: Client, siigo: Connection) -> None:
    form = staff.get(url_of(builders.voucher(voucher_code=None))).context["adminform"].form
    assert "Para Siigo: Falta «Código comprobante»" in str(form["voucher_code"].errors)


def test_a_problem_of_a_line_stands_beside_the_box_of_that_line(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    movement.lines.filter(position=2).update(account="12")
    page = staff.get(url_of(movement))
    lines = page.context["inline_admin_formsets"][0].formset.forms
    assert ["account" in line.errors for line in lines[:3]] == [False, True, False]


def test_the_summary_leads_to_each_box(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher(voucher_code=None)
    movement.lines.filter(position=2).update(account="")
    page = page_of(staff, movement)
    assert ('<a href="#id_voucher_code">' in page, '<a href="#id_lines-1-account">Línea 2:' in page) == (True, True)


def test_every_link_of_the_summary_leads_somewhere(staff: Client, siigo: Connection, sag: Connection) -> None:
    movement = builders.voucher(voucher_code=None)
    page = page_of(staff, movement)
    anchors = {one.anchor for found in staff.get(url_of(movement)).context["found"].values() for one in found}
    assert {anchor for anchor in anchors - {""} if f'id="{anchor}"' not in page} == set()


def test_what_is_said_of_every_line_about_the_header_is_said_once(siigo: Connection) -> None:
    voucher = builders.voucher(voucher_code=None)
    found = of_record(voucher, standing_actions(voucher))[Target.SIIGO]
    assert sum("comprobante»" in one.text for one in found if one.problem.blocks) == 1


def test_what_was_sent_has_nothing_left_to_correct(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher(voucher_code=None)
    held_by(movement, Target.SIIGO)
    assert "Falta corregir" not in page_of(staff, movement)


def test_what_is_typed_is_judged_by_what_was_typed(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher(voucher_code=None)
    save(staff, movement, voucher_code="7")
    movement.refresh_from_db()
    assert movement.voucher_code == 7


def test_the_page_of_a_line_shows_the_problems_of_that_line(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    movement.lines.filter(position=2).update(account="")
    pages = [page_of(staff, line) for line in movement.lines.order_by("position")[:2]]
    assert ["Falta «Cuenta contable»" in page for page in pages] == [False, True]


# --- what an ERP holds


def test_what_sag_holds_can_not_be_changed_and_the_page_says_why(staff: Client, sag: Connection) -> None:
    order = builders.order("K")
    held_by(order, Target.SAG, reference="PD-7")
    page = page_of(staff, order)
    assert "SAG ya lo tiene con el número PD-7 y no recibe cambios" in page
    assert ('name="tax_id"' in page, "lines-__prefix__" in page) == (False, False)


def test_a_forged_post_changes_nothing_of_what_sag_holds(staff: Client, sag: Connection) -> None:
    order = builders.order("K", sag={"Zona": "19"})
    held_by(order, Target.SAG)
    staff.post(url_of(order), form_of(staff, url_of(order)) | {
        "tax_id": "1", "sag__Zona": "5", "lines-0-quantity": "99", "lines-0-DELETE": "on", "observations": "x",
    })  # fmt: skip
    order.refresh_from_db()
    assert (order.tax_id, order.sag, order.version) == ("800111222", {"Zona": "19"}, 1)
    assert list(order.lines.values_list("quantity", flat=True)) == [2, 2]


def test_what_only_the_other_erp_takes_may_still_be_filled_in(
    staff: Client, siigo: Connection, sag: Connection
) -> None:
    order = builders.order("K")
    held_by(order, Target.SAG)
    save(staff, order, voucher_type="F", voucher_code="1")
    order.refresh_from_db()
    assert (order.voucher_type, order.voucher_code) == ("F", 1)


def test_what_siigo_holds_keeps_its_keys_and_takes_other_changes(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    held_by(movement, Target.SIIGO)
    save(staff, movement, number="9", **{"lines-0-description": "otra"})
    movement.refresh_from_db()
    assert (movement.number, movement.siigo_status) == (1001, Status.CHANGED)
    assert "los datos que lo identifican no se cambian" in page_of(staff, movement)


def test_a_master_goes_on_living(staff: Client, sag: Connection) -> None:
    client = builders.client()
    held_by(client, Target.SAG)
    save(staff, client, email="nuevo@prueba.example", tax_id="1")
    client.refresh_from_db()
    assert (client.email, client.tax_id) == ("nuevo@prueba.example", "800111222")


def test_a_line_that_sag_holds_is_not_changed_on_its_own_page(staff: Client, sag: Connection) -> None:
    order = builders.order("K")
    held_by(order, Target.SAG)
    line = order.lines.get(position=1)
    save(staff, line, quantity="99", sag__ObservacionesItem="x")
    line.refresh_from_db()
    assert (str(line.quantity), dict(line.sag)) == ("2.00000", {})


def test_what_was_never_sent_is_changed_freely(staff: Client, sag: Connection) -> None:
    order = builders.order("K")
    save(staff, order, observations="x", **{"lines-0-quantity": "3"})
    order.refresh_from_db()
    assert (order.observations, order.lines.filter(quantity=3).count()) == ("x", 1)


def test_deleting_what_was_sent_tells_the_legal_way_out(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    held_by(movement, Target.SIIGO, reference="F-1 1001")
    page = text(staff.post(url_of(movement).replace("change", "delete"), {"post": "yes"}, follow=True))
    assert "ya se envió a Siigo (número F-1 1001). Anúlelo en Siigo y márquelo como anulado aquí." in page


# --- what a box may hold


def register(connection: Connection, register_name: Register, code: str, name: str, **facts: Any) -> None:
    RegisterRow.objects.create(
        connection=connection, register=register_name, key=code, code=code, name=name, raw_hash="x",
        read_at=timezone.now(), **facts,
    )  # fmt: skip


def offered(client: Client, box: str, **asked: str) -> list[tuple[str, str]]:
    answer: Any = client.get(f"/admin/ledger/movement/sugerencias/{box}/", asked)
    return [(one["valor"], one["texto"]) for one in answer.json()["sugerencias"]]


def test_a_nit_is_offered_by_its_number_and_by_its_name(staff: Client, sag: Connection) -> None:
    builders.client("800111222", name="ALMACÉN DEL PUENTE")
    builders.third_party("800333444", name="FERRETERÍA DEL RÍO")
    assert offered(staff, "nit", q="8001") == [("800111222", "ALMACÉN DEL PUENTE")]
    assert offered(staff, "nit", q="ferreter") == [("800333444", "FERRETERÍA DEL RÍO")]


def test_what_the_erp_showed_is_offered_too_and_each_code_once(staff: Client, sag: Connection) -> None:
    builders.client("800111222", name="ALMACÉN DEL PUENTE")
    register(sag, Register.CLIENTS, "800111222", "ALMACEN PUENTE")
    register(sag, Register.THIRD_PARTIES, "800999", "OTRO")
    assert offered(staff, "nit", q="800") == [("800111222", "ALMACÉN DEL PUENTE"), ("800999", "OTRO")]


def test_what_no_longer_appears_in_the_erp_is_not_offered(staff: Client, sag: Connection) -> None:
    register(sag, Register.ACCOUNTS, "110505", "CAJA", missing_since=timezone.now())
    assert offered(staff, "cuenta", q="1105") == []


def test_accounts_of_the_erp_come_before_those_used_before(staff: Client, sag: Connection) -> None:
    register(sag, Register.ACCOUNTS, "1305050002", "CLIENTES DEL EXTERIOR")
    builders.voucher()
    assert [code for code, _ in offered(staff, "cuenta", q="1305")] == ["1305050002", "1305050001"]


def test_articles_and_cost_centers_are_offered(staff: Client, sag: Connection) -> None:
    builders.article("1001", name="CUADERNO")
    builders.order("K", cost_center="ADM")
    assert (offered(staff, "articulo", q="cuad"), offered(staff, "centro", q="AD")) == (
        [("1001", "CUADERNO")], [("ADM", "usado en otros movimientos")],
    )  # fmt: skip


def test_only_the_companys_own_is_offered(staff: Client, sag: Connection) -> None:
    other = builders.company(tax_id="900765432", name="Otra")
    builders.client("800111222")
    assert offered(staff, "nit", q="800", empresa=str(other.pk)) == []


def test_who_may_not_see_movements_is_offered_nothing(sag: Connection) -> None:
    assert person("catalog.view_client").get("/admin/ledger/movement/sugerencias/nit/").status_code == 403


def test_a_box_that_is_not_there_has_nothing_to_offer(staff: Client) -> None:
    assert staff.get("/admin/ledger/movement/sugerencias/otra/").status_code == 404


def test_the_boxes_say_where_their_suggestions_are_and_stay_plain_boxes(staff: Client, siigo: Connection) -> None:
    form = staff.get(url_of(builders.voucher())).context["adminform"].form
    assert 'data-suggest="/admin/ledger/movement/sugerencias/nit/"' in str(form["tax_id"])
    assert 'type="text"' in str(form["tax_id"])


# --- the story


@pytest.fixture
def told(siigo: Connection) -> Movement:
    import zlib

    movement = builders.voucher()
    bodies = [
        StoredPayload.objects.create(sha256=mark * 64, compressed=zlib.compress(body.encode()), size=len(body))
        for mark, body in (("a", '{"nit": "900"}'), ("b", '{"ok": true}'))
    ]
    SyncAttempt.objects.create(
        kind="movement", record_id=movement.pk, record_label=str(movement), target=Target.SIIGO, payload=bodies[0],
        company=siigo.company, connection=siigo, answer=bodies[1], outcome="accepted", finished_at=timezone.now(),
        requested_from="la consola",
    )  # fmt: skip
    return movement


def test_the_story_opens_what_was_sent_and_answered_in_place(staff: Client, told: Movement) -> None:
    attempt = SyncAttempt.objects.get()
    part = text(staff.get(f"/admin/integrations/syncattempt/{attempt.pk}/change/?parte=1"))
    assert ('class="clave">nit' in part, 'class="clave">ok' in part, "<html" in part) == (True, True, False)
    assert f"{attempt.pk}/change/?parte=1" in page_of(staff, told)


def test_the_exact_text_has_a_button_that_copies_it(staff: Client, told: Movement) -> None:
    attempt = SyncAttempt.objects.get()
    page = text(staff.get(f"/admin/integrations/syncattempt/{attempt.pk}/change/"))
    assert f'data-copy="sent-texto-{attempt.pk}"' in page
    assert f'id="sent-texto-{attempt.pk}"' in page


def test_who_may_not_see_attempts_reads_the_story_and_not_what_was_sent(told: Movement) -> None:
    looker = person("ledger.view_movement")
    attempt = SyncAttempt.objects.get()
    assert "la consola" in page_of(looker, told)
    assert "?parte=1" not in page_of(looker, told)
    assert looker.get(f"/admin/integrations/syncattempt/{attempt.pk}/change/?parte=1").status_code == 403


def test_a_long_story_leads_to_the_rest_of_it(staff: Client, told: Movement) -> None:
    one = SyncAttempt.objects.get()
    facts = {name: getattr(one, name) for name in ("kind", "record_id", "target", "company", "connection")}
    SyncAttempt.objects.bulk_create([SyncAttempt(**facts) for _ in range(STORY_ROWS)])
    assert "Ver todos los intentos de este documento" in page_of(staff, told)
    rest = staff.get(f"/admin/integrations/syncattempt/?kind=movement&record_id={told.pk}")
    assert rest.context["cl"].result_count == STORY_ROWS + 1


def test_the_history_of_changes_writes_its_days_as_people_do(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    save(staff, movement, observations="x")
    page = text(staff.get(f"/admin/ledger/movement/{movement.pk}/history/"))
    assert f"{LogEntry.objects.get().action_time.astimezone(timezone.get_current_timezone()):%d/%m/%Y %H:%M}" in page


def test_what_would_be_sent_is_told_with_its_label_its_name_and_its_value(staff: Client, sag: Connection) -> None:
    order = builders.order("K")
    page = text(staff.get(f"/admin/ledger/movement/{order.pk}/enviaria/sag/"))
    told = (
        '<span class="rotulo">Artículo</span> <span class="clave">CodigoArticulo</span> <span class="valor">1001</span>'
    )
    assert told in page


def test_what_was_sent_already_is_not_said_to_pass_the_review(staff: Client, sag: Connection) -> None:
    order = builders.order("K")
    held_by(order, Target.SAG, reference="PD-7")
    page = text(staff.get(f"/admin/ledger/movement/{order.pk}/enviaria/sag/"))
    assert ("No se envía ahora. Ya está en SAG" in page, "Pasa la revisión" in page) == (True, False)


def test_asking_to_delete_what_was_sent_answers_at_once(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    held_by(movement, Target.SIIGO)
    page = text(staff.get(url_of(movement).replace("change", "delete"), follow=True))
    assert ("No se puede eliminar" in page, "Sí, eliminar" in page, "deletelink" in page) == (True, False, False)
