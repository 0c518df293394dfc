"""The lists: what they add up to, a person's own views, and a selection that goes beyond one page."""

import gzip
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from integrations.choices import Status
from integrations.models import Connection, OwnView, SyncAttempt, SyncBatch, SyncStanding
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.conftest import person

LIST = "/admin/ledger/movement/"
MOST_QUERIES = 12
MOST_BYTES = 150_000


def text(response: Any) -> str:
    return str(response.content.decode())


@pytest.fixture
def fifty(siigo: Connection, sag: Connection) -> None:
    for number in range(1, 51):
        builders.voucher(number, cost_center="ADM", third_party_name="Almacén")


def keep(client: Client, name: str = "Bodega", query: str = "cost_center=ADM", listed: str = "ledger.movement") -> Any:
    return client.post("/admin/vistas/guardar/", {"nombre": name, "filtros": query, "listado": listed}, follow=True)


def test_fifty_rows_cost_few_queries_with_own_views_and_nothing_remembered(
    staff: Client, fifty: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    keep(staff)
    cache.clear()
    with django_assert_max_num_queries(MOST_QUERIES):
        staff.get(f"{LIST}?cost_center=ADM")


def test_fifty_rows_that_were_sent_cost_no_more(
    staff: Client, fifty: None, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    keep(staff)
    SyncStanding.objects.update(status=Status.SYNCED, synced_at=timezone.now(), seen_at=timezone.now())
    Movement.objects.update(siigo_status=Status.SYNCED)
    cache.clear()
    with django_assert_max_num_queries(MOST_QUERIES):
        staff.get(f"{LIST}?cost_center=ADM")


def test_fifty_rows_weigh_little(staff: Client, fifty: None) -> None:
    assert len(gzip.compress(staff.get(LIST).content)) < MOST_BYTES


def test_the_list_says_how_many_there_are_and_what_they_add_up_to(staff: Client, siigo: Connection) -> None:
    for number, amount in ((1, "119000"), (2, "1000000.50"), (3, "7")):
        builders.voucher(number, amount, cost_center="ADM" if number < 3 else "")
    page = staff.get(f"{LIST}?cost_center=ADM")
    paginator = page.context["cl"].paginator
    assert (paginator.count, paginator.total) == (2, Decimal("1119000.50"))
    assert "$ 1.119.000,50" in text(page)


def test_the_sum_is_of_the_whole_list_and_not_of_its_page(staff: Client, siigo: Connection) -> None:
    for number in range(1, 53):
        builders.voucher(number, "1000")
    assert staff.get(LIST).context["cl"].paginator.total == 52_000


def test_a_list_without_values_adds_nothing_up(staff: Client, sag: Connection) -> None:
    builders.article()
    assert staff.get("/admin/catalog/article/").context["cl"].paginator.total is None


def test_a_view_is_saved_under_a_name_and_listed_above_the_list(staff: Client, siigo: Connection) -> None:
    builders.voucher()
    page = keep(staff, "Bodega de Cali")
    assert OwnView.objects.get().query == "cost_center=ADM"
    assert 'href="?cost_center=ADM"' in text(page)


def test_the_page_one_is_on_is_no_part_of_a_view(staff: Client, siigo: Connection) -> None:
    keep(staff, query="p=2&siigo=new")
    assert OwnView.objects.get().query == "siigo=new"


def test_a_name_that_was_there_takes_the_new_filters(staff: Client, siigo: Connection) -> None:
    keep(staff, query="siigo=new")
    keep(staff, query="siigo=rejected")
    assert list(OwnView.objects.values_list("query", flat=True)) == ["siigo=rejected"]


def test_a_view_without_a_name_or_a_filter_is_not_saved(staff: Client, siigo: Connection) -> None:
    keep(staff, name=" ")
    page = keep(staff, query="p=3")
    assert not OwnView.objects.exists()
    assert "escriba un nombre" in text(page)


def test_a_list_without_filters_does_not_offer_to_save_the_view(staff: Client, siigo: Connection) -> None:
    builders.voucher()
    offered = ["Guardar esta vista" in text(staff.get(f"{LIST}?{one}")) for one in ("", "vista=mes", "siigo=new")]
    assert offered == [False, False, True]


def test_each_person_sees_only_their_own_views(staff: Client, siigo: Connection) -> None:
    keep(staff, "La de Ana")
    assert "La de Ana" not in text(person("ledger.view_movement").get(LIST))


def test_nobody_deletes_the_view_of_another(staff: Client, siigo: Connection) -> None:
    keep(staff)
    other = person("ledger.view_movement")
    assert other.post(f"/admin/vistas/{OwnView.objects.get().pk}/eliminar/").status_code == 404


def test_its_owner_deletes_a_view(staff: Client, siigo: Connection) -> None:
    keep(staff)
    staff.post(f"/admin/vistas/{OwnView.objects.get().pk}/eliminar/")
    assert not OwnView.objects.exists()


@pytest.mark.parametrize(("listed", "status"), [("catalog.client", 403), ("no.hay", 404)])
def test_a_view_is_kept_only_for_a_list_that_one_may_see(siigo: Connection, listed: str, status: int) -> None:
    response = person("ledger.view_movement").post(
        "/admin/vistas/guardar/", {"nombre": "x", "filtros": "q=1", "listado": listed}
    )
    assert (response.status_code, OwnView.objects.exists()) == (status, False)


def test_a_view_goes_with_the_person(staff: Client, siigo: Connection) -> None:
    keep(staff)
    User.objects.all().delete()
    assert not OwnView.objects.exists()


def test_all_that_the_filter_shows_is_selected_across_pages(staff: Client, siigo: Connection) -> None:
    chosen = [builders.voucher(number, cost_center="ADM") for number in range(1, 53)]
    builders.voucher(99)
    page = f"{LIST}?cost_center=ADM"
    assert "Seleccionar los 52 movimientos contables" in text(staff.get(page))
    staff.post(page, {"action": ["enviar_siigo", ""], "index": "0", "select_across": "1",
                      "_selected_action": [str(chosen[0].pk)]})  # fmt: skip
    assert SyncBatch.objects.get().selected_count == 52


def test_the_chips_of_a_list_are_filled_with_one_query(staff: Client, siigo: Connection) -> None:
    builders.voucher(cost_center="ADM")
    builders.voucher(2, cost_center="VTA", prefix="FE")
    page = text(staff.get(LIST))
    assert ("?cost_center=ADM" in page, "?cost_center=VTA" in page, "?voucher_type=F" in page) == (True,) * 3


def test_the_attempts_show_the_code_and_are_filtered_by_cause(staff: Client, siigo: Connection) -> None:
    facts: dict[str, Any] = {
        "kind": "movement", "record_id": 1, "target": "siigo", "company": siigo.company, "connection": siigo,
    }  # fmt: skip
    SyncAttempt.objects.create(**facts, http_status=422, cause="unbalanced", record_label="el de la causa")
    SyncAttempt.objects.create(**facts, record_label="otro")
    page = text(staff.get("/admin/integrations/syncattempt/?causa=unbalanced"))
    assert ("422" in page, "el de la causa" in page, "otro</a>" in page) == (True, True, False)


def test_the_batches_add_up_what_they_carried(staff: Client, siigo: Connection) -> None:
    for amount in (1000, 250):
        SyncBatch.objects.create(
            company=siigo.company, connection=siigo, target="siigo", kind="movement", ready_amount=amount
        )
    assert staff.get("/admin/integrations/syncbatch/").context["cl"].paginator.total == 1250


def test_a_voucher_is_found_by_the_nit_that_only_its_lines_name(staff: Client, siigo: Connection) -> None:
    builders.voucher(1)
    page = text(staff.get(f"{LIST}?q=800111222"))
    assert ("F-1 1" in page, "800.111.222-7</span>" in page) == (True, True)


def test_an_empty_list_offers_to_import_to_whoever_may(staff: Client, siigo: Connection) -> None:
    assert "/admin/integrations/importfile/add/" in empty_box(staff)


def test_an_empty_list_does_not_offer_what_a_person_may_not_do(siigo: Connection) -> None:
    assert "/admin/integrations/importfile/add/" not in empty_box(person("ledger.view_movement"))


def empty_box(client: Client) -> str:
    return text(client.get(LIST)).split('<div class="nada">')[1].split("</div>")[0]
