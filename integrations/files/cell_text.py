"""What stands in a cell of a table: exact both ways, and never taken for a formula.

A text gets one apostrophe before it where a spreadsheet could run or lose it: it begins with `= + - @`, a tab or
a line break, or it is blank. The reader takes one away again, so an apostrophe alone is "there, and empty", while
a cell without anything is "not there".
"""

import re
import unicodedata
from datetime import date
from decimal import Decimal

from integrations.erp.fields.spec import Field, ValueType
from integrations.erp.fields.values import shortest_number

Cell = str | int | Decimal | date | None
FIRST_DAY, LAST_DAY = date(1955, 1, 1), date(2099, 12, 31)
"""Days that stand in a workbook as days: a reader takes other serials for plain numbers."""
_BLANK = r"\s*"
_RISKY = re.compile(rf"'*(?:[=+\-@\t\r\n]|{_BLANK}\Z)")
_SUSPECT = "'=+-@"
_GUARDED = re.compile(rf"'+(?:[=+\-@\t\r\n]|{_BLANK}\Z)")


def guarded(text: str) -> str:
    """The text as a cell of a CSV holds it."""
    is_plain = text and text[0] not in _SUSPECT and not text[0].isspace()
    return text if is_plain or not _RISKY.match(text) else f"'{text}"


def in_sheet(cell: Cell) -> Cell:
    """The cell of a workbook, where text is never run: only what would be lost or misread needs the apostrophe."""
    if isinstance(cell, str) and (not cell.strip() or cell.startswith("'")):
        return guarded(cell)
    if isinstance(cell, date) and not FIRST_DAY <= cell <= LAST_DAY:
        return cell.isoformat()
    return cell


def in_csv(cell: Cell) -> Cell:
    return guarded(cell) if isinstance(cell, str) else cell


def unguarded(text: str) -> str:
    """What was meant by a cell's text: the reverse of `guarded`, and harmless to text that never was."""
    return text[1:] if _GUARDED.match(text) else text


def cell_of(field: Field, held: object) -> Cell:
    """What a record holds of a field as a cell: numbers as numbers, dates as dates, everything else as text.

    A literal that its number would not give back (`1.0`, `007`) stays text.
    """
    if held is None:
        return None
    if isinstance(held, bool):
        return "S" if held else "N"
    if isinstance(held, Decimal):
        return shortest_number(held)
    if isinstance(held, int | date):
        return held
    return _literal(field, str(held))


def _literal(field: Field, text: str) -> Cell:
    if field.value_type not in (ValueType.INTEGER, ValueType.DECIMAL) or not re.fullmatch(
        r"-?[0-9]{1,40}(\.[0-9]{1,40})?", text
    ):
        return text
    number = shortest_number(Decimal(text))
    return number if str(number) == text else text


def normal(heading: str) -> str:
    """A heading as it is matched: any case, with or without accents, spaces or «(OBLIGATORIO)»."""
    bare = re.sub(r"\(obligatorio\)", "", heading, flags=re.IGNORECASE)
    ascii_only = unicodedata.normalize("NFKD", bare).encode("ascii", "ignore").decode()
    return re.sub(r"[^a-z0-9%#:]+", " ", ascii_only.lower()).strip()
