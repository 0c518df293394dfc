"""Which sheet of a book is read: the one whose headings are known, or the one a person names."""

from itertools import islice
from pathlib import Path

from integrations.choices import Kind
from integrations.files import exported_table
from integrations.files.reading.cells import Table
from integrations.files.reading.headings import LAST_HEADING_ROW, folded, heading_row
from integrations.files.reading.import_targets import known_names
from integrations.files.reading.reading_plan import Plan
from integrations.files.reading.survey import Question
from integrations.files.reading.xlsx_table import XlsxTable

_FEWEST_NAMES = 2


def book_table(path: Path, plan: Plan) -> tuple[Table, Question | None]:
    """The sheet to read, and the question where several could be. Raises: FileError."""
    table = XlsxTable(path, sheet=plan.sheet)
    if plan.sheet or len(table.facts.sheets) == 1 or exported_table.kind_of(exported_table.headings_of(table)):
        return table, None
    kinds = [Kind(plan.kind)] if plan.kind else list(Kind)
    found = [name for name in table.facts.sheets if _is_known(XlsxTable(path, sheet=name), kinds)]
    if not found:
        return table, None
    question = None
    if len(found) > 1:
        choices = tuple((name, name) for name in found)
        question = Question("sheet", "El libro tiene varias hojas con datos: diga cuál se importa.", choices)
    return XlsxTable(path, sheet=found[0]), question


def _is_known(table: XlsxTable, kinds: list[Kind]) -> bool:
    known = known_names(kinds)
    row = heading_row(islice(table.rows(), LAST_HEADING_ROW), known)
    return row is not None and sum(folded(str(cell)) in known for cell in row.cells if cell) >= _FEWEST_NAMES
