"""Look in the ERP for what it said it had accepted (sync protocol, sections 10.8 and 10.19). Runs in the worker.

A look reads once for up to 500 records of a lane. What it finds is *seen*: it learns the ERP's own identifier and
serves as a known record for later reads. Only what would become a conflict is read a second time.
"""

import logging
import time
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from integrations.choices import Kind, Looks, Status, Target
from integrations.connections import lanes
from integrations.decisions import new_number
from integrations.erp.read_back import ReadBackResult
from integrations.erp.read_back_evidence import as_json
from integrations.errors import IntegrationError
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.sending import gateways
from integrations.standings import attempts, read_back_questions, transitions
from integrations.verifying import drift
from integrations.verifying.known_missing import report_missing

log = logging.getLogger(__name__)

RECORDS_PER_LOOK = 500
AGAIN_SECONDS = 6 * 3600
"""How long after a look that proved nothing the record is looked at again."""
_USUAL = {Target.SIIGO: Looks.NIGHT, Target.SAG: Looks.IDLE}
"""Siigo reads slowly, and one read at a time: by night. SAG answers a wide read in seconds."""
_NIGHT_BEGINS, _NIGHT_ENDS = 22, 5
_REQUESTED_FROM = "vistazo a lo aceptado"


def is_time_to_look(connection: Connection, now: datetime) -> bool:
    """Whether this connection looks at what was accepted, at this hour of Colombia."""
    when = connection.looks or _USUAL[Target(connection.target)]
    if when == Looks.NIGHT:
        hour = now.astimezone(ZoneInfo("America/Bogota")).hour
        return hour >= _NIGHT_BEGINS or hour < _NIGHT_ENDS
    return bool(when == Looks.IDLE)


def due(now: datetime) -> QuerySet[SyncStanding]:
    """Accepted records that wait for a look."""
    return SyncStanding.objects.filter(
        status__in=[Status.SYNCED, Status.CHANGED], look_at__lte=now, attempt__isnull=False
    )


def idle_lanes(now: datetime) -> list[int]:
    """Connections with something to look at, nothing to send, and the hour for it."""
    waiting = due(now).order_by().values_list("connection", flat=True).distinct()
    busy = SyncStanding.objects.filter(status__in=[Status.QUEUED, Status.SENDING]).values("connection")
    idle = Connection.objects.live().filter(pk__in=waiting).exclude(pk__in=busy)
    return [connection.pk for connection in idle if is_time_to_look(connection, now)]


def look_when_due(connection_id: int) -> int:
    """Look, if the connection does so at this hour; returns how many records were seen."""
    connection = Connection.objects.get(pk=connection_id)
    return look(connection_id) if is_time_to_look(connection, database_now()) else 0


def look(connection_id: int, kinds: Sequence[Kind] = tuple(Kind)) -> int:
    """Look at what a connection's ERP accepted, by one read a kind; returns how many were seen."""
    connection = Connection.objects.get(pk=connection_id)
    return sum(_look_at(connection, kind) for kind in kinds)


def _look_at(connection: Connection, kind: Kind) -> int:
    # The sweeper postponed them while it put this task in the queue.
    postponed = database_now() + timedelta(seconds=settings.Q_CLUSTER["timeout"])
    waiting = due(postponed).filter(connection=connection, kind=kind).select_related("connection")
    rows = list(waiting.order_by("look_at", "pk")[:RECORDS_PER_LOOK])
    if not rows:
        return 0
    reading = attempts.new_verification(rows[0], connection, _REQUESTED_FROM)
    if not lanes.take_slot(reading, connection.reads_apart_seconds):
        return 0
    with attempts.closed_at_the_end(reading):
        results = _read_or_nothing(rows, connection)
        # What a look says nothing about makes room for the next records.
        unread = [row.pk for row in rows if row.pk not in results]
        SyncStanding.objects.filter(pk__in=unread, look_at__isnull=False).update(look_at=_later())
        return sum(_apply(row, reading if row is rows[0] else None, results.get(row.pk)) for row in rows)


def _read_or_nothing(rows: Sequence[SyncStanding], connection: Connection) -> Mapping[int, ReadBackResult]:
    """What the look found; nothing where the ERP gave no answer that can be read."""
    try:
        return _read(rows, connection)
    except IntegrationError as unanswered:
        log.warning("a look at %s brought nothing: %s", connection, unanswered)
    except Exception:
        log.exception("a look at %s failed in an unforeseen way", connection)
    return {}


def _later() -> datetime:
    return database_now() + timedelta(seconds=AGAIN_SECONDS)


def _read(rows: Sequence[SyncStanding], connection: Connection) -> Mapping[int, ReadBackResult]:
    """Standing id → what the look found; a would-be conflict only where a second read says the same."""
    gateway = gateways.gateway(connection)
    questions = read_back_questions.questions(rows)
    if not questions:
        return {}
    known = read_back_questions.known_records(connection, rows)
    first = gateway.find_many(questions, known)
    conflicts = [question for question in questions if first.results[question.key].match in drift.DRIFTED]
    if not conflicts:
        report_missing(connection, first.missing)
        return first.results
    time.sleep(connection.reads_apart_seconds)
    second = gateway.find_many(conflicts, known)
    if report_missing(connection, first.missing & second.missing):
        return {}
    differing = {key for key, result in second.results.items() if result != first.results[key]}
    return {key: result for key, result in first.results.items() if key not in differing}


def _apply(row: SyncStanding, reading: SyncAttempt | None, result: ReadBackResult | None) -> bool:
    """Move a record by what the look found, if it has not moved on; whether it was seen."""
    with transaction.atomic():
        current = new_number.locked(row.kind, row.record_id, row.pk)
        unchanged = (current.attempt, current.status, current.version) == (row.attempt, row.status, row.version)
        is_seen = unchanged and result is not None and drift.settle(current, result)
        if unchanged and result is not None and not is_seen and current.status != Status.CONFLICT:
            transitions.note(current, look_at=_later())
        has_moved = is_seen or current.status == Status.CONFLICT
        message = current.message if has_moved or result is None else drift.message_of(current, result)
        if reading is not None or (result is not None and not is_seen):
            _close(row, reading, result, message)
        return is_seen


def _close(row: SyncStanding, reading: SyncAttempt | None, result: ReadBackResult | None, message: str) -> None:
    if reading is None and row.connection is not None:
        reading = attempts.new_verification(row, row.connection, _REQUESTED_FROM)
    if reading is not None:
        evidence = (
            (result.match, message, str(result.reference), as_json(result)) if result else ("unread", "", "", b"")
        )
        attempts.close_verification(reading, *evidence, _REQUESTED_FROM)
