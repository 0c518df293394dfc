"""Hidden rows of a sheet are never read, nor left out, in silence; hidden columns are told."""

import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import xlsxwriter  # type: ignore[import-untyped]

from integrations.choices import Kind
from integrations.files.file_formats import OpenedFile, QuestionsError, open_file
from integrations.files.intake import import_drafts
from integrations.files.reading.hidden_rows import HiddenRows, named_rows
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.writing.export_source import ExportSource, formats_of
from integrations.files.writing.exporting import export
from ledger.models import Movement
from tests import builders
from tests.integrations.files.tables import HEADINGS, voucher

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def filtered(folder: Path, hidden: Iterable[int], columns: Sequence[str] = ()) -> Path:
    """Three vouchers of two rows each, from row 2 on; rows count from 1."""
    path = folder / "filtrado.xlsx"
    with xlsxwriter.Workbook(path) as made:
        sheet = made.add_worksheet()
        for number, row in enumerate([HEADINGS, *voucher(10), *voucher(11), *voucher(12)]):
            sheet.write_row(number, 0, row)
        for number in hidden:
            sheet.set_row(number - 1, None, None, {"hidden": True})
        for column in columns:
            sheet.set_column(column, None, None, {"hidden": True})
    return path


def opened(path: Path, hidden: HiddenRows | None = None) -> OpenedFile:
    return open_file(path, plan=ReadingPlan(hidden_rows=hidden))


def numbers_of(file: OpenedFile) -> list[int | None]:
    assert import_drafts(file.drafts, company=builders.company()).errors == []
    return list(Movement.objects.order_by("number").values_list("number", flat=True))


def test_hidden_rows_are_asked_about_with_their_number(tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match=r"2 filas ocultas \(4 a 5\)") as asked:
        opened(filtered(tmp_path, [4, 5]))
    assert [question.about for question in asked.value.questions] == ["hidden_rows"]


def test_hidden_rows_are_left_out_where_a_person_says_so_and_told(tmp_path: Path) -> None:
    file = opened(filtered(tmp_path, [4, 5]), HiddenRows.LEAVE)
    assert numbers_of(file) == [10, 12]
    assert "2 filas ocultas de la hoja se dejaron por fuera: 4 a 5." in file.notices


def test_hidden_rows_are_read_where_a_person_says_so_and_told(tmp_path: Path) -> None:
    file = opened(filtered(tmp_path, [4, 5]), HiddenRows.READ)
    assert numbers_of(file) == [10, 11, 12]
    assert "2 filas ocultas de la hoja se leyeron: 4 a 5." in file.notices


@pytest.mark.parametrize("hidden", [[1], [9, 10], []])
def test_hidden_headings_and_blank_rows_are_nothing_to_ask_about(tmp_path: Path, hidden: list[int]) -> None:
    assert numbers_of(opened(filtered(tmp_path, hidden))) == [10, 11, 12]


def test_hidden_columns_that_are_read_are_told(tmp_path: Path) -> None:
    notices = opened(filtered(tmp_path, [], ["K:K"])).notices
    assert "Columnas ocultas de la hoja que también se leen: NIT." in notices


def test_hidden_rows_of_our_own_export_are_asked_about_too(tmp_path: Path) -> None:
    builders.voucher(1001)
    form = formats_of(Kind.MOVEMENT)["xlsx"]
    made, _told = export(ExportSource(Kind.MOVEMENT, Movement.objects.all(), form), chosen="todo")
    with made:
        book: Any = openpyxl.load_workbook(io.BytesIO(made.read()))
    book.worksheets[0].row_dimensions[3].hidden = True
    book.save(tmp_path / "nuestro.xlsx")
    with pytest.raises(QuestionsError, match="1 fila oculta"):
        opened(tmp_path / "nuestro.xlsx")
    assert numbers_of(opened(tmp_path / "nuestro.xlsx", HiddenRows.READ)) == [1001]


def test_rows_are_named_by_their_runs() -> None:
    assert named_rows([3, 4, 5, 9, 11, 12]) == "3 a 5, 9, 11 a 12"
    assert named_rows(range(2, 40, 2)) == "2, 4, 6, 8, 10, 12…"
