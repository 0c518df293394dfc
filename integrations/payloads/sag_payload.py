"""From a record to what SAG would get, and what the local checks say: a document with its parts, or one master."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from integrations.choices import SendKind
from integrations.erp.exports import SagExport, SagPart, by_position
from integrations.erp.fields.severity import Severity
from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.validation import Problem, check_fields, severities_in_force
from integrations.erp.fields.values import has_own_values, wire_items
from integrations.erp.receipts import Reference
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag import legacy_document
from integrations.erp.sag import rules as sag_rules
from integrations.erp.sag.dialect import SagDialect
from integrations.erp.sag.document import XmlNode, serialise
from integrations.erp.sag.lookup_queries import KEY_FIELD
from integrations.erp.sag.sent_request import reference_of
from integrations.erp.sag.third_party_changes import only_changes
from integrations.errors import PayloadError
from integrations.models import Connection, Syncable
from integrations.payloads.context import NOTHING_STORED, PayloadContext

_NUMBER2 = "NumeroDocumento2"
_OTHER_DATA = "MovimientoOtrosDatos"


def written(
    record: Syncable,
    export: SagExport,
    connection: Connection,
    key: str,
    send_kind: SendKind | str,
    context: PayloadContext,
) -> tuple[str, str, bool, Reference]:
    """The parts of a `Payload`: body, tipo, whether SAG is asked to commit, and how it will know the record.

    `key` is what a read-back finds it by. Raises: PayloadError, FieldError where a value can't be carried.
    """
    dialect = replace(sag_dialect.build(connection.settings, login=connection.login), codes=context.codes)
    updating = send_kind == SendKind.UPDATE and export.update_tipo is not None
    attributes = _attributes(export.catalogue, record, dialect, updating=updating)
    if _NUMBER2 in export.catalogue.by_spelling and dialect.settings["fill_NumeroDocumento2"]:
        attributes.setdefault(_NUMBER2, key)
    if updating:
        stored = context.stored.get(record.pk, NOTHING_STORED)
        attributes = only_changes(attributes, stored.attributes, stored.sent)
    tipo = _tipo(record, export, dialect, context, updating=updating)
    node = _node(record, export, dialect, attributes, tipo, key)
    body = serialise(dialect.tag(export.root), [node], as_elements=_as_elements(export, dialect))
    committed = attributes.get("RealizarCommit", "S") != "N"
    return body, tipo, committed, reference_of(export.tag, attributes)


def carry_key(attributes: dict[str, str], children: list[XmlNode], dialect: SagDialect, key: str) -> None:
    """Put our key where the connection's probe proved that it comes back. Never over the document's own value."""
    field = str(dialect.settings[KEY_FIELD])
    if field == _NUMBER2:
        return
    if not field.startswith("Dato"):
        attributes.setdefault(field, key)
        return
    tag = dialect.tag(_OTHER_DATA)
    place = next((position for position, node in enumerate(children) if node.tag == tag), None)
    if place is None:
        children.append(XmlNode(tag, {"MovimientoId": attributes.get("MovimientoId", "1"), field: key}))
    elif not {field, field.replace("Dato", "Dato0")} & set(children[place].attributes):
        children[place] = replace(children[place], attributes={**children[place].attributes, field: key})


def _node(
    record: Syncable, export: SagExport, dialect: SagDialect, attributes: dict[str, str], tipo: str, key: str
) -> XmlNode:
    if export.parts and dialect.is_legacy(tipo):
        return legacy_document.rewritten(attributes, _line_attributes(record, export, dialect))
    children = [node for part in export.parts for node in _part_nodes(part, record, dialect)]
    if export.parts:
        carry_key(attributes, children, dialect, key)
    return XmlNode(export.tag, attributes, children)


def _line_attributes(record: Syncable, export: SagExport, dialect: SagDialect) -> list[dict[str, str]]:
    lines = (part for part in export.parts if part.relation == "lines")
    return [_attributes(part.catalogue, row, dialect) for part in lines for row in by_position(record, "lines")]


def _tipo(record: Any, export: SagExport, dialect: SagDialect, context: PayloadContext, *, updating: bool) -> str:
    printed = export.update_tipo if updating and export.update_tipo else export.create_tipo
    if export.update_tipo is not None:
        return dialect.third_party_tipo(printed)
    if not export.parts:
        return printed
    flags = context.flags_of(record.source_code)
    return dialect.document_tipo(record.source_code, str(flags.get("k_n_clase_fuente") or ""))


def _as_elements(export: SagExport, dialect: SagDialect) -> bool:
    """Only masters were ever seen as child elements (`sag-notes`, section 0.7)."""
    return bool(dialect.settings.get(f"{_ELEMENTS.get(export.tag, '')}_elements", False))


_ELEMENTS = {"cliente": "client", "tercero": "third_party"}


def _part_nodes(part: SagPart, record: Syncable, dialect: SagDialect) -> Iterable[XmlNode]:
    tag = dialect.tag(part.tag)
    if part.relation is not None:
        return [XmlNode(tag, _attributes(part.catalogue, row, dialect)) for row in by_position(record, part.relation)]
    return (
        [XmlNode(tag, _attributes(part.catalogue, record, dialect))] if has_own_values(part.catalogue, record) else []
    )


def _attributes(catalogue: Catalogue, record: object, dialect: SagDialect, *, updating: bool = False) -> dict[str, str]:
    return {name: str(value) for name, value in wire_items(catalogue, record, dialect, updating=updating)}


def checked(record: Any, export: SagExport, connection: Connection, context: PayloadContext) -> list[Problem]:
    """Every local rule that the record breaks, as this connection speaks to SAG."""
    dialect = replace(sag_dialect.build(connection.settings, login=connection.login), codes=context.codes)
    severities = severities_in_force(sag_rules.RULES, connection.severities)
    found = check_fields(export.catalogue, record, dialect, severities)
    if not export.parts:
        return found + sag_rules.check_master(record, severities)
    rows: dict[str, list[Any]] = {}
    for part in export.parts:
        if part.relation is None:
            found += (
                check_fields(part.catalogue, record, dialect, severities)
                if has_own_values(part.catalogue, record)
                else []
            )
            continue
        rows[part.relation] = by_position(record, part.relation)
        for row in rows[part.relation]:
            found += check_fields(part.catalogue, row, dialect, severities, row.position)
    if dialect.is_legacy(_tipo(record, export, dialect, context, updating=False)):
        found += _check_legacy(record, export, dialect, severities)
    return found + sag_rules.check_movement(
        record,
        rows["lines"],
        rows["payments"],
        dialect,
        severities,
        flags=context.flags_of(record.source_code),
        sources_read=context.sources_read,
    )


def _check_legacy(
    record: Any, export: SagExport, dialect: SagDialect, severities: Mapping[str, Severity]
) -> list[Problem]:
    try:
        header = _attributes(export.catalogue, record, dialect)
        lines = _line_attributes(record, export, dialect)
    except PayloadError:
        return []  # the rules of fields say what can't be written
    return sag_rules.check_legacy(header, lines, severities)
