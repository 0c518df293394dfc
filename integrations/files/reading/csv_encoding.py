"""The encoding of a text file, found out by its bytes: byte order mark, UTF-8, UTF-16, or the page of its letters."""

import codecs
import re
from pathlib import Path

from integrations.files.errors import FileError
from integrations.files.reading.cells import ENCODINGS
from integrations.files.text_encoding import wide_encoding

_PIECE = 1024 * 1024
_SAMPLE_BYTES = 64 * 1024
_PAGES = ("cp1252", "cp850", "mac_roman")
_SPANISH = set("áéíóúñüÁÉÍÓÚÑÜ°ºª¿¡")
_BEYOND_ASCII = re.compile(rb"[A-Za-z]?[\x80-\xff]+[A-Za-z]?")
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_SURE_OF_MAC = re.compile("[a-z][áéú]|[áéú][a-z]|[a-z]ó[a-z]|[A-Z][ÁÉÚÑ]|[ÁÉÚÑ][A-Z]")
_MIXED = (
    "El archivo mezcla UTF-8 con letras que no lo son (byte {}): no se sabe qué dicen sus tildes. Vuelva a exportarlo, "
    "o elija la codificación."
)


def find_encoding(path: Path) -> str:
    """The encoding of a file. Raises: FileError where part of it is UTF-8 and part is not."""
    with path.open("rb") as file:
        sample = file.read(_SAMPLE_BYTES)
    if encoding := "utf-8-sig" if sample.startswith(codecs.BOM_UTF8) else wide_encoding(sample):
        return encoding
    broken = _first_error(path, "utf-8")
    return "utf-8" if broken is None else _page_of(path, broken)


def _page_of(path: Path, broken: int) -> str:
    """The page in which the letters read as Spanish; the byte `broken` is not UTF-8."""
    letters = _beyond_ascii(path)
    if len(_UTF8_LETTER.findall(letters)) > len(_BEYOND_ASCII.findall(_UTF8_LETTER.sub(b"", letters))):
        raise FileError(_MIXED.format(broken))
    pages = [page for page in _PAGES if _decodes(letters, page)]
    return max(pages, key=lambda page: _spanish(letters.decode(page), page))


def _spanish(text: str, page: str) -> int:
    """How many letters read as Spanish in a page. What may be a dash or a quote of Windows proves no Mac."""
    if page == "mac_roman" and not _SURE_OF_MAC.search(text):
        return 0
    return sum(letter in _SPANISH for letter in text)


def _beyond_ascii(path: Path) -> bytes:
    """The first letters beyond ASCII with their neighbours, a space between two places; enough to judge by."""
    found: list[bytes] = []
    with path.open("rb") as file:
        while len(found) < _SAMPLE_BYTES and (piece := file.read(_PIECE)):
            found += _BEYOND_ASCII.findall(piece)
    return b" ".join(found)


def _decodes(data: bytes, encoding: str) -> bool:
    try:
        data.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def _first_error(path: Path, encoding: str) -> int | None:
    """The place of the first byte that is not of an encoding; None where all of the file is."""
    decoder, start = codecs.getincrementaldecoder(encoding)(), 0
    with path.open("rb") as file:
        while piece := file.read(_PIECE):
            waiting = len(decoder.getstate()[0])
            try:
                decoder.decode(piece)
            except UnicodeDecodeError as broken:
                return start - waiting + broken.start
            start += len(piece)
    try:
        decoder.decode(b"", final=True)
    except UnicodeDecodeError as broken:
        return start - len(decoder.getstate()[0]) + broken.start
    return None


def require_decodable(path: Path, encoding: str) -> None:
    """Raises: FileError where a file is not in an encoding, or there is none of that name."""
    try:
        broken = _first_error(path, encoding)
    except (LookupError, UnicodeError):
        raise FileError(f"El archivo no se puede leer como «{encoding}».") from None
    if broken is not None:
        raise not_decodable(encoding, broken)


def not_decodable(encoding: str, place: int) -> FileError:
    """The error of a byte that is not of an encoding."""
    name = ENCODINGS.get(encoding, encoding)
    return FileError(f"El archivo no es texto {name} (byte {place}). Elija otra codificación.")
