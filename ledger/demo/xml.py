"""Writes SAG's XML: attributes throughout, as in the published examples."""

from collections.abc import Iterable, Mapping
from xml.etree.ElementTree import Element, SubElement, indent, tostring


def collection(root: str, tag: str, records: Iterable[Mapping[str, str]]) -> Element:
    """`<root>` with a `<tag>` for each record."""
    element = Element(root)
    for record in records:
        SubElement(element, tag, dict(record))
    return element


def text(element: Element) -> str:
    """Indented, with the declaration: what a file holds."""
    indent(element)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(element, encoding="unicode") + "\n"
