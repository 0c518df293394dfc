"""Values as cells of a table that is written: exact both ways, and never taken for a formula.

A text gets one apostrophe before it where a spreadsheet could run or lose it: it begins with `= + - @`, a tab or
a line break, or it is blank. The reader takes one away again, so an apostrophe alone is "there, and empty", while
a cell without anything is "not there".
"""

import re
from datetime import date
from decimal import Decimal

from integrations.erp.fields.spec import Field, ValueType
from integrations.erp.fields.values import shortest_number

OutputCell = str | int | Decimal | date | None

FIRST_DAY, LAST_DAY = date(1955, 1, 1), date(2099, 12, 31)
"""Days that are written as days in a workbook: `reading.dates` takes serials beyond them for plain numbers."""
_BLANK = r"\s*"
_RISKY = re.compile(rf"'*(?:[=+\-@\t\r\n]|{_BLANK}\Z)")
_RISKY_STARTS = "'=+-@"
_ESCAPED = re.compile(rf"'+(?:[=+\-@\t\r\n]|{_BLANK}\Z)")


def escape_formula(text: str) -> str:
    """The text of a CSV cell, with an apostrophe before it where a spreadsheet would run or lose it."""
    is_plain = text and text[0] not in _RISKY_STARTS and not text[0].isspace()
    return text if is_plain or not _RISKY.match(text) else f"'{text}"


def unescape_formula(text: str) -> str:
    """The reverse of `escape_formula`; other text stays as it is."""
    return text[1:] if _ESCAPED.match(text) else text


def sheet_cell(cell: OutputCell) -> OutputCell:
    """The cell of a workbook, where text is never run: only what would be lost or misread is escaped."""
    if isinstance(cell, str) and (not cell.strip() or cell.startswith("'")):
        return escape_formula(cell)
    if isinstance(cell, date) and not FIRST_DAY <= cell <= LAST_DAY:
        return cell.isoformat()
    return cell


def csv_cell(cell: OutputCell) -> OutputCell:
    """The cell of a CSV: every text is escaped."""
    return escape_formula(cell) if isinstance(cell, str) else cell


def output_cell(field: Field, value: object) -> OutputCell:
    """A value as a cell: number, date, S or N, else text, as is a literal that its number would lose (`1.0`, `007`)."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "S" if value else "N"
    if isinstance(value, Decimal):
        return shortest_number(value)
    if isinstance(value, int | date):
        return value
    return _literal(field, str(value))


def _literal(field: Field, text: str) -> OutputCell:
    if field.value_type not in (ValueType.INTEGER, ValueType.DECIMAL) or not re.fullmatch(
        r"-?[0-9]{1,40}(\.[0-9]{1,40})?", text
    ):
        return text
    number = shortest_number(Decimal(text))
    return number if str(number) == text else text
