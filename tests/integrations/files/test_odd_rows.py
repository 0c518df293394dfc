"""Rows that can be read in two ways: each is told by row and reason, and stays out with its whole document."""

import csv
import io
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from integrations.files.file_formats import open_file
from integrations.files.intake import ImportResult, import_drafts
from integrations.files.reading.reading_plan import ReadingPlan
from ledger.models import Movement, MovementLine
from tests import builders
from tests.integrations.files.tables import HEADINGS, book, line, voucher

pytestmark = pytest.mark.django_db
SALES = "CodigoFuente;NumeroDocumento;FechaDocumento;Nit;CodigoArticulo;DetalleAdicional;Cantidad;ValorUnitario;Bodega"
SOUND = "FV;{};31/12/2026;800111222;T1;Tubo;10;5000;01"


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def sales(folder: Path, *rows: str, headings: str = SALES) -> ImportResult:
    path = folder / "ventas.csv"
    path.write_text("\r\n".join([headings, *rows]) + "\r\n", encoding="utf-8", newline="")
    return import_drafts(open_file(path).drafts, company=builders.company())


def numbers() -> list[int | None]:
    return list(Movement.objects.order_by("number").values_list("number", flat=True))


def test_a_separator_inside_a_text_keeps_its_whole_document_out(tmp_path: Path) -> None:
    odd = "FV;2;31/12/2026;800111222;T1;Tubo; blanco;10;5000;01"
    result = sales(tmp_path, SOUND.format(1), SOUND.format(2), odd, SOUND.format(3))
    assert (numbers(), [error.row for error in result.errors]) == ([1, 3], [4])
    assert "más celdas que títulos" in result.errors[0].message


def test_a_decimal_comma_without_quotes_is_never_cut(tmp_path: Path) -> None:
    comma = [row.replace(";", ",") for row in (SALES, SOUND.format(1), SOUND.format(2))]
    result = sales(tmp_path, comma[1], f"{comma[2].removesuffix('5000,01')}5000,75,01", headings=comma[0])
    assert (numbers(), [error.row for error in result.errors]) == ([1], [3])


def test_a_row_of_another_width_is_told_though_its_last_cell_is_empty(tmp_path: Path) -> None:
    odd = "FV;3;31/12/2026;800111222;T1;Tubo; blanco;10;5000;"
    result = sales(tmp_path, SOUND.format(1), SOUND.format(2), odd)
    assert (numbers(), "10 celdas" in result.errors[0].message) == ([1, 2], True)


def test_empty_cells_beyond_the_headings_say_nothing(tmp_path: Path) -> None:
    result = sales(tmp_path, f"{SOUND.format(1)};;", f"{SOUND.format(2)};;")
    assert (numbers(), result.errors) == ([1, 2], [])


def test_a_row_whose_document_nobody_can_tell_keeps_its_neighbours_out(tmp_path: Path) -> None:
    """The stray quote stands before the number: the row may be of either document beside it."""
    result = sales(tmp_path, SOUND.format(1), SOUND.format(2), '"FV;2;31/12/2026', SOUND.format(3), SOUND.format(4))
    assert numbers() == [1, 4]
    assert ["puede ser de este documento" in error.message for error in result.errors] == [True, False, True]


def test_scattered_documents_stay_out_whole(tmp_path: Path) -> None:
    odd = "FV;1;31/12/2026;800111222;T1;Tubo; blanco;10;5000;01"
    sales(tmp_path, SOUND.format(1), SOUND.format(2), odd, SOUND.format(2))
    assert numbers() == [2]


def test_a_text_cut_by_a_line_break_is_told_as_one_row(tmp_path: Path) -> None:
    result = sales(tmp_path, SOUND.format(1), "FV;2;31/12/2026;800111222;T1;Tubo", "blanco;10;5000;01", SOUND.format(3))
    assert (numbers(), [error.row for error in result.errors]) == ([1, 3], [3])
    assert "las filas 3 y 4 parecen una sola" in result.errors[0].message


def test_a_last_text_cut_by_a_line_break_keeps_its_document_out(tmp_path: Path) -> None:
    headings = SALES.replace(";DetalleAdicional", "") + ";DetalleAdicional"
    row = "FV;{};31/12/2026;800111222;T1;10;5000;01;Tubo"
    result = sales(tmp_path, row.format(1), row.format(2), "blanco; largo", row.format(3), headings=headings)
    assert (numbers(), {error.row for error in result.errors}) == ([1, 3], {3, 4})


def test_a_last_text_of_several_lines_in_a_file_of_one_row_is_told(tmp_path: Path) -> None:
    headings = SALES.replace(";DetalleAdicional", "") + ";DetalleAdicional"
    result = sales(tmp_path, "FV;1;31/12/2026;800111222;T1;10;5000;01;Tubo", "blanco", "largo", headings=headings)
    assert (numbers(), [error.row for error in result.errors][:1]) == ([], [2])


def test_rows_of_many_widths_are_measured_by_their_headings(tmp_path: Path) -> None:
    odd = "FV;2;31/12/2026;800111222;T1;Tubo; blanco;10;5000;01"
    cut = ["FV;3;31/12/2026;800111222;T1;Tubo", "blanco;10;5000;01"]
    result = sales(tmp_path, SOUND.format(1), odd, *cut)
    assert (numbers(), [error.row for error in result.errors]) == ([1], [3, 4])


def test_short_rows_that_are_no_pieces_of_one_come_in(tmp_path: Path) -> None:
    result = sales(tmp_path, SOUND.format(1), *(SOUND.format(n).removesuffix(";01") for n in (2, 3)), SOUND.format(4))
    assert (numbers(), result.errors) == ([1, 2, 3, 4], [])


def test_of_an_odd_row_nothing_but_its_own_reason_is_said(tmp_path: Path) -> None:
    result = sales(tmp_path, "FV;2;31/12/2026;800111222;T1;Tubo;blanco;mucho;5000;01")
    assert len(result.errors) == 1


def test_headings_and_feet_that_come_again_on_each_page_are_counted(tmp_path: Path) -> None:
    rows = [
        SOUND.format(1),
        "Página 1 de 2;;;;;;;;",
        "Comercial;;;;;;;;",
        SALES,
        SOUND.format(2),
        "Página 2 de 2;;;;;;;;",
    ]
    path = tmp_path / "informe.csv"
    path.write_text("\r\n".join(["Comercial;;;;;;;;", SALES, *rows]), encoding="utf-8", newline="")
    opened = open_file(path)
    result = import_drafts(opened.drafts, company=builders.company())
    assert (numbers(), result.errors) == ([1, 2], [])
    assert "La fila 6 repite los títulos y se dejó por fuera." in opened.notices
    assert "3 filas son títulos o pies de página y se dejaron por fuera: 4 a 5, 8." in opened.notices


def test_columns_without_a_heading_and_notes_apart_are_told_and_cost_nothing(tmp_path: Path) -> None:
    headings = ("", *HEADINGS)
    rows = [["1", *row, None, "nota"] for row in voucher(10)]
    opened = open_file(book(tmp_path, rows, headings=headings))
    assert import_drafts(opened.drafts, company=builders.company()).created == 1
    assert "Columnas sin título que no se importan: A, O." in opened.notices


def test_a_cell_beside_the_table_of_a_book_keeps_its_document_out(tmp_path: Path) -> None:
    path = book(tmp_path, [*voucher(10), [*line(11, 1, "D", 5), "nota"], line(11, 2, "C", 5)])
    result = import_drafts(open_file(path).drafts, company=builders.company())
    assert (numbers(), [error.row for error in result.errors]) == ([10], [4])
    assert "columna M, que no tiene título" in result.errors[0].message


@pytest.mark.parametrize("end", ["Tubo;10;5000;01;99", '"Tubo 1/2'])
def test_what_was_refused_is_refused_again_as_long_as_nobody_corrects_it(tmp_path: Path, end: str) -> None:
    sales(tmp_path, f"FV;2;31/12/2026;800111222;T1;{end}")
    again = tmp_path / "rechazado.xlsx"
    for path in (tmp_path / "ventas.csv", again, again):
        with pytest.raises(SystemExit):
            call_command("import_file", str(path), f"--rejects={again}", "--json")
    assert Movement.objects.count() == 0


# Of a file without quotes nobody can tell a separator at the end of its last text from an empty cell, nor quotes around
# a text from quotes of the file.
CELL = st.text(st.sampled_from('aé 1;,."\n'), max_size=6).filter(
    lambda text: ("\n" not in text or ";" not in text) and not text.rstrip().endswith((";", '"'))
)
PLAN = ReadingPlan(separator=";")


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(texts=st.lists(CELL, min_size=1, max_size=5), quoting=st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_NONE]))
def test_every_line_of_a_file_is_a_line_here_or_told(tmp_path_factory: Any, texts: list[str], quoting: int) -> None:
    """With quotes, or as a program writes that knows none: what came in and what was told is the file."""
    Movement.objects.all().delete()
    rows = [line(number, 1, "D", 119000, _11=text) for number, text in enumerate(texts, 1)]
    path = tmp_path_factory.mktemp("raras") / "a.csv"
    path.write_text(written(rows, quoting), encoding="utf-8", newline="")
    result = import_drafts(open_file(path, plan=PLAN).drafts, company=builders.company())
    told = {error.row for error in result.errors}
    came: dict[Any, str] = dict(MovementLine.objects.values_list("movement__number", "description"))
    assert all(came[number] == texts[number - 1].strip() for number in came if texts[number - 1].strip())
    assert set(range(1, len(texts) + 1)) - set(came) == set() or told
    assert all(line.amount == 119000 for line in MovementLine.objects.all())


def written(rows: list[list[object]], quoting: int) -> str:
    if quoting == csv.QUOTE_NONE:
        return "\r\n".join(";".join(map(str, row)) for row in [HEADINGS, *rows]) + "\r\n"
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows([HEADINGS, *rows])
    return out.getvalue()
