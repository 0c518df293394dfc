"""Every page opens, in a bounded number of queries, and shows what it is for."""

import re
from typing import Any

import pytest
from django.contrib.admin.models import LogEntry
from django.contrib.auth.models import Permission
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries
from pytest_django import Settings as SettingsWrapper

from integrations.admin.body_tree import as_tree
from integrations.admin.site import site
from integrations.choices import Status, Target
from integrations.connections import credentials
from integrations.models import Company, Connection, SyncAttempt, SyncStanding
from integrations.models.attempt import StoredPayload
from integrations.payloads import judgement
from tests import builders
from tests.integrations.admin.conftest import person

MOST_QUERIES = 12
LISTS = (
    "ledger/movement",
    "catalog/client",
    "catalog/thirdparty",
    "catalog/article",
    "integrations/syncattempt",
    "integrations/syncbatch",
    "integrations/connection",
    "integrations/company",
    "auth/user",
    "auth/group",
)


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.mark.parametrize("path", ["", *(f"{one}/" for one in LISTS)])
def test_a_page_opens_with_nothing_in_it(staff: Client, path: str) -> None:
    assert staff.get(f"/admin/{path}").status_code == 200


@pytest.mark.parametrize("kind", ["ledger/movement", "catalog/client", "catalog/thirdparty", "catalog/article"])
def test_a_form_to_add_opens(staff: Client, kind: str) -> None:
    assert staff.get(f"/admin/{kind}/add/").status_code == 200


@pytest.mark.parametrize("model", ["ledger/movementline", "integrations/pullplan", "integrations/syncattempt"])
def test_what_no_person_adds_has_no_form_to_add(staff: Client, model: str) -> None:
    assert staff.get(f"/admin/{model}/add/").status_code == 403


def test_a_connection_and_a_line_can_not_be_deleted(staff: Client, siigo: Connection) -> None:
    line = builders.voucher().lines.get(position=1)
    for address in (
        f"integrations/connection/{siigo.pk}",
        f"integrations/company/{siigo.company_id}",
        f"ledger/movementline/{line.pk}",
    ):
        assert staff.post(f"/admin/{address}/delete/", {"post": "yes"}).status_code == 403


@pytest.fixture
def fifty(siigo: Connection, sag: Connection) -> None:
    for number in range(1, 51):
        builders.voucher(number, cost_center="ADM", third_party_name="Almacén")


def test_a_list_of_fifty_takes_few_queries(
    staff: Client, fifty: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(MOST_QUERIES):
        staff.get("/admin/ledger/movement/")


def test_a_list_asks_no_more_for_fifty_records_than_for_one(staff: Client, siigo: Connection) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for batch in (range(1, 2), range(2, 51)):
        for number in batch:
            builders.voucher(number)
        staff.get("/admin/ledger/movement/")
        with CaptureQueriesContext(connection) as asked:
            staff.get("/admin/ledger/movement/")
        counts.append(len(asked))
    assert counts[0] == counts[1]


@pytest.mark.parametrize("view", ["listos_siigo", "listos_sag", "error", "dudas", "modificados", "mes"])
def test_a_saved_view_opens(staff: Client, siigo: Connection, view: str) -> None:
    builders.voucher()
    assert staff.get(f"/admin/ledger/movement/?vista={view}").status_code == 200


def rows_of(response: Any) -> list[Any]:
    return list(response.context["cl"].result_list)


def test_ready_leaves_out_what_the_last_check_blocked(staff: Client, siigo: Connection) -> None:
    good, bad = builders.voucher(1), builders.voucher(2, voucher_type="V")
    builders.voucher(3)  # never judged: nobody knows yet whether it is ready
    judgement.keep_verdicts(good.company_id, good.kind, [good.pk, bad.pk])
    assert rows_of(staff.get("/admin/ledger/movement/?vista=listos_siigo")) == [good]


def test_a_range_of_dates_takes_both_ends_in(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    found = rows_of(staff.get("/admin/ledger/movement/?date_desde=03/11/2026&date_hasta=03/11/2026"))
    assert found == [movement]


def test_a_date_that_can_not_be_read_is_said(staff: Client, siigo: Connection) -> None:
    builders.voucher()
    assert "no es una fecha" in text(staff.get("/admin/ledger/movement/?date_desde=31/02/2026"))


@pytest.mark.parametrize("term", ["1001", "FE-1001", "800111", "Almacén"])
def test_a_movement_is_found_by(staff: Client, siigo: Connection, term: str) -> None:
    movement = builders.voucher(prefix="FE", tax_id="800111222", third_party_name="Almacén")
    builders.order("OTRO", tax_id="800999888")
    assert rows_of(staff.get("/admin/ledger/movement/", {"q": term})) == [movement]


def test_a_search_without_result_offers_to_take_the_filters_off(staff: Client, siigo: Connection) -> None:
    builders.voucher()
    assert "Nada coincide con «zzzz»" in text(staff.get("/admin/ledger/movement/?q=zzzz"))


def test_an_empty_list_says_what_to_do(staff: Client, siigo: Connection) -> None:
    assert "Todavía no hay movimientos" in text(staff.get("/admin/ledger/movement/"))


def test_the_menu_marks_where_one_is(staff: Client) -> None:
    page = text(staff.get("/admin/catalog/client/"))
    assert re.findall(r'href="([^"]*)"\s+aria-current="page"', page)[0] == "/admin/catalog/client/"


def test_the_menu_counts_what_waits_for_a_person(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    SyncStanding.objects.filter(record_id=movement.pk, target=Target.SIIGO).update(status=Status.UNCERTAIN)
    assert "1 espera a una persona" in text(staff.get("/admin/"))


@pytest.mark.parametrize("path", ["/admin/errores/", "/admin/por-confirmar/"])
def test_the_menu_leads_to_the_inbox_and_to_what_waits_to_be_confirmed(staff: Client, path: str) -> None:
    marked = re.findall(r'href="([^"]*)"\s+aria-current="page"', text(staff.get(path)))
    assert path in marked


def test_the_menu_hides_what_one_may_not_see(siigo: Connection) -> None:
    assert "/admin/catalog/client/" not in text(person("ledger.view_movement").get("/admin/"))


@pytest.mark.parametrize("page", ["", "ledger/movement/", "ledger/movement/add/", "integrations/connection/add/"])
def test_a_page_has_nothing_inline(staff: Client, siigo: Connection, page: str) -> None:
    builders.voucher()
    html = text(staff.get(f"/admin/{page}"))
    assert ("<style" in html, " style=" in html, " onclick=" in html, "<script>" in html) == (False,) * 4


def test_the_queues_own_pages_are_not_there(staff: Client) -> None:
    assert staff.get("/admin/django_q/success/").status_code == 404


def test_only_what_is_meant_for_staff_is_registered() -> None:
    assert {model._meta.app_label for model in site._registry} == {"ledger", "catalog", "integrations", "auth"}


@pytest.fixture
def attempt(siigo: Connection) -> SyncAttempt:
    movement = builders.voucher()
    sent = StoredPayload.objects.create(sha256="a" * 64, compressed=_packed('{"nit": "900"}'), size=14)
    return SyncAttempt.objects.create(
        kind="movement",
        record_id=movement.pk,
        record_label=str(movement),
        target=Target.SIIGO,
        company=siigo.company,
        connection=siigo,
        payload=sent,
        outcome="refused",
        message="Falta el NIT.",
    )


def _packed(said: str) -> bytes:
    import zlib

    return zlib.compress(said.encode())


def test_an_attempt_shows_what_was_sent(staff: Client, attempt: SyncAttempt) -> None:
    page = text(staff.get(f"/admin/integrations/syncattempt/{attempt.pk}/change/"))
    assert '<span class="clave">nit</span> <span class="valor">900</span>' in page


def test_a_record_tells_its_story(staff: Client, attempt: SyncAttempt) -> None:
    assert "Historia de envíos" in text(staff.get(f"/admin/ledger/movement/{attempt.record_id}/change/"))


@pytest.mark.parametrize("kind", ["syncattempt", "syncbatch"])
def test_nobody_adds_evidence(staff: Client, kind: str) -> None:
    assert staff.get(f"/admin/integrations/{kind}/add/").status_code == 403


def test_nobody_deletes_an_attempt(staff: Client, attempt: SyncAttempt) -> None:
    assert staff.post(f"/admin/integrations/syncattempt/{attempt.pk}/delete/", {"post": "yes"}).status_code == 403


def connection_form(staff: Client, connection: Connection, **changes: str) -> dict[str, str]:
    context: Any = staff.get(f"/admin/integrations/connection/{connection.pk}/change/").context
    form = context["adminform"].form
    shown = {name: form[name].value() for name in form.fields}
    return {name: str(value) for name, value in shown.items() if value is not None and value is not False} | changes


def save_connection(staff: Client, connection: Connection, **changes: str) -> Any:
    url = f"/admin/integrations/connection/{connection.pk}/change/"
    response = staff.post(url, connection_form(staff, connection, **changes))
    connection.refresh_from_db()
    return response


def test_the_key_of_a_connection_is_never_shown(staff: Client, siigo: Connection) -> None:
    page = text(staff.get(f"/admin/integrations/connection/{siigo.pk}/change/"))
    assert ("demo-key" in page, siigo.credential in page) == (False, False)


def test_an_empty_key_keeps_the_one_there_is(staff: Client, siigo: Connection) -> None:
    save_connection(staff, siigo, concurrency="2")
    assert (siigo.concurrency, credentials.unseal(siigo.credential).reveal()) == (2, "demo-key")


def test_a_new_key_is_kept_encrypted(staff: Client, siigo: Connection) -> None:
    save_connection(staff, siigo, new_credential="otra-clave")
    assert credentials.unseal(siigo.credential).reveal() == "otra-clave"


def test_a_setting_is_typed_and_only_what_differs_is_kept(staff: Client, siigo: Connection) -> None:
    save_connection(staff, siigo, setting_siigo_basic_invoice="S")
    assert siigo.settings == {"basic_invoice": "S"}


def test_a_fraction_of_a_setting_is_written_with_a_comma(staff: Client, siigo: Connection) -> None:
    save_connection(staff, siigo, setting_siigo_backoff_minutes="1,5")
    assert siigo.settings == {"backoff_minutes": 1.5}


def test_a_setting_that_the_erp_does_not_admit_is_refused(staff: Client, siigo: Connection) -> None:
    save_connection(staff, siigo, setting_siigo_timeout_minutes="99")
    assert siigo.settings == {}


def test_a_severity_of_a_rule_is_chosen_on_the_rules_page_and_recorded(staff: Client, siigo: Connection) -> None:
    page = reverse("admin:connection_rules", args=[siigo.pk])
    form = staff.get(page).context["form"]
    staff.post(page, {name: field.initial for name, field in form.fields.items()} | {"required": "warn"})
    siigo.refresh_from_db()
    assert siigo.severities == {"required": "warn"}
    assert "Falta un dato obligatorio" in LogEntry.objects.get().change_message


def test_a_broken_ladder_of_seconds_is_refused_in_production(
    staff: Client, siigo: Connection, settings: SettingsWrapper
) -> None:
    settings.DEBUG = False
    save_connection(staff, siigo, read_seconds="500", concurrency="3")
    assert siigo.concurrency == 1


def test_a_broken_ladder_of_seconds_warns_with_debug(
    staff: Client, siigo: Connection, settings: SettingsWrapper
) -> None:
    settings.DEBUG = True
    save_connection(staff, siigo, read_seconds="500")
    assert "espera por lectura" in text(staff.get("/admin/"))


def test_a_connection_with_history_keeps_its_address(staff: Client, attempt: SyncAttempt) -> None:
    connection = attempt.connection
    save_connection(staff, connection, endpoint="http://127.0.0.1:1/otra")
    assert connection.endpoint == "http://127.0.0.1:9/"


def test_a_connection_is_paused_and_resumed(staff: Client, siigo: Connection) -> None:
    states = []
    for verb in ("pausar", "reanudar"):
        staff.post(f"/admin/integrations/connection/{siigo.pk}/orden/{verb}/")
        siigo.refresh_from_db()
        states.append(siigo.is_paused)
    assert states == [True, False]


def test_a_connection_with_something_in_doubt_is_not_archived(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    SyncStanding.objects.filter(record_id=movement.pk, target=Target.SIIGO).update(
        status=Status.UNCERTAIN, connection=siigo
    )
    staff.post(f"/admin/integrations/connection/{siigo.pk}/orden/archivar/")
    siigo.refresh_from_db()
    assert siigo.archived_at is None


def test_an_archived_connection_leaves_room_for_another(staff: Client, siigo: Connection) -> None:
    staff.post(f"/admin/integrations/connection/{siigo.pk}/orden/archivar/")
    assert builders.siigo_connection("http://127.0.0.1:9/").pk != siigo.pk


def test_pausing_takes_permission(siigo: Connection) -> None:
    looker = person("integrations.view_connection")
    assert looker.post(f"/admin/integrations/connection/{siigo.pk}/orden/pausar/").status_code == 403


def test_a_company_can_not_be_deleted(staff: Client, siigo: Connection) -> None:
    staff.post(f"/admin/integrations/company/{siigo.company_id}/delete/", {"post": "yes"})
    assert Company.objects.exists()


def test_an_xml_inside_another_is_opened_too() -> None:
    assert '<span class="clave">cliente</span>' in as_tree("<r><x>&lt;cliente nit='1'/&gt;</x></r>")


def test_an_entity_bomb_is_shown_as_it_is_and_never_expanded() -> None:
    bomb = '<!DOCTYPE r [<!ENTITY a "aaaa">]><r>&a;</r>'
    assert "&amp;a;" in as_tree(bomb)


def test_a_number_is_shown_as_it_was_written() -> None:
    assert '<span class="valor">1.0</span>' in as_tree('{"a": 1.0}')


def test_a_value_with_markup_is_shown_and_not_obeyed() -> None:
    assert "<script>" not in as_tree('{"a": "<script>alert(1)</script>"}')


def test_the_groups_that_bootstrap_makes_name_permissions_that_exist(db: None) -> None:
    assert Permission.objects.filter(codename__in=["send_syncbatch", "resolve_syncbatch"]).count() == 2


def test_a_bounded_form_of_many_lines_is_taken(staff: Client, siigo: Connection, settings: SettingsWrapper) -> None:
    assert settings.DATA_UPLOAD_MAX_NUMBER_FIELDS >= 250 * 15
