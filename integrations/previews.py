"""A dry run: exactly what would be sent, without a batch, without a change."""

from collections.abc import Collection, Sequence
from typing import Any

from integrations import payloads
from integrations.choices import ItemVerdict, Kind, Target
from integrations.dispatch import live_connection, why_not_now
from integrations.errors import IntegrationError
from integrations.fields.severity import Severity
from integrations.fields.validation import Problem
from integrations.models import Company, Connection, Syncable, SyncStanding


def preview(
    company: Company,
    target: Target | str,
    kind: Kind | str,
    record_ids: Sequence[int],
    accepted_rules: Collection[str] = (),
) -> list[dict[str, Any]]:
    """One entry a record: {id, label, verdict, reason, problems, payload}.

    Raises: ConfigurationError where the company has no such connection.
    """
    connection = live_connection(company, target)
    records = payloads.load(kind, record_ids, target)
    held = SyncStanding.objects.filter(kind=kind, record_id__in=record_ids, target=target)
    standings = {row.record_id: row for row in held}
    rivals = payloads.rival_problems(list(records.values()), connection)
    return [
        _preview_one(records[pk], connection, standings[pk], rivals.get(pk, []), accepted_rules)
        for pk in record_ids
        if pk in records and pk in standings
    ]


def _preview_one(
    record: Syncable,
    connection: Connection,
    row: SyncStanding,
    rivals: list[Problem],
    accepted_rules: Collection[str],
) -> dict[str, Any]:
    problems = [*payloads.check(record, connection), *rivals]
    blocking = [p for p in problems if p.severity == Severity.BLOCK and p.rule not in accepted_rules]
    waiting = why_not_now(row, record)
    verdict = ItemVerdict.SKIPPED if waiting else ItemVerdict.BLOCKED if blocking else ItemVerdict.READY
    payload = ""
    try:
        payload = payloads.build(record, connection, row, row.send_kind).body
    except IntegrationError as impossible:
        verdict, waiting = ItemVerdict.BLOCKED, waiting or str(impossible)
    return {
        "id": record.pk,
        "label": str(record),
        "verdict": verdict.value,
        "reason": waiting or " ".join(problem.message for problem in blocking),
        "problems": [{"rule": p.rule, "severity": str(p.severity), "message": p.message} for p in problems],
        "payload": payload,
    }
