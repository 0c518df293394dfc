"""A decision as part of the record's story: who, why, and what had been seen."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from integrations.choices import Phase
from integrations.errors import IntegrationError
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.models.syncable import model_for
from integrations.standings import attempts
from integrations.standings.requester import Requester


class DecisionRefusedError(IntegrationError):
    """A person may not decide this now; the text says why and what to do, in Spanish."""


def write_down(row: SyncStanding, requester: Requester, outcome: str, message: str, **facts: Any) -> None:
    """One decision about a LOCKED standing, beside its move. `facts` are columns of the attempt."""
    write_down_many([row], requester, outcome, message, **facts)


def write_down_many(
    rows: Sequence[SyncStanding], requester: Requester, outcome: str, message: str, **facts: Any
) -> None:
    """The same decision about many LOCKED standings of one kind and target, in few statements.

    Where a company never had a connection with that ERP there is no lane whose story it could be.
    """
    connections = _connections(rows)
    names = _names(rows)
    told = [
        _filled(attempts.new_attempt(row, connections[row.company_id], SyncAttempt.Operation.DECIDE, names[row.pk]),
                requester, outcome, message, facts)
        for row in rows
        if row.company_id in connections
    ]  # fmt: skip
    SyncAttempt.objects.bulk_create(told, batch_size=500)


def _filled(
    attempt: SyncAttempt, requester: Requester, outcome: str, message: str, facts: dict[str, Any]
) -> SyncAttempt:
    attempt.requested_by, attempt.requested_from = requester.user, requester.origin[:200]
    attempt.phase, attempt.outcome, attempt.message = Phase.ANSWERED, outcome, message
    attempt.finished_at = timezone.now()
    for name, value in facts.items():
        setattr(attempt, name, value)
    return attempt


def _connections(rows: Sequence[SyncStanding]) -> dict[int, Connection]:
    target = rows[0].target if rows else ""
    companies = {row.company_id for row in rows}
    found = Connection.objects.filter(company__in=companies, target=target).order_by("-archived_at", "pk")
    live_last = sorted(found, key=lambda connection: connection.archived_at is None)
    return {connection.company_id: connection for connection in live_last}


def _names(rows: Sequence[SyncStanding]) -> dict[int, str]:
    if not rows:
        return {}
    records = model_for(rows[0].kind)._default_manager.in_bulk([row.record_id for row in rows])
    return {row.pk: str(records.get(row.record_id, "")) for row in rows}
