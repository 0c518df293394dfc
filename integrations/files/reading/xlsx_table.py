"""One sheet of an XLSX book as rows of cells, streamed."""

import re
from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from pathlib import Path
from xml.etree.ElementTree import Element

from integrations.files.errors import FileError
from integrations.files.reading.cells import Broken, Cell, Facts, Row
from integrations.files.reading.dates import from_serial
from integrations.files.reading.numbers import MOST_DIGITS_OF_EXCEL
from integrations.files.reading.row_spool import Spool
from integrations.files.reading.xlsx_parts import (
    Book,
    Sheet,
    Styles,
    items_in,
    merged_ranges,
    open_book,
    pieces_of,
    shared_strings,
    styles_of,
    text_of,
)
from integrations.files.reading.xlsx_plain import LETTERS, MOST_COLUMNS, Valued, plain_rows

_MOST_MERGES = 20_000
_REMEMBERED = 4096
"""Numbers of a sheet repeat: years, codes, sequences."""
_NO_RESULT = Broken(
    "La celda tiene una fórmula sin resultado. Abra el libro en Excel, guárdelo e impórtelo otra vez.", "="
)
_EPOCH_DAYS = 60
"""Up to here Excel counts a 29 February 1900 that never was, and shows empty cells as 00/01/1900."""


class XlsxTable:
    """A sheet of a book; `sheet` by name, else the first that is visible.

    Raises: FileError where the file is no book that can be read, or has no such sheet.
    """

    def __init__(self, path: Path, *, sheet: str = "") -> None:
        self._book = open_book(path)
        self._sheet = _chosen(self._book, sheet)
        visible = [one.name for one in self._book.sheets if not one.hidden]
        hidden = [one.name for one in self._book.sheets if one.hidden]
        self.facts = Facts("xlsx", sheet=self._sheet.name, sheets=visible, hidden_sheets=hidden)
        self._texts: list[str] | None = None
        self._styles: Styles | None = None
        self._merged: dict[tuple[int, int], int] | None = None
        self._spool = Spool()

    def rows(self) -> Iterator[Row]:
        """Raises: FileError where the book breaks off."""
        return self._spool.rows() if self._spool.is_whole else self._spool.filled(self._parsed())

    def _parsed(self) -> Iterator[Row]:
        if self._texts is None or self._styles is None or self._merged is None:
            self._texts, self._styles = shared_strings(self._book), styles_of(self._book)
            self._merged = _merged_downwards(self._book, self._sheet)
        rows = _rows(self._book, self._sheet, _valued(self._texts, self._styles, self._book))
        return _filled_down(rows, self._merged) if self._merged else rows


def _chosen(book: Book, name: str) -> Sheet:
    for sheet in book.sheets:
        if (sheet.name == name) if name else not sheet.hidden:
            return sheet
    if name:
        raise FileError(f"El libro no tiene una hoja «{name}»: tiene {', '.join(one.name for one in book.sheets)}.")
    raise FileError("Todas las hojas del libro están ocultas. Muestre la que se importa y guárdelo.")


def _rows(book: Book, sheet: Sheet, valued: Valued) -> Iterator[Row]:
    number = 0
    for piece in pieces_of(book.path, sheet.part, "sheetData", "row"):
        rows = plain_rows(piece, valued)
        for row in rows if rows is not None else _parsed_rows(items_in(piece, sheet.part), valued, number):
            number = row.number
            if len(row.cells) > MOST_COLUMNS:
                raise FileError(f"La hoja «{sheet.name}» tiene celdas más allá de la columna {MOST_COLUMNS}. Bórrelas.")
            yield row


def _parsed_rows(rows: Iterable[Element], valued: Valued, number: int) -> Iterator[Row]:
    """`number` is that of the row before."""
    for row in rows:
        try:
            number = int(row.get("r") or number + 1)
            cells = _cells(row, valued, str(number))
        except (ValueError, IndexError, OverflowError):
            raise FileError(f"El libro de Excel está dañado (fila {number}). Ábralo y guárdelo de nuevo.") from None
        yield Row(number, cells)


def _cells(row: Element, valued: Valued, number: str) -> list[Cell]:
    cells: list[Cell] = []
    place = 0
    for element in row:
        reference = element.get("r")
        if reference and (place >= len(LETTERS) or reference != LETTERS[place] + number):
            place = min(column_of(reference), MOST_COLUMNS)
            cells += [None] * (place - len(cells))
        cells.append(_cell(element, valued))
        place += 1
    return cells


def column_of(reference: str) -> int:
    """`C12` → 2; `A1` → 0."""
    return _column_named(reference.rstrip("0123456789"))


@cache
def _column_named(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return column - 1


def _valued(texts: list[str], styles: Styles, book: Book) -> Valued:
    number = lru_cache(_REMEMBERED)(lambda value, style: _number(value, int(style or 0), styles, book))

    def valued(kind: str, style: str, value: str) -> Cell:
        if kind == "s":
            return texts[int(value)]
        return number(value, style) if kind in ("", "n") else _typed(kind, value)

    return valued


def _cell(cell: Element, valued: Valued) -> Cell:
    """A cell, perhaps without a value, or with a formula beside it, or with a text of its own."""
    parts = {child.tag.rpartition("}")[2]: child for child in cell}
    if "is" in parts:
        return text_of(parts["is"])
    value = parts["v"].text if "v" in parts else None
    if value is None:
        return _NO_RESULT if "f" in parts else None
    return valued(cell.get("t", ""), cell.get("s", ""), value)


def _typed(kind: str, value: str) -> Cell:
    if kind == "b":
        return value == "1"
    if kind == "e":
        return Broken(f"La celda muestra el error {value}. Corrija la fórmula o escriba el valor.", value)
    if kind == "d":
        return date.fromisoformat(value[:10]) if re.match(r"\d{4}-\d\d-\d\d", value) else value
    return value


def _number(value: str, style: int, styles: Styles, book: Book) -> Cell:
    if style in styles.dates:
        return _day(value, book)
    if value.isdigit() and len(value) <= MOST_DIGITS_OF_EXCEL and style not in styles.percents:
        return int(value)
    try:
        number = Decimal(value)
    except InvalidOperation:
        return value
    plain = _as_shown(number)
    return plain * 100 if style in styles.percents else plain


def _as_shown(number: Decimal) -> int | Decimal:
    """What the binary fraction 119000.10000000001 stands for: a sheet keeps and shows 15 digits."""
    if len(number.as_tuple().digits) > MOST_DIGITS_OF_EXCEL:
        number = number.__round__(MOST_DIGITS_OF_EXCEL - 1 - number.adjusted())
    plain = Decimal(f"{number:f}")
    return int(plain) if plain == plain.to_integral_value() else plain.normalize()


def _day(value: str, book: Book) -> Cell:
    days = int(float(value))
    found = from_serial(days, since_1904=book.since_1904)
    if found is not None:
        return found
    if 0 <= days <= _EPOCH_DAYS and not book.since_1904:
        told = "La celda no tiene fecha: Excel muestra así un cero. Escriba la fecha o bórrela."
        return Broken(told, f"{(date(1899, 12, 31) + timedelta(days=days)):%d/%m/%Y}")
    return Broken("La fecha está fuera de los años que se manejan. Revísela.", value)


def _merged_downwards(book: Book, sheet: Sheet) -> dict[tuple[int, int], int]:
    """(first row, column) of cells merged downwards → last row: what a person sees in all of them."""
    found: dict[tuple[int, int], int] = {}
    for reference in merged_ranges(book.path, sheet.part)[:_MOST_MERGES]:
        match = re.fullmatch(r"([A-Z]+)(\d+):([A-Z]+)(\d+)", reference)
        if match and match[2] != match[4]:
            found[int(match[2]), column_of(match[1])] = int(match[4])
    return found


def _filled_down(rows: Iterator[Row], merged: dict[tuple[int, int], int]) -> Iterator[Row]:
    holding: dict[int, tuple[int, Cell]] = {}
    for row in rows:
        for column, (last, value) in list(holding.items()):
            if row.number > last:
                del holding[column]
            elif column < len(row.cells) and row.cells[column] is None:
                row.cells[column] = value
        for column, cell in enumerate(row.cells):
            last_row = merged.get((row.number, column))
            if last_row is not None:
                holding[column] = (last_row, cell)
        yield row
