"""Means of payment in tables of any shape: beside the lines, in rows of their own, or half told."""

import csv
import io
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from integrations.choices import Kind
from integrations.files.file_formats import open_file
from integrations.files.intake import ImportResult, import_drafts
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.writing.export_source import ExportSource, formats_of
from integrations.files.writing.exporting import export
from ledger.models import Movement
from tests import builders
from tests.integrations.files.tables import HEADINGS, csv_file, line

pytestmark = pytest.mark.django_db
PAID = ("CodigoMedioPago", "Medio de pago: valor", "CodigoTransaccion")
SAG = ("CodigoFuente", "NumeroDocumento", "FechaDocumento", "CodigoArticulo", "Cantidad", *PAID)


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def imported(path: Path, *typed: tuple[str, str]) -> ImportResult:
    return import_drafts(open_file(path, plan=ReadingPlan(typed=typed)).drafts, company=builders.company())


def sold(article: object, quantity: object, *paid: object, number: object = 7) -> list[object]:
    return ["FP", number, "2026-11-03", article, quantity, *paid]


def payments() -> list[tuple[str, Decimal, str]]:
    found = Movement.objects.get().payments.order_by("position")
    return list(found.values_list("method", "amount", "transaction_code"))


TWO = [("01", Decimal(100), ""), ("02", Decimal(50), "A-9")]


def test_the_first_payments_may_stand_beside_the_first_lines(tmp_path: Path) -> None:
    rows = [sold("A", 1, "01", 100, ""), sold("B", 2, "02", 50, "A-9"), sold("C", 3, "", "", "")]
    assert imported(csv_file(tmp_path, rows, headings=SAG)).created == 1
    assert (payments(), Movement.objects.get().lines.count()) == (TWO, 3)


def test_a_payment_may_have_a_row_of_its_own(tmp_path: Path) -> None:
    rows = [sold("A", 1, "", "", ""), sold("", "", "01", 100, ""), sold("", "", "02", 50, "A-9")]
    assert imported(csv_file(tmp_path, rows, headings=SAG)).created == 1
    assert (payments(), Movement.objects.get().lines.count()) == (TWO, 1)


def test_a_document_without_number_keeps_the_payments_that_follow_it(tmp_path: Path) -> None:
    rows = [sold("A", 1, "", "", "", number=""), sold("", "", "01", 100, "", number=""),
            sold("", "", "02", 50, "A-9", number="")]  # fmt: skip
    assert imported(csv_file(tmp_path, rows, headings=SAG)).created == 1
    assert payments() == TWO


def test_rows_of_payments_that_are_numbered_on_are_no_lines(tmp_path: Path) -> None:
    headings = (*HEADINGS, *PAID)
    rows = [[*line(10, 1, "D", 5), "", "", ""], [*line(10, 2, "C", 5), "", "", ""],
            ["F", 1, 10, "", "", "", 2026, 11, 3, 3, "", "", "01", 5, ""]]  # fmt: skip
    assert imported(csv_file(tmp_path, rows, headings=headings)).errors == []
    assert (Movement.objects.get().lines.count(), len(payments())) == (2, 1)


def test_a_voucher_of_siigo_with_nothing_but_a_payment_is_told_what_its_line_lacks(tmp_path: Path) -> None:
    alone = ["F", 1, 10, "", "", "", 2026, 11, 3, "", "", "", "01", 5, ""]
    intake = imported(csv_file(tmp_path, [alone], headings=(*HEADINGS, *PAID)))
    assert (intake.created, intake.errors[0].message) == (0, "falta «CUENTA CONTABLE (OBLIGATORIO)».")


@pytest.mark.parametrize(
    ("paid", "column", "value", "told"),
    [
        (("01", "mucho", ""), "Medio de pago: valor", "mucho", "«mucho» no es un número. Escriba, por ejemplo, 10000."),
        (("01", "", ""), "Medio de pago: valor", "", "falta «Medio de pago: valor»."),
        (("", 100, ""), "CodigoMedioPago", "", "falta «CodigoMedioPago»."),
    ],
)
def test_what_is_wrong_with_a_payment_is_told_by_row_column_and_value(
    tmp_path: Path, paid: tuple[object, ...], column: str, value: str, told: str
) -> None:
    rows = [sold("A", 1, "01", 10, ""), sold("B", 1, *paid)]
    (error,) = imported(csv_file(tmp_path, rows, headings=SAG)).errors
    assert (error.row, error.column, error.value, error.message) == (3, column, value, told)


def test_two_payments_in_one_place_are_told(tmp_path: Path) -> None:
    headings = (*SAG, "Medio de pago: posición")
    rows = [[*sold("A", 1, "01", 10, ""), 1], [*sold("B", 1, "02", 10, ""), 1]]
    (error,) = imported(csv_file(tmp_path, rows, headings=headings)).errors
    assert error.row == 3
    assert error.message.startswith("el medio de pago 1 de este documento ya está en la fila 2")


def test_a_report_that_only_names_the_means_brings_no_payment_and_says_so(tmp_path: Path) -> None:
    headings = (*HEADINGS, "Medio de pago")
    path = csv_file(tmp_path, [[*line(10, 1, "D", 5), "EFECTIVO"]], headings=headings)
    opened = open_file(path)
    assert import_drafts(opened.drafts, company=builders.company()).created == 1
    assert (payments(), opened.notices[-1]) == ([], "Columnas que no se importan: Medio de pago.")


def test_the_amount_may_be_named_by_hand(tmp_path: Path) -> None:
    headings = (*SAG[:6], "Pagado", SAG[7])
    path = csv_file(tmp_path, [sold("A", 1, "01", 100, "")], headings=headings)
    imported(path, ("Pagado", "MovimientoMediosPagos.Valor"), ("CodigoMedioPago", "Medio de pago"))
    assert payments() == [("01", Decimal(100), "")]


def test_a_table_without_the_columns_leaves_the_payments_as_they_are(tmp_path: Path) -> None:
    imported(csv_file(tmp_path, [sold("A", 1, "01", 100, "")], headings=SAG))
    intake = imported(csv_file(tmp_path, [sold("A", 2)], headings=SAG[:5]))
    assert (intake.updated, payments()) == (1, [("01", Decimal(100), "")])


def test_what_is_exported_comes_back_without_the_columns_that_only_people_read(tmp_path: Path) -> None:
    imported(csv_file(tmp_path, [sold("A", 1, "01", 100, ""), sold("", "", "02", 50, "A-9")], headings=SAG))
    path = rewritten(tmp_path, lambda heading: not heading.startswith(("Estado", "Nombre del")))
    intake = imported(path)
    assert (intake.errors, intake.unchanged, payments()) == ([], 1, TWO)


def test_an_export_without_its_payments_leaves_them_as_they_are(tmp_path: Path) -> None:
    imported(csv_file(tmp_path, [sold("A", 1, "01", 100, "")], headings=SAG))
    path = rewritten(tmp_path, lambda heading: not heading.startswith("Medio de pago"))
    assert (imported(path).updated, payments()) == (0, [("01", Decimal(100), "")])


def test_an_export_whose_amount_of_a_payment_is_gone_is_told(tmp_path: Path) -> None:
    imported(csv_file(tmp_path, [sold("A", 1, "01", 100, "")], headings=SAG))
    (error,) = imported(rewritten(tmp_path, lambda heading: heading != "Medio de pago: valor")).errors
    assert (error.row, error.message) == (3, "falta «Medio de pago: valor».")


def test_a_payment_of_xml_without_amount_is_told(tmp_path: Path) -> None:
    path = tmp_path / "a.xml"
    path.write_text(
        '<Movimientos><Movimiento CodigoFuente="FP" FechaDocumento="2026/11/03">'
        '<MovimientoMediosPagos CodigoMedioPago="01"/></Movimiento></Movimientos>'
    )
    (error,) = imported(path).errors
    assert error.message == "medio de pago 1: falta «Valor» (Valor)."


def rewritten(folder: Path, keeps: Any) -> Path:
    """The export of all movements, only with some of its columns."""
    made, _ = export(ExportSource(Kind.MOVEMENT, Movement.objects.all(), formats_of("movement")["csv"]), chosen="todo")
    with made:
        rows = list(csv.reader(io.StringIO(made.read().decode("utf-8-sig")), delimiter=";"))
    places = [place for place, heading in enumerate(rows[0]) if keeps(heading)]
    path = folder / "otra-vez.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        csv.writer(out, delimiter=";").writerows([[row[place] for place in places] for row in rows])
    return path
