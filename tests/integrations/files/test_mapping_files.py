"""The table of code mappings as a file, out and in."""

from collections.abc import Callable
from pathlib import Path

import pytest

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
