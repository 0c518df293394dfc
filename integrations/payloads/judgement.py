"""Whether a record may be sent now, and what would leave: the same judgement for a preview and for a dry run."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from integrations.choices import ItemVerdict, Kind, Status, Target
from integrations.connections import record_kinds
from integrations.connections.sending_policy import why_elsewhere
from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import Problem
from integrations.erp.payload import Payload
from integrations.errors import IntegrationError
from integrations.models import Connection, Syncable, SyncStanding
from integrations.payloads import builder, updates
from integrations.payloads.context import PayloadContext, context_for
from integrations.standings import transitions, unblockings, verdicts
from integrations.standings.lifecycle import Event


@dataclass(frozen=True)
class Judgement:
    """What may happen to one record, why, and what exactly would be sent. `reason` is Spanish, for staff."""

    verdict: ItemVerdict
    reason: str
    problems: tuple[Problem, ...]
    payload: Payload | None

    @property
    def blocking_rules(self) -> list[str]:
        return sorted({problem.rule for problem in self.problems if problem.blocks})

    def problems_as_data(self) -> list[dict[str, Any]]:
        """As the batch keeps them: {rule, severity, field, line, message}."""
        return [
            {
                "rule": problem.rule,
                "severity": str(problem.severity),
                "field": problem.field_label,
                "line": problem.line,
                "message": problem.message,
            }
            for problem in self.problems
        ]


def judge(
    record: Syncable,
    connection: Connection,
    row: SyncStanding,
    context: PayloadContext,
    rivals: Sequence[Problem] = (),
    accepted_rules: Collection[str] = (),
    *,
    may_update: bool = True,
) -> Judgement:
    """Check a record and build its payload; `accepted_rules` may be broken this once.

    `may_update` False: who asks may not replace what Siigo holds.
    """
    problems = [*builder.check(record, connection, context), *rivals]
    payload, impossible = _built(record, connection, row, context)
    waiting = why_not_now(row, record, connection) or why_elsewhere(context.policy, record, row.target)
    if not waiting and updates.replaces(row) and not may_update:
        waiting = updates.NOT_ALLOWED
    if waiting:
        return Judgement(ItemVerdict.SKIPPED, waiting, tuple(problems), payload)
    blocking = [problem for problem in problems if problem.blocks and problem.rule not in accepted_rules]
    impossible = impossible or updates.why_another_document(row, payload)
    if not blocking and impossible:
        blocking = [Problem("payload", Severity.BLOCK, "", "", impossible)]
        problems += blocking
    verdict = ItemVerdict.BLOCKED if blocking else ItemVerdict.READY
    return Judgement(verdict, " ".join(problem.message for problem in blocking), tuple(problems), payload)


def _built(
    record: Syncable, connection: Connection, row: SyncStanding, context: PayloadContext
) -> tuple[Payload | None, str]:
    try:
        return builder.build(record, connection, row, row.send_kind, context), ""
    except IntegrationError as impossible:
        return None, str(impossible)


def keep_verdicts(
    company_id: int, kind: Kind | str, record_ids: Sequence[int], target: Target | str | None = None
) -> list[SyncStanding]:
    """Store what the local checks say of these records for each ERP the company is connected to, or for one.

    «Listo para enviar» is then a query. A verdict of another version of the record or of the rules is stale.
    Returns the standings that the checks stopped before and let pass now.
    """
    passed: list[SyncStanding] = []
    for connection in Connection.objects.live().filter(company=company_id):
        if not record_kinds.takes(connection, kind) or target not in (None, connection.target):
            continue
        with transaction.atomic():
            records = builder.load(kind, record_ids, connection.target)
            context = context_for(connection, list(records.values()))
            rivals = builder.rival_problems(list(records.values()), connection, context)
            rows = transitions.locked(kind, list(records), connection.target)
            waiting = [row for row in rows if row.status in verdicts.JUDGED]
            stopped = {row.pk for row in waiting if row.verdict == SyncStanding.Verdict.BLOCKED}
            for row in rows:
                checked = builder.check(records[row.record_id], connection, context)
                problems = [*checked, *rivals.get(row.record_id, [])]
                blocking = sorted({problem.rule for problem in problems if problem.blocks})
                verdicts.keep(row, blocking, builder.rules_version(connection))
            verdicts.save(rows)
        passed += [row for row in rows if row.pk in stopped and row.verdict == SyncStanding.Verdict.READY]
    return passed


def rejudge_stopped(connection: Connection, rules: Collection[str], most: int = 500) -> list[SyncStanding]:
    """Judge again what any of these rules stops on a lane; the standings that pass now."""
    by_kind: dict[str, list[int]] = {}
    stopped = verdicts.stopped(connection).order_by("pk")
    for kind, record_id, broken_rules in stopped.values_list("kind", "record_id", "rule_ids"):
        if not set(rules).isdisjoint(broken_rules):
            by_kind.setdefault(kind, []).append(record_id)
    return [
        row
        for kind, ids in by_kind.items()
        for row in keep_verdicts(connection.company_id, kind, ids[:most], connection.target)
    ]


_OF_RIVALS = frozenset({"number_taken", "product_taken", "source_duplicado_dcto2_tercero"})
"""Rules that another record breaks or mends."""


def after_edit(record: Syncable) -> list[SyncStanding]:
    """Judge a record that was edited, and those that it stood in the way of; the standings that pass now."""
    passed = keep_verdicts(record.company_id, record.kind, [record.pk])
    for connection in Connection.objects.live().filter(company=record.company_id):
        freed = rejudge_stopped(connection, _OF_RIVALS)
        unblockings.tell([row for row in freed if row.record_id != record.pk], f"Se corrigió {record}.")
        passed += freed
    return passed


def register_switched_on() -> int:
    """Give the records of a kind that a connection now takes their standing there; how many."""
    return sum(
        transitions.register_missing(connection.company_id, kind, connection.target)
        for connection in Connection.objects.live()
        for kind in record_kinds.switched_kinds(connection)
    )


def keep_stale_verdicts(most: int = 500) -> int:
    """Judge again what waits to be sent and was never judged, or changed, or whose rules did."""
    judged = 0
    for connection in Connection.objects.live():
        current = Q(version_checked=F("version"), rules_version=builder.rules_version(connection))
        waiting = SyncStanding.objects.with_erp_of(connection).filter(status__in=[Status.NEW, Status.REJECTED])
        for kind in record_kinds.kinds_of(connection):
            ids = list(waiting.exclude(current).filter(kind=kind).values_list("record_id", flat=True)[:most])
            if ids:
                passed = keep_verdicts(connection.company_id, kind, ids, connection.target)
                unblockings.tell(passed, unblockings.CHECKS_CHANGED)
                judged += len(ids)
    return judged


def judge_many(
    connection: Connection,
    kind: Kind | str,
    record_ids: Sequence[int],
    accepted_rules: Collection[str] = (),
) -> list[tuple[Syncable, Judgement]]:
    """A dry run: every record in the order asked for, without a batch and without a change."""
    target = Target(connection.target)
    records = builder.load(kind, record_ids, target)
    held = SyncStanding.objects.of_records(kind, record_ids).filter(target=target)
    standings = {row.record_id: row for row in held}
    context = context_for(connection, list(records.values()))
    rivals = builder.rival_problems(list(records.values()), connection, context)
    return [
        (records[pk], judge(records[pk], connection, standings[pk], context, rivals.get(pk, []), accepted_rules))
        for pk in record_ids
        if pk in records and pk in standings
    ]


def why_not_now(row: SyncStanding, record: Syncable, connection: Connection | None = None) -> str:
    """Why a record can't be requested as it stands, in words for staff; empty where it can."""
    target = row.get_target_display()
    if row.status == Status.SYNCED:
        return f"Ya está en {target}" + (f" con el número {row.reference}." if row.reference else ".")
    if row.status == Status.CHANGED:
        export = builder.export_of(record, row.target)
        if export is None or not builder.takes_updates(export, connection or row.connection):
            advice = getattr(export, "advice", "")
            return f"Se modificó después de enviarlo y {target} no permite cambiarlo desde aquí. {advice}".strip()
    if row.verify_first:
        return f"{target} lo rechazó sin descartar que lo haya guardado: verifíquelo primero."
    if record.is_annulled and row.status == Status.EXCLUDED:
        return "Está anulado: no se envía. Duplíquelo si hace falta otro."
    return "" if transitions.allows(row, Event.REQUESTED) else _WAITING.get(Status(row.status), "")


_WAITING = {
    Status.QUEUED: "Ya está en cola en otro lote.",
    Status.SENDING: "Se está enviando.",
    Status.RETRYING: "Tiene un reintento programado.",
    Status.UNCERTAIN: "Está por confirmar: verifique en el ERP antes de reenviar.",
    Status.CONFLICT: "Tiene un conflicto: compare y decida.",
    Status.EXCLUDED: "Está marcado como No aplica.",
}
