"""Records as SAG's own XML: attributes, the published names, one document after another."""

from collections.abc import Iterator
from typing import Any

from integrations.choices import Target
from integrations.erp.exports import SagExport, SagPart, by_position
from integrations.erp.fields.values import has_own_values
from integrations.erp.sag.document import XmlNode, element
from integrations.files.writing.exact_values import xml_items
from integrations.files.writing.export_source import ExportSource

_DECLARATION = b'<?xml version="1.0" encoding="UTF-8"?>\n'


def pieces(source: ExportSource) -> Iterator[bytes]:
    """The XML document in pieces: the root with an element for each record.

    Raises: PayloadError for a character that XML can't carry.
    """
    export = source.model.exports[Target.SAG]
    assert isinstance(export, SagExport)  # noqa: S101 - the format is offered only where it is
    yield _DECLARATION + f"<{export.root}>\n".encode()
    for record in source.read():
        yield element(_node(record, export)).encode() + b"\n"
    yield f"</{export.root}>\n".encode()


def _node(record: Any, export: SagExport) -> XmlNode:
    children = [node for part in export.parts for node in _part_nodes(part, record)]
    return XmlNode(export.tag, dict(xml_items(export.catalogue, record)), children)


def _part_nodes(part: SagPart, record: Any) -> list[XmlNode]:
    if part.relation is not None:
        return [XmlNode(part.tag, dict(xml_items(part.catalogue, row))) for row in by_position(record, part.relation)]
    return (
        [XmlNode(part.tag, dict(xml_items(part.catalogue, record)))] if has_own_values(part.catalogue, record) else []
    )
