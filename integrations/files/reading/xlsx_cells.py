"""The value of a cell of a sheet, by its type and style."""

import re
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from xml.etree.ElementTree import Element

from integrations.files.reading.cells import BrokenCell, InputCell
from integrations.files.reading.dates import from_serial
from integrations.files.reading.numbers import MAX_DIGITS_OF_EXCEL
from integrations.files.reading.xlsx_parts import XlsxBook
from integrations.files.reading.xlsx_plain import CellValue
from integrations.files.reading.xlsx_styles import XlsxStyles
from integrations.files.reading.xlsx_texts import text_of, unescaped

_MAX_CACHED = 4096
"""Of numbers, which repeat in a sheet: years, codes, sequences."""
_NO_RESULT = BrokenCell(
    "La celda tiene una fórmula sin resultado. Abra el libro en Excel, guárdelo e impórtelo otra vez.", "="
)
_UNCERTAIN_DAYS = 60
"""Excel counts a 29 February 1900 that never was, so days before are off by one; it shows a zero as 00/01/1900."""


def cell_value_of(texts: list[str], styles: XlsxStyles, book: XlsxBook) -> CellValue:
    """A function from the type, style and text of a cell, as in its XML, to its value."""
    number = lru_cache(_MAX_CACHED)(lambda value, style: _number(value, int(style or 0), styles, book))

    def cell_value(kind: str, style: str, value: str) -> InputCell:
        if kind == "s":
            return texts[_index(value)]
        return number(value, style) if kind in ("", "n") else _typed(kind, value)

    return cell_value


def _index(value: str) -> int:
    """The index of a shared text. Raises: ValueError for what is none: Python counts -1 from the end."""
    if not value.strip().isdecimal():
        raise ValueError(value)
    return int(value)


def cell_of(cell: Element, cell_value: CellValue) -> InputCell:
    """The value of a cell element, which may be empty, a formula without a result, or an inline text."""
    parts = {child.tag.rpartition("}")[2]: child for child in cell}
    if "is" in parts:
        return text_of(parts["is"])
    value = parts["v"].text if "v" in parts else None
    if value is None:
        return _NO_RESULT if "f" in parts else None
    return cell_value(cell.get("t", ""), cell.get("s", ""), value)


def _typed(kind: str, value: str) -> InputCell:
    if kind == "b":
        return value in ("1", "true")
    if kind == "e":
        return BrokenCell(f"La celda muestra el error {value}. Corrija la fórmula o escriba el valor.", value)
    if kind == "d":
        return date.fromisoformat(value[:10]) if re.match(r"\d{4}-\d\d-\d\d", value) else value
    return unescaped(value)


def _number(value: str, style: int, styles: XlsxStyles, book: XlsxBook) -> InputCell:
    if style in styles.dates:
        return _day(value, book)
    if value.isdigit() and len(value) <= MAX_DIGITS_OF_EXCEL and style not in styles.percents:
        return int(value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    plain = _as_shown(number)
    return plain * 100 if style in styles.percents else plain


def _as_shown(number: Decimal) -> int | Decimal:
    """The number that a sheet shows, of 15 digits, for the binary fraction 119000.10000000001."""
    if len(number.as_tuple().digits) > MAX_DIGITS_OF_EXCEL:
        number = number.__round__(MAX_DIGITS_OF_EXCEL - 1 - number.adjusted())
    plain = Decimal(f"{number:f}")
    return int(plain) if plain == plain.to_integral_value() else plain.normalize()


def _day(value: str, book: XlsxBook) -> InputCell:
    days = int(float(value))
    day = from_serial(days, since_1904=book.since_1904)
    if day is not None:
        return day
    if 0 <= days <= _UNCERTAIN_DAYS and not book.since_1904:
        reason = "La celda no tiene fecha: Excel muestra así un cero. Escriba la fecha o bórrela."
        return BrokenCell(reason, f"{(date(1899, 12, 31) + timedelta(days=days)):%d/%m/%Y}")
    return BrokenCell("La fecha está fuera de los años que se manejan. Revísela.", value)
