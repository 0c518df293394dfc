"""The table of code mappings as a file, out and in."""

import csv
import io
from collections.abc import Callable
from pathlib import Path

import pytest
import xlsxwriter  # type: ignore[import-untyped]
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.files import mapping_files
from integrations.files.errors import FileError
from integrations.models import CodeMapping, Connection
from tests import builders
from tests.integrations.files.tables import book, csv_bytes

pytestmark = pytest.mark.django_db


@pytest.fixture
def siigo() -> Connection:
    return builders.siigo_connection("http://127.0.0.1:9/")


@pytest.mark.parametrize(("name", "write"), [("t.csv", mapping_files.as_csv), ("t.xlsx", mapping_files.as_xlsx)])
def test_the_table_comes_back_from_a_file_as_it_went(
    siigo: Connection, name: str, write: Callable[[Connection], bytes]
) -> None:
    CodeMapping.objects.create(connection=siigo, kind="city", code="05001", erp_code="1101")
    body = write(siigo)
    CodeMapping.objects.all().delete()
    assert mapping_files.take(siigo, name, body) == 1
    assert CodeMapping.objects.get(code="05001").erp_code == "1101"


def test_a_book_may_hold_its_codes_as_numbers(siigo: Connection, tmp_path: Path) -> None:
    path = book(tmp_path, [["city", 11001, 149.0]], headings=mapping_files.HEADINGS)
    assert mapping_files.take(siigo, path.name, path.read_bytes()) == 1
    assert CodeMapping.objects.get(code="11001").erp_code == "149"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [";", ","])
def test_a_csv_is_read_in_the_encoding_and_separator_that_it_has(
    siigo: Connection, encoding: str, separator: str
) -> None:
    rows = [["Ciudad", "05001", "Ñ1"]]
    body = csv_bytes(rows, headings=mapping_files.HEADINGS, encoding=encoding, separator=separator)
    assert mapping_files.take(siigo, "t.csv", body) == 1
    assert CodeMapping.objects.get(code="05001").erp_code == "Ñ1"


def test_a_wrong_row_is_named_and_nothing_of_the_file_is_kept(siigo: Connection) -> None:
    body = csv_bytes([["city", "05001", "1101"], ["city", "11001", ""]], headings=mapping_files.HEADINGS)
    with pytest.raises(FileError, match="Fila 3: escriba los dos códigos"):
        mapping_files.take(siigo, "t.csv", body)
    assert not CodeMapping.objects.exists()


def test_what_is_no_book_is_refused(siigo: Connection) -> None:
    with pytest.raises(FileError, match="no es un libro de Excel"):
        mapping_files.take(siigo, "t.xlsx", b"Tipo;Codigo")


WRITERS = {"t.csv": mapping_files.as_csv, "t.xlsx": mapping_files.as_xlsx}
CODE = st.text(st.sampled_from("'=+-@aÑ0;,\"/"), min_size=1, max_size=6).filter(lambda text: text.strip("'"))


@settings(max_examples=30, deadline=None, suppress_health_check=list(HealthCheck))
@given(code=CODE, erp_code=CODE, name=st.sampled_from(sorted(WRITERS)))
def test_no_code_is_run_by_a_spreadsheet_nor_changed_by_it(
    siigo: Connection, code: str, erp_code: str, name: str
) -> None:
    CodeMapping.objects.all().delete()
    CodeMapping.objects.create(connection=siigo, kind="city", code=code, erp_code=erp_code)
    body = WRITERS[name](siigo)
    if name == "t.csv":
        (_headings, row) = csv.reader(io.StringIO(body.decode("utf-8-sig"), newline=""), delimiter=";")
        assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)
    CodeMapping.objects.all().delete()
    mapping_files.take(siigo, name, body)
    assert CodeMapping.objects.values_list("code", "erp_code").get() == (code, erp_code)


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        (["Ciudad;05001;11;01"], "Fila 2: tiene más celdas que títulos"),
        (["Ciudad;05001;11", "Ciudad;05001;12"], "Fila 3: «05001» ya está en la fila 2 con otro código"),
        (["Ciudad;1,1E+09;12"], "Fila 2, Código nuestro: Excel dejó «1,1E\\+09» y perdió cifras"),
        (['Ciudad;05001;"11', "Ciudad;05002;12"], "Fila 2: abre comillas que no cierra"),
    ],
)
def test_a_row_that_can_be_read_in_two_ways_is_told(siigo: Connection, rows: list[str], said: str) -> None:
    body = "\r\n".join([";".join(mapping_files.HEADINGS), *rows]).encode()
    with pytest.raises(FileError, match=said):
        mapping_files.take(siigo, "t.csv", body)
    assert not CodeMapping.objects.exists()


def test_a_file_without_headings_loses_no_row_in_silence(siigo: Connection) -> None:
    with pytest.raises(FileError, match="Falta la fila de títulos"):
        mapping_files.take(siigo, "t.csv", b"Ciudad;05001;11\r\nCiudad;05002;12\r\n")


def test_headings_that_come_again_are_no_mapping(siigo: Connection) -> None:
    rows = [["Ciudad", "05001", "11"], mapping_files.HEADINGS, ["Ciudad", "05002", "12"]]
    assert mapping_files.take(siigo, "t.csv", csv_bytes(rows, headings=mapping_files.HEADINGS)) == 2


def test_hidden_rows_and_errors_of_formulas_are_told(siigo: Connection, tmp_path: Path) -> None:
    path = tmp_path / "t.xlsx"
    for hidden, said in ((True, "filas ocultas"), (False, "#N/A")):
        with xlsxwriter.Workbook(path) as made:
            sheet = made.add_worksheet()
            sheet.write_row(0, 0, mapping_files.HEADINGS)
            sheet.write_row(1, 0, ["Ciudad", "05001", "11"])
            sheet.set_row(1, None, None, {"hidden": hidden})
            if not hidden:
                sheet.write_formula(1, 2, "=NA()", None, "#N/A")
        with pytest.raises(FileError, match=said):
            mapping_files.take(siigo, "t.xlsx", path.read_bytes())
