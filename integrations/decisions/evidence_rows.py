"""Keeping decisions as evidence: who decided what, why, and what a read of the ERP had shown."""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from integrations.choices import Phase
from integrations.errors import IntegrationError
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.models.syncable import model_for
from integrations.standings.attempts import new_attempt
from integrations.standings.requester import Requester


class DecisionRefusedError(IntegrationError):
    """A person may not decide this now; the text says why and what to do, in Spanish."""


def record_decision(row: SyncStanding, requester: Requester, outcome: str, message: str, **columns: Any) -> None:
    """Keep one decision about a LOCKED standing as an attempt of its record; `columns` are further columns of it."""
    record_decisions([row], requester, outcome, message, **columns)


def record_decisions(
    rows: Sequence[SyncStanding], requester: Requester, outcome: str, message: str, **columns: Any
) -> None:
    """The same decision about many LOCKED standings of one kind and target, in few statements.

    Where a company never had a connection with that ERP, no attempt can be kept.
    """
    connections, names = _connections(rows), _names(rows)
    decided = {"phase": Phase.ANSWERED, "outcome": outcome, "message": message, "finished_at": timezone.now()}
    columns = {**decided, **requester.as_columns(), **columns}
    attempts = [
        new_attempt(row, connections[row.company_id], SyncAttempt.Operation.DECIDE, names[row.pk], **columns)
        for row in rows
        if row.company_id in connections
    ]
    SyncAttempt.objects.bulk_create(attempts, batch_size=500)


def _connections(rows: Sequence[SyncStanding]) -> dict[int, Connection]:
    """Company id → its live connection with the rows' ERP, else an archived one."""
    target = rows[0].target if rows else ""
    companies = {row.company_id for row in rows}
    connections = Connection.objects.filter(company__in=companies, target=target).order_by("-archived_at", "pk")
    live_last = sorted(connections, key=lambda connection: connection.archived_at is None)
    return {connection.company_id: connection for connection in live_last}


def _names(rows: Sequence[SyncStanding]) -> dict[int, str]:
    """Standing id → the name of its record; the rows are of one kind."""
    if not rows:
        return {}
    records = model_for(rows[0].kind)._default_manager.in_bulk([row.record_id for row in rows])
    return {row.pk: str(records.get(row.record_id, "")) for row in rows}
