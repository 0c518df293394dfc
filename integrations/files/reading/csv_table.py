"""CSV as spreadsheets and other programs write it: its encoding and separator are found out, never assumed."""

import csv
import io
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from integrations.files.errors import FileError
from integrations.files.read_limits import binary_kind
from integrations.files.reading.cells import FileDescription, InputCell, TableRow
from integrations.files.reading.csv_encoding import find_encoding, not_decodable, require_decodable
from integrations.files.reading.csv_records import own_widths, read_records
from integrations.files.text_encoding import BLANKS, wide_encoding

MAX_BYTES = 1024**3
"""A CSV is read row by row, so its size costs time, not memory."""
_SAMPLE_BYTES = 64 * 1024
_SAMPLE_ROWS = 30
_SEPARATORS = (";", ",", "\t", "|")
_ESCAPED_FORMULA = re.compile(r"'+(?:[=+\-@]|\s*\Z)")
_row = partial(tuple.__new__, TableRow)
"""Make a row of a pair, as `TableRow(*pair)` but without a Python call: it runs for every row."""


class CsvTable:
    """A CSV file; `encoding` and `separator` are found out where they are empty.

    Raises: FileError where it is no text, or not in that encoding.
    """

    may_hide_rows = False
    hidden_rows: Sequence[int] = ()

    def __init__(self, path: Path, *, encoding: str = "", separator: str = "") -> None:
        self._path = path
        _require_text(path)
        encoding = encoding or find_encoding(path)
        require_decodable(path, encoding)
        sample = _sample(path, encoding)
        separator = separator or _find_separator(sample)
        self.description = FileDescription("csv", encoding, separator)
        self.row_width = _row_width(_widths(sample, separator))

    def rows(self) -> Iterator[TableRow]:
        """Every row; one that can't be read in one way only ends with a `RowProblem`.

        Raises: FileError where the file is not text after all.
        """
        encoding, separator = self.description.encoding, self.description.separator
        with self._path.open(encoding=encoding, newline="") as file:
            try:
                for row in map(_row, enumerate(read_records(file, separator, self.row_width), 1)):
                    if row.number > 1 or not _is_separator_line(row.cells, separator):
                        yield row
            except UnicodeDecodeError as broken:
                raise not_decodable(encoding, broken.start) from None


def unquote(text: str) -> str:
    """The text of a cell without `="…"`, a spreadsheet's way to keep zeros, or the escape of formulas.

    An apostrophe alone is "there, and empty"; before anything else it is text.
    """
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        return text[2:-1]
    return text[1:] if _ESCAPED_FORMULA.match(text) else text


def _require_text(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
    if kind := binary_kind(start):
        raise FileError(f"El archivo no es CSV: es {kind}.")
    if not start.strip(BLANKS):
        raise FileError("El archivo está vacío.")
    if b"\0" in start and not wide_encoding(start):
        raise FileError("El archivo no es CSV: trae bytes que no son texto. Vuelva a exportarlo.")


def _sample(path: Path, encoding: str) -> list[str]:
    """The first lines of a file, the last one only where it is whole."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        text, has_more = file.read(_SAMPLE_BYTES), bool(file.read(1))
    lines = io.StringIO(text, newline="").readlines()
    return lines[:-1] if has_more and len(lines) > 1 else lines


def _find_separator(sample: list[str]) -> str:
    """The separator that cuts the largest share of the rows into the same number of cells, more than one.

    A share, not a count: a wrong one cuts a text of several lines into many rows, a few of them alike.
    """
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].strip(" \r\n")) == len("sep=") + 1:
        return sample[0].strip(" \r\n")[-1]
    return max(_SEPARATORS, key=lambda separator: _regularity(_widths(sample, separator)))


def _widths(sample: list[str], separator: str) -> list[int]:
    """How many cells the first rows have; where some break the rules of quotes, each line is counted by itself."""
    widths: list[int] = []
    try:
        for cells in csv.reader(sample, delimiter=separator, strict=True):
            widths += [len(cells)] if cells else []
            if len(widths) == _SAMPLE_ROWS:
                break
    except csv.Error:
        return widths if len(widths) * 2 > _SAMPLE_ROWS else own_widths(sample[:_SAMPLE_ROWS], separator)
    return widths


def _row_width(widths: list[int]) -> int:
    """How many cells most rows under the first line have; where widths are as frequent, as many as that line.

    A line with one cell is a title, a foot, or the rest of a text: it is as wide as no row of a table.
    """
    rows = [width for width in widths[1:] if width > 1] or widths[1:]
    return _usual_width(rows, preferred=widths[0] if widths else 0)


def _usual_width(widths: list[int], preferred: int = 0) -> int:
    """The width of most rows; of those that are as frequent the preferred one, else the largest."""
    counts = Counter(widths)
    return max(counts, key=lambda width: (counts[width], width == preferred, width), default=0)


def _regularity(widths: list[int]) -> tuple[float, int]:
    usual = _usual_width(widths)
    return (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, max(widths, default=0))


def _is_separator_line(cells: Sequence[InputCell], separator: str) -> bool:
    """Whether a row is Excel's own first line, `sep=;`."""
    return bool(cells) and separator.join(map(str, cells)).lower() == f"sep={separator}"
