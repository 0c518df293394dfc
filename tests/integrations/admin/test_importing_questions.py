"""What is asked about a file whose columns are known: how the numbers of a document read, and hidden rows."""

import io
from typing import Any

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]
from django.test import Client

from integrations.choices import Kind
from integrations.files.importing import confirmation, staging
from integrations.files.writing.export_source import ExportSource, formats_of
from integrations.files.writing.exporting import export
from integrations.models import ImportFile
from ledger.models import Movement, MovementLine
from tests import builders
from tests.integrations.admin.test_importing import answered, brought, page
from tests.integrations.files.tables import HEADINGS, voucher

pytestmark = pytest.mark.django_db
_State = ImportFile.State


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def order(price: str, quantity: str = "6") -> bytes:
    """An order of SAG as XML."""
    line = f'<MovimientoDetalle MovimientoId="1" CodigoArticulo="2002" Cantidad="{quantity}" ValorUnitario="{price}"/>'
    head = 'MovimientoId="1" FechaDocumento="2026/11/03" NumeroDocumento="7" CodigoFuente="PD"'
    return f"<Movimientos><Movimiento {head}>{line}</Movimiento></Movimientos>".encode()


def in_(who: Client, file: ImportFile) -> ImportFile:
    staging.stage(file.pk)
    who.post(f"/admin/integrations/importfile/{file.pk}/importar/hacer/")
    confirmation.run(file.pk)
    file.refresh_from_db()
    return file


def told(who: Client, file: ImportFile, **answers: str) -> ImportFile:
    who.post(f"/admin/integrations/importfile/{file.pk}/columnas/", answers)
    file.refresh_from_db()
    return file


@pytest.mark.parametrize(("answer", "price"), [("comma", 15000), ("point", 15)])
def test_a_price_that_may_be_two_is_asked_about_and_read_as_a_person_says(
    staff: Client, answer: str, price: int
) -> None:
    file = brought(staff, order("15.000"), "orden.xml")
    shown = page(staff, file)
    assert (file.state, Movement.objects.count()) == (_State.ASKING, 0)
    assert "puede ser 15, si el punto es de decimales" in shown
    assert "o 15.000, si separa miles" in shown
    assert 'name="c0"' not in shown
    file = told(staff, file, numbers=answer)
    assert file.state == _State.STAGING
    in_(staff, file)
    assert MovementLine.objects.get().unit_price == price


def test_nothing_is_chosen_beforehand(staff: Client) -> None:
    assert "checked" not in page(staff, brought(staff, order("15.000"), "orden.xml"))


def test_how_it_was_read_is_said_once_more_before_it_comes_in(staff: Client) -> None:
    file = told(staff, brought(staff, order("15.000"), "orden.xml"), numbers="comma")
    staging.stage(file.pk)
    assert "«15.000» en «ValorUnitario» se leyó como 15.000: el punto separa miles" in page(staff, file)


def test_a_point_that_the_file_itself_shows_to_be_of_decimals_is_told_and_not_asked(staff: Client) -> None:
    file = brought(staff, order("15.000", "0.5"), "orden.xml")
    assert file.state == _State.STAGING
    staging.stage(file.pk)
    assert "«15.000» en «ValorUnitario» se leyó como 15: el punto es de decimales" in page(staff, file)


def test_a_number_that_does_not_fit_the_answer_is_told(staff: Client) -> None:
    file = told(staff, brought(staff, order("15.000", "1.250,5"), "otra.xml"), numbers="point")
    staging.stage(file.pk)
    file.refresh_from_db()
    assert (file.wrong, "no es un número en el formato elegido" in page(staff, file)) == (1, True)


def test_hidden_rows_are_asked_about_on_the_page_of_columns(staff: Client) -> None:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate([HEADINGS, *voucher(10), *voucher(11)]):
            sheet.write_row(number, 0, row)
        sheet.set_row(3, None, None, {"hidden": True})
        sheet.set_row(4, None, None, {"hidden": True})
    file = brought(staff, out.getvalue(), "filtrado.xlsx")
    assert "2 filas ocultas (4 a 5)" in page(staff, file)
    assert answered(staff, file).state == _State.ASKING
    in_(staff, answered(staff, file, hidden_rows="leave"))
    assert [movement.number for movement in Movement.objects.all()] == [10]


def test_hidden_rows_of_our_own_export_are_asked_about(staff: Client) -> None:
    builders.voucher(1001)
    made, _told = export(
        ExportSource(Kind.MOVEMENT, Movement.objects.all(), formats_of(Kind.MOVEMENT)["xlsx"]), chosen="todo"
    )
    with made:
        book: Any = openpyxl.load_workbook(made)
    book.worksheets[0].row_dimensions[2].hidden = True
    out = io.BytesIO()
    book.save(out)
    file = brought(staff, out.getvalue(), "nuestro.xlsx")
    assert (file.state, "1 fila oculta (2)" in page(staff, file)) == (_State.ASKING, True)
    assert told(staff, file, hidden_rows="read").state == _State.STAGING
