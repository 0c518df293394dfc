"""Write workbooks row by row: memory does not grow with the rows, and no cell is taken for a formula."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal
from typing import IO, Any

import xlsxwriter  # type: ignore[import-untyped]

from integrations.errors import IntegrationError
from integrations.files.temporary_files import write_temporary

MAX_DIGITS = 15
"""A spreadsheet keeps 15 digits; longer numbers, as a CUFE or an account, are written as text."""
MAX_ROWS = 1_048_576
"""Of a sheet."""
MAX_CHARACTERS = 32_767
"""Of a cell."""
_FIRST_YEAR = 1900
"""Excel takes 1900 for a leap year: its days are written as text."""
_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n")


class WorkbookError(IntegrationError):
    """A table does not fit in a workbook; the message says why and what to do, in Spanish."""


@dataclass(frozen=True)
class WorkbookSheet:
    """A sheet to write: `titles`, one per row, then the headings, then the rows, which are read once."""

    name: str
    columns: Sequence[str]
    rows: Iterable[Sequence[Any]]
    titles: Sequence[str] = ()
    widths: Sequence[int] = field(default=())
    """Of the first columns, in characters."""


def workbook(sheets: Sequence[WorkbookSheet]) -> IO[bytes]:
    """A temporary file with the sheets, rewound; the caller closes it. Raises: WorkbookError where one is too large."""

    def write(file: IO[bytes]) -> None:
        with xlsxwriter.Workbook(file, {"constant_memory": True}) as book:
            formats = _Formats(book)
            for sheet in sheets:
                _write_sheet(book.add_worksheet(sheet.name), sheet, formats)

    return write_temporary(write)


class _Formats:
    def __init__(self, book: Any) -> None:
        self.bold = book.add_format({"bold": True})
        self.day = book.add_format({"num_format": "dd/mm/yyyy"})
        # Excel keeps such a cell as text even when somebody edits it.
        self.quoted = book.add_format({"quote_prefix": True})


def _write_sheet(worksheet: Any, sheet: WorkbookSheet, formats: _Formats) -> None:
    worksheet.ignore_errors({"number_stored_as_text": f"A1:XFD{MAX_ROWS}"})
    _write_head(worksheet, sheet, formats)
    for line, row in enumerate(sheet.rows, len(sheet.titles) + 1):
        if line >= MAX_ROWS:
            raise WorkbookError(f"Una hoja de Excel tiene {MAX_ROWS} filas y no caben todas. Use CSV o filtre.")
        for place, value in enumerate(row):
            if value is not None:
                _write_cell(worksheet, line, place, value, formats)


def _write_head(worksheet: Any, sheet: WorkbookSheet, formats: _Formats) -> None:
    for place, width in enumerate(sheet.widths):
        worksheet.set_column(place, place, width)
    for line, title in enumerate(sheet.titles):
        if title:
            worksheet.write_string(line, 0, title, formats.bold)
    for place, heading in enumerate(sheet.columns):
        worksheet.write_string(len(sheet.titles), place, heading, formats.bold)
    worksheet.freeze_panes(len(sheet.titles) + 1, 0)


def _write_cell(worksheet: Any, line: int, place: int, value: Any, formats: _Formats) -> None:
    if isinstance(value, bool):
        worksheet.write_boolean(line, place, value)
    elif isinstance(value, int | Decimal) and len(str(value).strip("-").replace(".", "")) <= MAX_DIGITS:
        worksheet.write_number(line, place, value)
    elif isinstance(value, date) and not isinstance(value, datetime) and value.year > _FIRST_YEAR:
        worksheet.write_datetime(line, place, datetime(value.year, value.month, value.day), formats.day)  # noqa: DTZ001
    else:
        _write_text(worksheet, line, place, value.isoformat() if isinstance(value, date) else str(value), formats)


def _write_text(worksheet: Any, line: int, place: int, text: str, formats: _Formats) -> None:
    if len(text) > MAX_CHARACTERS:
        raise WorkbookError(
            f"Un texto tiene {len(text)} caracteres y en una celda de Excel caben {MAX_CHARACTERS} "
            f"(empieza «{text[:40]}»). Use CSV."
        )
    worksheet.write_string(line, place, text, formats.quoted if text.startswith(_FORMULA_STARTS) else None)
