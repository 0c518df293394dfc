"""What stays out, as a file of its own format: mended, it comes in."""

import json
from contextlib import suppress
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import TreeBuilder, XMLParser, fromstring

import openpyxl
import pytest
from django.core.management import call_command

from ledger.models import Movement
from tests import builders
from tests.integrations.files.tables import csv_file, line, voucher

pytestmark = pytest.mark.django_db
Captured = pytest.CaptureFixture[str]
ROW: dict[str, Any] = {"voucher_type": "F", "voucher_code": 1, "accounting_account": 1305050001, "document_year": 2026,
                       "document_month": 2, "document_day": 28}  # fmt: skip
SOUND = '<Movimiento CodigoFuente="FV" NumeroDocumento="1" FechaDocumento="2026/11/03"/>'
LACKING = (
    '<Movimiento NumeroDocumento="2" FechaDocumento="2026/11/03">'
    '<MovimientoDetalle CodigoArticulo="Ñ -- &amp;-"/></Movimiento>'
)


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def imported(path: Path, capsys: Captured, *flags: str) -> dict[str, Any]:
    with suppress(SystemExit):
        call_command("import_file", str(path), "--json", *flags)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return told


def rejected(path: Path, capsys: Captured) -> Path:
    """The file with what was refused."""
    out = path.with_name(f"rechazado{path.suffix.replace('csv', 'xlsx')}")
    imported(path, capsys, "--rejects", str(out))
    return out


def lines(number: int, amount: object = 1000) -> list[dict[str, Any]]:
    return [
        {**ROW, "document_number": number, "sequence": place, "debit_or_credit": side, "sequence_value": amount}
        for place, side in ((1, "D"), (2, "C"))
    ]


def json_file(folder: Path, content: Any) -> Path:
    path = folder / "filas.json"
    path.write_text(json.dumps(content), encoding="utf-8")
    return path


def xml_file(folder: Path, *documents: str) -> Path:
    path = folder / "documentos.xml"
    path.write_text(f"<Movimientos>{''.join(documents)}</Movimientos>", encoding="utf-8")
    return path


def test_rows_of_json_come_back_with_what_to_mend_and_come_in_once_mended(tmp_path: Path, capsys: Captured) -> None:
    path = json_file(tmp_path, [*lines(1), *lines(2, "mucho")])
    out = rejected(path, capsys)
    rows = json.loads(out.read_text(encoding="utf-8"))
    assert [row["document_number"] for row in rows] == [2, 2]
    assert rows[0]["Qué corregir"] == "sequence_value: «mucho» no es un número. Escriba, por ejemplo, 10000."
    mended = json_file(tmp_path, [{**row, "sequence_value": 5} for row in rows])
    assert (imported(mended, capsys)["created"], Movement.objects.count()) == (1, 2)


def test_a_second_round_of_json_has_one_mark_a_row(tmp_path: Path, capsys: Captured) -> None:
    first = rejected(json_file(tmp_path, lines(2, "mucho")), capsys)
    again = rejected(first.rename(tmp_path / "otra.json"), capsys)
    assert all(list(row).count("Qué corregir") == 1 for row in json.loads(again.read_text(encoding="utf-8")))


def test_the_process_year_of_each_request_comes_back(tmp_path: Path, capsys: Captured) -> None:
    several = [
        {"data": {"params": {"year": year}, "list": lines(number, "mucho")}} for number, year in ((1, 2025), (2, 2026))
    ]
    requests = json.loads(rejected(json_file(tmp_path, several), capsys).read_text(encoding="utf-8"))
    for request in requests:
        for row in request["data"]["list"]:
            row["sequence_value"] = 5
    imported(json_file(tmp_path, requests), capsys)
    assert list(Movement.objects.order_by("number").values_list("number", "process_year")) == [(1, 2025), (2, 2026)]


def test_elements_of_xml_come_back_under_their_root_with_a_comment_each(tmp_path: Path, capsys: Captured) -> None:
    out = rejected(xml_file(tmp_path, SOUND, LACKING), capsys)
    root = fromstring(out.read_bytes(), XMLParser(target=TreeBuilder(insert_comments=True)))
    comment, element = root
    assert (root.tag, element.get("NumeroDocumento")) == ("Movimientos", "2")
    assert "falta «Fuente»" in str(comment.text)


def test_mended_xml_comes_in(tmp_path: Path, capsys: Captured) -> None:
    out = rejected(xml_file(tmp_path, SOUND, LACKING), capsys)
    text = out.read_text(encoding="utf-8")
    out.write_text(text.replace("<Movimiento Numero", '<Movimiento CodigoFuente="FV" Numero'), encoding="utf-8")
    assert (imported(out, capsys)["created"], Movement.objects.count()) == (1, 2)
    assert Movement.objects.get(number=2).lines.get().article == "Ñ -- &-"


@pytest.mark.parametrize("value", ["a--b-", "---", "-->"])
def test_no_value_breaks_the_comment_that_tells_it(tmp_path: Path, capsys: Captured, value: str) -> None:
    bad = LACKING.replace('NumeroDocumento="2"', f'NumeroDocumento="{value}"')
    assert len(fromstring(rejected(xml_file(tmp_path, bad), capsys).read_bytes())) == 1


def test_rows_of_a_table_come_back_as_a_book_and_come_in_once_mended(tmp_path: Path, capsys: Captured) -> None:
    bad = [line(10, 1, "D", 5), line(10, 2, "C", "diecinueve")]
    out = rejected(csv_file(tmp_path, [*bad, *voucher(11)]), capsys)
    book = openpyxl.load_workbook(out)
    sheet: Any = book.active
    assert (sheet.max_row, sheet.cell(1, 13).value) == (3, "Qué corregir")
    sheet.cell(3, 6).value = 5
    book.save(out)
    assert imported(out, capsys)["created"] == 1


def test_an_export_with_an_error_is_an_export_when_it_comes_back(tmp_path: Path, capsys: Captured) -> None:
    """Its documents keep their identification, and nothing is asked of them."""
    movement = builders.order("OC-1")
    path = tmp_path / "todo.csv"
    call_command("export_file", "movement", str(path))
    text = path.read_text(encoding="utf-8-sig")
    path.write_text(text.replace(str(movement.date), "mañana"), encoding="utf-8")
    capsys.readouterr()
    out = rejected(path, capsys)
    book = openpyxl.load_workbook(out)
    for row in book.active.iter_rows():
        for cell in row:
            cell.value = str(movement.date) if cell.value == "mañana" else cell.value
    book.save(out)
    assert imported(out, capsys)["unchanged"] == 1


def test_a_second_round_of_a_table_has_one_column_of_what_to_mend(tmp_path: Path, capsys: Captured) -> None:
    first = rejected(csv_file(tmp_path, [line(10, 1, "D", "diecinueve")]), capsys)
    again = rejected(first.rename(tmp_path / "otra.xlsx"), capsys)
    headings = [cell.value for cell in openpyxl.load_workbook(again).worksheets[0][1]]
    assert headings.count("Qué corregir") == 1


def test_nothing_is_written_where_nothing_was_refused(tmp_path: Path, capsys: Captured) -> None:
    out = tmp_path / "rechazado.xlsx"
    told = imported(csv_file(tmp_path, voucher(10)), capsys, "--rejects", str(out))
    assert (told["notices"][-1], out.exists()) == ("No se rechazó nada.", False)


def test_a_name_that_says_another_format_is_refused_before_anything_is_imported(
    tmp_path: Path, capsys: Captured
) -> None:
    told = imported(xml_file(tmp_path, SOUND), capsys, "--rejects", str(tmp_path / "a.xlsx"))
    assert "se escribe como .xml" in told["errors"][0]["message"]
    assert not Movement.objects.exists()
