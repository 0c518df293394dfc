"""From a record to the bytes that would leave, and the local checks that say whether they may."""

import hashlib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Any

from django.utils import timezone

from integrations.choices import Kind, SendKind, Target
from integrations.errors import PayloadError
from integrations.exports import Export, SagExport, SagPart, SiigoExport
from integrations.facts import Facts
from integrations.fields.severity import Severity
from integrations.fields.spec import Catalogue
from integrations.fields.validation import Problem, check_fields
from integrations.fields.values import carries, wire_items
from integrations.models import Connection, Syncable, SyncStanding
from integrations.models.syncable import model_for
from integrations.receipts import NOWHERE, Reference
from integrations.sag import dialect as sag_dialect
from integrations.sag import readback as sag_readback
from integrations.sag import rules as sag_rules
from integrations.sag.dialect import SagDialect
from integrations.sag.document import Node, serialise
from integrations.sag.lookup import KEY_FIELD
from integrations.siigo import dialect as siigo_dialect
from integrations.siigo import readback as siigo_readback
from integrations.siigo import rules as siigo_rules
from integrations.siigo.document import export_request

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


def build(
    record: Syncable, connection: Connection, standing: SyncStanding, send_kind: SendKind | str, facts: Facts
) -> Payload:
    """What would be sent of `record` by `connection`, with `facts` of `facts_for`.

    Raises: PayloadError where a value can't be carried by the target's format.
    """
    export = export_of(record, connection.target)
    if export is None:
        raise PayloadError(f"{connection.get_target_display()} no recibe este tipo de registro.")
    if isinstance(export, SiigoExport):
        return _siigo(record, export, connection, send_kind, facts)
    return _sag(record, export, connection, standing, send_kind, facts)


def _siigo(
    record: Syncable, export: SiigoExport, connection: Connection, send_kind: SendKind | str, _facts: Facts
) -> Payload:
    dialect = siigo_dialect.build(connection.settings)
    rows = [dict(wire_items(export.catalogue, line, dialect)) for line in _related(record, export.relation)]
    if not rows:
        raise PayloadError("El movimiento no tiene líneas.")
    year = siigo_rules.process_year(record) or timezone.localdate().year
    params = dialect.params(year)
    request = export_request(
        rows,
        id_connection=connection.account,
        year=year,
        basic_invoice=params["basic_invoice"],
        modify_documents="S" if send_kind == SendKind.UPDATE else params["modify_documents"],
        timeout_minutes=dialect.request_config["timeout"],
        backoff_minutes=dialect.request_config["backoff"],
    )
    return Payload(request.decode(), reference=siigo_readback.reference_of(rows, year))


def _sag(
    record: Syncable,
    export: SagExport,
    connection: Connection,
    standing: SyncStanding,
    send_kind: SendKind | str,
    _facts: Facts,
) -> Payload:
    dialect = sag_dialect.build(connection.settings, login=connection.login)
    updating = send_kind == SendKind.UPDATE and export.update_tipo is not None
    attributes = _attributes(export.catalogue, record, dialect, updating=updating)
    if _NUMBER2 in export.catalogue.by_spelling and dialect.settings["fill_NumeroDocumento2"]:
        attributes.setdefault(_NUMBER2, search_key(standing))
    children = [node for part in export.parts for node in _part_nodes(part, record, dialect)]
    if export.parts:
        carry_key(attributes, children, dialect, search_key(standing))
    node = Node(export.tag, attributes, children)
    body = serialise(dialect.tag(export.root), [node], as_elements=_as_elements(export, dialect))
    committed = attributes.get("RealizarCommit", "S") != "N"
    tipo = _tipo(record, export, dialect, updating=updating)
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


def _tipo(record: Any, export: SagExport, dialect: SagDialect, *, updating: bool) -> str:
    printed = export.update_tipo if updating and export.update_tipo else export.create_tipo
    if export.update_tipo is not None:
        return dialect.third_party_tipo(printed)
    return dialect.document_tipo(record.source_code) if export.parts else printed


def _as_elements(export: SagExport, dialect: SagDialect) -> bool:
    """Only masters were ever seen as child elements (`sag-notes`, section 0.7)."""
    return bool(dialect.settings.get(f"{_ELEMENTS.get(export.tag, '')}_elements", False))


_ELEMENTS = {"cliente": "client", "tercero": "third_party"}


def _part_nodes(part: SagPart, record: Syncable, dialect: SagDialect) -> Iterable[Node]:
    tag = dialect.tag(part.tag)
    if part.relation is not None:
        return [Node(tag, _attributes(part.catalogue, row, dialect)) for row in _related(record, part.relation)]
    return [Node(tag, _attributes(part.catalogue, record, dialect))] if carries(part.catalogue, record) else []


def _attributes(catalogue: Catalogue, record: object, dialect: SagDialect, *, updating: bool = False) -> dict[str, str]:
    return {name: str(value) for name, value in wire_items(catalogue, record, dialect, updating=updating)}


def _related(record: Syncable, relation: str) -> list[Any]:
    return sorted(getattr(record, relation).all(), key=lambda row: row.position)


def search_key(standing: SyncStanding) -> str:
    """What a read-back finds our document by: short, ASCII, one per record and life, the same in every retry."""
    return f"IC{standing.pk}" if standing.life == 1 else f"IC{standing.pk}-{standing.life}"


def check(record: Syncable, connection: Connection, facts: Facts) -> list[Problem]:
    """Every local rule that the record breaks for this connection, the blocking ones first."""
    export = export_of(record, connection.target)
    if export is None:
        return []
    found = _check_siigo(record, export, connection, facts) if isinstance(export, SiigoExport) else None
    if found is None and isinstance(export, SagExport):
        found = _check_sag(record, export, connection, facts)
    return sorted(map(_placed, found or []), key=lambda problem: not problem.blocks)


def _placed(problem: Problem) -> Problem:
    """The message says in which line, as staff count them."""
    if problem.line is None:
        return problem
    return replace(problem, message=f"Línea {problem.line}: {problem.message}")


def _check_siigo(record: Any, export: SiigoExport, connection: Connection, _facts: Facts) -> list[Problem]:
    dialect = siigo_dialect.build(connection.settings)
    severities = siigo_rules.severities(connection.severities)
    lines = _related(record, export.relation)
    found = siigo_rules.check_movement(record, lines, [], dialect, severities)
    for line in lines:
        found += check_fields(export.catalogue, line, dialect, severities, line.position)
    return found


def _check_sag(record: Any, export: SagExport, connection: Connection, _facts: Facts) -> list[Problem]:
    dialect = sag_dialect.build(connection.settings, login=connection.login)
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
        rows[part.relation] = _related(record, part.relation)
        for row in rows[part.relation]:
            found += check_fields(part.catalogue, row, dialect, severities, row.position)
    return found + sag_rules.check_movement(record, rows["lines"], rows["payments"], dialect, severities)


def severities_of(connection: Connection) -> Mapping[str, Severity]:
    """Every rule of the connection's ERP with the severity in force."""
    if connection.target == Target.SIIGO:
        return siigo_rules.severities(connection.severities)
    return sag_rules.severities(connection.severities)


def rules_version(connection: Connection) -> str:
    """Changes when a rule or a row does: a stored verdict of another version is stale."""
    return siigo_rules.rules_version() if connection.target == Target.SIIGO else sag_rules.rules_version()


def rival_problems(records: Sequence[Syncable], connection: Connection) -> dict[int, list[Problem]]:
    """Records whose number another record already has, by record id (`settled.md`: two documents with one number)."""
    if not records:
        return {}
    found = type(records[0]).rivals(records, Target(connection.target))
    problems: dict[int, list[Problem]] = {}
    for rival in found:
        severity = severities_of(connection)[rival.rule]
        if severity != Severity.OFF:
            problem = Problem(rival.rule, severity, "Número", "", rival.message, None, rival.value)
            problems.setdefault(rival.record_id, []).append(problem)
    return problems
