"""XML and JSON as other programs write them: their encodings, their accents, their numbers."""

import codecs
import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.files.errors import FileError
from integrations.files.file_formats import QuestionsError, open_file
from integrations.files.intake import ImportResult, import_drafts
from integrations.files.reading.numbers import NumberFormat
from integrations.files.reading.reading_plan import ReadingPlan
from ledger.models import Movement, MovementLine
from tests import builders

pytestmark = pytest.mark.django_db
HEAD = 'MovimientoId="1" FechaDocumento="2026/11/03" NumeroDocumento="7" CodigoFuente="PD"'
ROW: dict[str, Any] = {
    "voucher_type": "F", "voucher_code": 1, "document_number": 1, "document_year": 2026, "document_month": 2,
    "document_day": 28, "sequence": 1, "accounting_account": 1305050001, "debit_or_credit": "D",
}  # fmt: skip


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def order(text: str = "Dejar en portería", price: str = "15000", quantity: str = "1", declared: str = "utf-8") -> str:
    line = f'<MovimientoDetalle MovimientoId="1" CodigoArticulo="2002" Cantidad="{quantity}" ValorUnitario="{price}"/>'
    head = f'<?xml version="1.0" encoding="{declared}"?>\r\n'
    return f'{head}<Movimientos><Movimiento {HEAD} Observaciones="{text}">{line}</Movimiento></Movimientos>'


def taken_in(folder: Path, body: bytes, name: str = "orden.xml", numbers: NumberFormat | None = None) -> ImportResult:
    path = folder / name
    path.write_bytes(body)
    return import_drafts(open_file(path, plan=ReadingPlan(numbers=numbers)).drafts, company=builders.company())


def observations(folder: Path, body: bytes) -> str:
    assert taken_in(folder, body).errors == []
    return Movement.objects.get().observations


@pytest.mark.parametrize(
    "body",
    [
        order(declared="utf-16").encode("utf-16"),
        codecs.BOM_UTF16_BE + order(declared="utf-16").encode("utf-16-be"),
        order(declared="utf-16").encode("utf-16-le"),
        order(declared="utf-16").encode("utf-16-be"),
        order(declared="utf-16").encode("utf-8"),
        order(declared="UTF-16").encode("utf-8-sig"),
        order(declared="windows-1252").encode("cp1252"),
        order(declared="ISO-8859-1").encode("latin-1"),
        order().encode("utf-8-sig"),
        order().encode() + b"\x1a",
        order().split("?>", 1)[1].encode(),
    ],
    ids=["utf-16", "utf-16-be", "le, sin marca", "be, sin marca", "dice utf-16 y es utf-8", "con marca de utf-8",
         "windows-1252", "latin-1", "utf-8 con marca", "fin de DOS", "sin declaración"],
)  # fmt: skip
def test_an_xml_is_read_in_whatever_encoding_it_has(tmp_path: Path, body: bytes) -> None:
    assert observations(tmp_path, body) == "Dejar en portería"


def test_the_curly_quotes_of_windows_are_read_where_latin_1_is_declared(tmp_path: Path) -> None:
    assert observations(tmp_path, order("“portería”", declared="ISO-8859-1").encode("cp1252")) == "“portería”"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_declared_entities_are_refused_in_every_encoding(tmp_path: Path, encoding: str) -> None:
    body = order("&x;", declared=encoding).replace("?>", '?><!DOCTYPE m [<!ENTITY x "a">]>')
    with pytest.raises(FileError, match="entidades"):
        taken_in(tmp_path, body.encode(encoding))


@pytest.mark.parametrize(
    "body",
    ["<html><meta charset=utf-8><table><tr><td>1</table>", "<Workbook><Worksheet/></Workbook>", "<table></table>"],
)
def test_a_table_that_is_called_xml_or_xls_is_told_with_what_to_do(tmp_path: Path, body: str) -> None:
    with pytest.raises(FileError, match=r"en Excel y guárdel[ao] como \.xlsx"):
        taken_in(tmp_path, body.encode(), "ventas.xls")


def test_an_unknown_encoding_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="codificación desconocida"):
        taken_in(tmp_path, order("a", declared="utf-7").encode())


def test_line_feeds_emoji_and_curly_quotes_survive(tmp_path: Path) -> None:
    body = order("UNO&#10;línea dos 🚚&#13;&#10;“portería”").encode()
    assert observations(tmp_path, body) == "UNO\nlínea dos 🚚\r\n“portería”"


def test_a_price_with_more_decimals_than_fit_is_told(tmp_path: Path) -> None:
    (error,) = taken_in(tmp_path, order(price="1533.613445").encode()).errors
    assert ("ValorUnitario" in error.text(), "6 decimales" in error.message) == (True, True)


APART = unicodedata.normalize("NFD", "Peña ñandú")


def test_accents_written_apart_are_composed_in_xml(tmp_path: Path) -> None:
    assert observations(tmp_path, order(f"{APART} o&#769;").encode()) == "Peña ñandú ó"


def test_accents_written_apart_are_composed_in_json(tmp_path: Path) -> None:
    rows = [{**ROW, "sequence_value": 1, "sequence_description": APART}]
    assert taken_in(tmp_path, json.dumps(rows).encode(), "filas.json").errors == []
    assert MovementLine.objects.get().description == "Peña ñandú"


def test_a_json_of_windows_powershell_is_read(tmp_path: Path) -> None:
    rows = [{**ROW, "sequence_value": 1}]
    assert taken_in(tmp_path, json.dumps(rows).encode("utf-16"), "filas.json").created == 1


@pytest.mark.parametrize(("numbers", "amount"), [(NumberFormat.COMMA, 15000), (NumberFormat.POINT, 15)])
def test_the_point_of_thousands_in_json_is_asked_about_and_answered(
    tmp_path: Path, numbers: NumberFormat, amount: int
) -> None:
    body = json.dumps([{**ROW, "sequence_value": "15.000"}]).encode()
    with pytest.raises(QuestionsError, match=r"puede ser 15, .* o 15\.000"):
        taken_in(tmp_path, body, "filas.json")
    assert taken_in(tmp_path, body, "filas.json", numbers).errors == []
    assert MovementLine.objects.get().amount == amount


def test_a_number_of_json_is_what_it_says(tmp_path: Path) -> None:
    body = json.dumps([ROW]).replace("}]", ', "sequence_value": 15.000}]').encode()
    assert taken_in(tmp_path, body, "filas.json").errors == []
    assert MovementLine.objects.get().amount == 15


@pytest.mark.parametrize("other", ["0.5", "0.125", "1234.500", "2.25"])
def test_a_number_with_sure_decimals_settles_the_others(tmp_path: Path, other: str) -> None:
    assert taken_in(tmp_path, order(price="15.000", quantity=other).encode()).errors == []
    assert MovementLine.objects.get().unit_price == 15


MARKED = st.sampled_from(["15.000", "1.250", "0.5", "12.25", "1.250.000", "15", "1250.5", "7.125", "1,5"])


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(price=MARKED, quantity=MARKED)
def test_a_number_is_what_the_official_text_says_or_asked_or_told(
    tmp_path_factory: Any, price: str, quantity: str
) -> None:
    Movement.objects.all().delete()
    folder = tmp_path_factory.mktemp("numeros")
    try:
        result = taken_in(folder, order(price=price, quantity=quantity).encode())
    except QuestionsError:
        assert "." in price + quantity
        return
    for line in MovementLine.objects.all():
        assert (float(line.unit_price or 0), float(line.quantity or 0)) == (float(price), float(quantity))
    assert result.errors or MovementLine.objects.count() == 1


def test_lines_beside_their_documents_are_refused_with_the_whole_file(tmp_path: Path) -> None:
    line = '<MovimientoDetalle MovimientoId="1" CodigoArticulo="2002" Cantidad="1" ValorUnitario="15000"/>'
    body = f"<Movimientos><Movimiento {HEAD}/>{line}</Movimientos>".encode()
    with pytest.raises(FileError, match="MovimientoDetalle> fuera de su <Movimiento>"):
        taken_in(tmp_path, body)
    assert not Movement.objects.exists()
