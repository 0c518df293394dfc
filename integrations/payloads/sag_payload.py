"""A record as SAG gets it: the document that would leave, and the local rules that the record breaks."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from integrations.choices import SendKind
from integrations.erp.exports import SagExport, SagPart, by_position
from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.validation import Problem, check_fields, severities_in_force
from integrations.erp.fields.values import has_own_values, wire_items
from integrations.erp.payload import Payload
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag import legacy_document
from integrations.erp.sag import rules as sag_rules
from integrations.erp.sag.dialect import SagDialect
from integrations.erp.sag.document import XmlNode, serialise
from integrations.erp.sag.lookup_queries import KEY_FIELD, OTHER_KEY_FIELD
from integrations.erp.sag.sent_request import reference_of
from integrations.erp.sag.third_party_changes import addressed, only_changes
from integrations.errors import PayloadError
from integrations.models import Connection
from integrations.payloads.context import NOTHING_STORED, PayloadContext

_NUMBER2 = "NumeroDocumento2"
_OTHER_DATA = "MovimientoOtrosDatos"
_ELEMENTS_SETTING = {"cliente": "client_elements", "tercero": "third_party_elements"}
"""Only masters were ever seen as child elements (`sag-notes`, section 0.7)."""


@dataclass(frozen=True)
class SagRecord:
    """A document with its parts, or a master, as one connection sends it to SAG."""

    record: Any
    export: SagExport
    connection: Connection
    context: PayloadContext

    @cached_property
    def _dialect(self) -> SagDialect:
        dialect = sag_dialect.build(self.connection.settings, login=self.connection.login)
        return replace(dialect, codes=self.context.codes)

    def parts(self) -> Sequence[tuple[Catalogue, Any]]:
        """(catalogue, the object that it reads) for the record and each row of its parts."""
        found: list[tuple[Catalogue, Any]] = [(self.export.catalogue, self.record)]
        for part in self.export.parts:
            rows = by_position(self.record, part.relation) if part.relation else [self.record]
            found += [(part.catalogue, row) for row in rows]
        return found

    def payload(self, key: str, send_kind: SendKind | str) -> Payload:
        """The document, which a read-back finds by `key`. Raises: PayloadError, FieldError for what it can't carry."""
        is_update = send_kind == SendKind.UPDATE and self.export.update_tipo is not None
        attributes = self._header(key, is_update=is_update)
        tipo = self._tipo(is_update=is_update)
        node = self._node(attributes, tipo, key)
        as_elements = bool(self._dialect.settings.get(_ELEMENTS_SETTING.get(self.export.tag, ""), False))
        body = serialise(self._dialect.tag(self.export.root), [node], as_elements=as_elements)
        is_committed = attributes.get("RealizarCommit", "S") != "N"
        return Payload(body, tipo, is_committed, reference_of(self.export.tag, attributes))

    def _header(self, key: str, *, is_update: bool) -> dict[str, str]:
        attributes = self._attributes(self.export.catalogue, self.record, is_update=is_update)
        if _NUMBER2 in self.export.catalogue.by_spelling and self._dialect.settings["fill_NumeroDocumento2"]:
            attributes.setdefault(_NUMBER2, key)
        if self.export.update_tipo is None:
            return attributes
        stored = self.context.stored.get(self.record.pk, NOTHING_STORED)
        attributes = addressed(attributes, stored.number, is_update=is_update)
        if not is_update:
            return attributes
        return only_changes(attributes, stored.attributes, stored.sent)

    def _tipo(self, *, is_update: bool = False) -> str:
        """SAG's a_s_tipo."""
        export = self.export
        printed = export.update_tipo if is_update and export.update_tipo else export.create_tipo
        if export.update_tipo is not None:
            return self._dialect.third_party_tipo(printed)
        if not export.parts:
            return printed
        flags = self.context.flags_of(self.record.source_code)
        return self._dialect.document_tipo(self.record.source_code, str(flags.get("k_n_clase_fuente") or ""))

    def _node(self, attributes: dict[str, str], tipo: str, key: str) -> XmlNode:
        if self.export.parts and self._dialect.is_legacy(tipo):
            return legacy_document.rewritten(attributes, self._line_attributes())
        children = [
            XmlNode(self._dialect.tag(part.tag), self._attributes(part.catalogue, row))
            for part in self.export.parts
            for row, _ in self._rows(part)
        ]
        if self.export.parts:
            carry_key(attributes, children, self._dialect, key)
        return XmlNode(self.export.tag, attributes, children)

    def _rows(self, part: SagPart) -> list[tuple[Any, int | None]]:
        """The rows of a part with their positions; for one without rows, the record if it has values for it."""
        if part.relation is not None:
            return [(row, row.position) for row in by_position(self.record, part.relation)]
        return [(self.record, None)] if has_own_values(part.catalogue, self.record) else []

    def _line_attributes(self) -> list[dict[str, str]]:
        lines = (part for part in self.export.parts if part.relation == "lines")
        return [self._attributes(part.catalogue, row) for part in lines for row, _ in self._rows(part)]

    def _attributes(self, catalogue: Catalogue, row: object, *, is_update: bool = False) -> dict[str, str]:
        return {name: str(value) for name, value in wire_items(catalogue, row, self._dialect, updating=is_update)}

    def problems(self) -> list[Problem]:
        """Every local rule that the record breaks."""
        dialect, severities = self._dialect, severities_in_force(sag_rules.RULES, self.connection.severities)
        found = check_fields(self.export.catalogue, self.record, dialect, severities)
        if not self.export.parts:
            return found + sag_rules.check_master(self.record, severities, self.export.catalogue)
        for part in self.export.parts:
            for row, position in self._rows(part):
                found += check_fields(part.catalogue, row, dialect, severities, position)
        if dialect.is_legacy(self._tipo()):
            found += self._legacy_problems()
        lines, payments = (by_position(self.record, relation) for relation in ("lines", "payments"))
        flags, sources_read = self.context.flags_of(self.record.source_code), self.context.sources_read
        return found + sag_rules.check_movement(
            self.record, lines, payments, dialect, severities, flags=flags, sources_read=sources_read
        )

    def _legacy_problems(self) -> list[Problem]:
        try:
            header = self._attributes(self.export.catalogue, self.record)
            lines = self._line_attributes()
        except PayloadError:
            return []  # the rules of fields say what can't be written
        return sag_rules.check_legacy(header, lines, severities_in_force(sag_rules.RULES, self.connection.severities))


def carry_key(attributes: dict[str, str], children: list[XmlNode], dialect: SagDialect, key: str) -> None:
    """Put our key into the connection's field or, where the document has a value of its own there, into the other one.

    Never over a value of the document: where both are taken, or the connection has no other field, it carries none.
    """
    for field in filter(None, (str(dialect.settings[KEY_FIELD]), str(dialect.settings[OTHER_KEY_FIELD]))):
        # The connection says whether an empty number 2 is filled, and that was done before.
        is_carried = (
            attributes.get(field) == key if field == _NUMBER2 else _put(field, attributes, children, dialect, key)
        )
        if is_carried:
            return


def _put(field: str, attributes: dict[str, str], children: list[XmlNode], dialect: SagDialect, key: str) -> bool:
    """Write `key` into a field that is free; whether it was."""
    if not field.startswith("Dato"):
        return attributes.setdefault(field, key) == key
    return _put_in_other_data(field, attributes.get("MovimientoId", "1"), children, dialect.tag(_OTHER_DATA), key)


def _put_in_other_data(field: str, document_id: str, children: list[XmlNode], tag: str, key: str) -> bool:
    """Write `key` into a free field of the element of other data, made where there is none; whether it was."""
    index = next((index for index, node in enumerate(children) if node.tag == tag), None)
    if index is None:
        children.append(XmlNode(tag, {"MovimientoId": document_id, field: key}))
    elif {field, field.replace("Dato", "Dato0")} & set(children[index].attributes):
        return False
    else:
        children[index] = replace(children[index], attributes={**children[index].attributes, field: key})
    return True
