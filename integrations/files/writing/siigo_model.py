"""Movements in Siigo Pyme's own Excel model, «MODELO PARA LA IMPORTACION DE MOVIMIENTO CONTABLE».

Title rows, then a blank one, then the 132 headings in the official order (`siigo-notes`, section 2.1). assumed: the
company and the period stand as seen in files of real companies.
"""

from collections.abc import Iterator
from datetime import date
from typing import IO, Any

from django.db.models import Max, Min

from integrations.erp.exports import by_position
from integrations.erp.fields.spec import Field, always
from integrations.erp.siigo.fields import MOVEMENT
from integrations.files.cell_text import OutputCell, sheet_cell
from integrations.files.workbooks import WorkbookSheet, workbook
from integrations.files.writing.exact_values import own_values
from integrations.files.writing.export_source import ExportSource

TITLE = "MODELO PARA LA IMPORTACION DE MOVIMIENTO CONTABLE"
SHEET = "Movimiento contable"
_MONTHS = ("ENE", "FEB", "MAR", "ABR", "MAY", "JUN", "JUL", "AGO", "SEP", "OCT", "NOV", "DIC")
_NUMBER = "document_number"


def heading(field: Field) -> str:
    """The official label; an older template marks the number as obligatory too, and Siigo needs it."""
    return f"{field.label} (OBLIGATORIO)" if field.required is always or field.name == _NUMBER else field.label


def model_workbook(source: ExportSource) -> IO[bytes]:
    """A temporary file with the workbook, rewound. Raises: WorkbookError where something does not fit."""
    headings = [heading(field) for field in MOVEMENT]
    return workbook([WorkbookSheet(SHEET, headings, _rows(source), titles=(*_titles(source), ""))])


def _titles(source: ExportSource) -> tuple[str, str, str]:
    names = source.queryset.order_by().values_list("company__name", flat=True).distinct()[:2]
    days = source.queryset.order_by().aggregate(first=Min("date"), last=Max("date"))
    period = f"De : {_day(days['first'])} A : {_day(days['last'])}" if days["first"] else "De :  A : "
    return " / ".join(names), TITLE, period


def _day(day: date) -> str:
    return f"{_MONTHS[day.month - 1]} {day.day}/{day.year}"


def _rows(source: ExportSource) -> Iterator[list[OutputCell]]:
    places = {field.name: place for place, field in enumerate(MOVEMENT)}
    for movement in source.read():
        for line in by_position(movement, "lines"):
            yield _row(line, places)


def _row(line: Any, places: dict[str, int]) -> list[OutputCell]:
    row: list[OutputCell] = [None] * len(places)
    for field, cell in own_values(MOVEMENT, line):
        # Siigo would take an apostrophe for what the cell says: set and empty is a blank cell here.
        row[places[field.name]] = sheet_cell(cell) if str(cell).strip() else None
    return row
