"""From a file's name and bytes to drafts: what it is, by its content and not only by its name."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from integrations.choices import Kind
from integrations.files import sag_xml, siigo_json
from integrations.files.drafts import Draft
from integrations.files.errors import FileError
from integrations.files.json_reader import read_json
from integrations.files.size import MOST_BYTES, what_it_is
from integrations.files.xml_reader import read_xml

FORMATS = ("csv", "xlsx", "json", "xml")
_LATER = ("csv", "xlsx")


@dataclass(frozen=True)
class Opened:
    """A file that was understood: what it holds and its drafts, read lazily."""

    format: str
    kind: Kind
    drafts: Iterator[Draft]


def open_file(path: Path, wanted_format: str | None = None, wanted_kind: Kind | str | None = None) -> Opened:
    """Read a file and guess what was not said.

    Raises: FileError where it can't be read, is not what it claims, or holds another kind of record.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise FileError(f"El archivo pesa más de {MOST_BYTES // 1024**2} MB. Divídalo.")
        data = path.read_bytes()
    except OSError as unreadable:
        raise FileError(f"No se puede leer el archivo {path.name}: {unreadable.strerror or unreadable}.") from None
    opened = _open(data, wanted_format or guess_format(path, data))
    if wanted_kind is not None and opened.kind != wanted_kind:
        raise FileError(f"El archivo trae {opened.kind.label.lower()}s y se pidió {Kind(wanted_kind).label.lower()}s.")
    return opened


def guess_format(path: Path, data: bytes) -> str:
    """By the content; the name decides only between texts.

    Raises: FileError for what is none of the formats.
    """
    told = what_it_is(data)
    start = data.lstrip(b"\xef\xbb\xbf \t\r\n")[:1]
    ending = path.suffix.lower().lstrip(".")
    if data.startswith(b"PK\x03\x04") and ending == "xlsx":
        return "xlsx"
    if told:
        raise FileError(f"El archivo {path.name} es {told}: se esperan {', '.join(FORMATS)}.")
    if start == b"<":
        return "xml"
    if start in (b"{", b"["):
        return "json"
    if ending in FORMATS:
        return ending
    raise FileError(f"No se reconoce el archivo {path.name}: diga su formato con --format.")


def _open(data: bytes, format_name: str) -> Opened:
    if format_name in _LATER:
        raise FileError("Los archivos CSV y XLSX todavía no se pueden importar: use JSON de Siigo o XML de SAG.")
    if format_name == "json":
        return Opened("json", Kind.MOVEMENT, siigo_json.read(read_json(data)))
    root = read_xml(data)
    kind = sag_xml.kind_of(root)
    return Opened("xml", kind or Kind.MOVEMENT, sag_xml.read(root))
