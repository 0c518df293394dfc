"""Read XML that may be hostile: no DTD, no entities, nothing external."""

from collections.abc import Iterator
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DefusedXmlException, ElementTree

from integrations.files.errors import FileError
from integrations.files.read_limits import decode_utf8


def read_xml(data: bytes) -> Element:
    """Parse a document and return its root element.

    Raises: FileError where it is not whole, well-formed XML, or declares a DTD or entities; it says where.
    """
    if not _declares_encoding(data):
        decode_utf8(data, "XML")
    try:
        root: Element = ElementTree.fromstring(data, forbid_dtd=True)
    except DefusedXmlException:
        raise FileError("El archivo XML declara entidades o un DTD: por seguridad no se lee. Quítelos.") from None
    except ParseError as broken:
        line, column = broken.position
        raise FileError(
            f"El archivo XML está incompleto o mal formado: línea {line}, columna {column + 1}. Vuelva a exportarlo."
        ) from None
    except (ValueError, LookupError):
        raise FileError("El archivo XML declara una codificación desconocida. Guárdelo como UTF-8.") from None
    return root


def _declares_encoding(data: bytes) -> bool:
    return data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<?xml") and b"encoding" in data[:200]


def local_name(element: Element) -> str:
    """The tag without its namespace."""
    return element.tag.rpartition("}")[2]


def fields_of(element: Element) -> Iterator[tuple[str, str]]:
    """(name, text) of the attributes, then of the children that hold only text: SAG takes both styles."""
    yield from element.attrib.items()
    for child in element:
        if not child.attrib and not len(child):
            yield local_name(child), child.text or ""


def parts_of(element: Element) -> Iterator[Element]:
    """The children with attributes or children of their own."""
    return (child for child in element if child.attrib or len(child))
