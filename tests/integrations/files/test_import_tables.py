"""CSV and XLSX in: whole vouchers or a clear word on each cell, whatever spreadsheet wrote the file."""

import json
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from catalog.models import Article, Client
from integrations.choices import Status, Target
from integrations.files.reading.column_matching import match_headings
from integrations.files.reading.csv_table import CsvTable
from integrations.models import SyncStanding
from ledger.models import Movement, MovementLine
from tests import builders
from tests.integrations.files.tables import HEADINGS, book, csv_file, line, voucher

pytestmark = pytest.mark.django_db
Captured = pytest.CaptureFixture[str]


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def imported(path: Path, capsys: Captured, *flags: str) -> tuple[int, dict[str, Any]]:
    """The exit status and the JSON document of one import."""
    status = 0
    try:
        call_command("import_file", str(path), "--json", *flags)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return status, json.loads(capsys.readouterr().out)


def messages(told: dict[str, Any]) -> str:
    return " ".join(error["message"] for error in told["errors"])


@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_each_encoding_and_separator_is_found_out(
    tmp_path: Path, capsys: Captured, encoding: str, separator: str
) -> None:
    path = csv_file(tmp_path, voucher(10), encoding=encoding, separator=separator)
    status, told = imported(path, capsys)
    assert (status, told["created"], told["errors"]) == (0, 1, [])
    assert MovementLine.objects.filter(description="Venta de año").count() == 2


@pytest.mark.parametrize("ending", ["txt", "tsv"])
def test_a_table_that_a_program_calls_a_text_is_one(tmp_path: Path, capsys: Captured, ending: str) -> None:
    path = csv_file(tmp_path, voucher(10), name=f"movimientos.{ending}", separator="\t")
    assert imported(path, capsys)[1]["created"] == 1


def test_a_text_of_many_lines_does_not_hide_the_separator(tmp_path: Path) -> None:
    """Cut at commas, its forty lines are forty rows of two cells; cut at semicolons, they are one cell of one row."""
    path = tmp_path / "nota.csv"
    note = '"' + "\n".join(["uno, dos"] * 40) + '"'
    path.write_text(f"A;B;C\n1;2;3\n4;5;{note}\n", encoding="utf-8")
    assert CsvTable(path).description.separator == ";"


def test_siigos_own_model_is_read_with_its_title_rows(tmp_path: Path, capsys: Captured) -> None:
    titles = [
        ["COMERCIAL DE PRUEBA S.A.S."],
        ["MODELO PARA LA IMPORTACION DE MOVIMIENTO CONTABLE - MODELO GENERAL"],
        ["De : NOV 1/2026 A : NOV 30/2026"],
        [],
    ]
    status, told = imported(book(tmp_path, voucher(10), titles=titles), capsys)
    assert (status, told["created"]) == (0, 1)
    movement = Movement.objects.get()
    assert (movement.number, movement.date, movement.difference) == (10, date(2026, 11, 3), Decimal(0))


def test_a_book_and_a_csv_of_one_voucher_are_the_same_record(tmp_path: Path, capsys: Captured) -> None:
    imported(csv_file(tmp_path, voucher(10)), capsys)
    _, told = imported(book(tmp_path, voucher(10)), capsys)
    assert (told["created"], told["unchanged"]) == (0, 1)


def test_headings_are_known_by_their_wire_names_too(tmp_path: Path, capsys: Captured) -> None:
    headings = ("voucher_type", "voucher_code", "Document_Number", "accounting_account", "debit_or_credit",
                "sequence_value", "document_year", "document_month", "document_day", "sequence")  # fmt: skip
    path = csv_file(tmp_path, [row[:10] for row in voucher(10)], headings=headings)
    assert imported(path, capsys)[1]["created"] == 1


@pytest.mark.parametrize(
    ("written", "key"),
    [
        ("Código del artículo", "sag-movement-line/CodigoArticulo"),
        ("CODIGO ARTICULO", "sag-movement-line/CodigoArticulo"),
        ("Fecha del documento", "sag-movement/FechaDocumento"),
        ("FormaPago", "sag-movement/FormaPago"),
        ("Forma de pago", "sag-movement/DescripcionFormaPago"),
    ],
)
def test_a_heading_is_known_with_and_without_its_linking_words(written: str, key: str) -> None:
    assert match_headings(["CodigoFuente", written], "movement")[1].key == key


def test_our_own_names_are_known_too(tmp_path: Path, capsys: Captured) -> None:
    headings = (
        "Tipo de comprobante",
        "código de comprobante",
        "NUMERO",
        "fecha",
        "Cuenta PUC",
        "debito o credito",
        "Valor",
    )
    path = csv_file(tmp_path, [["F", 1, 7, "31/12/2026", "1305050001", "D", 5]], headings=headings)
    assert imported(path, capsys)[1]["created"] == 1
    assert Movement.objects.get().date == date(2026, 12, 31)


def test_a_voucher_with_one_bad_line_stays_out_and_the_others_come_in(tmp_path: Path, capsys: Captured) -> None:
    bad = [line(10, 1, "D", 5), line(10, 2, "C", "diecinueve")]
    status, told = imported(csv_file(tmp_path, [*bad, *voucher(11)]), capsys)
    assert (status, told["created"], told["rejected"]) == (1, 1, 1)
    assert list(Movement.objects.values_list("number", flat=True)) == [11]


def test_an_error_names_its_row_its_column_its_value_and_what_to_write(tmp_path: Path, capsys: Captured) -> None:
    _, told = imported(csv_file(tmp_path, [line(10, 1, "D", "diecinueve")]), capsys)
    assert told["errors"] == [
        {
            "row": 2,
            "field": "sequence_value",
            "message": "«diecinueve» no es un número. Escriba, por ejemplo, 10000.",
            "column": "VALOR DE LA SECUENCIA (OBLIGATORIO)",
            "value": "diecinueve",
        }
    ]


@pytest.mark.parametrize(
    ("written", "flags", "value"),
    [
        ("1.250.000", (), "1250000"),
        ("1,250.5", (), "1250.50"),
        ("1250,5", (), "1250.50"),
        ("$ 1.250.000,00", (), "1250000"),
        ("1.250", ("--numbers", "comma"), "1250"),
        ("1.250", ("--numbers", "point"), "1.25"),
        ("0.125", ("--numbers", "point"), None),
        ("(1.250)", ("--numbers", "comma"), "-1250"),
        ("$ 1.250", ("--numbers", "comma"), "1250"),
    ],
)
def test_a_number_is_read_in_the_format_of_its_file(
    tmp_path: Path, capsys: Captured, written: str, flags: tuple[str, ...], value: str | None
) -> None:
    imported(csv_file(tmp_path, [line(10, 1, "D", written)]), capsys, *flags)
    held = MovementLine.objects.first()
    assert (held.amount if held else None) == (Decimal(value) if value else None)


@pytest.mark.parametrize("written", ["1.250", "0.125", "(1.250)", "$ 1.250"])
def test_a_number_that_can_be_read_two_ways_is_asked_about(tmp_path: Path, capsys: Captured, written: str) -> None:
    status, told = imported(csv_file(tmp_path, [line(10, 1, "D", written)]), capsys)
    assert (status, Movement.objects.count()) == (1, 0)
    assert "--numbers" in messages(told)


def dated(folder: Path, *days: object) -> Path:
    headings = ("CodigoFuente", "NumeroDocumento", "FechaDocumento", "CodigoArticulo", "Cantidad")
    return csv_file(folder, [["FV", number, day, "1001", 1] for number, day in enumerate(days, 1)], headings=headings)


@pytest.mark.parametrize(
    ("days", "flags", "read"),
    [
        (("31/12/2026",), (), date(2026, 12, 31)),
        (("12/31/2026",), (), date(2026, 12, 31)),
        (("2026-12-31",), (), date(2026, 12, 31)),
        (("20261231",), (), date(2026, 12, 31)),
        (("46387",), (), date(2026, 12, 31)),
        (("03/04/2026", "31/12/2026"), (), date(2026, 4, 3)),
        (("03/04/2026",), ("--dates", "dmy"), date(2026, 4, 3)),
        (("03/04/2026",), ("--dates", "mdy"), date(2026, 3, 4)),
    ],
)
def test_a_date_is_read_in_the_order_of_its_file(
    tmp_path: Path, capsys: Captured, days: tuple[str, ...], flags: tuple[str, ...], read: date
) -> None:
    imported(dated(tmp_path, *days), capsys, *flags)
    assert Movement.objects.get(number=1).date == read


@pytest.mark.parametrize("days", [("03/04/2026",), ("31/12/2026", "12/31/2026")])
def test_dates_that_can_be_read_two_ways_are_asked_about(
    tmp_path: Path, capsys: Captured, days: tuple[str, ...]
) -> None:
    status, told = imported(dated(tmp_path, *days), capsys)
    assert (status, Movement.objects.count()) == (1, 0)
    assert "--dates" in messages(told)


def test_a_year_of_two_digits_is_asked_about(tmp_path: Path, capsys: Captured) -> None:
    status, told = imported(dated(tmp_path, "31/12/26"), capsys)
    assert (status, Movement.objects.count()) == (1, 0)
    assert "--dates dmy|mdy|ymd" in messages(told)


def test_the_lines_of_a_voucher_may_be_scattered_over_the_file(tmp_path: Path, capsys: Captured) -> None:
    first, second = voucher(10), voucher(11)
    rows = [first[0], second[0], first[1], second[1]]
    _, told = imported(csv_file(tmp_path, rows), capsys)
    assert (told["created"], told["errors"]) == (2, [])
    assert [movement.lines.count() for movement in Movement.objects.all()] == [2, 2]


def test_vouchers_without_a_number_begin_where_the_sequence_does(tmp_path: Path, capsys: Captured) -> None:
    rows = [*voucher(0), *voucher(0, 500)]
    for row in rows:
        row[2] = ""
    _, told = imported(csv_file(tmp_path, rows), capsys)
    assert told["created"] == 2


def test_a_row_of_totals_is_left_out_and_told(tmp_path: Path, capsys: Captured) -> None:
    totals = ["TOTAL", "", "", "", "", 238000, "", "", "", "", "", ""]
    status, told = imported(csv_file(tmp_path, [*voucher(10), [], totals]), capsys)
    assert (status, told["created"]) == (0, 1)
    assert any("La fila 5 parece de totales" in notice for notice in told["notices"])


def test_a_document_whose_description_begins_with_total_is_no_row_of_totals(tmp_path: Path, capsys: Captured) -> None:
    headings = ("documentoActual", "razonSocial")
    path = csv_file(tmp_path, [["800111222", "Total Energías S.A.S."], ["TOTAL", "1 tercero"]], headings=headings)
    _, told = imported(path, capsys, "--model", "third_party")
    assert (told["created"], [notice for notice in told["notices"] if "totales" in notice]) == (
        1,
        ["La fila 3 parece de totales y no se importó."],
    )


def test_a_code_that_excel_cut_short_is_a_wrong_cell(tmp_path: Path, capsys: Captured) -> None:
    _, told = imported(csv_file(tmp_path, [line(10, 1, "D", 5, _3="1,30505E+09")]), capsys)
    assert "perdió cifras" in messages(told)


def test_a_cell_that_is_there_and_empty_is_so_in_every_line(tmp_path: Path, capsys: Captured) -> None:
    rows = [line(10, 1, "D", 5000, _11="'"), line(10, 2, "C", 5000, _11="'")]
    assert imported(csv_file(tmp_path, rows), capsys)[0] == 0
    assert [held.siigo for held in MovementLine.objects.all()] == [{"sequence_description": ""}] * 2


def test_empty_parts_of_a_date_say_nothing_against_the_date_of_each_document(tmp_path: Path, capsys: Captured) -> None:
    headings = (*HEADINGS, "FechaDocumento")
    rows = [
        [*line(number, place, side, 5000, _6="", _7="", _8=""), f"2026-11-{number}"]
        for number in (10, 11)
        for place, side in ((1, "D"), (2, "C"))
    ]
    imported(csv_file(tmp_path, rows, headings=headings), capsys)
    assert [held.date for held in Movement.objects.order_by("number")] == [date(2026, 11, 10), date(2026, 11, 11)]


def test_a_book_whose_month_is_a_yes_is_not_january(tmp_path: Path, capsys: Captured) -> None:
    rows = [line(10, 1, "D", 5000, _7=1), line(10, 2, "C", 5000, _7=1)]
    odd = [line(11, 1, "D", 5000, _7=True), line(11, 2, "C", 5000, _7=True)]
    status, told = imported(book(tmp_path, [*rows, *odd]), capsys)
    assert (status, told["created"], told["rejected"]) == (1, 1, 1)
    assert "«VERDADERO» no es un número" in messages(told)


def test_lost_zeros_are_noticed_by_their_neighbours(tmp_path: Path, capsys: Captured) -> None:
    headings = ("codigo", "descripcion")
    path = csv_file(tmp_path, [["0012", "A"], ["0013", "B"], ["14", "C"]], headings=headings)
    _, told = imported(path, capsys, "--model", "article")
    assert any("«14» tal vez es «0014»" in notice for notice in told["notices"])
    assert Article.objects.count() == 3


def test_a_column_that_is_there_twice_is_asked_about(tmp_path: Path, capsys: Captured) -> None:
    path = csv_file(tmp_path, [[*line(10, 1, "D", 5), "900"]], headings=(*HEADINGS, "nit"))
    status, told = imported(path, capsys)
    assert (status, Movement.objects.count()) == (1, 0)
    assert "está 2 veces (K y M)" in messages(told)


def test_a_column_may_be_named_by_hand(tmp_path: Path, capsys: Captured) -> None:
    headings = (*HEADINGS[:5], "Importe", *HEADINGS[6:])
    path = csv_file(tmp_path, [line(10, 1, "D", 5)], headings=headings)
    assert "Falta la columna «VALOR DE LA SECUENCIA»" in messages(imported(path, capsys)[1])
    assert imported(path, capsys, "--map", "importe=sequence_value")[1]["created"] == 1


def test_columns_that_nobody_knows_are_told(tmp_path: Path, capsys: Captured) -> None:
    path = csv_file(tmp_path, [[*line(10, 1, "D", 5), "x"]], headings=(*HEADINGS, "RUTA DOCUMENTO"))
    _, told = imported(path, capsys)
    assert "Columnas que no se importan: RUTA DOCUMENTO." in told["notices"]


def test_what_a_file_has_no_column_for_stays_as_it_is(tmp_path: Path, capsys: Captured) -> None:
    first = csv_file(tmp_path, [["800111222", "UNO", "Calle 1"]], headings=("documento", "nombre", "direccion"))
    imported(first, capsys, "--model", "client")
    second = csv_file(tmp_path, [["800111222", "DOS"]], headings=("documento", "nombre"))
    imported(second, capsys, "--model", "client")
    assert list(Client.objects.values_list("name", "address")) == [("DOS", "Calle 1")]


def sent(number: int) -> None:
    row = SyncStanding.objects.get(record_id=Movement.objects.get(number=number).pk, target=Target.SIIGO)
    SyncStanding.objects.filter(pk=row.pk).update(status=Status.SYNCED, ever_present=True)


def test_a_sent_voucher_is_not_overwritten_without_a_decision(tmp_path: Path, capsys: Captured) -> None:
    imported(csv_file(tmp_path, voucher(10)), capsys)
    sent(10)
    status, told = imported(csv_file(tmp_path, voucher(10, 5)), capsys)
    assert (status, told["differing"], told["updated"]) == (1, 1, 0)
    assert Movement.objects.get().total_debit == 119000


def test_a_sent_voucher_changes_where_someone_decides_so(tmp_path: Path, capsys: Captured) -> None:
    imported(csv_file(tmp_path, voucher(10)), capsys)
    sent(10)
    status, told = imported(csv_file(tmp_path, voucher(10, 5)), capsys, "--over-sent")
    assert (status, told["updated"]) == (0, 1)
    assert Movement.objects.get().siigo_status == Status.CHANGED
