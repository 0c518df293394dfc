"""Files in: whole documents or a clear refusal, and a second import changes nothing."""

import json
from contextlib import suppress
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from hypothesis import given
from hypothesis import strategies as st

from catalog.models import Article, Client
from integrations.choices import Kind
from integrations.files.errors import FileError
from integrations.files.json_reader import read_json
from integrations.files.xml_reader import read_xml
from integrations.models import SyncStanding
from ledger.models import Movement
from tests import builders

PUBLISHED = Path(__file__).parents[2] / "published"
ROW: dict[str, Any] = {
    "voucher_type": "F",
    "voucher_code": 1,
    "document_number": 10,
    "accounting_account": 1305050001,
    "debit_or_credit": "D",
    "sequence_value": 1000,
    "document_year": 2026,
    "document_month": 2,
    "document_day": 28,
    "sequence": 1,
}

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def imported(path: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> tuple[int, dict[str, Any]]:
    """The exit status and the JSON document of one import."""
    status = 0
    try:
        call_command("import_file", str(path), "--json", *flags)
    except SystemExit as ended:
        status = int(ended.code or 0)
    return status, json.loads(capsys.readouterr().out)


def rows_file(folder: Path, *rows: Any) -> Path:
    path = folder / "filas.json"
    path.write_text(json.dumps(list(rows), ensure_ascii=False), encoding="utf-8")
    return path


def text_file(folder: Path, text: str | bytes, name: str = "archivo.json") -> Path:
    path = folder / name
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


@pytest.mark.parametrize("name", sorted(path.name for path in PUBLISHED.iterdir()))
def test_each_published_example_comes_in(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = imported(PUBLISHED / name, capsys)
    assert (status, told["created"], told["errors"]) == (0, 1, [])


WITHOUT_NUMBER = ("sag-movement-1.xml", "sag-movement-2.xml", "sag-movement-3.xml")


@pytest.mark.parametrize("name", sorted({path.name for path in PUBLISHED.iterdir()} - {*WITHOUT_NUMBER}))
def test_importing_twice_changes_nothing(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    imported(PUBLISHED / name, capsys)
    status, told = imported(PUBLISHED / name, capsys)
    assert (status, told["created"], told["updated"], told["unchanged"]) == (0, 0, 0, 1)


@pytest.mark.parametrize("name", WITHOUT_NUMBER)
def test_a_document_without_number_that_comes_twice_is_asked_about(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(PUBLISHED / name, capsys)
    status, told = imported(PUBLISHED / name, capsys)
    assert (status, told["created"], told["updated"], told["asked"]) == (1, 0, 0, 1)
    assert "--same-file same|new" in told["errors"][0]["message"]


def test_the_two_published_documents_with_one_number_are_two_where_a_person_says_so(
    capsys: pytest.CaptureFixture[str],
) -> None:
    imported(PUBLISHED / "sag-movement-5.xml", capsys)
    status, told = imported(PUBLISHED / "sag-movement-4.xml", capsys)
    assert (status, told["created"], told["asked"]) == (1, 0, 1)
    imported(PUBLISHED / "sag-movement-4.xml", capsys, "--number-again", "new")
    assert Movement.objects.filter(number=14516, prefix="PR").count() == 2


def test_a_voucher_keeps_its_lines_and_totals(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    credit = ROW | {"sequence": 2, "debit_or_credit": "C", "sequence_value": Decimal("999.5")}
    path = text_file(tmp_path, json.dumps([ROW, credit], default=float))
    imported(path, capsys)
    movement = Movement.objects.get()
    assert (movement.lines.count(), movement.difference) == (2, Decimal("0.50"))


def test_new_records_get_a_standing_for_each_erp_that_takes_them(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(rows_file(tmp_path, ROW), capsys)
    imported(PUBLISHED / "sag-clients.xml", capsys)
    assert set(SyncStanding.objects.values_list("kind", "target")) == {
        ("movement", "siigo"),
        ("movement", "sag"),
        ("client", "sag"),
    }


def test_a_changed_document_is_updated_and_its_version_raised(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    imported(rows_file(tmp_path, ROW), capsys)
    _, told = imported(rows_file(tmp_path, ROW | {"sequence_value": 2000}), capsys)
    assert told["updated"] == 1
    assert Movement.objects.get().version == 2


def test_a_dry_run_writes_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    _, told = imported(rows_file(tmp_path, ROW), capsys, "--dry-run")
    assert (told["created"], Movement.objects.count()) == (1, 0)


@pytest.mark.parametrize(
    ("change", "field", "said"),
    [
        ({"sequence_value": "diecinueve"}, "sequence_value", "no es un número"),
        ({"sequence_value": True}, "sequence_value", "no es un número"),
        ({"sequence_value": [1]}, "sequence_value", "Una lista no es un número"),
        ({"sequence_value": 0.123}, "sequence_value", "decimales"),
        ({"sequence_value": 10**19}, "sequence_value", "demasiado grande"),
        ({"sequence_valeu": 5}, "sequence_valeu", "¿Quiso decir «sequence_value»?"),
        ({"document_day": 29}, "document_day", "no existe. Revise año, mes y día"),
        ({"document_month": 13}, "document_day", "no existe. Revise año, mes y día"),
        ({"accounting_account": None}, "accounting_account", "falta «CUENTA CONTABLE»"),
        ({"voucher_type": "FACTURA"}, "voucher_type", "caben 4"),
        ({"sequence": -1}, "sequence", "lo mínimo que cabe"),
        ({"document_number": 1.5}, "document_number", "tiene decimales"),
    ],
)
def test_each_bad_value_names_its_row_and_field(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], change: dict[str, Any], field: str, said: str
) -> None:
    status, told = imported(rows_file(tmp_path, ROW | change), capsys)
    (error,) = told["errors"]
    assert (status, error["row"], error["field"]) == (1, 1, field)
    assert said in error["message"]


def test_a_document_with_one_bad_line_stays_out_whole_and_the_others_come_in(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = ROW | {"sequence": 2, "sequence_value": "x"}
    status, told = imported(rows_file(tmp_path, ROW, bad, ROW | {"document_number": 11}), capsys)
    assert (status, told["created"], told["rejected"]) == (1, 1, 1)
    assert list(Movement.objects.values_list("number", flat=True)) == [11]


def test_the_same_voucher_twice_in_a_file_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    status, told = imported(rows_file(tmp_path, ROW, ROW), capsys)
    assert (status, Movement.objects.count()) == (1, 0)
    assert "dos veces en el archivo" in told["errors"][0]["message"]


def test_the_same_client_twice_in_a_file_comes_in_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one = '<cliente documento="800111222" nombre="A"/>'
    status, told = imported(text_file(tmp_path, f"<clientes>{one}{one}</clientes>", "c.xml"), capsys)
    assert (status, told["created"], told["errors"][0]["row"]) == (1, 1, 2)


@pytest.mark.parametrize(
    ("text", "name", "said"),
    [
        ('[{"voucher_type": "F"', "a.json", "incompleto"),
        ("{,}", "a.json", "línea 1, columna 2"),
        ("", "a.json", "vacío"),
        ("[]", "a.json", "lista está vacía"),
        ('{"data": {}}', "a.json", "no trae la lista"),
        ("[1]", "a.json", "no es un objeto"),
        ('[{"voucher_type": "F", "voucher_type": "G"}]', "a.json", "dos veces el campo"),
        ('[{"sequence_value": NaN}]', "a.json", "NaN"),
        ("[" * 100_000, "a.json", "niveles anidados"),
        ("<clientes><cliente", "a.xml", "incompleto o mal formado"),
        ("<facturas/>", "a.xml", "se espera uno de"),
        ("<clientes/>", "a.xml", "no trae registros"),
        ("<clientes><proveedor/></clientes>", "a.xml", "se esperaba <cliente>"),
        (b"\x89PNG\r\n\x1a\n", "a.json", "una imagen"),
        (b"PK\x03\x04....", "a.json", "Excel"),
        (b"\xff\xfe[\x00", "a.json", "no es texto UTF-8"),
        ("columna;otra\n1;2", "a.csv", "No se reconoce ninguna columna"),
    ],
)
def test_a_file_that_is_not_what_it_claims_is_one_clear_message(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str | bytes, name: str, said: str
) -> None:
    status, told = imported(text_file(tmp_path, text, name), capsys)
    assert (status, len(told["errors"]), Movement.objects.count()) == (1, 1, 0)
    assert said in told["errors"][0]["message"]


BOMB = (
    '<!DOCTYPE x [<!ENTITY a "0123456789"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<clientes><cliente documento="1" nombre="&b;"/></clientes>'
)
EXTERNAL = '<!DOCTYPE x [<!ENTITY e SYSTEM "file:///etc/hostname">]><clientes><cliente nombre="&e;"/></clientes>'


@pytest.mark.parametrize("text", [BOMB, EXTERNAL], ids=["bomb", "external"])
def test_entities_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str], text: str) -> None:
    status, told = imported(text_file(tmp_path, text, "c.xml"), capsys)
    assert status == 1
    assert "entidades" in told["errors"][0]["message"]


def test_a_line_of_sag_names_its_document_line_and_field(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = (
        '<Movimientos><Movimiento CodigoFuente="PD" FechaDocumento="2025-02-29">'
        '<MovimientoDetalle Cantidad="seis"/></Movimiento></Movimientos>'
    )
    _, told = imported(text_file(tmp_path, text, "m.xml"), capsys)
    assert [(error["row"], error["field"]) for error in told["errors"]] == [(1, "FechaDocumento"), (1, "Cantidad")]
    assert "línea 1" in told["errors"][1]["message"]


def test_elements_are_read_as_attributes_are(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = "<Terceros><tercero><documentoActual>800111222</documentoActual><nombre>UNO</nombre></tercero></Terceros>"
    status, told = imported(text_file(tmp_path, text, "t.xml"), capsys)
    assert (status, told["model"], told["created"]) == (0, "third_party", 1)


def test_a_wrong_check_digit_comes_in(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    text = '<clientes><cliente documento="890900300" digitoVerificacion="2" nombre="UNO"/></clientes>'
    status, _ = imported(text_file(tmp_path, text, "c.xml"), capsys)
    assert (status, Client.objects.get().check_digit_is_wrong) == (0, True)


def test_articles_of_one_code_and_two_sizes_are_two(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    one, other = (f'<articulo codigo="1" descripcion="A" talla="{size}"/>' for size in (36, 38))
    text = f"<articulos>{one}{other}</articulos>"
    imported(text_file(tmp_path, text, "a.xml"), capsys)
    assert Article.objects.count() == 2


def test_equal_documents_without_a_number_are_told_apart_by_their_order(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    line = '<MovimientoDetalle CodigoArticulo="1" Cantidad="1"/>'
    one = f'<Movimiento CodigoFuente="PD" FechaDocumento="2026/01/02" NumeroDocumento="0">{line}</Movimiento>'
    path = text_file(tmp_path, f"<Movimientos>{one}{one}</Movimientos>", "m.xml")
    imported(path, capsys)
    _, told = imported(path, capsys, "--same-file", "same")
    assert (Movement.objects.count(), told["unchanged"]) == (2, 2)


def test_an_unknown_company_is_wrong_usage(tmp_path: Path) -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_file", str(rows_file(tmp_path, ROW)), "--company", "1")
    assert refused.value.returncode == 2


def test_a_file_of_another_kind_than_asked_is_refused(capsys: pytest.CaptureFixture[str]) -> None:
    status, told = imported(PUBLISHED / "sag-clients.xml", capsys, "--model", Kind.ARTICLE.value)
    assert status == 1
    assert "se pidió" in told["errors"][0]["message"]


@given(st.binary(max_size=300))
def test_whatever_the_bytes_json_is_read_or_refused(data: bytes) -> None:
    with suppress(FileError):
        read_json(data)


@given(st.binary(max_size=300) | st.text(max_size=200).map(lambda text: f"<clientes>{text}</clientes>".encode()))
def test_whatever_the_bytes_xml_is_read_or_refused(data: bytes) -> None:
    with suppress(FileError):
        read_xml(data)


def test_the_command_exits_with_2_for_a_file_that_does_not_exist() -> None:
    with pytest.raises(CommandError) as refused:
        call_command("import_file", "no-existe.json")
    assert refused.value.returncode == 2
