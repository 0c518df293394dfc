"""The page of columns: what the file is, what must be said of it, and nothing lost that was chosen."""

import re

import pytest
from django.test import Client

from integrations.files.importing.offered_fields import to_choose, to_write
from integrations.models import ColumnMapping, ImportFile
from ledger.models import Movement
from tests import builders
from tests.integrations.admin.test_importing import answered, brought, page, staged
from tests.integrations.files.tables import HEADINGS, csv_bytes, voucher

pytestmark = pytest.mark.django_db
_State = ImportFile.State
JOURNAL = ("Fecha", "Tipo Comp.", "Cód. Comp.", "Número", "Cuenta", "Débito", "Crédito", "C.C.")


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def journal(*numbers: int, headings: tuple[str, ...] = JOURNAL, debit: object = "10,5", **how: str) -> bytes:
    day = how.get("day", "31/12/2026")
    rows = [[day, "F", 1, number, "1305", debit, "", "01"] for number in numbers]
    rows += [[day, "F", 1, number, "4135", "", debit, "01"] for number in numbers]
    return csv_bytes([row[: len(headings)] for row in rows], headings=headings)


def chosen(shown: str, name: str) -> str:
    """The option that is selected in a list."""
    found = re.search(rf'<select[^>]*name="{name}".*?</select>', shown, re.DOTALL)
    selected = re.search(r'<option value="([^"]*)" selected', found[0]) if found else None
    return selected[1] if selected else ""


def test_what_the_file_is_stands_on_the_page(staff: Client) -> None:
    shown = page(staff, brought(staff, journal(10, 11)))
    assert "Parece un libro diario con débitos y créditos: 2 comprobantes." in shown


def test_a_column_that_may_be_two_fields_is_open_and_the_file_does_not_go_on(staff: Client) -> None:
    file = brought(staff, journal(10))
    shown = page(staff, file)
    assert "La columna «C.C.» puede ser «Centro de costo (línea)» o «NIT (línea)»: diga cuál." in shown
    assert chosen(shown, "c7") == "?"
    assert answered(staff, file).state == _State.ASKING


@pytest.mark.parametrize("choice", ["own-lines/cost_center", ""])
def test_what_is_said_of_an_open_column_counts(staff: Client, choice: str) -> None:
    file = staged(staff, journal(10), c7=choice)
    assert (file.state, file.wrong) == (_State.REVIEW, 0)
    assert file.plan["columns"].get("7", "") == choice


def test_the_usual_fields_stand_first_in_groups(staff: Client) -> None:
    shown = page(staff, brought(staff, journal(10)))
    first = re.search(r'<select name="c4".*?</select>', shown, re.DOTALL)
    assert first is not None
    groups = re.findall(r'<optgroup label="([^"]*)"', first[0])
    assert groups == ["Los de siempre", "Del documento", "De la línea", "Del medio de pago"]
    assert "Porcentaje AIU · solo Siigo" not in first[0]
    assert "solo Siigo" in shown


def test_each_field_is_offered_once() -> None:
    keys = [field.key for _, fields in to_choose("movement", "sales") for field in fields]
    assert len(keys) == len(set(keys))
    assert len(to_choose("movement", "sales")[0][1]) == 20
    assert any(title.endswith("· solo SAG") for title in to_write("movement", "sales"))


def test_a_near_spelling_is_taken_by_one_button_and_nothing_else_is_lost(staff: Client) -> None:
    headings = (*JOURNAL[:5], "Debitto", *JOURNAL[6:])
    file = brought(staff, journal(10, headings=headings))
    assert "¿Es «Débito (línea)»? Usarlo" in page(staff, file)
    answered(staff, file, c7="own-lines/cost_center", usar="5")
    assert file.state == _State.ASKING
    assert file.plan["columns"]["5"] == "own-lines/debit"
    assert file.plan["columns"]["7"] == "own-lines/cost_center"
    assert file.shown["questions"] == []


def test_a_refused_form_comes_back_as_it_was_typed(staff: Client) -> None:
    file = brought(staff, journal(10, debit="1.250", day="03/04/2026"))
    answered(
        staff, file, c7="otro", o7="no existe", c4="own-lines/article", numbers="comma", dates="mdy", kind="movement"
    )
    shown = page(staff, file)
    assert "No existe el campo «no existe»" in shown
    assert (chosen(shown, "c7"), chosen(shown, "c4")) == ("otro", "own-lines/article")
    assert 'name="o7"' in shown
    assert 'value="no existe"' in shown
    marked = [radio for radio in re.findall(r"<input type=\"radio\"[^>]*>", shown) if "checked" in radio]
    assert ["comma" in marked[0], "mdy" in marked[1]] == [True, True]


def test_two_columns_for_one_field_are_told_and_both_stay_chosen(staff: Client) -> None:
    file = brought(staff, journal(10))
    answered(staff, file, c7="own-lines/account")
    shown = page(staff, file)
    assert "Dos columnas van al campo «cuenta PUC (línea)»: «Cuenta» y otra. Deje una." in shown
    assert (chosen(shown, "c7"), chosen(shown, "c4")) == ("own-lines/account", "own-lines/account")


def test_a_field_of_one_erp_is_chosen_by_its_name(staff: Client) -> None:
    file = staged(staff, journal(10), c7="otro", o7="Porcentaje AIU · solo Siigo")
    assert file.plan["columns"]["7"] == "siigo-movement/aiu_percentage"


def test_a_missing_kind_of_voucher_may_be_one_value_for_the_file(staff: Client) -> None:
    headings = ("Fecha", "Número", "Cuenta", "Débito", "Crédito")
    rows = [["2026-12-31", 7, "1305", 10, ""], ["2026-12-31", 7, "4135", "", 10]]
    file = brought(staff, csv_bytes(rows, headings=headings))
    assert "Falta la columna «Tipo de comprobante» (o «Fuente», si va para SAG)." in page(staff, file)
    answered(staff, file, **{"fijo-siigo-movement/voucher_type": "F", "fijo-siigo-movement/voucher_code": "uno"})
    assert "«uno» no es un número" in page(staff, file)
    answered(staff, file, **{"fijo-siigo-movement/voucher_type": "F", "fijo-siigo-movement/voucher_code": "1"})
    assert (file.state, file.plan["fixed"]) == (
        _State.STAGING,
        {"siigo-movement/voucher_type": "F", "siigo-movement/voucher_code": "1"},
    )


def test_where_several_kinds_fit_the_person_says_which(staff: Client) -> None:
    body = csv_bytes([["800111222", "UNO", "Calle 1"]], headings=("NIT", "Nombre", "Dirección"))
    file = brought(staff, body, "terceros.csv")
    assert chosen(page(staff, file), "kind") == ""
    assert answered(staff, file, kind="").state == _State.ASKING
    assert answered(staff, file, kind="client").state == _State.STAGING


def test_what_was_said_of_formats_is_remembered_with_the_columns(staff: Client) -> None:
    answers = {"c7": "own-lines/cost_center", "numbers": "comma", "dates": "mdy"}
    staged(staff, journal(10, debit="1.250", day="03/04/2026"), **answers)
    assert ColumnMapping.objects.get().options == {"numbers": "comma", "dates": "mdy"}
    again = brought(staff, journal(11, debit="2.500", day="05/06/2026"), "otro.csv")
    assert (again.shown["questions"], again.plan["numbers"], again.plan["dates"]) == ([], "comma", "mdy")


def test_a_remembered_format_does_not_count_against_what_a_file_shows(staff: Client) -> None:
    staged(staff, journal(10, debit="1.250"), c7="own-lines/cost_center", numbers="comma")
    again = brought(staff, journal(11, debit="1,250.50"), "otro.csv")
    assert again.plan["numbers"] == "point"


def test_what_the_file_told_by_itself_is_not_remembered(staff: Client) -> None:
    staged(staff, journal(10, debit="1.250,5"), c7="own-lines/cost_center")
    assert ColumnMapping.objects.get().options == {}


def test_a_column_twice_is_chosen_by_the_person(staff: Client) -> None:
    file = brought(staff, csv_bytes([[*row, "900123456"] for row in voucher(10)], headings=(*HEADINGS, "NIT")))
    shown = page(staff, file)
    assert (chosen(shown, "c10"), chosen(shown, "c12")) == ("?", "?")
    answered(staff, file, c10="", c12="own-lines/tax_id")
    assert file.state == _State.STAGING


def test_negative_amounts_are_said_on_the_page(staff: Client) -> None:
    file = brought(staff, journal(10, debit="-5000"))
    shown = page(staff, file)
    assert "Pasarlos al otro lado: un débito de -5.000 entra como crédito de 5.000" in shown
    assert answered(staff, file, c7="").state == _State.ASKING
    assert answered(staff, file, negatives="turn").state == _State.STAGING


def test_ten_digits_that_may_be_a_nit_and_its_digit_are_said_on_the_page(staff: Client) -> None:
    file = brought(staff, csv_bytes([[*row[:10], "8001112227", row[11]] for row in voucher(10)]))
    assert "El último es el dígito de verificación: 8001112227 es el NIT 800111222" in page(staff, file)
    assert answered(staff, file).state == _State.ASKING
    assert answered(staff, file, attached_digits="digit").state == _State.STAGING


def test_nothing_is_saved_by_any_of_this(staff: Client) -> None:
    brought(staff, journal(10))
    assert not Movement.objects.exists()
