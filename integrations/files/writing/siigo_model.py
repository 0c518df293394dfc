"""Movements in Siigo Pyme's own Excel model, «MODELO PARA LA IMPORTACION DE MOVIMIENTO CONTABLE».

Title rows, then a blank one, then the 132 headings in the official order (`siigo-notes`, section 2.1). assumed: the
company and the period stand as seen in files of real companies.
"""

from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from django.db.models import Max, Min

from integrations.erp.exports import by_position
from integrations.erp.fields.spec import Catalogue, Field, always
from integrations.erp.siigo.fields import MOVEMENT
from integrations.files.cell_text import Cell, in_sheet
from integrations.files.workbooks import Sheet, workbook
from integrations.files.writing.exact_values import held
from integrations.files.writing.export_source import Source

TITLE = "MODELO PARA LA IMPORTACION DE MOVIMIENTO CONTABLE"
SHEET = "Movimiento contable"
_MONTHS = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")
_NUMBER = "document_number"


def heading(row: Field) -> str:
    """The official label; an older template marks the number as obligatory too, and Siigo needs it."""
    return f"{row.label} (OBLIGATORIO)" if row.required is always or row.name == _NUMBER else row.label


def book(source: Source) -> IO[bytes]:
    """The workbook. Raises: WorkbookError where something has no room in it."""
    headings = [heading(row) for row in MOVEMENT]
    return workbook([Sheet(SHEET, headings, _rows(source), titles=(*_titles(source), ""))])


def _titles(source: Source) -> tuple[str, str, str]:
    names = source.queryset.order_by().values_list("company__name", flat=True).distinct()[:2]
    days = source.queryset.order_by().aggregate(first=Min("date"), last=Max("date"))
    period = f"De : {_day(days['first'])} A : {_day(days['last'])}" if days["first"] else "De :  A : "
    return " / ".join(names), TITLE, period


def _day(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}/{day.year}"


def _rows(source: Source) -> Iterator[list[Cell]]:
    places = _places(MOVEMENT)
    for movement in source.read():
        for line in by_position(movement, "lines"):
            yield _row(line, places)


def _places(catalogue: Catalogue) -> dict[str, int]:
    return {row.name: place for place, row in enumerate(catalogue)}


def _row(line: Any, places: dict[str, int]) -> list[Cell]:
    row: list[Cell] = [None] * len(places)
    for field, cell in held(MOVEMENT, line):
        # Siigo would take an apostrophe for what the cell says: set and empty is a blank cell here.
        row[places[field.name]] = in_sheet(cell) if str(cell).strip() else None
    return row
