"""The rows that stay out, as a book to mend and bring in again: as they were, and what to mend beside them."""

import tempfile
from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import IO, Any

import simplejson
import xlsxwriter  # type: ignore[import-untyped]

from integrations.files.opening import TABLES
from integrations.files.reading.cells import Cell, shown
from integrations.files.reading.headings import CORRECTION_HEADING
from integrations.files.sources import rows_of
from integrations.models import ImportFile, StagedDocument

_EXACT_DIGITS = 15


def has_rejects(file: ImportFile) -> bool:
    """Whether the rows of this file can be given back: XML is mended where it was made."""
    return file.format in (*TABLES, "json") and file.documents.filter(_wrong()).exists()


def _wrong() -> Any:
    from django.db.models import Q

    return Q(verdict=StagedDocument.Verdict.WRONG) | Q(outcome="left")


def rejected_book(file: ImportFile) -> IO[bytes]:
    """A temporary file with every row of the documents that stay out, rewound; written row by row."""
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the caller's response closes it
    headings = _headings(file)
    with xlsxwriter.Workbook(out, {"constant_memory": True, "default_date_format": "dd/mm/yyyy"}) as book:
        sheet = book.add_worksheet("Por corregir")
        dates = book.add_format({"num_format": "dd/mm/yyyy"})
        for place, heading in enumerate([*headings, CORRECTION_HEADING]):
            sheet.write_string(0, place, heading)
        for number, (cells, told) in enumerate(_rows(file, headings), 1):
            for place, cell in enumerate(cells[: len(headings)]):
                _write(sheet, number, place, cell, dates)
            sheet.write_string(number, len(headings), told)
    out.seek(0)
    return out


def _headings(file: ImportFile) -> list[str]:
    if file.format in TABLES:
        return list(file.shown.get("headings", []))
    names: dict[str, None] = {}
    for source in _documents(file).values_list("source", flat=True).iterator():
        for _, row in simplejson.loads(source)[1]:
            names |= dict.fromkeys(row if isinstance(row, dict) else ())
    return list(names)


def _documents(file: ImportFile) -> Any:
    return file.documents.filter(_wrong()).order_by("position")


def _rows(file: ImportFile, headings: list[str]) -> Iterator[tuple[list[Cell], str]]:
    for document in _documents(file).iterator(chunk_size=200):
        told = _by_row(document)
        for number, cells in _cells(file, document, headings):
            yield cells, told.get(number, "Otra fila del mismo documento tiene un error.")


def _cells(file: ImportFile, document: StagedDocument, headings: list[str]) -> list[tuple[int, list[Cell]]]:
    if file.format in TABLES:
        return [(row.number, row.cells) for row in rows_of(document.source)]
    rows = simplejson.loads(document.source, use_decimal=True)[1]
    return [(number, [row.get(name) for name in headings] if isinstance(row, dict) else []) for number, row in rows]


def _by_row(document: StagedDocument) -> dict[int, str]:
    found: dict[int, list[str]] = {}
    for error in document.errors:
        column = f"{error['column']}: " if error["column"] else ""
        found.setdefault(error["row"] or document.row, []).append(f"{column}{error['message']}")
    return {row: " ".join(told) for row, told in found.items()}


def _write(sheet: Any, number: int, place: int, cell: Any, dates: Any) -> None:
    if cell is None or cell == "":
        return
    if isinstance(cell, bool):
        sheet.write_boolean(number, place, cell)
    elif isinstance(cell, date):
        sheet.write_datetime(number, place, cell, dates)
    elif isinstance(cell, int | Decimal) and len(str(cell).strip("-")) <= _EXACT_DIGITS:
        sheet.write_number(number, place, cell)
    else:
        sheet.write_string(number, place, cell if isinstance(cell, str) else shown(cell))
