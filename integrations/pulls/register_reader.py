"""Read a register from an ERP, page by page. Runs in the worker, and loads the client of the ERP."""

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.utils import timezone

from integrations.choices import Target
from integrations.erp.equality import whole_number
from integrations.erp.registers import KEY, RegisterReading
from integrations.errors import NoAnswerError
from integrations.models import Connection
from integrations.pulls.plans import FIRST_KEY, PAGE_ROWS, siigo_params, today, written
from integrations.sending import gateways

Row = dict[str, Any]


def pages(connection: Connection, reading: RegisterReading, since: date | None) -> Iterator[list[Row]]:
    """Every row of a register, as the ERP names its columns, in pages.

    Raises: QueryError, ExchangeError where the ERP did not give all of it; ConfigurationError.
    """
    if connection.target == Target.SIIGO:
        year = today(timezone.now()).year
        yield from _in_pages(gateways.siigo_register(connection, reading.resource, siigo_params(reading, year)))
    else:
        yield from _sag_pages(connection, reading, since)


def _in_pages(rows: list[Row]) -> Iterator[list[Row]]:
    for start in range(0, len(rows), PAGE_ROWS):
        yield rows[start : start + PAGE_ROWS]


def _sag_pages(connection: Connection, reading: RegisterReading, since: date | None) -> Iterator[list[Row]]:
    if not reading.by_pages:
        yield from _in_pages(gateways.sag_rows(connection, written(reading.query, FIRST_KEY, since)))
        return
    after, rows = FIRST_KEY, PAGE_ROWS
    while rows == PAGE_ROWS:
        page = gateways.sag_rows(connection, written(reading.query, after, since))
        if page:
            yield page
            after = _last_key(page, reading, after)
        rows = len(page)


def _last_key(page: list[Row], reading: RegisterReading, after: int) -> int:
    """Where the next page begins. Raises: NoAnswerError where keys do not rise: pages would overlap or lose rows."""
    column = reading.parts[KEY][0].column
    keys = [next((value for name, value in row.items() if name.lower() == column), None) for row in page]
    # A row without its key is rejected later; it does not decide where the page ends.
    numbers = [number for key in keys if (number := whole_number(key)) is not None]
    if not numbers or any(later <= before for before, later in zip([after, *numbers], numbers, strict=False)):
        raise NoAnswerError(
            f"La consulta no devuelve las filas en orden por «{column}»: así no se puede leer por páginas. "
            "Revise el ORDER BY y la columna de la clave."
        )
    return numbers[-1]
