"""Tables as files for a spreadsheet: CSV and XLSX, whose cells are never taken for formulas."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import IO, Any

from integrations.files.workbooks import Sheet, workbook

_FORMULA = ("=", "+", "-", "@", "\t", "\r")
_BOM = "\ufeff"
_ROWS_A_PIECE = 500


def safe_text(value: Any) -> str:
    """A cell of a CSV: text that a spreadsheet would run gets an apostrophe before it."""
    if value is None:
        return ""
    text = str(value)
    return f"'{text}" if isinstance(value, str) and text.startswith(_FORMULA) else text


def csv_pieces(
    columns: Sequence[str], rows: Iterable[Sequence[Any]], *, safe: Callable[[Any], str] | None = safe_text
) -> Iterator[bytes]:
    """UTF-8 with the mark that Excel wants, separated by semicolons as Colombian Excel reads them.

    `safe` makes the text of a cell; None: the cells are what they are to be.
    A piece at a time, each of `_ROWS_A_PIECE` rows at most: memory does not grow with the table.
    """
    out = io.StringIO(_BOM)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    for number, row in enumerate(_with_head(columns, rows), 1):
        writer.writerow([safe(value) for value in row] if safe else row)
        if number % _ROWS_A_PIECE == 0:
            yield _taken(out)
    yield _taken(out)


def _taken(out: io.StringIO) -> bytes:
    piece = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return piece


def xlsx_file(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """A temporary file with the table, rewound."""
    return workbook([Sheet("Consulta", columns, rows)])


def _with_head(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterable[Sequence[Any]]:
    yield columns
    yield from rows
