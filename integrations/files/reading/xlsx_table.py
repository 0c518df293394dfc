"""One sheet of an XLSX workbook as rows of cells, streamed."""

import re
from array import array
from collections.abc import Iterable, Iterator, Sequence
from functools import cache, cached_property
from pathlib import Path
from xml.etree.ElementTree import Element

from integrations.files.errors import FileError
from integrations.files.reading.cells import FileDescription, InputCell, TableRow, is_empty
from integrations.files.reading.row_spool import RowSpool
from integrations.files.reading.xlsx_cells import cell_of, cell_value_of
from integrations.files.reading.xlsx_marks import SheetMarks, is_hidden, sheet_marks
from integrations.files.reading.xlsx_parts import XlsxBook, XlsxSheet, items_in, open_book, pieces_of
from integrations.files.reading.xlsx_plain import LETTERS, MAX_COLUMNS, CellValue, plain_rows
from integrations.files.reading.xlsx_styles import styles_of
from integrations.files.reading.xlsx_texts import shared_strings

_MAX_MERGES = 20_000

_MAX_MERGES = 20_000


class XlsxTable:
    """A sheet of a workbook: `sheet` by name, else the first that is visible.

    Raises: FileError where the file is no workbook that can be read, or has no such sheet.
    """

    row_width = 0

    def __init__(self, path: Path, *, sheet: str = "") -> None:
        self._book = open_book(path)
        self._sheet = _find_sheet(self._book, sheet)
        visible = [each.name for each in self._book.sheets if not each.hidden]
        hidden = [each.name for each in self._book.sheets if each.hidden]
        self.description = FileDescription("xlsx", sheet=self._sheet.name, sheets=visible, hidden_sheets=hidden)
        self._spool = RowSpool()
        self._hidden: array[int] = array("L")

    @property
    def may_hide_rows(self) -> bool:
        """Whether some row does not show."""
        return self.marks.has_hidden_rows

    @property
    def hidden_rows(self) -> Sequence[int]:
        """The rows that are hidden and not blank, in order; complete once all rows were read."""
        return self._hidden

    @cached_property
    def marks(self) -> SheetMarks:
        """What is merged and hidden in the sheet. Raises: FileError."""
        return sheet_marks(self._book.path, self._sheet.part)

    @cached_property
    def _cell_value(self) -> CellValue:
        return cell_value_of(shared_strings(self._book), styles_of(self._book), self._book)

    def rows(self) -> Iterator[TableRow]:
        """Every row. Raises: FileError where the workbook breaks off."""
        return self._spool.rows() if self._spool.is_whole else self._spool.keep(self._parsed())

    def _parsed(self) -> Iterator[TableRow]:
        self.description.hidden_columns = sorted(self.marks.hidden_columns)
        del self._hidden[:]
        merged = _merged_down(self.marks.merged)
        rows = _rows(self._book, self._sheet, self._cell_value, self._hidden if self.marks.has_hidden_rows else None)
        return _fill_down(rows, merged) if merged else rows


def _find_sheet(book: XlsxBook, name: str) -> XlsxSheet:
    for sheet in book.sheets:
        if (sheet.name == name) if name else not sheet.hidden:
            return sheet
    if name:
        raise FileError(f"El libro no tiene una hoja «{name}»: tiene {', '.join(sheet.name for sheet in book.sheets)}.")
    raise FileError("Todas las hojas del libro están ocultas. Muestre la que se importa y guárdelo.")


def _rows(book: XlsxBook, sheet: XlsxSheet, cell_value: CellValue, hidden: "array[int] | None") -> Iterator[TableRow]:
    """Every row; `hidden`, where it is given, gets the numbers of those that are hidden and not blank."""
    number = 0
    for piece in pieces_of(book.path, sheet.part, "sheetData", "row"):
        rows = plain_rows(piece, cell_value) if hidden is None else None
        for row in _parsed_rows(items_in(piece, sheet.part), cell_value, number, hidden) if rows is None else rows:
            if row.number <= number:
                raise _damaged(number)
            number = row.number
            if len(row.cells) > MAX_COLUMNS:
                raise FileError(f"La hoja «{sheet.name}» tiene celdas más allá de la columna {MAX_COLUMNS}. Bórrelas.")
            yield row


def _damaged(row: int) -> FileError:
    return FileError(f"El libro de Excel está dañado (fila {row}). Ábralo y guárdelo de nuevo.")


def _parsed_rows(
    rows: Iterable[Element], cell_value: CellValue, number: int, hidden: "array[int] | None" = None
) -> Iterator[TableRow]:
    """Rows of elements; `number` is that of the row before."""
    for row in rows:
        try:
            number = int(row.get("r") or number + 1)
            cells = _cells(row, cell_value, str(number))
        except (ValueError, IndexError, OverflowError):
            raise _damaged(number) from None
        if hidden is not None and is_hidden(row.attrib) and not all(map(is_empty, cells)):
            hidden.append(number)
        yield TableRow(number, cells)


def _cells(row: Element, cell_value: CellValue, number: str) -> list[InputCell]:
    """The cells of a row, each in its place. Raises: ValueError where two are in the same one."""
    cells: list[InputCell] = []
    for element in row:
        place, reference = len(cells), element.get("r")
        if reference and (place >= len(LETTERS) or reference != LETTERS[place] + number):
            place = min(column_of(reference), MAX_COLUMNS)
            cells += [None] * (place + 1 - len(cells))
            if cells[place] is not None:
                raise ValueError(reference)
            cells[place] = cell_of(element, cell_value)
        else:
            cells.append(cell_of(element, cell_value))
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


def _merged_down(ranges: Sequence[str]) -> dict[tuple[int, int], int]:
    """(first row, column) of cells merged downwards → last row: a person sees the value in all of them."""
    last_rows: dict[tuple[int, int], int] = {}
    for reference in ranges[:_MAX_MERGES]:
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
