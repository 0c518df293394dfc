"""From a record to the bytes that would leave, and the local checks that say whether they may."""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from integrations import to_siigo
from integrations.choices import Kind, SendKind, Target
from integrations.errors import PayloadError
from integrations.exports import Export, SagExport, SagPart, SiigoExport, in_order
from integrations.facts import NOTHING_KNOWN, UNKNOWN, Facts
from integrations.fields.dialect import Dialect
from integrations.fields.severity import Severity
from integrations.fields.spec import Catalogue, Field
from integrations.fields.validation import Problem, check_fields
from integrations.fields.values import carries, current, wire_items
from integrations.models import Connection, Syncable, SyncStanding
from integrations.models.syncable import model_for
from integrations.offers import why_not
from integrations.receipts import NOWHERE, Reference
from integrations.sag import dialect as sag_dialect
from integrations.sag import legacy
from integrations.sag import readback as sag_readback
from integrations.sag import rules as sag_rules
from integrations.sag.changes import only_changes
from integrations.sag.dialect import SagDialect
from integrations.sag.document import Node, serialise
from integrations.sag.lookup import KEY_FIELD
from integrations.siigo import dialect as siigo_dialect
from integrations.siigo import rules as siigo_rules

_NUMBER2 = "NumeroDocumento2"
_OTHER_DATA = "MovimientoOtrosDatos"


@dataclass(frozen=True)
class Payload:
    """What leaves, without any credential. `tipo` is SAG's a_s_tipo; `committed` False asks SAG not to commit."""

    body: str
    tipo: str = ""
    committed: bool = True
    reference: Reference = NOWHERE
    """What names the document in the ERP as far as the document itself says it."""

    @cached_property
    def sha256(self) -> str:
        return hashlib.sha256(f"{self.tipo}\n{self.body}".encode()).hexdigest()


def export_of(record: Syncable, target: Target | str) -> Export | None:
    """How this record's model goes to `target`; None where it does not."""
    return record.exports.get(Target(target))


def takes_updates(export: Export, connection: Connection | None) -> bool:
    """Whether the ERP has a way to change what it holds of this kind, as this connection speaks to it."""
    if not isinstance(export, SagExport):
        return export.relation is None
    is_client = export.tag == "cliente"
    return export.update_tipo is not None or (
        is_client and connection is not None and bool(connection.settings.get("client_tipo_updates", False))
    )


def load(kind: Kind | str, record_ids: Sequence[int], target: Target | str) -> dict[int, Syncable]:
    """The records with all that their payload reads, in a bounded number of queries."""
    model = model_for(kind)
    relations = _relations(model.exports.get(Target(target)))
    found = model._default_manager.filter(pk__in=record_ids).prefetch_related(*relations)
    return {record.pk: record for record in found}


def _relations(export: Export | None) -> list[str]:
    if isinstance(export, SagExport):
        return [part.relation for part in export.parts if part.relation]
    return [export.relation] if export and export.relation else []


def build(
    record: Syncable, connection: Connection, standing: SyncStanding, send_kind: SendKind | str, facts: Facts
) -> Payload:
    """What would be sent of `record` by `connection`, with `facts` of `facts_for`.

    Raises: PayloadError where a value can't be carried by the target's format.
    """
    export = export_of(record, connection.target)
    refused = why_not(connection, record.kind)
    if export is None or refused:
        raise PayloadError(refused)
    if isinstance(export, SiigoExport):
        return Payload(*to_siigo.written(record, export, connection, send_kind, facts))
    return _sag(record, export, connection, standing, send_kind, facts)


def _sag(
    record: Syncable,
    export: SagExport,
    connection: Connection,
    standing: SyncStanding,
    send_kind: SendKind | str,
    facts: Facts,
) -> Payload:
    dialect = replace(sag_dialect.build(connection.settings, login=connection.login), codes=facts.codes)
    updating = send_kind == SendKind.UPDATE and export.update_tipo is not None
    attributes = _attributes(export.catalogue, record, dialect, updating=updating)
    if _NUMBER2 in export.catalogue.by_spelling and dialect.settings["fill_NumeroDocumento2"]:
        attributes.setdefault(_NUMBER2, search_key(standing))
    if updating:
        held = facts.held.get(record.pk, UNKNOWN)
        attributes = only_changes(attributes, held.attributes, held.sent)
    tipo = _tipo(record, export, dialect, facts, updating=updating)
    node = _node(record, export, dialect, attributes, tipo, search_key(standing))
    body = serialise(dialect.tag(export.root), [node], as_elements=_as_elements(export, dialect))
    committed = attributes.get("RealizarCommit", "S") != "N"
    return Payload(body, tipo, committed, sag_readback.reference_of(export.tag, attributes))


def carry_key(attributes: dict[str, str], children: list[Node], dialect: SagDialect, key: str) -> None:
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
        children.append(Node(tag, {"MovimientoId": attributes.get("MovimientoId", "1"), field: key}))
    elif not {field, field.replace("Dato", "Dato0")} & set(children[place].attributes):
        children[place] = replace(children[place], attributes={**children[place].attributes, field: key})


def _node(
    record: Syncable, export: SagExport, dialect: SagDialect, attributes: dict[str, str], tipo: str, key: str
) -> Node:
    if export.parts and dialect.is_legacy(tipo):
        return legacy.rewritten(attributes, _line_attributes(record, export, dialect))
    children = [node for part in export.parts for node in _part_nodes(part, record, dialect)]
    if export.parts:
        carry_key(attributes, children, dialect, key)
    return Node(export.tag, attributes, children)


def _line_attributes(record: Syncable, export: SagExport, dialect: SagDialect) -> list[dict[str, str]]:
    lines = (part for part in export.parts if part.relation == "lines")
    return [_attributes(part.catalogue, row, dialect) for part in lines for row in in_order(record, "lines")]


def _tipo(record: Any, export: SagExport, dialect: SagDialect, facts: Facts, *, updating: bool) -> str:
    printed = export.update_tipo if updating and export.update_tipo else export.create_tipo
    if export.update_tipo is not None:
        return dialect.third_party_tipo(printed)
    if not export.parts:
        return printed
    flags = facts.flags_of(record.source_code)
    return dialect.document_tipo(record.source_code, str(flags.get("k_n_clase_fuente") or ""))


def _as_elements(export: SagExport, dialect: SagDialect) -> bool:
    """Only masters were ever seen as child elements (`sag-notes`, section 0.7)."""
    return bool(dialect.settings.get(f"{_ELEMENTS.get(export.tag, '')}_elements", False))


_ELEMENTS = {"cliente": "client", "tercero": "third_party"}


def _part_nodes(part: SagPart, record: Syncable, dialect: SagDialect) -> Iterable[Node]:
    tag = dialect.tag(part.tag)
    if part.relation is not None:
        return [Node(tag, _attributes(part.catalogue, row, dialect)) for row in in_order(record, part.relation)]
    return [Node(tag, _attributes(part.catalogue, record, dialect))] if carries(part.catalogue, record) else []


def _attributes(catalogue: Catalogue, record: object, dialect: SagDialect, *, updating: bool = False) -> dict[str, str]:
    return {name: str(value) for name, value in wire_items(catalogue, record, dialect, updating=updating)}


def dialect_of(connection: Connection) -> Dialect:
    """How the connection speaks, without its homologación."""
    if connection.target == Target.SIIGO:
        return siigo_dialect.build(connection.settings)
    return sag_dialect.build(connection.settings, login=connection.login)


def parts_of(record: Syncable, connection: Connection) -> Iterable[tuple[Catalogue, Any]]:
    """(catalogue, what it reads) for the record and each of its parts."""
    export = export_of(record, connection.target)
    if isinstance(export, SiigoExport):
        return [(export.catalogue, row) for row in to_siigo.rows_of(record, export)]
    if export is None:
        return []
    found: list[tuple[Catalogue, Any]] = [(export.catalogue, record)]
    for part in export.parts:
        found += [(part.catalogue, row) for row in (in_order(record, part.relation) if part.relation else [record])]
    return found


def held_text(row: Field, record: Any) -> str:
    """What a record holds of a field, as text without blanks around it."""
    return str(current(row, record) or "").strip()


def search_key(standing: SyncStanding) -> str:
    """What a read-back finds our document by: short, ASCII, one per record and life, the same in every retry."""
    return f"IC{standing.pk}" if standing.life == 1 else f"IC{standing.pk}-{standing.life}"


def check(record: Syncable, connection: Connection, facts: Facts) -> list[Problem]:
    """Every local rule that the record breaks for this connection, the blocking ones first."""
    export = export_of(record, connection.target)
    if export is None:
        return []
    found = to_siigo.checked(record, export, connection, facts) if isinstance(export, SiigoExport) else None
    if found is None and isinstance(export, SagExport):
        found = _check_sag(record, export, connection, facts)
    return sorted(map(_placed, found or []), key=lambda problem: not problem.blocks)


def _placed(problem: Problem) -> Problem:
    """The message says in which line, as staff count them."""
    if problem.line is None:
        return problem
    return replace(problem, message=f"Línea {problem.line}: {problem.message}")


def _check_sag(record: Any, export: SagExport, connection: Connection, facts: Facts) -> list[Problem]:
    dialect = replace(sag_dialect.build(connection.settings, login=connection.login), codes=facts.codes)
    severities = sag_rules.severities(connection.severities)
    found = check_fields(export.catalogue, record, dialect, severities)
    if not export.parts:
        return found + sag_rules.check_master(record, severities)
    rows: dict[str, list[Any]] = {}
    for part in export.parts:
        if part.relation is None:
            found += (
                check_fields(part.catalogue, record, dialect, severities) if carries(part.catalogue, record) else []
            )
            continue
        rows[part.relation] = in_order(record, part.relation)
        for row in rows[part.relation]:
            found += check_fields(part.catalogue, row, dialect, severities, row.position)
    if dialect.is_legacy(_tipo(record, export, dialect, facts, updating=False)):
        found += _check_legacy(record, export, dialect, severities)
    return found + sag_rules.check_movement(
        record,
        rows["lines"],
        rows["payments"],
        dialect,
        severities,
        flags=facts.flags_of(record.source_code),
        sources_read=facts.sources_read,
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


def severities_of(connection: Connection) -> Mapping[str, Severity]:
    """Every rule of the connection's ERP with the severity in force."""
    if connection.target == Target.SIIGO:
        return siigo_rules.severities(connection.severities)
    return sag_rules.severities(connection.severities)


def rules_version(connection: Connection) -> str:
    """Changes when a rule, a row, a severity or a setting does: a stored verdict of another version is stale."""
    told = siigo_rules.rules_version() if connection.target == Target.SIIGO else sag_rules.rules_version()
    if not connection.severities and not connection.settings:
        return told
    own = json.dumps([connection.severities, connection.settings], sort_keys=True, default=str)
    return hashlib.sha256(f"{told}{own}".encode()).hexdigest()[:16]


def rival_problems(
    records: Sequence[Syncable], connection: Connection, facts: Facts = NOTHING_KNOWN
) -> dict[int, list[Problem]]:
    """Records whose number another record already has, by record id (`settled.md`: two documents with one number)."""
    if not records:
        return {}
    found = type(records[0]).rivals(records, Target(connection.target))
    sources = {record.pk: facts.flags_of(getattr(record, "source_code", "")) for record in records}
    problems: dict[int, list[Problem]] = {}
    for rival in found:
        rule = sag_rules.rival_rule(rival.rule, sources[rival.record_id])
        severity = severities_of(connection)[rule] if rule else Severity.OFF
        if severity != Severity.OFF:
            problem = Problem(rule, severity, "Número", "", rival.message, None, rival.value)
            problems.setdefault(rival.record_id, []).append(problem)
    return problems
