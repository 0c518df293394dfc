"""Tables as people bring them, made by the tests: nothing here is copied from anyone."""

import csv
import io
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import xlsxwriter  # type: ignore[import-untyped]

HEADINGS = (
    "TIPO DE COMPROBANTE (OBLIGATORIO)",
    "CÓDIGO COMPROBANTE  (OBLIGATORIO)",
    "NÚMERO DE DOCUMENTO",
    "CUENTA CONTABLE   (OBLIGATORIO)",
    "DÉBITO O CRÉDITO (OBLIGATORIO)",
    "VALOR DE LA SECUENCIA   (OBLIGATORIO)",
    "AÑO DEL DOCUMENTO",
    "MES DEL DOCUMENTO",
    "DÍA DEL DOCUMENTO",
    "SECUENCIA",
    "NIT",
    "DESCRIPCIÓN DE LA SECUENCIA",
)
"""Siigo's own, as its Excel model prints them."""


def line(number: int, sequence: int, side: str, amount: object, **changes: Any) -> list[object]:
    """One row under `HEADINGS`; `changes` by position as `_3="x"`."""
    row: list[object] = ["F", 1, number, "1305050001", side, amount, 2026, 11, 3, sequence, "800111222", "Venta de año"]
    for place, value in changes.items():
        row[int(place.removeprefix("_"))] = value
    return row


def voucher(number: int, amount: object = 119000) -> list[list[object]]:
    """A balanced voucher of two lines."""
    return [line(number, 1, "D", amount), line(number, 2, "C", amount, _3="4135050001")]


def csv_bytes(
    rows: Iterable[Sequence[object]],
    *,
    headings: Sequence[str] = HEADINGS,
    encoding: str = "utf-8",
    separator: str = ";",
) -> bytes:
    out = io.StringIO()
    csv.writer(out, delimiter=separator).writerows([headings, *rows])
    return out.getvalue().encode(encoding)


def csv_file(folder: Path, rows: Iterable[Sequence[object]], name: str = "movimientos.csv", **how: Any) -> Path:
    path = folder / name
    path.write_bytes(csv_bytes(rows, **how))
    return path


def book(
    folder: Path,
    rows: Iterable[Sequence[object]],
    *,
    headings: Sequence[str] = HEADINGS,
    titles: Sequence[Sequence[object]] = (),
    name: str = "movimientos.xlsx",
) -> Path:
    """A book of one sheet; `titles` stand above the headings."""
    path = folder / name
    path.write_bytes(book_bytes(rows, headings=headings, titles=titles))
    return path


def book_bytes(
    rows: Iterable[Sequence[object]],
    *,
    headings: Sequence[str] = HEADINGS,
    titles: Sequence[Sequence[object]] = (),
) -> bytes:
    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"in_memory": True, "default_date_format": "dd/mm/yyyy"}) as made:
        sheet = made.add_worksheet("Hoja1")
        for number, row in enumerate([*titles, headings, *rows]):
            for place, value in enumerate(row):
                if value is not None:
                    sheet.write(number, place, value)
    return out.getvalue()
