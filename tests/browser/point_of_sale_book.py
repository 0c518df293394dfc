"""A month of a shop as its point of sale writes it: headings of its own, NITs with dots, two columns of amounts."""

from collections.abc import Iterator
from datetime import date
from pathlib import Path

import xlsxwriter  # type: ignore[import-untyped]

VOUCHERS = 70
WITHOUT_SOURCE = 50
"""Vouchers without a fuente: the shop has had one since the middle of the month only."""
FAULTS = {
    11: "El dígito de verificación de 900123456 es 8, no 3",
    22: "no cuadran",
    33: "«31/11/2026» no es una fecha",
    44: "«por confirmar» no es un número",
    55: "la fila trae débito",
}
"""Voucher → words by which a person is told what is wrong with it."""
HEADINGS = (
    "Fecha Factura",
    "Tipo",
    "Factura N°",
    "NIT/CC",
    "Cliente",
    "Cta. Contable",
    "Detalle",
    "Débitos",
    "Créditos",
)
SOURCE = "CC"
CASH, TAX, SALES = "11050505", "24080505", "41350505"
_CUSTOMERS = (
    ("900.123.456-8", "Ferretería El Tornillo S.A.S."),
    ("52.123.456", "María Peña"),
    ("800.111.222-7", "Droguería Ñuñoa Ltda."),
)

Row = list[object]


def write_book(path: Path) -> Path:
    """Write the workbook: two lines of title, the headings, three rows a voucher, and the sums at the foot."""
    book = xlsxwriter.Workbook(str(path))
    sheet = book.add_worksheet("Ventas noviembre")
    sheet.write(0, 0, "ALMACÉN LA ESQUINA S.A.S. - Comprobante diario de ventas")
    sheet.write(1, 0, "Del 1 al 30 de noviembre de 2026")
    sheet.write_row(3, 0, HEADINGS)
    rows = [row for number in range(1, VOUCHERS + 1) for row in _voucher(number)]
    for place, row in enumerate(rows, 4):
        sheet.write_row(place, 0, row)
    sums = [sum(cell for row in rows if isinstance(cell := row[column], int)) for column in (7, 8)]
    sheet.write_row(4 + len(rows), 0, ["TOTAL", "", "", "", "", "", "", *sums])
    book.close()
    return path


def _voucher(number: int) -> Iterator[Row]:
    sale = 10_000 + 500 * number
    tax = sale * 19 // 100
    nit, name = _CUSTOMERS[number % len(_CUSTOMERS)]
    day = date(2026, 11, 1 + number % 28)
    head: Row = [f"{day:%d/%m/%Y}", "" if number <= WITHOUT_SOURCE else SOURCE, 1000 + number, nit, name]
    rows = [
        [*head, CASH, f"Venta {number}", sale + tax, ""],
        [*head, TAX, f"Venta {number}", "", tax],
        [*head, SALES, f"Venta {number}", "", sale],
    ]
    _spoil(number, rows)
    yield from rows


def _spoil(number: int, rows: list[Row]) -> None:
    """Plant the fault of this voucher, where it has one."""
    if number == 11:
        for row in rows:
            row[3] = "900.123.456-3"
    elif number == 22:
        rows[2][8] = int(str(rows[2][8])) - 100
    elif number == 33:
        for row in rows:
            row[0] = "31/11/2026"
    elif number == 44:
        rows[1][8] = "por confirmar"
    elif number == 55:
        rows[0][8] = rows[0][7]
