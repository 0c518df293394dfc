"""Tables as files for a spreadsheet: CSV and XLSX, whose cells are never taken for formulas."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain
from typing import IO, Any

from integrations.files.workbooks import WorkbookSheet, workbook

_FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"
_ROWS_PER_PIECE = 500


def safe_text(value: Any) -> str:
    """The text of a CSV cell: one that a spreadsheet would run gets an apostrophe before it."""
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA_STARTS) else text


def csv_pieces(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, safe: Callable[[Any], str] | None = safe_text
) -> Iterator[bytes]:
    """A CSV of headings and rows in pieces of some rows: UTF-8 with the byte order mark that Excel wants, and the
    semicolons of Colombian Excel.

    `safe` makes the text of a cell; None: the cells are written as they are.
    """
    out = io.StringIO(_BOM)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for number, row in enumerate(chain([columns], rows), 1):
        writer.writerow([safe(value) for value in row] if safe else row)
        if number % _ROWS_PER_PIECE == 0:
            yield _flush(out)
    yield _flush(out)


def _flush(out: io.StringIO) -> bytes:
    piece = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return piece


def xlsx_file(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """A temporary file with a workbook of headings and rows, rewound."""
    return workbook([WorkbookSheet("Consulta", columns, rows)])
