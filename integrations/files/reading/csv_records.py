"""The records of a CSV by the rules of Excel, exactly; what breaks them is told, never read as something else.

A text in quotes doubles the quotes that it holds and may go over several lines; a quote inside a text without quotes
is text. Some programs put quotes around texts and double none inside: `"TUBO 1/2"",10` has a second reading, where
the quote closes before the separator. It is taken where the first reading breaks the rules and the second makes a
row as wide as the others; where both are possible, the row is told.
"""

import csv
from collections import deque
from collections.abc import Iterator, Sequence
from typing import IO, Any

from integrations.files.reading.cells import RowProblem
from integrations.files.text_encoding import END_OF_DOS, composed

LONGEST_CELL = 131_072
"""Characters; the limit of Python's reader. A cell of Excel holds 32,767."""
Record = list[Any]
"""The cells of a record: texts, and at the end of one that can't be read a `RowProblem`."""
_BLOCK = 256 * 1024
_LEAST_WIDTH = 3
_MOST_LINES = 50
"""Of one broken text, which are told together."""
_LONGEST_SHOWN = 500
_TWO_READINGS = "unas comillas que el programa no dobló se pueden leer de dos maneras: corrija la fila."
_NOT_CLOSED = (
    "abre comillas que no cierra, o que no dobló dentro de un texto, o el texto es demasiado largo: corríjala."
)
_TOO_LONG = f"trae una celda de más de {LONGEST_CELL} caracteres: acórtela."


def read_records(file: IO[str], separator: str, width: int) -> Iterator[Record]:
    """The cells of each record; `width` is how many the rows usually have.

    A record that can't be read ends with a `RowProblem`. Raises: UnicodeDecodeError.
    """
    lines = _Lines(file)
    while lines.fill():
        if not lines.have_quotes:
            yield from _plain_records(lines.take_all(), separator)
        elif records := _regular_records(lines.waiting, separator, width):
            lines.take_all()
            yield from records
        else:
            yield from _QuotedRecords(lines, separator, width).records()


def _regular_records(lines: Sequence[str], separator: str, width: int) -> list[Record]:
    """The records of lines with quotes, where each line is one by the rules and as wide as the others; else none."""
    try:
        records = list(csv.reader(lines, delimiter=separator, strict=True))
    except csv.Error:
        return []
    return records if len(records) == len(lines) and set(map(len, records)) == {width} else []


def own_widths(lines: list[str], separator: str) -> list[int]:
    """How many cells each line has that is not blank, read by itself."""
    return [len(_cells_of_line(line, separator)[0]) for line in lines if line.strip()]


def _plain_records(lines: list[str], separator: str) -> Iterator[Record]:
    """The records of lines without a quote: each is one."""
    records = csv.reader(lines, delimiter=separator, strict=True)
    while records.line_num < len(lines):
        try:
            yield from records
        except csv.Error:
            yield _too_long(lines[records.line_num - 1], separator)


def _too_long(line: str, separator: str) -> Record:
    cells = line.rstrip("\r\n").split(separator)
    before = next((place for place, cell in enumerate(cells) if len(cell) > LONGEST_CELL), 0)
    return [*cells[:before], RowProblem(_TOO_LONG, cells[before][:_LONGEST_SHOWN])]


class _Lines:
    """The lines of a file, read ahead in blocks; those of the present record can be given back."""

    def __init__(self, file: IO[str]) -> None:
        self._file = file
        self.waiting: deque[str] = deque()
        self.have_quotes = False
        self.taken: list[str] = []

    def fill(self) -> bool:
        """Read ahead where nothing waits. Returns whether there are lines."""
        if not self.waiting and (block := self._file.readlines(_BLOCK)):
            text = composed("".join(block))
            self.have_quotes = '"' in text
            block = block if text.isascii() else [composed(line) for line in block]
            self.waiting.extend(_without_end_mark(block) if END_OF_DOS in text else block)
        return bool(self.waiting)

    def take_all(self) -> list[str]:
        """Every line that waits."""
        lines = list(self.waiting)
        self.waiting.clear()
        return lines

    def give_back(self, kept: int) -> None:
        """Give back the lines that were taken, but for the first `kept`."""
        self.waiting.extendleft(reversed(self.taken[kept:]))
        del self.taken[kept:]

    def __iter__(self) -> Iterator[str]:
        return self

    def __next__(self) -> str:
        if not self.waiting and not self.fill():
            raise StopIteration
        self.taken.append(self.waiting.popleft())
        return self.taken[-1]


def _without_end_mark(lines: list[str]) -> list[str]:
    """The lines, without the marks that end a text of DOS: at the end of the last line, or alone in one."""
    *others, last = [line for line in lines if line.strip("\r\n" + END_OF_DOS) or END_OF_DOS not in line] or [""]
    return [*others, last if last.endswith(("\r", "\n")) else last.rstrip(END_OF_DOS)]


class _QuotedRecords:
    """The records of lines with quotes, each read by the rules, and by the other reading where they are broken."""

    def __init__(self, lines: _Lines, separator: str, width: int) -> None:
        self._lines, self._separator, self._width = lines, separator, width
        self._reader = csv.reader(lines, delimiter=separator, strict=True)

    def records(self) -> Iterator[Record]:
        """The cells of each record until no line waits."""
        lines = self._lines
        while lines.waiting:
            lines.taken.clear()
            try:
                cells = next(self._reader)
            except csv.Error:
                yield self._told()
            else:
                if self._has_two_readings(len(cells)):
                    yield from map(self._with_two_readings, lines.taken)
                else:
                    yield cells

    def _has_two_readings(self, width: int) -> bool:
        """Whether each line, or the one line, of a sound record reads as a row of its own too."""
        first, *others = self._lines.taken
        if len(first) > LONGEST_CELL or (not others and width == self._width):
            return False
        if self._own_width(first) == self._width:
            return not others or any(self._own_width(line) == self._width for line in others)
        return bool(others) and self._reads_without_quotes(first) and any(map(self._reads_without_quotes, others))

    def _reads_without_quotes(self, line: str) -> bool:
        """Whether a line is a row as of a program that puts no quotes around texts; few cells prove nothing."""
        return self._width >= _LEAST_WIDTH and line.count(self._separator) == self._width - 1

    def _own_width(self, line: str) -> int:
        return len(_cells_of_line(line, self._separator)[0])

    def _with_two_readings(self, line: str) -> Record:
        cells, rest = _cells_of_line(line, self._separator)
        return [*cells, RowProblem(_TWO_READINGS, _shown(rest or line))]

    def _told(self) -> Record:
        """The record of a line that breaks the rules, by its other reading; where there is none, with its problem."""
        first = self._lines.taken[0]
        cells, rest = _cells_of_line(first, self._separator)
        self._lines.give_back(1)
        if max(map(len, cells), default=0) > LONGEST_CELL:
            return _too_long(first, self._separator)
        if rest:
            return [*cells, RowProblem(_NOT_CLOSED, _shown(first[first.rindex(rest) :] + self._broken_lines()))]
        if len(cells) != self._width or any('""' in cell for cell in cells):
            return self._with_two_readings(first)
        return list(cells)

    def _broken_lines(self) -> str:
        """The lines after one whose quotes are not closed, up to the next that is a row as wide as the others."""
        lines, text = self._lines, ""
        lines.taken.clear()
        for count, line in enumerate(lines):
            if count == _MOST_LINES or self._own_width(line) == self._width:
                lines.give_back(count)
                break
            text += line
        return text


def _shown(text: str) -> str:
    return text.strip("\r\n")[:_LONGEST_SHOWN]


def _cells_of_line(line: str, separator: str) -> tuple[list[str], str]:
    """(cells, rest) of one line by the other reading: a quote closes a text only before a separator or the end.

    `rest` begins with a quote that is not closed; the cells stand before it.
    """
    body, place = line.rstrip("\r\n"), 0
    cells: list[str] = []
    while place <= len(body):
        is_quoted = body.startswith('"', place)
        end = _closing_quote(body, separator, place + 1) if is_quoted else body.find(separator, place)
        if is_quoted and end < 0:
            return cells, body[place:]
        end = len(body) if end < 0 else end
        cells.append(body[place + is_quoted : end])
        place = end + is_quoted + 1
    return cells, ""


def _closing_quote(body: str, separator: str, start: int) -> int:
    """The place of the quote that closes a text; -1: none does."""
    end = body.find(f'"{separator}', start)
    return end if end >= 0 else len(body) - 1 if len(body) > start and body.endswith('"') else -1
