"""One sheet of an XLSX workbook as rows of cells, streamed."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from pathlib import Path
from xml.etree.ElementTree import Element

from integrations.files.errors import FileError
from integrations.files.reading.cells import BrokenCell, FileDescription, InputCell, TableRow
from integrations.files.reading.dates import from_serial
from integrations.files.reading.numbers import MAX_DIGITS_OF_EXCEL
from integrations.files.reading.row_spool import RowSpool
from integrations.files.reading.xlsx_parts import (
    XlsxBook,
    XlsxSheet,
    XlsxStyles,
    items_in,
    merged_ranges,
    open_book,
    pieces_of,
    shared_strings,
    styles_of,
    text_of,
)
from integrations.files.reading.xlsx_plain import LETTERS, MAX_COLUMNS, CellValue, plain_rows

_MAX_MERGES = 20_000
_MAX_CACHED = 4096
"""Of numbers, which repeat in a sheet: years, codes, sequences."""
_NO_RESULT = BrokenCell(
    "La celda tiene una fórmula sin resultado. Abra el libro en Excel, guárdelo e impórtelo otra vez.", "="
)
_UNCERTAIN_DAYS = 60
"""Excel counts a 29 February 1900 that never was, so days before are off by one; it shows a zero as 00/01/1900."""


class XlsxTable:
    """A sheet of a workbook: `sheet` by name, else the first that is visible.

    Raises: FileError where the file is no workbook that can be read, or has no such sheet.
    """

    def __init__(self, path: Path, *, sheet: str = "") -> None:
        self._book = open_book(path)
        self._sheet = _find_sheet(self._book, sheet)
        visible = [each.name for each in self._book.sheets if not each.hidden]
        hidden = [each.name for each in self._book.sheets if each.hidden]
        self.description = FileDescription("xlsx", sheet=self._sheet.name, sheets=visible, hidden_sheets=hidden)
        self._texts: list[str] | None = None
        self._styles: XlsxStyles | None = None
        self._merged: dict[tuple[int, int], int] | None = None
        self._spool = RowSpool()

    def rows(self) -> Iterator[TableRow]:
        """Every row. Raises: FileError where the workbook breaks off."""
        return self._spool.rows() if self._spool.is_whole else self._spool.keep(self._parsed())

    def _parsed(self) -> Iterator[TableRow]:
        if self._texts is None or self._styles is None or self._merged is None:
            self._texts, self._styles = shared_strings(self._book), styles_of(self._book)
            self._merged = _merged_down(self._book, self._sheet)
        rows = _rows(self._book, self._sheet, _cell_value_of(self._texts, self._styles, self._book))
        return _fill_down(rows, self._merged) if self._merged else rows


def _find_sheet(book: XlsxBook, name: str) -> XlsxSheet:
    for sheet in book.sheets:
        if (sheet.name == name) if name else not sheet.hidden:
            return sheet
    if name:
        raise FileError(f"El libro no tiene una hoja «{name}»: tiene {', '.join(sheet.name for sheet in book.sheets)}.")
    raise FileError("Todas las hojas del libro están ocultas. Muestre la que se importa y guárdelo.")


def _rows(book: XlsxBook, sheet: XlsxSheet, cell_value: CellValue) -> Iterator[TableRow]:
    number = 0
    for piece in pieces_of(book.path, sheet.part, "sheetData", "row"):
        rows = plain_rows(piece, cell_value)
        for row in rows if rows is not None else _parsed_rows(items_in(piece, sheet.part), cell_value, number):
            number = row.number
            if len(row.cells) > MAX_COLUMNS:
                raise FileError(f"La hoja «{sheet.name}» tiene celdas más allá de la columna {MAX_COLUMNS}. Bórrelas.")
            yield row


def _parsed_rows(rows: Iterable[Element], cell_value: CellValue, number: int) -> Iterator[TableRow]:
    """Rows of elements; `number` is that of the row before."""
    for row in rows:
        try:
            number = int(row.get("r") or number + 1)
            cells = _cells(row, cell_value, str(number))
        except (ValueError, IndexError, OverflowError):
            raise FileError(f"El libro de Excel está dañado (fila {number}). Ábralo y guárdelo de nuevo.") from None
        yield TableRow(number, cells)


def _cells(row: Element, cell_value: CellValue, number: str) -> list[InputCell]:
    cells: list[InputCell] = []
    place = 0
    for element in row:
        reference = element.get("r")
        if reference and (place >= len(LETTERS) or reference != LETTERS[place] + number):
            place = min(column_of(reference), MAX_COLUMNS)
            cells += [None] * (place - len(cells))
        cells.append(_cell(element, cell_value))
        place += 1
    return cells


def column_of(reference: str) -> int:
    """The column of a cell reference, from 0: `C12` → 2."""
    return _column_of_letters(reference.rstrip("0123456789"))


@cache
def _column_of_letters(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _cell_value_of(texts: list[str], styles: XlsxStyles, book: XlsxBook) -> CellValue:
    number = lru_cache(_MAX_CACHED)(lambda value, style: _number(value, int(style or 0), styles, book))

    def cell_value(kind: str, style: str, value: str) -> InputCell:
        if kind == "s":
            return texts[int(value)]
        return number(value, style) if kind in ("", "n") else _typed(kind, value)

    return cell_value


def _cell(cell: Element, cell_value: CellValue) -> InputCell:
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
        return value == "1"
    if kind == "e":
        return BrokenCell(f"La celda muestra el error {value}. Corrija la fórmula o escriba el valor.", value)
    if kind == "d":
        return date.fromisoformat(value[:10]) if re.match(r"\d{4}-\d\d-\d\d", value) else value
    return value


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


def _merged_down(book: XlsxBook, sheet: XlsxSheet) -> dict[tuple[int, int], int]:
    """(first row, column) of cells merged downwards → last row: a person sees the value in all of them."""
    last_rows: dict[tuple[int, int], int] = {}
    for reference in merged_ranges(book.path, sheet.part)[:_MAX_MERGES]:
        match = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", reference)
        if match and match[2] != match[4]:
            last_rows[int(match[2]), column_of(match[1])] = int(match[4])
    return last_rows


def _fill_down(rows: Iterator[TableRow], merged: dict[tuple[int, int], int]) -> Iterator[TableRow]:
    """The rows, with the value of cells merged downwards in each of them."""
    open_merges: dict[int, tuple[int, InputCell]] = {}
    for row in rows:
        for column, (last, value) in list(open_merges.items()):
            if row.number > last:
                del open_merges[column]
            elif column < len(row.cells) and row.cells[column] is None:
                row.cells[column] = value
        for column, cell in enumerate(row.cells):
            last_row = merged.get((row.number, column))
            if last_row is not None:
                open_merges[column] = (last_row, cell)
        yield row
