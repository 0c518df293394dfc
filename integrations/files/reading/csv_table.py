"""CSV as spreadsheets write it: its encoding and separator are found out, never assumed."""

import codecs
import csv
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from statistics import mode

from integrations.files.cell_text import unescape_formula
from integrations.files.errors import FileError
from integrations.files.read_limits import binary_kind
from integrations.files.reading.cells import ENCODINGS, FileDescription, InputCell, TableRow

MAX_BYTES = 1024**3
"""A CSV is read row by row, so its size costs time, not memory."""
_PIECE = 1024 * 1024
_SAMPLE_BYTES = 64 * 1024
_SAMPLE_ROWS = 30
_SEPARATORS = (";", ",", "\t", "|")
_BYTE_ORDER_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SPANISH = set("áéíóúñüÁÉÍÓÚÑÜ°ºª¿¡")
_LONGEST_CELL = 131_072
_row = partial(tuple.__new__, TableRow)
"""Make a row of a pair, as `TableRow(*pair)` but without a Python call: it runs for every row."""


class CsvTable:
    """A CSV file; `encoding` and `separator` are found out where they are empty.

    Raises: FileError where it is no text, or not in that encoding.
    """

    def __init__(self, path: Path, *, encoding: str = "", separator: str = "") -> None:
        self._path = path
        _require_text(path)
        encoding = encoding or find_encoding(path)
        _require_decodable(path, encoding)
        self.description = FileDescription("csv", encoding, separator or _find_separator(path, encoding))

    def rows(self) -> Iterator[TableRow]:
        """Every row. Raises: FileError where the file breaks off inside quotes or is not text after all."""
        row = _row((0, []))
        with self._path.open(encoding=self.description.encoding, newline="") as lines:
            reader = csv.reader(lines, delimiter=self.description.separator)
            try:
                for row in map(_row, enumerate(reader, 1)):
                    if row.number > 1 or not _is_separator_line(row.cells, self.description.separator):
                        yield row
            except csv.Error:
                raise FileError(
                    f"La fila {row.number + 1} del CSV abre comillas que no cierra o trae una celda de más de "
                    f"{_LONGEST_CELL} caracteres. Corríjala o vuelva a exportar."
                ) from None
            except UnicodeDecodeError as broken:
                raise _not_decodable(self.description.encoding, broken) from None


def unquote(text: str) -> str:
    """The text of a cell without `="…"`, a spreadsheet's way to keep zeros, or our own escape of formulas."""
    if text.startswith('="') and text.endswith('"') and len(text) > 2:
        return text[2:-1]
    return unescape_formula(text)


def find_encoding(path: Path) -> str:
    """The encoding of a file: by its byte order mark; else UTF-8 if all of it is; else that of its letters."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    for mark, encoding in _BYTE_ORDER_MARKS:
        if sample.startswith(mark):
            return encoding
    return "utf-8" if _is_decodable(path, "utf-8") else _likely_page(_first_non_ascii(path))


def _likely_page(letters: bytes) -> str:
    """The Windows or DOS code page in which the letters read as Spanish."""
    pages = [page for page in ("cp1252", "cp850") if _decodes(letters, page)]
    return max(pages, key=lambda page: sum(letter in _SPANISH for letter in letters.decode(page)))


def _first_non_ascii(path: Path) -> bytes:
    """The first bytes beyond ASCII, enough to judge by."""
    non_ascii = bytearray()
    with path.open("rb") as file:
        while len(non_ascii) < _SAMPLE_BYTES and (piece := file.read(_PIECE)):
            non_ascii += bytes(byte for byte in piece if byte > 127)
    return bytes(non_ascii)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _is_decodable(path: Path, encoding: str) -> bool:
    try:
        _decode_through(path, encoding)
    except UnicodeDecodeError:
        return False
    return True


def _decode_through(path: Path, encoding: str) -> None:
    decoder = codecs.getincrementaldecoder(encoding)()
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            decoder.decode(piece)
    decoder.decode(b"", final=True)


def _require_decodable(path: Path, encoding: str) -> None:
    try:
        _decode_through(path, encoding)
    except UnicodeDecodeError as broken:
        raise _not_decodable(encoding, broken) from None
    except (LookupError, UnicodeError):
        raise FileError(f"El archivo no se puede leer como «{encoding}».") from None


def _not_decodable(encoding: str, broken: UnicodeDecodeError) -> FileError:
    name = ENCODINGS.get(encoding, encoding)
    return FileError(f"El archivo no es texto {name} (byte {broken.start}). Elija otra codificación.")


def _require_text(path: Path) -> None:
    with path.open("rb") as file:
        start = file.read(_SAMPLE_BYTES)
    if kind := binary_kind(start):
        raise FileError(f"El archivo no es CSV: es {kind}.")
    if not start.strip(b"\xef\xbb\xbf \t\r\n\0"):
        raise FileError("El archivo está vacío.")
    is_wide = start.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    if b"\0" in start and not is_wide:
        raise FileError("El archivo no es CSV: trae bytes que no son texto. Vuelva a exportarlo.")


def _find_separator(path: Path, encoding: str) -> str:
    """The separator that cuts the largest share of the rows into the same number of cells, more than one.

    A share, not a count: a wrong one cuts a text of several lines into many rows, a few of them alike.
    """
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        sample = file.read(_SAMPLE_BYTES).splitlines(keepends=True)[: _SAMPLE_ROWS * 2]
    if sample and sample[0].lower().startswith("sep=") and len(sample[0].strip()) == len("sep=") + 1:
        return sample[0].strip()[-1]
    return max(_SEPARATORS, key=lambda separator: _regularity(sample, separator))


def _regularity(lines: list[str], separator: str) -> tuple[float, int]:
    try:
        widths = [len(cells) for cells in csv.reader(lines, delimiter=separator) if cells][:_SAMPLE_ROWS]
    except csv.Error:
        return (0.0, 0)
    usual = mode(widths) if widths else 1
    return (widths.count(usual) / len(widths), usual) if usual > 1 else (0.0, max(widths, default=0))


def _is_separator_line(cells: Sequence[InputCell], separator: str) -> bool:
    """Whether a row is Excel's own first line, `sep=;`."""
    return bool(cells) and separator.join(map(str, cells)).lower() == f"sep={separator}"
