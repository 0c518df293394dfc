"""The rows of a table that hold something: not the blank ones, nor what a printed report repeats on each page."""

import re
from bisect import bisect_left
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from integrations.files.reading.broken_rows import joined_rows
from integrations.files.reading.cells import InputCell, InputTable, TableRow, is_empty
from integrations.files.reading.hidden_rows import HIDDEN_LABELS, HiddenRows, hidden_notice, hidden_question, named_rows
from integrations.files.reading.questions import SurveyQuestion

_FOOTER = re.compile(r"(p[áa]g(ina|\.)?|hoja)\W*\d+(\W*(de|/)\W*\d+)?", re.IGNORECASE)
_PRINTED = re.compile(r"(impreso|generado|elaborado|fecha de impresi[óo]n|usuario)\b.*", re.IGNORECASE)
"""How the lines at the foot of a page begin (habit of the country's programs, *assumed*)."""
_FOOT_LETTERS = frozenset("pPhHiIgGeEfFuU \t\n\r\x0b\x0c\xa0")
"""What such a line begins with: rows that begin otherwise, or with one letter, are looked at no further."""
_FOOTER_CELLS = 4
"""Most texts of a page's foot: «Página», «1», «de», «3»."""


@dataclass
class ContentRows:
    """The rows under row `heading` of a table, and the numbers of those that are left out; read them once.

    `hidden` is what a person said of hidden rows; while nobody did, they are read, and `question` is open.
    """

    table: InputTable
    heading: int
    hidden: HiddenRows | None = None
    repeated: list[int] = field(default_factory=list)
    """Rows that are the headings again."""
    pages: list[int] = field(default_factory=list)
    """The titles of the report again, and the feet of its pages."""

    def __iter__(self) -> Iterator[TableRow]:
        rows = self._under_headings()
        return joined_rows(rows, self.table.row_width) if self.table.row_width else rows

    def _under_headings(self) -> Iterator[TableRow]:
        """The rows under the headings that are not blank and no part of the report's pages."""
        rows = self.table.rows()
        above, headings = self._to_headings(rows)
        is_looked_at = bool(above) or self.hidden is not None
        first_heading = headings[0] if headings else None
        for row in rows:
            first = row.cells[0] if row.cells else None
            is_plain = not is_looked_at and first != first_heading and _begins_no_foot(first)
            if is_plain or self._is_content(row, headings, above):
                yield row

    def _to_headings(self, rows: Iterator[TableRow]) -> tuple[list[list[InputCell]], list[InputCell]]:
        """(what stands above the headings, the headings), taken from `rows`; those under them are left in it."""
        above: list[list[InputCell]] = []
        for row in rows:
            if row.number >= self.heading:
                return above, _trimmed(row.cells)
            above.append(_trimmed(row.cells))
        return above, []

    def _is_content(self, row: TableRow, headings: list[InputCell], above: list[list[InputCell]]) -> bool:
        cells = row.cells
        if all(map(is_empty, cells)) or self._is_left_out(row.number):
            return False
        if _trimmed(cells) == headings:
            self.repeated.append(row.number)
        elif _trimmed(cells) in above or _is_footer(cells):
            self.pages.append(row.number)
        else:
            return True
        return False

    def _is_left_out(self, number: int) -> bool:
        """Whether a row is hidden and nobody wants it."""
        return self.hidden is HiddenRows.LEAVE and _is_among(number, self.table.hidden_rows)

    @property
    def hidden_numbers(self) -> list[int]:
        """The hidden rows under the headings."""
        return [number for number in self.table.hidden_rows if number > self.heading]

    def questions(self) -> list[SurveyQuestion]:
        """What a person must say about hidden rows; complete once all rows were read."""
        numbers = self.hidden_numbers
        if not numbers or self.hidden is not None:
            return []
        return [SurveyQuestion("hidden_rows", hidden_question(numbers), tuple(HIDDEN_LABELS.items()))]

    def notices(self) -> list[str]:
        """What was left out, and what was done with hidden rows; complete once all rows were read."""
        numbers = self.hidden_numbers
        told = [
            _told(self.repeated, "repite los títulos y se dejó", "repiten los títulos y se dejaron"),
            _told(self.pages, "es título o pie de página y se dejó", "son títulos o pies de página y se dejaron"),
            hidden_notice(numbers, self.hidden) if numbers and self.hidden else "",
        ]
        return [text for text in told if text]


def hidden_rows_questions(table: InputTable, heading: int, hidden: HiddenRows | None) -> list[SurveyQuestion]:
    """What must be asked about the hidden rows of a table, which is read through for it where there are any."""
    if hidden is not None or not table.may_hide_rows:
        return []
    content = ContentRows(table, heading, hidden)
    deque(content, maxlen=0)
    return content.questions()


def _is_among(number: int, numbers: Sequence[int]) -> bool:
    place = bisect_left(numbers, number)
    return place < len(numbers) and numbers[place] == number


def _trimmed(cells: Sequence[InputCell]) -> list[InputCell]:
    """The cells without blanks around their texts, and without empty ones at the end."""
    trimmed = [cell.strip() if isinstance(cell, str) else cell for cell in cells]
    while trimmed and is_empty(trimmed[-1]):
        trimmed.pop()
    return trimmed


def _begins_no_foot(cell: InputCell) -> bool:
    """Whether the first cell of a row is a text, and none that a page's foot begins with."""
    return (
        isinstance(cell, str) and bool(cell) and (cell[0] not in _FOOT_LETTERS or (len(cell) == 1 and cell.isalpha()))
    )


def _is_footer(cells: Sequence[InputCell]) -> bool:
    filled = [cell for cell in cells if not is_empty(cell)]
    if not 0 < len(filled) <= _FOOTER_CELLS or not isinstance(filled[0], str):
        return False
    text = " ".join(map(str, filled)).strip()
    return bool(_FOOTER.fullmatch(text) or (len(filled) == 1 and _PRINTED.fullmatch(text)))


def _told(numbers: Sequence[int], one: str, many: str) -> str:
    if len(numbers) < 2:
        return f"La fila {numbers[0]} {one} por fuera." if numbers else ""
    return f"{len(numbers)} filas {many} por fuera: {named_rows(numbers)}."
