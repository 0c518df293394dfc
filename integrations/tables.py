"""Tables as files for a spreadsheet: CSV and XLSX, whose cells are never taken for formulas."""

import csv
import io
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from decimal import Decimal
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_EXACT_DIGITS = 15
"""A spreadsheet keeps 15 digits; longer numbers, as a CUFE or an account, are written as text."""
_BOM = "\ufeff"


def safe_text(value: Any) -> str:
    """A cell of a CSV: text that a spreadsheet would run gets an apostrophe before it."""
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def csv_bytes(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """UTF-8 with the mark that Excel wants, separated by semicolons as Colombian Excel reads them."""
    out = io.StringIO()
    out.write(_BOM)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow([safe_text(name) for name in columns])
    writer.writerows([safe_text(value) for value in row] for row in rows)
    return out.getvalue().encode()


def xlsx_file(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """A temporary file with the table, rewound; written row by row, so memory stays flat."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the caller's response closes it
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        sheet = book.add_worksheet("Consulta")
        for line, row in enumerate(_with_head(columns, rows)):
            for place, value in enumerate(row):
                _write(sheet, line, place, value)
    out.seek(0)
    return out


def _with_head(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    yield columns
    yield from rows


def _write(sheet: Any, line: int, place: int, value: Any) -> None:
    if value is None:
        return
    if isinstance(value, bool):
        sheet.write_boolean(line, place, value)
    elif isinstance(value, int | Decimal) and len(str(value).strip("-")) <= _EXACT_DIGITS:
        sheet.write_number(line, place, value)
    else:
        sheet.write_string(line, place, value.isoformat() if isinstance(value, date) else str(value))
