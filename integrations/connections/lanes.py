"""A lane is a connection: how much may be in flight there, and why nothing moves.

The connection's row is the lock, so the bound holds over any number of workers and machines.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Q

from integrations.choices import Status
from integrations.connections import stop_switch
from integrations.connections.windows import BOGOTA, Window
from integrations.models import Connection, PullRun, SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.models.querysets import in_flight
from integrations.queue.cluster import this_process

REST_AFTER_FAILURES = 3
REST_SECONDS = 60
RETRY_FIRST_SECONDS = 15
RETRY_MOST_SECONDS = 900


def lock(connection_id: int) -> Connection:
    """The connection, its row locked until the transaction ends."""
    return Connection.objects.select_for_update(of=("self",)).select_related("company").get(pk=connection_id)


@dataclass(frozen=True)
class Closed:
    """Why no call may start on a lane now, in Spanish; `until` where time alone opens it."""

    reason: str
    until: datetime | None = None
    is_pace: bool = False

    def __str__(self) -> str:
        if self.until is None:
            return self.reason
        return f"{self.reason} Sigue el {self.until.astimezone(BOGOTA):%d/%m/%Y a las %H:%M}."


def closed(connection: Connection, now: datetime, stopped: str | None = None) -> Closed | None:
    """Why no call may start on a lane at `now`; None while one may, slots aside.

    `stopped` is `stop_switch.why_stopped()`, where it was just read for many lanes.
    """
    if connection.archived_at is not None:
        return Closed("La conexión está archivada.")
    stopped = stop_switch.why_stopped() if stopped is None else stopped
    if stopped:
        return Closed(stopped)
    if connection.is_paused:
        return Closed(f"La conexión está en pausa: {connection.pause_reason}")
    return _closed_for_now(connection, now)


def _closed_for_now(connection: Connection, now: datetime) -> Closed | None:
    """What time alone opens: the rest after failures, the sending hours and the pace."""
    if connection.resting_until is not None and connection.resting_until > now:
        return Closed("El ERP no responde: se prueba de nuevo con un documento.", connection.resting_until)
    opens = Window(connection.send_days, connection.send_from, connection.send_until).opens_at(now)
    if opens is not None:
        return Closed("Fuera del horario de envío.", opens)
    return _too_fast(connection, now)


def _too_fast(connection: Connection, now: datetime) -> Closed | None:
    calls = SyncAttempt.objects.filter(connection=connection).exclude(operation=SyncAttempt.Operation.DECIDE)
    for most, since, until in _pace_limits(connection, now):
        recent = calls.filter(started_at__gt=since).order_by("-started_at")
        newest = list(recent.values_list("started_at", flat=True)[:most])
        if len(newest) >= most:
            return Closed("Se respeta el ritmo de la conexión.", until or newest[-1] + (now - since), is_pace=True)
    return None


def _pace_limits(connection: Connection, now: datetime) -> list[tuple[int, datetime, datetime | None]]:
    """(calls at most, since when they count, when all are forgotten) of each limit in force; None: one by one."""
    midnight = now.astimezone(BOGOTA).replace(hour=0, minute=0, second=0, microsecond=0)
    limits = (
        (connection.calls_per_day, midnight, midnight + timedelta(days=1)),
        (connection.calls_per_minute, now - timedelta(seconds=60), None),
        (1 if connection.gap_seconds else 0, now - timedelta(seconds=connection.gap_seconds), None),
    )
    return [limit for limit in limits if limit[0]]


def free_slots(connection: Connection, now: datetime) -> int:
    """How many calls may start at `now` on a LOCKED connection: 0 while `closed`; 1 with a pace or after a rest."""
    if closed(connection, now) is not None:
        return 0
    is_probe = connection.failures_in_a_row >= REST_AFTER_FAILURES
    is_paced = connection.gap_seconds or connection.calls_per_minute or connection.calls_per_day
    slots = max(0, connection.concurrency - _calls_in_flight(connection, now))
    if is_probe:
        return 1 if slots == connection.concurrency else 0
    return min(slots, 1) if is_paced else slots


def take_slot(attempt: SyncAttempt, more_seconds: float = 0) -> bool:
    """Save a new `attempt` as a call in flight on its connection's lane; False where the lane has no free slot.

    The attempt gets the connection as it is now, and its lease: the connection's, and `more_seconds`.
    """
    with transaction.atomic():
        attempt.connection, now = lock(attempt.connection_id), database_now()
        if free_slots(attempt.connection, now) < 1:
            return False
        attempt.lease_until = now + timedelta(seconds=attempt.connection.lease_seconds + more_seconds)
        attempt.taken_by = this_process()
        attempt.save(force_insert=True)
    return True


def wait_for_pace(connection_id: int, most_seconds: float) -> bool:
    """Sleep until the lane's pace lets the next call start; False if that takes too long or nothing is queued."""
    connection, now = Connection.objects.get(pk=connection_id), database_now()
    reason = closed(connection, now)
    if reason is None or not reason.is_pace or reason.until is None:
        return False
    seconds = (reason.until - now).total_seconds()
    if seconds >= most_seconds or not SyncStanding.objects.filter(connection=connection, status=Status.QUEUED).exists():
        return False
    time.sleep(max(0.0, seconds))
    return True


def _calls_in_flight(connection: Connection, now: datetime) -> int:
    is_in_flight = Q(status=Status.SENDING)
    if connection.concurrency == 1:
        # The ERP may still be busy with the call that gave no answer.
        is_in_flight |= Q(status=Status.UNCERTAIN)
    sends = SyncStanding.objects.filter(is_in_flight, connection=connection, lease_until__gt=now)
    reads = SyncAttempt.objects.in_flight(now).filter(
        connection=connection, operation__in=[SyncAttempt.Operation.VERIFY, SyncAttempt.Operation.PROBE]
    )
    pulls = PullRun.objects.filter(in_flight(now), connection=connection)
    leases = [calls.order_by().values_list("lease_until") for calls in (sends, reads, pulls)]
    return leases[0].union(*leases[1:], all=True).count()


def answered(connection_id: int, now: datetime) -> None:
    """Record that the ERP answered: its failures are forgotten."""
    Connection.objects.filter(pk=connection_id).update(failures_in_a_row=0, resting_until=None, answered_at=now)


def unreachable(connection_id: int, now: datetime) -> None:
    """Record that a request could not even be written. A few in a row and the lane rests; then one record probes it."""
    Connection.objects.filter(pk=connection_id).update(failures_in_a_row=F("failures_in_a_row") + 1)
    Connection.objects.filter(pk=connection_id, failures_in_a_row__gte=REST_AFTER_FAILURES).update(
        resting_until=now + timedelta(seconds=REST_SECONDS)
    )


def retry_at(now: datetime, tries: int, asked_seconds: float | None = None) -> datetime:
    """When to try again what was never sent: after 15 s, doubled up to 15 minutes, or after what a 429 asked for."""
    doubled = min(RETRY_FIRST_SECONDS * 2 ** min(tries, 10), RETRY_MOST_SECONDS)
    return now + timedelta(seconds=asked_seconds if asked_seconds is not None else doubled)
