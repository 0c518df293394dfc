"""«Exportar» as staff meet it: the counts said before, the file that was promised, and who took it."""

import csv
import io
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from integrations.choices import Kind
from integrations.models import FileExport
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.conftest import person

pytestmark = pytest.mark.django_db

MOVEMENTS = "/admin/ledger/movement/exportar/"
LISTS = ("ledger/movement", "catalog/client", "catalog/thirdparty", "catalog/article")


@pytest.fixture(autouse=True)
def _records() -> None:
    builders.voucher(1001)
    builders.voucher(1002, cost_center="ADM")
    builders.order("OC-1")
    builders.client()


def body(answer: Any) -> bytes:
    return b"".join(answer.streaming_content)  # the client closes it at its end


def rows_of(answer: Any) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(body(answer).decode("utf-8-sig")), delimiter=";"))


def book_of(answer: Any) -> dict[str, list[tuple[Any, ...]]]:
    """Sheet name → its rows."""
    book = load_workbook(io.BytesIO(body(answer)))
    return {sheet.title: list(sheet.iter_rows(values_only=True)) for sheet in book}


def test_the_page_says_how_many_records_and_lines_would_go(staff: Client) -> None:
    page = staff.get(MOVEMENTS).content.decode()
    assert "Se exportarán 3 movimientos contables con 8 líneas." in page


def test_the_page_says_what_a_format_leaves_out(staff: Client) -> None:
    assert "Van 1; 2 quedan por fuera" in staff.get(MOVEMENTS).content.decode()


def test_the_filter_of_the_list_is_that_of_the_file(staff: Client) -> None:
    rows = rows_of(staff.post(f"{MOVEMENTS}?cost_center=ADM", {"formato": "csv"}))
    assert {row["Número de documento"] for row in rows} == {"1002"}


def test_what_was_exported_is_written_down_with_its_filter(staff: Client) -> None:
    body(staff.post(f"{MOVEMENTS}?cost_center=ADM&q=1002", {"formato": "csv"}))
    told = FileExport.objects.get()
    assert (told.record_count, told.line_count, str(told.requested_by)) == (1, 3, "ana")
    assert told.chosen == "Búsqueda «1002»; Centro de costo «ADM»"


def test_the_export_stands_in_its_list(staff: Client) -> None:
    body(staff.post(MOVEMENTS, {"formato": "xml"}))
    assert "Archivo de SAG (.xml)" in staff.get("/admin/integrations/fileexport/").content.decode()


def test_a_selection_goes_to_the_page_with_its_count(staff: Client) -> None:
    first = Movement.objects.get(number=1001)
    asked = {"action": "export_selected", "_selected_action": [first.pk], "index": "0"}
    page = staff.post("/admin/ledger/movement/", asked, follow=True).content.decode()
    assert "Se exportará 1 movimiento contable con 3 líneas." in page
    assert "Selección de 1" in page


def test_a_selection_of_all_pages_keeps_the_filter(staff: Client) -> None:
    first = Movement.objects.get(number=1002)
    asked = {"action": "export_selected", "_selected_action": [first.pk], "select_across": "1", "index": "0"}
    answer: Any = staff.post("/admin/ledger/movement/?cost_center=ADM", asked)
    assert answer.url == f"{MOVEMENTS}?cost_center=ADM"


@pytest.mark.parametrize("place", LISTS)
def test_each_list_offers_to_export_what_it_shows(staff: Client, place: str) -> None:
    builders.third_party()
    builders.article()
    assert f"/admin/{place}/exportar/" in staff.get(f"/admin/{place}/").content.decode()


@pytest.mark.parametrize("place", LISTS)
def test_each_kind_goes_out_as_a_workbook(staff: Client, place: str) -> None:
    builders.third_party()
    builders.article()
    answer: Any = staff.post(f"/admin/{place}/exportar/", {"formato": "xlsx"})
    assert 'attachment; filename="' in answer["Content-Disposition"]
    (rows,) = book_of(answer).values()
    assert len(rows) > 1


def test_who_may_not_export_gets_neither_button_nor_page() -> None:
    client = person("ledger.view_movement")
    assert "exportar/" not in client.get("/admin/ledger/movement/").content.decode()
    assert client.get(MOVEMENTS).status_code == 403


def test_an_auditor_who_only_reads_may_export() -> None:
    client = person("ledger.view_movement", "integrations.export_fileexport")
    assert "exportar/" in client.get("/admin/ledger/movement/").content.decode()
    assert body(client.post(MOVEMENTS, {"formato": "json"}))


def test_a_value_without_room_in_the_format_is_told_and_nothing_is_handed_out(staff: Client) -> None:
    Movement.objects.update(observations="x" * 40_000)
    page = staff.post(MOVEMENTS, {"formato": "xlsx"}, follow=True).content.decode()
    assert "en una celda de Excel caben" in page
    assert not FileExport.objects.exists()


@pytest.mark.parametrize("kind", list(Kind))
def test_each_kind_has_a_template(staff: Client, kind: Kind) -> None:
    answer: Any = staff.get(f"/admin/plantilla/{kind.value}/")
    book = book_of(answer)
    assert list(book) == ["Datos", "Columnas"]
    assert str(book["Datos"][1][0]).startswith("EJEMPLO")


def test_the_template_of_what_one_may_not_see_is_not_handed_out() -> None:
    assert person("catalog.view_client").get("/admin/plantilla/movement/").status_code == 403
