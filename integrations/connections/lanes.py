"""A lane is a connection: how much may be in flight there, and why nothing moves.

The connection's row is the lock, so the bound holds over any number of workers and machines.
"""

import time
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import F, Min, Q, QuerySet

from integrations.choices import Status
from integrations.connections import stop_switch, timeouts
from integrations.connections.windows import BOGOTA, Window
from integrations.models import Connection, PullRun, SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.models.querysets import in_flight
from integrations.queue.cluster import this_process
from integrations.queue.outbox import enqueue_drain_at

REST_AFTER_FAILURES = 3
REST_SECONDS = 60
GATE_PAGES_STOP = 3
"""So many different documents refused in a row before they reach the ERP stop the lane."""
RETRY_FIRST_SECONDS = 15
RETRY_MOST_SECONDS = 900
_SLOTS_TAKEN = "Se espera el fin de las llamadas en curso."
_UNREACHABLE = "El ERP no responde: se prueba de nuevo con un documento."
_THROTTLED = "{erp} pidió esperar por exceso de consultas: descansa toda la conexión."


def lock(connection_id: int) -> Connection:
    """The connection, its row locked until the transaction ends."""
    return Connection.objects.select_for_update(of=("self",)).select_related("company").get(pk=connection_id)


@dataclass(frozen=True)
class Closed:
    """Why no call may start on a lane now, in Spanish; `until` where time alone opens it."""

    reason: str
    until: datetime | None = None
    is_brief: bool = False
    """Whether it is over so soon, as a rule, that a worker waits for it."""

    def __str__(self) -> str:
        if self.until is None:
            return self.reason
        return f"{self.reason} Sigue el {self.until.astimezone(BOGOTA):%d/%m/%Y a las %H:%M}."


def closed(connection: Connection, now: datetime, stopped: str | None = None) -> Closed | None:
    """Why no call may start on a lane at `now`; None while one may, slots aside.

    `stopped` is `stop_switch.why_stopped()`, where it was just read for many lanes.
    """
    reason = _until_a_person_acts(connection, stopped)
    return Closed(reason) if reason else _closed_for_now(connection, now)


def _until_a_person_acts(connection: Connection, stopped: str | None) -> str:
    """Why nothing starts until a person changes it; empty where nothing of that kind is in the way."""
    if connection.archived_at is not None:
        return "La conexión está archivada."
    if why_stopped := stop_switch.why_stopped() if stopped is None else stopped:
        return why_stopped
    if connection.is_paused:
        return f"La conexión está en pausa: {connection.pause_reason}"
    return timeouts.why_not_to_call(connection)


def _closed_for_now(connection: Connection, now: datetime) -> Closed | None:
    """What time alone opens: the rest after failures, the sending hours and the pace."""
    if connection.resting_until is not None and connection.resting_until > now:
        return Closed(connection.rest_reason or _UNREACHABLE, connection.resting_until)
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
            return Closed("Se respeta el ritmo de la conexión.", until or newest[-1] + (now - since), is_brief=True)
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
    slots = max(0, connection.concurrency - len(_calls_in_flight(connection, now)))
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


def wait_to_start(connection_id: int, most_seconds: float, seconds_ago: float = 0) -> bool:
    """Wait until time alone lets start what was queued and could not start `seconds_ago`; whether it may start now.

    Sleeps for the pace and for the end of a call without an answer, within `most_seconds`. For any other moment, and
    where others are at work on the lane, a task is left for then.
    """
    connection, now = Connection.objects.select_related("company").get(pk=connection_id), database_now()
    # What closed the lane then may be over by now: nothing else would wake it.
    asked_at = now - timedelta(seconds=seconds_ago)
    reason = closed(connection, asked_at) or _full(connection, asked_at)
    queued = SyncStanding.objects.filter(connection=connection, status=Status.QUEUED)
    if reason is None or reason.until is None or not queued.exists():
        return False
    seconds = (reason.until - now).total_seconds()
    if not reason.is_brief or seconds >= most_seconds:
        enqueue_drain_at(connection_id, reason.until)
        return False
    time.sleep(max(0.0, seconds))
    return True


def _full(connection: Connection, now: datetime) -> Closed | None:
    """That all slots of a lane are taken, until one is free; brief where that is the slot of a call without an answer.

    Its worker has nothing else to do. The others are at work on theirs, or dead.
    """
    ends = _calls_in_flight(connection, now)
    most = 1 if connection.failures_in_a_row >= REST_AFTER_FAILURES else connection.concurrency
    if len(ends) < most:
        return None
    unanswered = SyncStanding.objects.filter(connection=connection, slot_until__gt=now, lease_until__gt=now)
    until = unanswered.exclude(status=Status.SENDING).aggregate(first=Min("slot_until"))["first"]
    return Closed(_SLOTS_TAKEN, until or sorted(ends)[-most], is_brief=until is not None)


def _calls_in_flight(connection: Connection, now: datetime) -> list[datetime]:
    """When each call that may be under way ends, answered or not. No slot outlasts its lease."""
    sends = SyncStanding.objects.filter(connection=connection, slot_until__gt=now, lease_until__gt=now)
    reads = SyncAttempt.objects.in_flight(now).filter(
        connection=connection, operation__in=[SyncAttempt.Operation.VERIFY, SyncAttempt.Operation.PROBE]
    )
    pulls = PullRun.objects.filter(in_flight(now), connection=connection)
    leases = [taken.order_by().values_list("lease_until", flat=True) for taken in (reads, pulls)]
    ends = sends.order_by().values_list("slot_until", flat=True).union(*leases, all=True)
    return [moment for moment in ends if moment is not None]


def answered(connection_id: int, now: datetime) -> None:
    """The ERP answered: it is there. A rest that it asked for goes on."""
    lane = Connection.objects.filter(pk=connection_id)
    lane.update(failures_in_a_row=0, gate_pages=0, answered_at=now)
    lane.filter(rest_reason="").update(resting_until=None)


def rest(connection: Connection, now: datetime, tries: int, named_seconds: float | None) -> datetime:
    """Let the whole lane rest, as an ERP with too many calls asked; returns until when.

    `named_seconds` is the time that the answer names; where it names none, the more `tries` the longer.
    """
    until = now + _length_of_rest(connection, tries, named_seconds)
    lane = Connection.objects.filter(pk=connection.pk)
    lane.update(failures_in_a_row=0, gate_pages=0, answered_at=now)
    # Of several answers the longest rest holds.
    reason = _THROTTLED.format(erp=connection.get_target_display())
    lane.exclude(rest_reason__gt="", resting_until__gte=until).update(resting_until=until, rest_reason=reason)
    return until


def _length_of_rest(connection: Connection, tries: int, named_seconds: float | None) -> timedelta:
    seconds = _doubled(tries) if named_seconds is None else named_seconds
    return timedelta(seconds=min(seconds, connection.longest_rest_seconds))


def blocked(attempt: SyncAttempt) -> bool:
    """Count a document that something before the ERP refused; whether it is the third one since the ERP answered.

    The same document, or another of the same request, counts once.
    """
    connection = Connection.objects.get(pk=attempt.connection_id)
    together = Q(request_hash=attempt.request_hash) & ~Q(request_hash="")
    counted = together | Q(kind=attempt.kind, record_id=attempt.record_id)
    if not _others_blocked(connection, attempt).filter(counted).exists():
        Connection.objects.filter(pk=connection.pk).update(gate_pages=F("gate_pages") + 1)
    return Connection.objects.filter(pk=connection.pk, gate_pages__gte=GATE_PAGES_STOP).exists()


def _others_blocked(connection: Connection, attempt: SyncAttempt) -> "QuerySet[SyncAttempt]":
    """The other sends that were refused before the ERP, as this one was, since it last answered."""
    others = SyncAttempt.objects.sends().filter(connection=connection, cause=attempt.cause).exclude(pk=attempt.pk)
    answered = connection.answered_at
    return others if answered is None else others.filter(finished_at__gt=answered)


def unreachable(connection_id: int, now: datetime) -> None:
    """Record that a request could not even be written. A few in a row and the lane rests; then one record probes it."""
    Connection.objects.filter(pk=connection_id).update(failures_in_a_row=F("failures_in_a_row") + 1)
    until = now + timedelta(seconds=REST_SECONDS)
    lane = Connection.objects.filter(pk=connection_id, failures_in_a_row__gte=REST_AFTER_FAILURES)
    lane.exclude(resting_until__gte=until).update(resting_until=until, rest_reason="")


def retry_at(now: datetime, tries: int) -> datetime:
    """When to try again what was never sent: doubling from 15 s to 15 minutes."""
    return now + timedelta(seconds=_doubled(tries))


def _doubled(tries: int) -> float:
    return float(min(RETRY_FIRST_SECONDS * 2 ** min(tries, 10), RETRY_MOST_SECONDS))
