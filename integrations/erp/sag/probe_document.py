"""A trial document: the same XML with a mark of its own in every field that may carry a key. Pure."""

from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, tostring

from defusedxml import ElementTree

_OTHER_DATA = ("movimientootrosdatos", "movimientosotrosdatos")


def with_marks(
    body: str, prefix: str, fields: Sequence[str], our_key: str, other_data_tag: str
) -> tuple[str, dict[str, str]]:
    """The document and field → mark. A value of the document's own stays; our usual key gives its place."""
    root = ElementTree.fromstring(body)
    document = next(iter(root))
    further = next((child for child in document if child.tag.casefold() in _OTHER_DATA), None)
    if further is None:
        further = SubElement(document, other_data_tag, {"MovimientoId": document.get("MovimientoId", "1")})
    marks: dict[str, str] = {}
    for position, field in enumerate(fields, 1):
        holder: Element = further if field.startswith("Dato") else document
        if holder.get(field, "") in ("", our_key):
            marks[field] = f"{prefix}-{position}"
            holder.set(field, marks[field])
    return tostring(root, encoding="unicode"), marks
