"""Whether a record may be sent now, and what would leave: the same judgement for a preview and for a dry run."""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.db.models import F, Q

from integrations.choices import ItemVerdict, Kind, Status, Target
from integrations.connections import record_kinds
from integrations.connections.live_connection import each_live
from integrations.connections.sending_policy import why_elsewhere
from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import Problem
from integrations.erp.payload import Payload
from integrations.errors import IntegrationError
from integrations.models import Connection, Syncable, SyncStanding
from integrations.models.sweep_cursor import next_rows
from integrations.payloads import builder, updates
from integrations.payloads.context import context_for
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
        return blocking_rules(self.problems)

    def problems_as_data(self) -> list[dict[str, Any]]:
        """As the batch keeps them: {rule, severity, field, name, line, message}; `name` is the field's in the ERP."""
        return [_as_data(problem) for problem in self.problems]


def _as_data(problem: Problem) -> dict[str, Any]:
    return {
        "rule": problem.rule,
        "severity": str(problem.severity),
        "field": problem.field_label,
        "name": problem.field_name,
        "line": problem.line,
        "message": problem.message,
    }


def blocking_rules(problems: Iterable[Problem]) -> list[str]:
    """The ids of the rules that stop a record, in alphabetical order."""
    return sorted({problem.rule for problem in problems if problem.blocks})


class Judge:
    """Judges records of one kind for one connection. What that needs is loaded once for all of them.

    `accepted_rules` may be broken this once; `may_update` False: who asks may not replace what Siigo has; `loaded`
    records, with their lines, are judged as they are in memory and not as they are stored.
    """

    def __init__(
        self,
        connection: Connection,
        kind: Kind | str,
        record_ids: Sequence[int],
        accepted_rules: Collection[str] = (),
        *,
        may_update: bool = True,
        loaded: dict[int, Syncable] | None = None,
    ) -> None:
        self._connection, self._accepted_rules, self._may_update = connection, accepted_rules, may_update
        self.records = builder.load(kind, record_ids, connection.target) if loaded is None else loaded
        records = list(self.records.values())
        self._context = context_for(connection, records)
        self._rivals = builder.rival_problems(records, connection, self._context)

    def problems_of(self, record: Syncable) -> list[Problem]:
        """Every local rule that a loaded record breaks."""
        return [*builder.check(record, self._connection, self._context), *self._rivals.get(record.pk, [])]

    def judge(self, row: SyncStanding) -> Judgement:
        """Check the record of a standing, which must be loaded, and build its payload."""
        record = self.records[row.record_id]
        problems = self.problems_of(record)
        payload, impossible = self._payload_of(record, row)
        if reason := self._why_skipped(record, row):
            return Judgement(ItemVerdict.SKIPPED, reason, tuple(problems), payload)
        blocking = [problem for problem in problems if problem.blocks and problem.rule not in self._accepted_rules]
        impossible = impossible or updates.why_another_document(row, payload)
        if impossible and not blocking:
            blocking = [Problem("payload", Severity.BLOCK, "", "", impossible)]
            problems += blocking
        verdict = ItemVerdict.BLOCKED if blocking else ItemVerdict.READY
        return Judgement(verdict, " ".join(problem.message for problem in blocking), tuple(problems), payload)

    def _payload_of(self, record: Syncable, row: SyncStanding) -> tuple[Payload | None, str]:
        """The payload, or why none can be built, in Spanish."""
        try:
            return builder.build(record, self._connection, row, row.send_kind, self._context), ""
        except IntegrationError as impossible:
            return None, str(impossible)

    def _why_skipped(self, record: Syncable, row: SyncStanding) -> str:
        reason = why_not_now(row, record, self._connection) or why_elsewhere(self._context.policy, record, row.target)
        return updates.NOT_ALLOWED if not reason and updates.replaces(row) and not self._may_update else reason


def keep_verdicts(
    company_id: int, kind: Kind | str, record_ids: Sequence[int], target: Target | str | None = None
) -> list[SyncStanding]:
    """Store the verdict of the local checks on these records, for each ERP or one; the standings that pass again."""
    return [
        row
        for connection in Connection.objects.live().filter(company=company_id)
        if record_kinds.takes(connection, kind) and target in (None, connection.target)
        for row in _keep_verdicts_of(connection, kind, record_ids)
    ]


@transaction.atomic
def _keep_verdicts_of(connection: Connection, kind: Kind | str, record_ids: Sequence[int]) -> list[SyncStanding]:
    judge, rules_version = Judge(connection, kind, record_ids), builder.rules_version(connection)
    rows = transitions.locked(kind, list(judge.records), connection.target)
    waiting = [row for row in rows if row.status in verdicts.JUDGED]
    stopped = {row.pk for row in waiting if row.verdict == SyncStanding.Verdict.BLOCKED}
    for row in rows:
        verdicts.keep(row, blocking_rules(judge.problems_of(judge.records[row.record_id])), rules_version)
    verdicts.save(rows)
    return [row for row in rows if row.pk in stopped and row.verdict == SyncStanding.Verdict.READY]


def rejudge_stopped(connection: Connection, rules: Collection[str], most: int = 500) -> list[SyncStanding]:
    """Judge again what any of these rules stops on a lane; the standings that pass now.

    Beyond `most` of a kind they become stale, and the sweeper judges them.
    """
    by_kind: dict[str, list[int]] = {}
    stopped = verdicts.stopped(connection).order_by("pk")
    for kind, record_id, broken_rules in stopped.values_list("kind", "record_id", "rule_ids"):
        if not set(rules).isdisjoint(broken_rules):
            by_kind.setdefault(kind, []).append(record_id)
    for kind, ids in by_kind.items():
        verdicts.forget_records(connection, kind, ids[most:])
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
    return passed + free_rivals(record.company_id, record.kind, {record.pk}, f"Se corrigió {record}.")


def free_rivals(company_id: int, kind: Kind | str, edited: Collection[int], reason: str) -> list[SyncStanding]:
    """Judge again what other records stood in the way of, after these were edited; the standings that pass now."""
    freed = []
    for connection in Connection.objects.live().filter(company=company_id):
        passed = rejudge_stopped(connection, _OF_RIVALS)
        unblockings.record([row for row in passed if row.kind != kind or row.record_id not in edited], reason)
        freed += passed
    return freed


def register_switched_on() -> int:
    """Give the records of a kind that a connection now takes their standing there; how many."""
    return each_live(_register_switched_on)


def _register_switched_on(connection: Connection) -> int:
    return sum(
        transitions.register_missing(connection.company_id, kind, connection.target)
        for kind in record_kinds.switched_kinds(connection)
    )


def keep_stale_verdicts(most: int = 500) -> int:
    """Judge again what waits to be sent and was never judged, or changed, or whose rules did."""
    return each_live(lambda connection: _keep_stale_verdicts(connection, most))


def _keep_stale_verdicts(connection: Connection, most: int) -> int:
    judged = 0
    current = Q(version_checked=F("version"), rules_version=builder.rules_version(connection))
    waiting = SyncStanding.objects.with_erp_of(connection).filter(status__in=verdicts.JUDGED)
    for kind in record_kinds.kinds_of(connection):
        stale = waiting.exclude(current).filter(kind=kind)
        if ids := [row.record_id for row in next_rows(f"verdicts {connection.pk} {kind}", stale, most)]:
            passed = keep_verdicts(connection.company_id, kind, ids, connection.target)
            unblockings.record(passed, unblockings.CHECKS_CHANGED)
            judged += len(ids)
    return judged


def judge_many(
    connection: Connection, kind: Kind | str, record_ids: Sequence[int], accepted_rules: Collection[str] = ()
) -> list[tuple[Syncable, Judgement]]:
    """A dry run: every record in the order asked for, without a batch and without a change."""
    judge = Judge(connection, kind, record_ids, accepted_rules)
    rows = SyncStanding.objects.of_records(kind, record_ids).filter(target=connection.target)
    row_of = {row.record_id: row for row in rows}
    return [(judge.records[pk], judge.judge(row_of[pk])) for pk in record_ids if pk in judge.records and pk in row_of]


def why_not_now(row: SyncStanding, record: Syncable, connection: Connection | None = None) -> str:
    """Why a record can't be requested as it stands, in words for staff; empty where it can."""
    target = row.get_target_display()
    if row.status == Status.SYNCED:
        return f"Ya está en {target}" + (f" con el número {row.reference}." if row.reference else ".")
    if row.status == Status.CHANGED and (refusal := _why_no_update(row, record, connection or row.connection)):
        return refusal
    if row.verify_first:
        return f"{target} lo rechazó sin descartar que lo haya guardado: verifíquelo primero."
    if record.is_annulled and row.status == Status.EXCLUDED:
        return "Está anulado: no se envía. Duplíquelo si hace falta otro."
    return "" if transitions.allows(row, Event.REQUESTED) else _WAITING.get(Status(row.status), "")


def _why_no_update(row: SyncStanding, record: Syncable, connection: Connection | None) -> str:
    export = builder.export_of(record, row.target)
    if export is not None and builder.takes_updates(export, connection):
        return ""
    erp, advice = row.get_target_display(), getattr(export, "advice", "")
    return f"Se modificó después de enviarlo y {erp} no permite cambiarlo desde aquí. {advice}".strip()


_WAITING = {
    Status.QUEUED: "Ya está en cola en otro lote.",
    Status.SENDING: "Se está enviando.",
    Status.RETRYING: "Tiene un reintento programado.",
    Status.UNCERTAIN: "Está por confirmar: verifique en el ERP antes de reenviar.",
    Status.CONFLICT: "Tiene un conflicto: compare y decida.",
    Status.EXCLUDED: "Está marcado como No aplica.",
}
