"""A lane is a connection: how much may be in flight there, and why nothing moves.

The connection's row is the lock, so the bound holds over any number of workers and machines.
"""

from datetime import datetime, timedelta

from django.db.models import F, Q

from integrations.choices import Status
from integrations.models import Connection, PullRun, SyncAttempt, SyncStanding

REST_AFTER_FAILURES = 3
REST_SECONDS = 60
RETRY_FIRST_SECONDS = 15
RETRY_MOST_SECONDS = 900


def lock(connection_id: int) -> Connection:
    """The connection's row, held until the transaction ends."""
    return Connection.objects.select_for_update(of=("self",)).select_related("company").get(pk=connection_id)


def free_slots(connection: Connection, now: datetime) -> int:
    """How many calls may start now on a LOCKED connection; 0 while it is paused, resting or archived."""
    if connection.is_paused or connection.archived_at is not None:
        return 0
    if connection.resting_until is not None and connection.resting_until > now:
        return 0
    return max(0, connection.concurrency - _calls_in_flight(connection, now))


def _calls_in_flight(connection: Connection, now: datetime) -> int:
    held = Q(status=Status.SENDING)
    if connection.concurrency == 1:
        # The ERP may still be busy with the call that gave no answer.
        held |= Q(status=Status.UNCERTAIN)
    sends = SyncStanding.objects.filter(held, connection=connection, lease_until__gt=now).count()
    reads = SyncAttempt.objects.filter(
        connection=connection,
        operation__in=[SyncAttempt.Operation.VERIFY, SyncAttempt.Operation.PROBE],
        finished_at__isnull=True,
        lease_until__gt=now,
    ).count()
    pulls = PullRun.objects.filter(connection=connection, finished_at__isnull=True, lease_until__gt=now).count()
    return sends + reads + pulls


def answered(connection: Connection, now: datetime) -> None:
    """The ERP answered: it is there."""
    Connection.objects.filter(pk=connection.pk).update(failures_in_a_row=0, resting_until=None, answered_at=now)


def unreachable(connection: Connection, now: datetime) -> None:
    """A request could not even be written. A few in a row and the lane rests; then one record is its probe."""
    Connection.objects.filter(pk=connection.pk).update(failures_in_a_row=F("failures_in_a_row") + 1)
    Connection.objects.filter(pk=connection.pk, failures_in_a_row__gte=REST_AFTER_FAILURES).update(
        resting_until=now + timedelta(seconds=REST_SECONDS)
    )


def retry_at(now: datetime, tries: int, asked_seconds: float | None = None) -> datetime:
    """When to try again what was never sent: doubling from 15 s to 15 minutes, or what a 429 asked for."""
    doubled = min(RETRY_FIRST_SECONDS * 2 ** min(tries, 10), RETRY_MOST_SECONDS)
    return now + timedelta(seconds=asked_seconds if asked_seconds is not None else doubled)
