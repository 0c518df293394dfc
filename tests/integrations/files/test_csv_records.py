"""The records of a CSV, by the rules of Excel: what breaks them is told, and nothing is swallowed."""

import csv
import io
import unicodedata
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.files.errors import FileError
from integrations.files.reading.cells import RowProblem
from integrations.files.reading.csv_records import read_records
from integrations.files.reading.csv_table import CsvTable
from integrations.files.text_encoding import composed

INCH = 'FV,501,T12,"TUBO PVC 1/2"",10,5000'
PLAIN = "FV,501,C10,CODO,5,1500"
HEADINGS = "Fuente,Número,Artículo,Detalle,Cantidad,Valor"


def records(*lines: str, separator: str = ",", width: int = 6) -> list[list[Any]]:
    return list(read_records(io.StringIO("\r\n".join(lines) + "\r\n", newline=""), separator, width))


def told(record: list[Any]) -> str:
    return record[-1].reason if isinstance(record[-1], RowProblem) else ""


def table(folder: Path, body: bytes | str) -> list[list[Any]]:
    path = folder / "a.csv"
    path.write_bytes(body.encode() if isinstance(body, str) else body)
    return [row.cells for row in CsvTable(path).rows()]


def test_a_quote_that_is_not_doubled_swallows_no_row() -> None:
    assert [record[3:] for record in records(INCH, INCH.replace("1/2", "3/4"), PLAIN)] == [
        ['TUBO PVC 1/2"', "10", "5000"],
        ['TUBO PVC 3/4"', "10", "5000"],
        ["CODO", "5", "1500"],
    ]


@pytest.mark.parametrize("after", [PLAIN, 'FV,501,C10,"",5,1500', 'FV,501,C10,"CODO",5,1500', 'FV,501,C10,"1"" x",5,1'])
def test_what_follows_a_quote_that_is_not_doubled_stays_whole(after: str) -> None:
    first, second = records(INCH, after)
    assert first[3] == 'TUBO PVC 1/2"'
    assert [second] == list(csv.reader([after]))


def test_the_last_line_may_have_the_quote_that_is_not_doubled() -> None:
    assert [record[3] for record in records(PLAIN, INCH)] == ["CODO", 'TUBO PVC 1/2"']


def test_lines_that_are_one_text_or_several_rows_are_told() -> None:
    """The stray quote of the second line closes the text of the first: one record of six cells, or two rows of six."""
    both = records(INCH, 'FV,501,T34,TUBO 3/4",20,7000', PLAIN)
    assert [bool(told(record)) for record in both] == [True, True, False]
    assert [record[:3] for record in both] == [["FV", "501", "T12"], ["FV", "501", "T34"], ["FV", "501", "C10"]]


def test_texts_without_quotes_that_begin_and_end_with_one_swallow_no_row() -> None:
    both = records('FV,501,T12,10,5000,"PROMO', 'FV,501,T34,20,7000,TUBO 3/4"', "FV,501,C10,5,1500,CODO")
    assert [bool(told(record)) for record in both] == [True, True, False]


def test_a_quote_that_never_closes_costs_its_own_line_alone() -> None:
    broken, sound = records('FV,501,T12,"TUBO 1/2,10,5000', PLAIN)
    assert (broken[:3], "no cierra" in told(broken), sound[3]) == (["FV", "501", "T12"], True, "CODO")


def test_the_lines_of_a_broken_text_are_told_together() -> None:
    broken, sound = records('FV,501,T12,"TUBO', 'de 1/2" largo', 'blanco",10,5000', PLAIN)
    assert (broken[-1].display, sound[3]) == ('"TUBO\r\nde 1/2" largo\r\nblanco",10,5000', "CODO")


def test_quotes_that_are_doubled_and_closed_too_early_are_told() -> None:
    assert "dos maneras" in told(records('FV,501,T12,"de ""lujo"" 1/2"",10,5000', PLAIN)[0])


def test_a_stray_quote_in_a_text_without_quotes_is_text() -> None:
    assert records('FV,501,T12,TUBO 1/2" PVC,10,5000')[0][3] == 'TUBO 1/2" PVC'


def test_a_text_of_several_lines_is_one_cell() -> None:
    assert records('FV,501,T12,"una\r\n\r\ndos ""2""\ntres",10,5000', PLAIN)[0][3] == 'una\r\n\r\ndos "2"\ntres'


def test_a_cell_that_is_too_long_costs_its_own_row_alone() -> None:
    long, sound = records(f"FV,501,T12,{'x' * 200_000},1,1", PLAIN)
    assert (long[:3], "más de 131072" in told(long), sound[3]) == (["FV", "501", "T12"], True, "CODO")


@pytest.mark.parametrize("end", [b"\x1a", b"\x1a\x1a", b"\x1a\r\n", b"\r\n\x1a"])
def test_the_mark_that_ends_a_file_of_dos_is_no_text(tmp_path: Path, end: bytes) -> None:
    body = f"{HEADINGS}\r\n{PLAIN}\r\n{PLAIN}".encode() + (b"\r\n" if end.endswith(b"\n") else b"") + end
    assert [cells for cells in table(tmp_path, body) if cells][-1] == PLAIN.split(",")


def test_what_looks_like_the_mark_of_dos_inside_the_file_stays(tmp_path: Path) -> None:
    assert table(tmp_path, f"{HEADINGS}\r\nFV,1,A,a\x1a,1,1\r\n{PLAIN}\r\n")[1][3] == "a\x1a"


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "cp1252", "cp850", "mac_roman"]


@pytest.mark.parametrize("encoding", ENCODINGS)
def test_every_usual_encoding_is_told_by_the_letters(tmp_path: Path, encoding: str) -> None:
    row = ["FV", "1", "Peña & Ñáñez", "Café según pedido número único", "Artículo más débil", "Órdenes"]
    body = "\r\n".join([HEADINGS, ",".join(row), PLAIN]).encode(encoding)
    assert table(tmp_path, body)[1] == row


@pytest.mark.parametrize("text", ["D’ANGELO", "l’oréal", "lunes – viernes", "“porque sí”", "10° – 20°", "dijo— y"])
def test_the_dashes_and_quotes_of_windows_are_not_the_letters_of_a_mac(tmp_path: Path, text: str) -> None:
    assert table(tmp_path, f"A,B\r\n1,{text}\r\n".encode("cp1252"))[1][1] == text


def test_accents_that_a_mac_writes_apart_are_composed(tmp_path: Path) -> None:
    whole = "Número;Descripción\r\n1;Peña ñandú\r\n"
    apart = unicodedata.normalize("NFD", whole)
    assert apart != whole
    assert table(tmp_path, apart) == table(tmp_path, whole)


def test_a_file_that_is_only_partly_utf8_is_told(tmp_path: Path) -> None:
    with pytest.raises(FileError, match="mezcla UTF-8"):
        table(tmp_path, "Número;Descripción\r\n1;Peña ñandú\r\n2;".encode() + b"\xf3\r\n")


CELL = st.text(st.sampled_from("aé1 ,;\t|\"'\n\r\u0301=@_\u00a0’"), max_size=8)
ROWS = st.lists(st.tuples(CELL, CELL, CELL, CELL), min_size=1, max_size=6)
DIALECTS = st.sampled_from(
    [(separator, quoting) for separator in ",;\t|" for quoting in (csv.QUOTE_MINIMAL, csv.QUOTE_ALL)]
)


@settings(max_examples=60, deadline=None)
@given(rows=ROWS, dialect=DIALECTS)
def test_what_a_spreadsheet_writes_comes_in_exactly_or_is_told(rows: list[Any], dialect: tuple[str, Any]) -> None:
    separator, quoting = dialect
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=separator, quoting=quoting).writerows([["A", "B", "C", "D"], *rows])
    read = list(read_records(io.StringIO(out.getvalue(), newline=""), separator, 4))
    sound = [record for record in read if not told(record)]
    written = [["A", "B", "C", "D"], *([composed(cell) for cell in row] for row in rows)]
    left = iter(written)
    assert all(record in left for record in sound)
    assert len(sound) == len(written) or any('"' in "".join(row) or "\n" in "".join(row) for row in written)
    assert len(sound) == len(written) or len(sound) < len(read)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(st.sampled_from("aé1 \"'/"), max_size=6), min_size=1, max_size=5))
def test_what_doubles_no_quote_comes_in_exactly_or_is_told(texts: list[str]) -> None:
    lines = [f'FV,{number},A,"{text}",10,5000' for number, text in enumerate(texts)]
    read = records(*lines)
    assert [record[1] for record in read] == [str(number) for number in range(len(texts))]
    assert all(
        told(record) or record[3] in (text, text.replace('""', '"')) for record, text in zip(read, texts, strict=True)
    )
