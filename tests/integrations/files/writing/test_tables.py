"""What stands in the cells of a table, and in what a spreadsheet makes of them."""

import csv
import io
from datetime import date
from decimal import Decimal
from typing import Any

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.choices import Kind
from integrations.erp.siigo.fields import MOVEMENT
from integrations.files.cell_text import escape_formula, unescape_formula
from integrations.files.errors import FileError
from integrations.files.reading.headings import normalize
from integrations.files.table_columns import columns_of
from integrations.files.writing.export_source import ExportSource, formats_of
from integrations.files.writing.exporting import export
from ledger.models import Movement, MovementLine
from tests import builders

pytestmark = pytest.mark.django_db
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def written(form: str) -> bytes:
    made, _told = export(
        ExportSource(Kind.MOVEMENT, Movement.objects.all(), formats_of("movement")[form]), chosen="todo"
    )
    with made:
        return made.read()


def csv_rows() -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written("csv").decode("utf-8-sig")), delimiter=";"))


def cells_of(form: str, head: int = 1) -> list[dict[str, Any]]:
    """Each row of the first sheet as heading → cell."""
    sheet: Any = openpyxl.load_workbook(io.BytesIO(written(form))).worksheets[0]
    headings = [cell.value for cell in sheet[head]]
    return [dict(zip(headings, row, strict=True)) for row in sheet.iter_rows(min_row=head + 1)]


def voucher(**line: Any) -> None:
    movement = builders.voucher(7, tax_id="0800111222", cost_center="007")
    MovementLine.objects.filter(movement=movement, position=1).update(**line)


def test_codes_are_text_with_their_zeros_and_numbers_are_numbers() -> None:
    voucher(account="0013050500", amount=Decimal("119000.50"))
    first = cells_of("xlsx")[0]
    assert (first["Cuenta contable"].value, first["Cuenta contable"].data_type) == ("0013050500", "s")
    assert (first["Valor de la secuencia"].value, first["Valor de la secuencia"].data_type) == (119000.5, "n")
    assert first["Documento: centro de costo"].value == "007"


def test_dates_are_dates() -> None:
    voucher()
    assert cells_of("xlsx")[0]["Fecha del documento"].value.date() == date(2026, 11, 3)


@pytest.mark.parametrize("start", FORMULA)
def test_a_workbook_never_runs_what_a_cell_says(start: str) -> None:
    voucher(description=f"{start}cmd|' /C calc'!A0")
    assert cells_of("xlsx")[0]["Descripción de la secuencia"].data_type == "s"


@pytest.mark.parametrize("start", FORMULA)
def test_a_csv_never_gives_a_spreadsheet_what_it_would_run(start: str) -> None:
    voucher(description=f"{start}cmd|' /C calc'!A0")
    assert csv_rows()[0]["Descripción de la secuencia"].startswith(f"'{start}")


def test_a_negative_number_stays_a_number() -> None:
    voucher(unit_price=Decimal(-9999999))
    assert csv_rows()[0]["Valor unitario"] == "-9999999"


def test_a_number_longer_than_a_spreadsheet_keeps_is_text() -> None:
    voucher(cross_document_number=1234567890123456)
    assert cells_of("xlsx")[0]["Número de documento cruce"].value == "1234567890123456"


@given(text=st.text(st.sampled_from("'=+-@\t\r\n aÑ"), max_size=6))
def test_a_guarded_cell_gives_its_text_back(text: str) -> None:
    assert unescape_formula(escape_formula(text)) == text
    assert not escape_formula(text).startswith(FORMULA)


def test_only_what_some_record_holds_gets_a_column_of_an_erp() -> None:
    voucher(siigo={"cufe": "abc"})
    headings = list(csv_rows()[0])
    assert [heading for heading in headings if ":" in heading and heading.startswith(("SAG", "Siigo"))] == [
        "Siigo: CUFE"
    ]


def test_set_and_empty_is_another_cell_than_not_set() -> None:
    voucher(siigo={"cufe": ""})
    assert [row["Siigo: CUFE"] for row in csv_rows()] == ["'", "", ""]


def test_the_model_of_siigo_has_its_titles_then_its_132_headings() -> None:
    voucher()
    sheet: Any = openpyxl.load_workbook(io.BytesIO(written("siigo"))).worksheets[0]
    assert [sheet.cell(row, 1).value for row in range(1, 5)] == [
        "Comercial de Prueba S.A.S.",
        "MODELO PARA LA IMPORTACION DE MOVIMIENTO CONTABLE",
        "De : NOV 3/2026 A : NOV 3/2026",
        None,
    ]
    headings = [cell.value for cell in sheet[5]]
    assert [heading.removesuffix(" (OBLIGATORIO)") for heading in headings] == [row.label for row in MOVEMENT]
    assert sum(heading.endswith(" (OBLIGATORIO)") for heading in headings) == 6


def test_the_model_of_siigo_has_a_row_for_each_line() -> None:
    voucher()
    rows = cells_of("siigo", head=5)
    assert [row["SECUENCIA"].value for row in rows] == [1, 2, 3]
    assert rows[0]["TIPO DE COMPROBANTE (OBLIGATORIO)"].value == "F"


def test_a_text_that_no_cell_holds_is_refused_and_told() -> None:
    voucher(description="x" * 32_768)
    with pytest.raises(FileError, match="caben 32767"):
        written("xlsx")


@pytest.mark.parametrize("kind", list(Kind))
def test_no_two_columns_of_a_table_share_a_heading(kind: Kind) -> None:
    headings = [normalize(column.heading) for column in columns_of(kind)]
    assert len(headings) == len(set(headings))


@pytest.mark.parametrize("kind", list(Kind))
def test_the_example_of_every_column_is_a_value_that_it_takes(kind: Kind) -> None:
    from integrations.erp.fields.parsing import parse

    assert all(parse(column.field, column.field.sample or None) != "" for column in columns_of(kind))
