"""What an `a_s_xml` holds, and the vocabulary that every kind of record shares."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import fromstring

MISSING = "CAMPOS OBLIGATORIOS VACÍOS"
DOCUMENT_TYPES = frozenset("ABCEFLMNOPRSTUVXZ")
TAXPAYER_TYPES = frozenset("CSGONLJRE")
OBJECT_REFERENCE = "Object reference not set to an instance of an object."
COLOMBIA = timedelta(hours=-5)

OVERFLOW = 10**18
"""Past what the tables hold."""

Fields = Mapping[str, str]


class FailedError(Exception):
    """SAG answers FALLIDO with this text."""


@dataclass(frozen=True, slots=True)
class RecordResult:
    """One `clsGenerales`. None travels as nil."""

    state: str
    message: str
    source: str | None = None
    identifier: str | None = None
    movement: str | None = None
    number: str | None = None


@dataclass(frozen=True, slots=True)
class RecordNode:
    """An element: its attributes and text children as one set of fields, and its other children."""

    name: str
    fields: dict[str, str]
    children: list["RecordNode"] = field(default_factory=list)


def parse(xml: str) -> RecordNode:
    """The tree of an `a_s_xml`. Raises `FailedError`: ill-formed XML and entities are refused."""
    try:
        return _node(fromstring(xml.strip(), forbid_dtd=True))
    except DefusedXmlException:
        raise FailedError("XML con entidades o DTD no permitido (simulador)") from None
    except (ParseError, ValueError) as error:
        raise FailedError(f"The XML parse error occurred near the XML text: {error}") from None


def _node(element: Element) -> RecordNode:
    """Attribute style and child-element style come to the same fields (settled.md)."""
    fields = dict(element.attrib)
    children = []
    for child in element:
        if child.attrib or len(child) or _is_record(child.tag):
            children.append(_node(child))
        else:
            fields[child.tag] = (child.text or "").strip()
    return RecordNode(element.tag, fields, children)


RECORDS = frozenset(
    {"cliente", "tercero", "articulo", "movimiento", "movimientodetalle", "movimientootrosdatos"}
    | {"movimientosotrosdatos", "movimientomediospagos"}
)


def _is_record(tag: str) -> bool:
    return tag.lower() in RECORDS


def first(fields: Fields, *names: str) -> str:
    """The first of several spellings that has a value."""
    return next((fields[name].strip() for name in names if fields.get(name, "").strip()), "")


def require(fields: Fields, *names: str) -> None:
    """Raises `FailedError` where a value is empty. A name may be `either|or`."""
    for name in names:
        if not first(fields, *name.split("|")):
            raise FailedError(MISSING)


def require_among(value: str, allowed: Iterable[str], message: str = MISSING) -> None:
    """Raises `FailedError` for a value that is given and not allowed."""
    if value and value not in allowed:
        raise FailedError(message)


def number(text: str) -> int | float | None:
    """A number as the database holds it; None for no text. Raises `FailedError` as SQL Server says it."""
    if not text.strip():
        return None
    try:
        value = Decimal(text.strip())
    except InvalidOperation:
        raise FailedError("Error converting data type nvarchar to numeric.") from None
    if not value.is_finite() or abs(value) >= OVERFLOW:
        raise FailedError("Arithmetic overflow error converting nvarchar to data type numeric.")
    return int(value) if value == value.to_integral_value() else float(value)


def tax_id(text: str) -> str:
    """A NIT without its check digit: digits. Raises `FailedError`."""
    if text and not re.fullmatch(r"\d{1,15}", text):
        raise FailedError(MISSING)
    return text


def day(text: str) -> str | None:
    """A date as the queries give it back. `YYYY/MM/DD` and `YYYY-MM-DD` are read, nothing else."""
    if not text:
        return None
    parts = re.fullmatch(r"(\d{4})([/-])(\d{2})\2(\d{2})", text)
    try:
        if not parts:
            raise ValueError(text)
        found = date(int(parts[1]), int(parts[3]), int(parts[4]))
    except ValueError:
        raise FailedError("Conversion failed when converting date and/or time from character string.") from None
    return f"{found.isoformat()}T00:00:00"


def now() -> str:
    """Colombian wall clock without zone, fraction cut as Json.NET cuts it."""
    return moment()


def moment(seconds: float = 0.0) -> str:
    """The same, `seconds` from now."""
    local = (datetime.now(UTC) + COLOMBIA + timedelta(seconds=seconds)).replace(tzinfo=None)
    return local.isoformat(timespec="milliseconds").rstrip("0").rstrip(".")


def plain(text: str) -> str:
    """Upper case without accents or punctuation, as names of registers are matched."""
    bare = unicodedata.normalize("NFKD", text.upper()).encode("ascii", "ignore").decode()
    return re.sub(r"\s+", " ", re.sub(r"[^A-Z0-9 ]", " ", bare)).strip().removesuffix(" D C")
