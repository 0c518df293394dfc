"""Tables as files for a spreadsheet: CSV and XLSX, whose cells are never taken for formulas."""

import csv
import io
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice
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
    """A CSV for Colombian Excel, in pieces; `safe` makes the text of a cell, None leaves it as it is."""
    out = io.StringIO(_BOM)
    out.seek(0, io.SEEK_END)
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    lines = iter(chain([columns], rows))
    while batch := list(islice(lines, _ROWS_PER_PIECE)):
        writer.writerows([[safe(value) for value in row] for row in batch] if safe else batch)
        yield _flush(out)


def _flush(out: io.StringIO) -> bytes:
    piece = out.getvalue().encode()
    out.seek(0)
    out.truncate()
    return piece


def xlsx_file(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> IO[bytes]:
    """A temporary file with a workbook of headings and rows, rewound."""
    return workbook([WorkbookSheet("Consulta", columns, rows)])
