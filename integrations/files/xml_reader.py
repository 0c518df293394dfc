"""Read XML that may be hostile: no DTD, no entities, nothing external."""

import codecs
import re
from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

from integrations.files.errors import FileError
from integrations.files.text_encoding import composed, decode_text

_DECLARED = re.compile(rb"<\?xml[^>]*\sencoding\s*=\s*[\"']([A-Za-z0-9._-]+)[\"']")
_PAGE = re.compile("<(?:!doctype html|html|table)", re.IGNORECASE)
"""How a table begins that many a program calls .xls."""
_FIRST_LETTERS = 2000
_PROLOG_BYTES = 200
_WIDE = ("utf-16", "utf-16-le", "utf-16-be")
_ENCODINGS = (*_WIDE, "utf-8", "ascii", "iso8859-1", "iso8859-15", "cp1252", "cp850", "cp437", "mac-roman")
"""What a file may declare, as Python names it. What says UTF-16 and is not is UTF-8: so does a text of .NET that
another program saved.
"""


def read_xml(data: bytes) -> Element:
    """Parse a document and return its root element.

    Raises: FileError where it is not whole, well-formed XML, or declares a DTD or entities; it says where.
    """
    text = decode_text(data, "XML", _declared_encoding(data))
    try:
        root: Element = ElementTree.fromstring(text, forbid_dtd=True)
    except DefusedXmlException:
        raise FileError("El archivo XML declara entidades o un DTD: por seguridad no se lee. Quítelos.") from None
    except ParseError as broken:
        if _PAGE.search(text[:_FIRST_LETTERS]):
            raise FileError("El archivo es una página web, no un XML. Ábralo en Excel y guárdelo como .xlsx.") from None
        line, column = broken.position
        raise FileError(
            f"El archivo XML está incompleto o mal formado: línea {line}, columna {column + 1}. Vuelva a exportarlo."
        ) from None
    return root


def _declared_encoding(data: bytes) -> str:
    """The encoding that a file declares, empty for none. Raises: FileError for one that is not known."""
    declared = _DECLARED.search(data[:_PROLOG_BYTES])
    if declared is None:
        return ""
    name = _name_in_python(declared[1].decode())
    if name not in _ENCODINGS:
        raise FileError("El archivo XML declara una codificación desconocida. Guárdelo como UTF-8.")
    # What is between the letters of ISO 8859-1 is what Windows writes there: curly quotes, dashes.
    return {"iso8859-1": "cp1252"}.get(name, "" if name in _WIDE else name)


def _name_in_python(encoding: str) -> str:
    """Empty for one that Python does not know."""
    try:
        return codecs.lookup(encoding).name
    except LookupError:
        return ""


def local_name(element: Element) -> str:
    """The tag without its namespace."""
    return composed(element.tag.rpartition("}")[2])


def fields_of(element: Element) -> Iterator[tuple[str, str]]:
    """(name, text) of the attributes, then of the children that hold only text: SAG takes both styles."""
    for name, text in element.attrib.items():
        yield composed(name), composed(text)
    for child in element:
        if not child.attrib and not len(child):
            yield local_name(child), composed(child.text or "")


def parts_of(element: Element) -> Iterator[Element]:
    """The children with attributes or children of their own."""
    return (child for child in element if child.attrib or len(child))
