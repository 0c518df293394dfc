"""From a record to the bytes that would leave, and the local checks that say whether they may."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from integrations.choices import Kind, SendKind, Target
from integrations.errors import PayloadError
from integrations.exports import Export, SagExport, SagPart, SiigoExport
from integrations.fields.severity import Severity
from integrations.fields.spec import Catalogue
from integrations.fields.validation import Problem, check_fields, severity_of
from integrations.fields.values import wire_items
from integrations.models import Connection, Syncable, SyncStanding
from integrations.models.syncable import model_for
from integrations.receipts import NOWHERE, Reference
from integrations.sag import dialect as sag_dialect
from integrations.sag import readback as sag_readback
from integrations.sag import rules as sag_rules
from integrations.sag.document import Node, serialise
from integrations.siigo import dialect as siigo_dialect
from integrations.siigo import readback as siigo_readback
from integrations.siigo import rules as siigo_rules
from integrations.siigo.document import export_request

_NUMBER2 = "NumeroDocumento2"


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


def takes_updates(export: Export) -> bool:
    """Whether the ERP has a way to change what it holds of this kind."""
    return isinstance(export, SagExport) and export.update_tipo is not None


def load(kind: Kind | str, record_ids: Sequence[int], target: Target | str) -> dict[int, Syncable]:
    """The records with all that their payload reads, in a bounded number of queries."""
    model = model_for(kind)
    relations = _relations(model.exports.get(Target(target)))
    found = model._default_manager.filter(pk__in=record_ids).prefetch_related(*relations)
    return {record.pk: record for record in found}


def _relations(export: Export | None) -> list[str]:
    if isinstance(export, SagExport):
        return [part.relation for part in export.parts if part.relation]
    return [export.relation] if export else []


def build(record: Syncable, connection: Connection, standing: SyncStanding, send_kind: SendKind | str) -> Payload:
    """What would be sent of `record` by `connection`.

    Raises: PayloadError where a value can't be carried by the target's format.
    """
    export = export_of(record, connection.target)
    if export is None:
        raise PayloadError(f"{connection.get_target_display()} no recibe este tipo de registro.")
    if isinstance(export, SiigoExport):
        return _siigo(record, export, connection, send_kind)
    return _sag(record, export, connection, standing, send_kind)


def _siigo(record: Syncable, export: SiigoExport, connection: Connection, send_kind: SendKind | str) -> Payload:
    dialect = siigo_dialect.dialect(connection.settings)
    rows = [dict(wire_items(export.catalogue, line, dialect)) for line in _related(record, export.relation)]
    if not rows:
        raise PayloadError("El movimiento no tiene líneas.")
    request = export_request(
        rows,
        id_connection=connection.account,
        year=siigo_rules.process_year(record),
        basic_invoice=dialect["basic_invoice"],
        modify_documents="S" if send_kind == SendKind.UPDATE else dialect["modify_documents"],
        timeout_minutes=dialect["timeout_minutes"],
        attempts=dialect["attempts"],
        backoff_minutes=dialect["backoff_minutes"],
    )
    return Payload(request.decode(), reference=siigo_readback.reference_of(rows, siigo_rules.process_year(record)))


def _sag(
    record: Syncable,
    export: SagExport,
    connection: Connection,
    standing: SyncStanding,
    send_kind: SendKind | str,
) -> Payload:
    dialect = _sag_dialect(connection)
    attributes = _attributes(export.catalogue, record, dialect)
    if _NUMBER2 in export.catalogue.by_spelling and dialect["own_key"]:
        attributes.setdefault(_NUMBER2, search_key(standing))
    children = [node for part in export.parts for node in _part_nodes(part, record, dialect)]
    tipo = export.update_tipo if send_kind == SendKind.UPDATE and export.update_tipo else export.create_tipo
    node = Node(export.tag, attributes, children)
    body = serialise(export.root, [node], as_elements=sag_dialect.child_elements(dialect, tipo))
    committed = attributes.get("RealizarCommit", "S") != "N"
    reference = sag_readback.reference_of(export.tag, attributes)
    return Payload(body, sag_dialect.tipo(dialect, tipo), committed, reference)


def _sag_dialect(connection: Connection) -> dict[str, Any]:
    return sag_dialect.dialect(connection.settings) | {"login": connection.login}


def _part_nodes(part: SagPart, record: Syncable, dialect: Mapping[str, Any]) -> Iterable[Node]:
    if part.relation is not None:
        return [Node(part.tag, _attributes(part.catalogue, row, dialect)) for row in _related(record, part.relation)]
    attributes = _attributes(part.catalogue, record, dialect)
    says_something = any(name in attributes for row in part.catalogue.sparse for name in row.spellings)
    return [Node(part.tag, attributes)] if says_something else []


def _attributes(catalogue: Catalogue, record: object, dialect: Mapping[str, Any]) -> dict[str, str]:
    return {name: str(value) for name, value in wire_items(catalogue, record, dialect)}


def _related(record: Syncable, relation: str) -> list[Any]:
    return sorted(getattr(record, relation).all(), key=lambda row: row.position)


def search_key(standing: SyncStanding) -> str:
    """What a read-back finds our document by: short, ASCII, one per record and life, the same in every retry."""
    return f"IC{standing.pk}" if standing.life == 1 else f"IC{standing.pk}-{standing.life}"


def check(record: Syncable, connection: Connection) -> list[Problem]:
    """Every local rule that the record breaks for this connection, the blocking ones first."""
    export = export_of(record, connection.target)
    if export is None:
        return []
    problems = list(_field_problems(record, export, connection))
    problems += _document_problems(record, connection)
    return sorted(problems, key=lambda problem: problem.severity != Severity.BLOCK)


def _field_problems(record: Syncable, export: Export, connection: Connection) -> Iterable[Problem]:
    if isinstance(export, SiigoExport):
        dialect = siigo_dialect.dialect(connection.settings)
        for line in _related(record, export.relation):
            yield from check_fields(export.catalogue, line, dialect, connection.severities, line.position)
        return
    sag = _sag_dialect(connection)
    yield from check_fields(export.catalogue, record, sag, connection.severities)
    for part in export.parts:
        rows: list[Any] = _related(record, part.relation) if part.relation else [record]
        for row in rows:
            position = row.position if part.relation else None
            yield from check_fields(part.catalogue, row, sag, connection.severities, position)


def _document_problems(record: Syncable, connection: Connection) -> list[Problem]:
    if connection.target == Target.SIIGO:
        return siigo_rules.check_record(record, connection.severities)
    return sag_rules.check_record(record, connection.severities)


def rival_problems(records: Sequence[Syncable], connection: Connection) -> dict[int, list[Problem]]:
    """Records whose number another record already has, by record id (`settled.md`: two documents with one number)."""
    if not records:
        return {}
    found = type(records[0]).rivals(records, Target(connection.target))
    problems: dict[int, list[Problem]] = {}
    for rival in found:
        severity = severity_of(rival.rule, connection.severities)
        if severity != Severity.OFF:
            problem = Problem(rival.rule, severity, "Número", "", rival.message, None, rival.value)
            problems.setdefault(rival.record_id, []).append(problem)
    return problems
