"""A NIT in forms, lists and searches: taken as people write it, shown as they read it, stored plain."""

from typing import Any

import pytest
from django.test import Client

from catalog.models import ThirdParty
from integrations.choices import Register
from integrations.models import Company, Connection, RegisterRow
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.test_forms import form_of, save, url_of
from tests.integrations.corrections.conftest import corrected

pytestmark = pytest.mark.django_db
LIST = "/admin/ledger/movement/"
WRITINGS = ["900.123.456-8", "900123456 8", "NIT 900.123.456-8", "900123456\u20118", "0900123456"]


def text(response: Any) -> str:
    return str(response.content.decode())


def errors_of(response: Any, name: str) -> str:
    return str(response.context["adminform"].form[name].errors)


@pytest.mark.parametrize("nit", WRITINGS)
def test_a_movement_takes_a_nit_in_its_header_and_in_a_line(
    staff: Client, siigo: Connection, sag: Connection, nit: str
) -> None:
    movement = builders.voucher()
    save(staff, movement, **{"tax_id": nit, "lines-0-tax_id": nit})
    movement.refresh_from_db()
    assert (movement.tax_id, movement.lines.get(position=1).tax_id) == ("900123456", "900123456")


def test_the_page_of_a_line_takes_it_too(staff: Client, siigo: Connection) -> None:
    line = builders.voucher().lines.get(position=1)
    save(staff, line, tax_id="NIT 900.123.456-8")
    line.refresh_from_db()
    assert line.tax_id == "900123456"


@pytest.mark.parametrize("nit", WRITINGS)
def test_a_master_takes_it_with_its_digit_apart(staff: Client, sag: Connection, nit: str) -> None:
    party = builders.third_party("800333444")
    save(staff, party, tax_id=nit)
    party.refresh_from_db()
    assert (party.tax_id, party.check_digit) == ("900123456", "" if nit.startswith("09") else "8")


def test_the_digit_that_was_typed_replaces_one_that_nobody_touched(staff: Client, sag: Connection) -> None:
    party = builders.third_party("800111222", check_digit="7")
    save(staff, party, tax_id="900.123.456-8")
    party.refresh_from_db()
    assert (party.tax_id, party.check_digit) == ("900123456", "8")


def test_two_digits_that_contradict_each_other_are_told(staff: Client, sag: Connection) -> None:
    party = builders.third_party("800111222")
    answer = save(staff, party, tax_id="900.123.456-8", check_digit="3")
    assert "El dígito de verificación de 900123456 es 8, no 3" in errors_of(answer, "check_digit")


def test_a_wrong_digit_stands_beside_its_box_with_the_right_one(staff: Client, siigo: Connection) -> None:
    answer = save(staff, builders.voucher(), tax_id="900.123.456-1")
    assert "es 8, no 1: revise el número" in errors_of(answer, "tax_id")


def test_ten_digits_that_may_end_in_the_digit_are_asked_about(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    asked = save(staff, movement, tax_id="9001234568")
    assert "Escriba 900123456-8 o, si es una cédula, CC 9001234568." in errors_of(asked, "tax_id")
    save(staff, movement, tax_id="CC 9001234568")
    movement.refresh_from_db()
    assert movement.tax_id == "9001234568"


def test_what_was_stored_before_is_not_asked_about_again(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher(tax_id="9001234568")
    assert save(staff, movement, observations="Otra").status_code == 302


def test_the_change_of_number_of_a_third_party_takes_it(staff: Client, sag: Connection) -> None:
    party = builders.third_party("800333444")
    save(staff, party, sag__documentoActualizar="900.123.456-8")
    party.refresh_from_db()
    assert party.sag["documentoActualizar"] == "900123456"


def test_a_company_is_registered_with_it(staff: Client) -> None:
    page = "/admin/integrations/company/add/"
    staff.post(page, form_of(staff, page, name="Otra S.A.S.", tax_id="800.111.222-7"))
    assert Company.objects.get(name="Otra S.A.S.").tax_id == "800111222"


def test_a_new_third_party_that_is_there_under_another_writing_is_told(staff: Client, sag: Connection) -> None:
    builders.third_party("800111222")
    page = "/admin/catalog/thirdparty/add/"
    answer = staff.post(
        page, form_of(staff, page, company=str(builders.company().pk), tax_id="800.111.222-7", name="X")
    )
    assert (answer.status_code, ThirdParty.objects.count()) == (200, 1)


def test_a_form_shows_the_number_as_people_read_it_and_changes_nothing_by_that(
    staff: Client, siigo: Connection
) -> None:
    movement = builders.voucher(tax_id="800111222")
    assert 'value="800.111.222-7"' in text(staff.get(url_of(movement)))
    version = movement.version
    save(staff, movement)
    movement.refresh_from_db()
    assert (movement.tax_id, movement.version) == ("800111222", version)


def test_a_salesperson_may_be_a_code_of_ours_or_a_cedula(staff: Client, sag: Connection) -> None:
    order = builders.order("P-1")
    save(staff, order, salesperson="V-01")
    assert Movement.objects.get().salesperson == "V-01"
    save(staff, order, salesperson="CC 70.100.200")
    assert Movement.objects.get().salesperson == "70100200"


# --- lists and searches


@pytest.mark.parametrize("typed", ["800.111.222-7", "800111222-7", "NIT 800111222", "800.111", "111.222", "8001112227"])
def test_a_search_finds_the_nit_and_a_part_of_it(staff: Client, siigo: Connection, typed: str) -> None:
    builders.voucher(1), builders.voucher(2, tax_id="900123456")
    page = text(staff.get(LIST, {"q": typed}))
    assert ("F-1 1<" in page, "F-1 2<" in page) == (True, False)


@pytest.mark.parametrize("kind", ["client", "thirdparty"])
def test_masters_are_found_and_shown_with_their_digit(staff: Client, sag: Connection, kind: str) -> None:
    builders.client("800111222", check_digit="7"), builders.third_party("800111222")
    assert "800.111.222-7" in text(staff.get(f"/admin/catalog/{kind}/", {"q": "800.111.222-7"}))


def test_a_number_of_a_document_is_found_as_before(staff: Client, siigo: Connection) -> None:
    builders.voucher(1131, prefix="FE"), builders.voucher(2, tax_id="1131000")
    page = text(staff.get(LIST, {"q": "FE-1131"}))
    assert ("FE-1131" in page, "F-1 2<" in page) == (True, False)


@pytest.mark.parametrize("typed", ["800.111.222-7", "NIT 800111222", "111.222"])
def test_suggestions_know_a_nit_however_it_is_typed(staff: Client, sag: Connection, typed: str) -> None:
    builders.client("800111222", name="ALMACÉN DEL PUENTE")
    row = {"connection": sag, "register": Register.CLIENTS, "key": "1", "code": "800111222", "raw_hash": "x"}
    RegisterRow.objects.create(**row, name="ALMACEN", read_at=sag.created_at)
    answer: Any = staff.get("/admin/ledger/movement/sugerencias/nit/", {"q": typed})
    (told,) = answer.json()["sugerencias"]
    assert told == {"valor": "800111222", "texto": "800.111.222-7 · ALMACÉN DEL PUENTE"}


def test_a_correction_in_bulk_takes_a_nit_as_people_write_it(staff: Client, siigo: Connection) -> None:
    movement = builders.voucher()
    corrected([movement], field="lines.tax_id", mode="set", value="900.123.456-8")
    assert set(movement.lines.values_list("tax_id", flat=True)) == {"900123456"}
