"""A NIT in a file, as programs and people of the country write it: one number, its digit checked, or a clear word."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from catalog.models import ThirdParty
from integrations.files.file_formats import open_file
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.selectors import pages
from ledger.models import Movement, MovementLine
from tests import builders
from tests.integrations.files.tables import book, csv_file, voucher

pytestmark = pytest.mark.django_db
Captured = pytest.CaptureFixture[str]
SAG_HEADINGS = (
    "CodigoFuente;NumeroDocumento;FechaDocumento;Nit;CodigoArticulo;Cantidad;ValorUnitario;Iva;Descuento;Bodega"
)
WRITINGS = ["800111222-7", "800.111.222-7", "800111222 7", "NIT 800.111.222-7", "800111222\u20117", "0800111222"]


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def imported(path: Path, capsys: Captured, *flags: str) -> dict[str, Any]:
    with suppress(SystemExit):
        call_command("import_file", str(path), "--json", *flags)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def sale(folder: Path, nit: str) -> Path:
    path = folder / "ventas.csv"
    path.write_text(f"{SAG_HEADINGS}\nFV;9;31/12/2026;{nit};CAFE;1;3500;19;0;01\n", encoding="utf-8")
    return path


@pytest.mark.parametrize("nit", [*WRITINGS, "N.I.T. 800.111.222 - 7", "800,111,222-7"])
def test_a_nit_of_a_table_is_its_number(tmp_path: Path, capsys: Captured, nit: str) -> None:
    told = imported(sale(tmp_path, nit), capsys)
    assert (told["errors"], Movement.objects.get().tax_id) == ([], "800111222")


def test_a_wrong_digit_is_told_with_its_row_and_the_right_one(tmp_path: Path, capsys: Captured) -> None:
    (error,) = imported(sale(tmp_path, "800111222-3"), capsys)["errors"]
    assert (error["row"], error["column"], error["value"]) == (2, "Nit", "800111222-3")
    assert "El dígito de verificación de 800111222 es 7, no 3" in error["message"]
    assert not Movement.objects.exists()


def test_ten_digits_that_may_end_in_the_digit_are_asked_about(tmp_path: Path, capsys: Captured) -> None:
    (error,) = imported(sale(tmp_path, "8001112227"), capsys)["errors"]
    assert "(«8001112227»): diga qué es la última cifra. Dígalo con --tenth-digit digit|part." in error["message"]
    assert not Movement.objects.exists()


@pytest.mark.parametrize(("answer", "number"), [("digit", "800111222"), ("part", "8001112227")])
def test_what_was_answered_of_the_tenth_digit_holds(tmp_path: Path, capsys: Captured, answer: str, number: str) -> None:
    imported(sale(tmp_path, "8001112227"), capsys, "--tenth-digit", answer)
    assert Movement.objects.get().tax_id == number


@pytest.mark.parametrize("nit", ["1052123456", "CC 8001112227", "8001112223"])
def test_ten_digits_that_are_no_nit_with_its_digit_are_never_cut(tmp_path: Path, capsys: Captured, nit: str) -> None:
    imported(sale(tmp_path, nit), capsys, "--tenth-digit", "digit")
    assert Movement.objects.get().tax_id == nit.removeprefix("CC ")


def test_ten_digits_of_a_machine_come_in_as_they_are_and_are_told(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "ventas.xml"
    head = '<Movimiento CodigoFuente="FV" FechaDocumento="2026-11-03" Nit="8001112227"/>'
    path.write_text(f"<Movimientos>{head}</Movimientos>", encoding="utf-8")
    imported(path, capsys)
    connection = builders.sag_connection("http://127.0.0.1:9/")
    (movement,) = Movement.objects.all()
    judged = pages.would_be_sent(movement, connection)
    assert movement.tax_id == "8001112227"
    assert judged is not None
    assert "nit_with_check_digit" in [problem.rule for problem in judged.problems]


def test_the_same_file_with_its_nits_written_otherwise_changes_nothing(tmp_path: Path, capsys: Captured) -> None:
    imported(sale(tmp_path, "800111222"), capsys)
    told = imported(sale(tmp_path, "NIT 800.111.222-7"), capsys)
    assert (told["created"], told["updated"], told["unchanged"]) == (0, 0, 1)


def test_a_number_of_a_spreadsheet_is_the_nit(tmp_path: Path, capsys: Captured) -> None:
    rows = voucher(10)
    rows[0][10], rows[1][10] = 800111222.0, "800.111.222-7"
    imported(book(tmp_path, rows), capsys)
    assert set(MovementLine.objects.values_list("tax_id", flat=True)) == {"800111222"}


def test_rows_of_one_document_may_write_its_nit_in_two_ways(tmp_path: Path, capsys: Captured) -> None:
    path = sale(tmp_path, "800111222-7")
    path.write_text(path.read_text() + "FV;9;31/12/2026;800.111.222;PAN;1;500;19;0;01\n")
    assert (imported(path, capsys)["errors"], MovementLine.objects.count()) == ([], 2)


def test_a_passport_goes_where_the_field_of_the_erp_is_a_text(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "asientos.xml"
    lines = '<MovimientoDetalle CodigoCuentaContable="{}" Valor="{}" NitTercero="PA AB123456"/>'
    both = lines.format("110505", "1000") + lines.format("413505", "-1000")
    head = '<Movimiento CodigoFuente="CC" FechaDocumento="2026-11-03" NumeroDocumento="4">'
    path.write_text(f"<Movimientos>{head}{both}</Movimiento></Movimientos>")
    assert imported(path, capsys)["errors"] == []
    assert set(MovementLine.objects.values_list("tax_id", flat=True)) == {"AB123456"}


@pytest.mark.parametrize("nit", WRITINGS)
def test_a_nit_of_an_xml_is_its_number(tmp_path: Path, capsys: Captured, nit: str) -> None:
    path = tmp_path / "ventas.xml"
    head = f'<Movimiento CodigoFuente="FV" FechaDocumento="2026-11-03" Nit="{nit}" NitPaciente="{nit}"/>'
    path.write_text(f"<Movimientos>{head}</Movimientos>", encoding="utf-8")
    imported(path, capsys)
    movement = Movement.objects.get()
    assert (movement.tax_id, movement.sag["NitPaciente"]) == ("800111222", "800111222")


@pytest.mark.parametrize("nit", [*map(json.dumps, WRITINGS), "800111222", "800111222.0"])
def test_a_nit_of_a_json_is_its_number(tmp_path: Path, capsys: Captured, nit: str) -> None:
    row = {
        "voucher_type": "F",
        "voucher_code": 1,
        "document_number": 10,
        "accounting_account": 1305050001,
        "debit_or_credit": "D",
        "sequence_value": 1000,
        "sequence": 1,
        "document_year": 2026,
        "document_month": 2,
        "document_day": 28,
    }
    path = tmp_path / "movimientos.json"
    path.write_text(f'[{json.dumps(row)[:-1]}, "nit": {nit}}}]', encoding="utf-8")
    imported(path, capsys)
    assert MovementLine.objects.get().tax_id == "800111222"


def test_the_digit_behind_the_number_of_a_master_is_kept_apart(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "terceros.csv"
    path.write_text("documentoActual;nombre\n800.111.222-7;UNO S.A.S.\nCC 52.123.456;DOS\n800333444;TRES S.A.S.\n")
    assert imported(path, capsys)["errors"] == []
    parties = ThirdParty.objects.order_by("tax_id").values_list("tax_id", "check_digit")
    assert list(parties) == [("52123456", ""), ("800111222", "7"), ("800333444", "")]


def test_a_digit_that_a_column_gives_is_not_written_over(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "terceros.csv"
    path.write_text("digitoVerificacion;documentoActual;nombre\n3;800111222-7;UNO S.A.S.\n")
    imported(path, capsys)
    assert ThirdParty.objects.get().check_digit == "3"


def test_a_master_written_twice_in_two_ways_is_in_the_file_twice(tmp_path: Path, capsys: Captured) -> None:
    path = tmp_path / "terceros.csv"
    path.write_text("documentoActual;nombre\n800.111.222-7;UNO S.A.S.\n800111222;UNO S.A.S.\n")
    assert "dos veces en el archivo" in imported(path, capsys)["errors"][0]["message"]


def test_our_own_template_takes_a_nit_as_people_write_it(tmp_path: Path) -> None:
    path = csv_file(
        tmp_path, [["800.111.222-7", "ALMACÉN S.A.S."]], headings=["Identificación", "Nombre o razón social"]
    )
    (draft,) = open_file(path, plan=ReadingPlan(kind="client")).drafts
    record: Any = draft.record
    assert (draft.errors, record.tax_id) == ([], "800111222")


def test_the_codes_of_salespeople_that_a_connection_translates_keep_their_zeros(
    tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "ventas.xml"
    head = '<Movimiento CodigoFuente="FV" FechaDocumento="2026-11-03" NumeroDocumento="{}" NitVendedor="{}"/>'
    path.write_text(f"<Movimientos>{head.format(4, '007')}{head.format(5, '70.100.200')}</Movimientos>")
    imported(path, capsys)
    assert list(Movement.objects.order_by("number").values_list("salesperson", flat=True)) == ["007", "70100200"]
