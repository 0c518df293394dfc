"""From a record to the bytes that would leave, and the local checks that say whether they may."""

import hashlib
import json
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from integrations.choices import Kind, SendKind, Target
from integrations.connections.record_kinds import why_not
from integrations.erp.exports import Export, SagExport, SiigoExport
from integrations.erp.fields.dialect import Dialect
from integrations.erp.fields.severity import Severity
from integrations.erp.fields.spec import Catalogue
from integrations.erp.fields.validation import Problem, severities_in_force
from integrations.erp.payload import Payload
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag import rules as sag_rules
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.erp.siigo import rules as siigo_rules
from integrations.errors import PayloadError
from integrations.models import Connection, Syncable, SyncStanding
from integrations.models.syncable import model_for
from integrations.payloads.context import EMPTY_CONTEXT, PayloadContext
from integrations.payloads.sag_payload import SagRecord
from integrations.payloads.siigo_payload import SiigoRecord
from integrations.standings.search_keys import key_of


def export_of(record: Syncable, target: Target | str) -> Export | None:
    """How this record's model goes to `target`; None where it does not."""
    return record.exports.get(Target(target))


def takes_updates(export: Export, connection: Connection | None) -> bool:
    """Whether the ERP has a way to change what it holds of this kind, as this connection speaks to it."""
    if isinstance(export, SiigoExport):
        return True
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


def _as_sent(
    record: Syncable, export: Export, connection: Connection, context: PayloadContext = EMPTY_CONTEXT
) -> SiigoRecord | SagRecord:
    if isinstance(export, SiigoExport):
        return SiigoRecord(record, export, connection, context)
    return SagRecord(record, export, connection, context)


def build(
    record: Syncable, connection: Connection, standing: SyncStanding, send_kind: SendKind | str, context: PayloadContext
) -> Payload:
    """What would be sent of `record` by `connection`, with the `context` that `context_for` loads.

    Raises: PayloadError where a value can't be carried by the target's format.
    """
    export = export_of(record, connection.target)
    refused = why_not(connection, record.kind)
    if export is None or refused:
        raise PayloadError(refused)
    return _as_sent(record, export, connection, context).payload(key_of(standing), send_kind)


def dialect_of(connection: Connection) -> Dialect:
    """How the connection speaks, without its homologación."""
    if connection.target == Target.SIIGO:
        return siigo_dialect.build(connection.settings)
    return sag_dialect.build(connection.settings, login=connection.login)


def parts_of(record: Syncable, connection: Connection) -> Sequence[tuple[Catalogue, Any]]:
    """(catalogue, the object that it reads) for the record and each of its parts."""
    export = export_of(record, connection.target)
    return [] if export is None else _as_sent(record, export, connection).parts()


def check(record: Syncable, connection: Connection, context: PayloadContext) -> list[Problem]:
    """Every local rule that the record breaks for this connection, the blocking ones first."""
    export = export_of(record, connection.target)
    problems = [] if export is None else _as_sent(record, export, connection, context).problems()
    return sorted(map(_with_line, problems), key=lambda problem: not problem.blocks)


def _with_line(problem: Problem) -> Problem:
    """The message says in which line, as staff count them."""
    if problem.line is None:
        return problem
    return replace(problem, message=f"Línea {problem.line}: {problem.message}")


def severities_of(connection: Connection) -> Mapping[str, Severity]:
    """Every rule of the connection's ERP with the severity in force."""
    rules = siigo_rules.RULES if connection.target == Target.SIIGO else sag_rules.RULES
    return severities_in_force(rules, connection.severities)


def rules_version(connection: Connection) -> str:
    """A digest of the rules and of the connection's severities and settings: a verdict of another one is stale."""
    version = siigo_rules.rules_version() if connection.target == Target.SIIGO else sag_rules.rules_version()
    if not connection.severities and not connection.settings:
        return version
    own = json.dumps([connection.severities, connection.settings], sort_keys=True, default=str)
    return hashlib.sha256(f"{version}{own}".encode()).hexdigest()[:16]


def rival_problems(
    records: Sequence[Syncable], connection: Connection, context: PayloadContext = EMPTY_CONTEXT
) -> dict[int, list[Problem]]:
    """Record id → the rules that a record breaks whose number another one has (`settled.md`, two documents)."""
    problems: dict[int, list[Problem]] = defaultdict(list)
    if not records:
        return problems
    severities = severities_of(connection)
    flags_of = {record.pk: context.flags_of(getattr(record, "source_code", "")) for record in records}
    for rival in type(records[0]).rivals(records, Target(connection.target)):
        rule = sag_rules.rival_rule(rival.rule, flags_of[rival.record_id])
        severity = severities[rule] if rule else Severity.OFF
        if severity != Severity.OFF:
            problem = Problem(rule, severity, "Número", "", rival.message, None, rival.value)
            problems[rival.record_id].append(problem)
    return problems
