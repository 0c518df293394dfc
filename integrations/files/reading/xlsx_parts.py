"""The parts of an XLSX file, which may be hostile, parsed without a whole sheet in memory.

A library that loads a whole sheet takes memory for every cell of its extent, used or not, and gives an error of a
formula as an empty cell: here rows are streamed, and a cell without a value says why.
"""

import gc
import re
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from xml.etree.ElementTree import Element, ParseError, fromstring

from integrations.files.errors import FileError
from integrations.files.reading.xlsx_relations import BookParts, PartNames, book_parts
from integrations.files.text_encoding import composed
from integrations.files.xml_reader import local_name

MAX_BYTES = 200 * 1024 * 1024
"""Of the file itself, packed."""
MAX_UNPACKED = 2 * 1024**3
_MAX_RATIO = 250
_HARMLESS_BYTES = 32 * 1024**2
"""Below this no ratio is suspicious."""
_MAX_SMALL_PART = 16 * 1024**2
_PIECE = 128 * 1024
_OLE = b"\xd0\xcf\x11\xe0"
_ENCRYPTED = "EncryptedPackage".encode("utf-16-le")
NOT_A_BOOK = "El archivo no es un libro de Excel (.xlsx) que se pueda abrir. Ábralo en Excel y guárdelo de nuevo."


@dataclass(frozen=True)
class XlsxSheet:
    """A sheet of a workbook; `part` is its name in the archive."""

    name: str
    part: str
    hidden: bool


@dataclass(frozen=True)
class XlsxBook:
    """A workbook whose sheets are not read yet. `strings` and `styles` are parts, empty where it has none."""

    path: Path
    sheets: tuple[XlsxSheet, ...]
    since_1904: bool
    strings: str
    styles: str


def open_book(path: Path) -> XlsxBook:
    """Open a workbook. Raises: FileError for what is none, has a password, or unpacks to too much."""
    _require_archive(path)
    with zipped(path) as book:
        _require_safe(book)
        parts = _parts_of(book)
        root = whole_part(book, parts.book)
    sheets = tuple(_sheets(root, parts.sheets))
    if not sheets:
        raise FileError("El libro de Excel no tiene hojas con celdas.")
    return XlsxBook(path, sheets, _counts_from_1904(root), parts.strings, parts.styles)


def _parts_of(book: zipfile.ZipFile) -> BookParts:
    parts = book_parts(PartNames(book), lambda part: whole_part(book, part))
    if parts is None:
        raise FileError(NOT_A_BOOK)
    return parts


def _counts_from_1904(root: Element) -> bool:
    settings = [element for element in root.iter() if local_name(element) == "workbookPr"]
    return any(element.get("date1904") in ("1", "true") for element in settings)


def _sheets(root: Element, parts: Mapping[str, str]) -> Iterator[XlsxSheet]:
    """The sheets of a workbook that have a part; `parts` is relation → part."""
    for element in root.iter():
        if local_name(element) == "sheet":
            relation = next((value for name, value in element.attrib.items() if name.endswith("}id")), "")
            if part := parts.get(relation):
                yield XlsxSheet(composed(element.get("name", "")), part, element.get("state", "visible") != "visible")


def _require_archive(path: Path) -> None:
    if path.stat().st_size > MAX_BYTES:
        raise FileError(f"El libro pesa más de {MAX_BYTES // 1024**2} MB. Divídalo o guárdelo como CSV.")
    with path.open("rb") as file:
        start = file.read(4)
        if start == _OLE:
            raise FileError(_why_ole(file.read(_PIECE * 4)))


def _why_ole(rest: bytes) -> str:
    if _ENCRYPTED in rest:
        return "El libro de Excel está protegido con clave. Quítele la clave en Excel y guárdelo de nuevo."
    return "Es un libro de Excel antiguo (.xls) o protegido con clave. Guárdelo en Excel como .xlsx, sin clave."


def zipped(path: Path) -> zipfile.ZipFile:
    try:
        return zipfile.ZipFile(path)
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError):
        raise FileError(NOT_A_BOOK) from None


def _require_safe(book: zipfile.ZipFile) -> None:
    parts = book.infolist()
    unpacked = sum(part.file_size for part in parts)
    packed = sum(part.compress_size for part in parts) or 1
    if unpacked > MAX_UNPACKED or (unpacked > _HARMLESS_BYTES and unpacked / packed > _MAX_RATIO):
        raise FileError(
            "El libro de Excel se expande demasiado al abrirlo: por seguridad no se lee. Guárdelo como CSV."
        )
    if any(part.flag_bits & 1 for part in parts):
        raise FileError("El libro de Excel está protegido con clave. Quítele la clave en Excel y guárdelo de nuevo.")


def whole_part(book: zipfile.ZipFile, part: str) -> Element:
    """The root of a small part. Raises: FileError where it is large, broken or declares entities."""
    with errors_of(part):
        data = b"".join(unpacked(book, part, _MAX_SMALL_PART))
        return _parsed(data)


def items_of(path: Path, part: str, container: str, item: str) -> Iterator[Element]:
    """Each `item` element of the one `container` element of a part. Raises: FileError."""
    for piece in pieces_of(path, part, container, item):
        yield from items_in(piece, part)


def pieces_of(path: Path, part: str, container: str, item: str) -> Iterator[bytes]:
    """The one `container` element of a part, cut after whole items into pieces that are containers of their own.

    Neither the part nor its tree is ever whole in memory. Raises: FileError.
    """
    with zipped(path) as book, errors_of(part):
        yield from _whole_items(unpacked(book, part, MAX_UNPACKED), container.encode(), item.encode())


def items_in(piece: bytes, part: str) -> Element:
    """The root of a piece, whose children are its items. Raises: FileError where it is not well-formed."""
    with errors_of(part):
        return _parsed(piece)


def _whole_items(pieces: Iterator[bytes], container: bytes, item: bytes) -> Iterator[bytes]:
    opens = re.compile(rb"<((?:\w+:)?)" + container + rb"(?=[\s/>])[^>]*>")
    rest, head, tail, end = b"", b"", b"", b""
    for piece in pieces:
        rest += piece
        if not head:
            found = opens.search(rest)
            if found is None:
                continue
            if found[0].endswith(b"/>"):
                return
            head, tail = _frame(rest[: found.start()], found[0])
            end = b"</" + found[1] + item + b">"
            rest = rest[found.end() :]
        over = rest.find(tail)
        cut = over if over >= 0 else rest.rfind(end) + len(end)
        if over >= 0 or cut >= len(end):
            yield head + rest[:cut] + tail
            rest = rest[cut:]
        if over >= 0:
            return
    raise ParseError("the part ends before its container does")


def _frame(before: bytes, opening: bytes) -> tuple[bytes, bytes]:
    """(start tag, end tag) of a container, with the namespaces of the root, which its items need."""
    root = re.search(rb"<([A-Za-z][\w:]*)(?=[\s>])[^>]*>", before)
    name = re.match(rb"<([\w:]+)", opening)
    assert name is not None  # noqa: S101 - the opening tag was found by its name
    around = b"".join(re.findall(rb"xmlns(?::\w+)?\s*=\s*(?:\"[^\"]*\"|'[^']*')", root[0] if root else b""))
    spaced = around.replace(b"xmlns", b" xmlns")
    return b"<" + name[1] + spaced + b">", b"</" + name[1] + b">"


def _parsed(data: bytes) -> Element:
    """The tree of a piece. Elements have no cycles, and collecting them takes longer than parsing."""
    was_collecting = gc.isenabled()
    gc.disable()
    try:
        return fromstring(data)  # noqa: S314 - declarations were refused in `unpacked`
    finally:
        if was_collecting:
            gc.enable()


@contextmanager
def errors_of(part: str) -> Iterator[None]:
    """Turn every error of a broken archive or XML into a FileError that names the part."""
    try:
        yield
    except (ParseError, zipfile.BadZipFile, zlib.error, EOFError, OSError, KeyError, NotImplementedError, ValueError):
        raise FileError(f"El libro de Excel está dañado ({part}). Ábralo en Excel y guárdelo de nuevo.") from None


def unpacked(book: zipfile.ZipFile, part: str, limit: int) -> Iterator[bytes]:
    """The bytes of a part in pieces. Entities, or an encoding that would hide them, are refused before any parsing."""
    if book.getinfo(part).file_size > limit:
        raise FileError("El libro de Excel es demasiado grande. Divídalo o guárdelo como CSV.")
    is_prolog = True
    with book.open(part) as file:
        while piece := file.read(_PIECE):
            if is_prolog:
                if b"<!DOCTYPE" in piece or b"<!ENTITY" in piece or b"\0" in piece[:64]:
                    raise FileError("El libro de Excel declara entidades: por seguridad no se lee.")
                is_prolog = not re.search(rb"<[A-Za-z]", piece)
            yield piece
