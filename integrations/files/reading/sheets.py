"""Which sheet of a workbook is read: the one whose headings are known, or the one that a person names."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path

from integrations.choices import Kind
from integrations.files import exported_table
from integrations.files.reading.cells import InputTable
from integrations.files.reading.column_matching import known_heading
from integrations.files.reading.headings import LAST_HEADING_ROW, MIN_NAMES, heading_row
from integrations.files.reading.questions import SurveyQuestion
from integrations.files.reading.reading_plan import ReadingPlan
from integrations.files.reading.xlsx_table import XlsxTable

_WHICH_SHEET = "El libro tiene varias hojas con datos: diga cuál se importa."


def book_table(path: Path, plan: ReadingPlan) -> tuple[InputTable, SurveyQuestion | None]:
    """The sheet to read, and the question where it could be several. Raises: FileError."""
    table = XlsxTable(path, sheet=plan.sheet)
    sheets = table.description.sheets
    if plan.sheet or len(sheets) == 1 or exported_table.reader_of(exported_table.table_headings(table)):
        return table, None
    is_known = known_heading([Kind(plan.kind)] if plan.kind else Kind)
    names = [name for name in sheets if _has_known_headings(XlsxTable(path, sheet=name), is_known)]
    if not names:
        return table, None
    question = SurveyQuestion("sheet", _WHICH_SHEET, tuple((name, name) for name in names)) if len(names) > 1 else None
    return XlsxTable(path, sheet=names[0]), question


def _has_known_headings(table: XlsxTable, is_known: Callable[[str], bool]) -> bool:
    row = heading_row(islice(table.rows(), LAST_HEADING_ROW), is_known)
    return row is not None and sum(is_known(str(cell)) for cell in row.cells if cell) >= MIN_NAMES
