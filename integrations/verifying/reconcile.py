"""Find out what happened to records in doubt (sync protocol, sections 5 and 8). Runs in the worker.

Presence and absence must both be proven: the settle window is over and two complete reads, some seconds apart, agree.
One read looks for many records; the verification of one record is a read of one.
"""

import logging
import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import DatabaseError, InterfaceError, OperationalError, transaction
from django.utils import timezone

from integrations.choices import Status, Target
from integrations.connections import lanes
from integrations.decisions import new_number
from integrations.erp.causes import DOUBTED_SUCCESSES
from integrations.erp.read_back import Match, ReadBackResult
from integrations.erp.read_back_evidence import as_json
from integrations.errors import IntegrationError
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.sending import gateways, outcomes
from integrations.standings import attempts, learned_answers, open_calls, read_back_questions, transitions
from integrations.standings.batch_rows import record_on_batch
from integrations.standings.lifecycle import Event
from integrations.verifying import drift, due
from integrations.verifying.known_missing import report_missing

log = logging.getLogger(__name__)

RECORDS_PER_READ = 500
"""More are several reads."""
_WHAT_ELSE = "Inténtelo más tarde, o mírelo usted en el ERP y diga lo que vio."
_NOT_DOUBTFUL = "Ya no está por confirmar."
_NOT_KEPT = "Ya no se conserva lo que se envió: una persona debe decidir."
_UNREADABLE = "Lo que respondió el ERP no se pudo leer."
_DISAGREE = "Dos consultas seguidas no coincidieron: el ERP aún está cambiando. Verifique más tarde."
_BUSY = "La conexión está ocupada o en pausa: se verificará sola dentro de unos minutos."
_MOVED_ON = "Cambió mientras se verificaba: no se aplica."
_GONE = "El documento ya no está en el ERP: compare y decida."


@dataclass(frozen=True)
class ReadResult:
    """What two reads agree on about one record, or, in Spanish, why there is no such finding."""

    finding: ReadBackResult | None = None
    trouble: str = ""


def in_doubt(target: Target | str) -> Iterable[SyncStanding]:
    """Every standing that only a read of the ERP, or a person, can settle."""
    return SyncStanding.objects.filter(transitions.IN_DOUBT, target=target).order_by("settles_at", "pk")


def verify(standing_id: int, attempt: UUID | None = None, requested_from: str = "") -> str:
    """Verify one record; returns the message for staff, in Spanish."""
    return verify_many({standing_id: attempt}, requested_from).get(standing_id, _NOT_DOUBTFUL)


def verify_many(attempts_by_id: Mapping[int, UUID | None], requested_from: str = "") -> dict[int, str]:
    """Verify records as far as the ERP's answers allow; standing id → message for staff, in Spanish.

    `attempts_by_id`: standing id → the attempt that was in doubt when the verification was asked for. A record that
    has another attempt by now is left alone; None verifies it whatever its attempt. Repeating a call is harmless.
    """
    messages: dict[int, str] = {}
    by_lane: dict[tuple[int, str], list[SyncStanding]] = defaultdict(list)
    for row in SyncStanding.objects.select_related("connection").filter(pk__in=attempts_by_id).order_by("pk"):
        refusal = _why_not(row, attempts_by_id[row.pk])
        if refusal:
            messages[row.pk] = refusal
        else:
            by_lane[row.connection_id or 0, row.kind].append(row)
    for rows in by_lane.values():
        for start in range(0, len(rows), RECORDS_PER_READ):
            messages |= _verify_together(rows[start : start + RECORDS_PER_READ], requested_from)
    return messages


def _why_not(row: SyncStanding, attempt: UUID | None) -> str:
    """Why a record is not verified now, in Spanish; empty where it is."""
    if not transitions.may_be_read(row):
        return _NOT_DOUBTFUL
    if attempt is not None and row.attempt != attempt:
        return "Se envió de nuevo después de pedir la verificación: no se aplica."
    if row.connection is None:
        return "No se conoce la conexión por la que se envió: una persona debe decidir."
    return _save_message(row, due.ARCHIVED) if row.connection.archived_at else ""


def _save_message(row: SyncStanding, message: str) -> str:
    """Show the message on the record too, as long as it is in the same doubt."""
    if transitions.is_in_doubt(row):
        SyncStanding.objects.filter(pk=row.pk, status=row.status, attempt=row.attempt).update(message=message)
    return message


def _verify_together(rows: Sequence[SyncStanding], requested_from: str) -> dict[int, str]:
    connection = _connection_of(rows[0])
    reading = attempts.new_verification(rows[0], connection, requested_from)
    if not lanes.take_slot(reading, connection.reads_apart_seconds):
        return {row.pk: _save_message(row, _BUSY) for row in rows}
    with attempts.closed_at_the_end(reading):
        results = _read_twice(rows, reading.connection)
        return {
            row.pk: _apply_or_report(row, reading if row is rows[0] else None, results[row.pk], requested_from)
            for row in rows
        }


def _read_twice(rows: Sequence[SyncStanding], connection: Connection) -> dict[int, ReadResult]:
    """Standing id → what two complete reads, some seconds apart, agree on; or, in Spanish, why nothing was learned."""
    try:
        return {row.pk: ReadResult(trouble=_NOT_KEPT) for row in rows} | _results_of_two_reads(rows, connection)
    except IntegrationError as unanswered:
        trouble = f"No se pudo consultar el ERP: {unanswered} {_WHAT_ELSE}"
    except Exception:
        log.exception("a read of %s failed in an unforeseen way", connection)
        trouble = f"{_UNREADABLE} {_WHAT_ELSE}"
    return {row.pk: ReadResult(trouble=trouble) for row in rows}


def _results_of_two_reads(rows: Sequence[SyncStanding], connection: Connection) -> dict[int, ReadResult]:
    """Before a record's settle window ends, one read that finds it by our key is enough, and proves nothing else."""
    questions = read_back_questions.questions(rows)
    if not questions:
        return {}
    now, gateway = database_now(), gateways.gateway(connection)
    waiting = {row.pk: ends for row in rows if (ends := open_calls.window_end(row)) is not None and ends > now}
    known = read_back_questions.known_records(connection, rows)
    first = second = gateway.find_many(questions, known)
    if len(waiting) < len(rows):
        time.sleep(connection.reads_apart_seconds)
        second = gateway.find_many(questions, known)
    results = {pk: _agreed(first.results[pk], finding) for pk, finding in second.results.items()}
    if trouble := report_missing(connection, first.missing & second.missing):
        results = {pk: results[pk] if pk in waiting else ReadResult(trouble=trouble) for pk in results}
    # The ERP said that it stored these, in words that are not known: equal content is enough.
    accepted = {row.pk for row in rows if row.cause in DOUBTED_SUCCESSES and row.target == Target.SIIGO}
    early = waiting.keys() & results.keys()
    return results | {pk: _before_the_window(results[pk], waiting[pk], was_accepted=pk in accepted) for pk in early}


def _before_the_window(result: ReadResult, ends: datetime, *, was_accepted: bool) -> ReadResult:
    finding = result.finding
    if finding is not None and finding.match is Match.EQUAL and (finding.records[0].is_ours or was_accepted):
        return result
    hour = timezone.localtime(ends).strftime("%H:%M:%S")
    return ReadResult(trouble=f"Se verificará sola desde las {hour}: antes el ERP aún podría guardarlo.")


def _apply_or_report(row: SyncStanding, reading: SyncAttempt | None, result: ReadResult, requested_from: str) -> str:
    """Apply a result; one that can't be applied leaves the record as it is, its reading closed with the reason."""
    try:
        return _apply(row, reading, result, requested_from)
    except DatabaseError as unsaved:
        if isinstance(unsaved, (OperationalError, InterfaceError)):
            raise
        log.exception("what was read of %s could not be saved", row)
    except Exception:
        log.exception("what was read of %s could not be applied", row)
    return _apply(row, reading, ReadResult(trouble=f"{_UNREADABLE} {_WHAT_ELSE}"), requested_from)


def _agreed(first: ReadBackResult, second: ReadBackResult) -> ReadResult:
    return ReadResult(second) if first == second else ReadResult(trouble=_DISAGREE)


def _apply(row: SyncStanding, reading: SyncAttempt | None, result: ReadResult, requested_from: str) -> str:
    """Move a record that is still in the same doubt, and complete its reading; returns the message for staff.

    `reading` is the attempt that holds the slot; the other records of the same read get one of their own.
    """
    with transaction.atomic():
        message = _settle(row, result)
        if reading is None:
            reading = attempts.new_verification(row, _connection_of(row), requested_from)
        finding = result.finding
        attempts.close_verification(
            reading,
            finding.match if finding else "unread",
            message,
            str(finding.reference) if finding else "",
            as_json(finding) if finding else b"",
            requested_from,
        )
        return message


def _settle(row: SyncStanding, result: ReadResult) -> str:
    """Lock the record and move it by the result, unless it changed since it was read; returns the message for staff."""
    current, finding = new_number.locked(row.kind, row.record_id, row.pk), result.finding
    if current.attempt != row.attempt or current.status != row.status:
        return _MOVED_ON
    message = result.trouble or (finding.message(current.get_target_display()) if finding else "")
    if transitions.is_in_doubt(current):
        return conclude(current, finding, message)
    if finding is not None and current.status in (Status.SYNCED, Status.CHANGED):
        message = drift.message_of(current, finding)
        drift.settle(current, finding)
    elif finding is not None and len(finding.not_voided) > 1 and transitions.allows(current, Event.SECOND_DOCUMENT):
        # Two documents of ours: frozen, and the message says what to annul. Nothing is ever deleted from here.
        transitions.move(current, Event.SECOND_DOCUMENT, message=message)
    return message


def _connection_of(row: SyncStanding) -> Connection:
    """The connection of a record that was sent. Raises: LookupError where there is none."""
    if row.connection is None:
        raise LookupError(f"{row} has no connection")
    return row.connection


def conclude(row: SyncStanding, finding: ReadBackResult | None, message: str) -> str:
    """Move a LOCKED standing by what two reads proved; without proof a person decides. Returns the message."""
    event = _proven(row, finding) if finding is not None else None
    if finding is None or event is None:
        message += learned_answers.what_was_answered(row)
        transitions.note(row, message=message, due_at=_next_read(row))
        return message
    event, changes = outcomes.with_reference(row, event, finding.reference)
    message = _GONE if event is Event.FOUND_GONE else changes.pop("message", message)
    changes |= outcomes.unknown_content(finding)
    if event is Event.FOUND_EQUAL:
        changes |= outcomes.seen_as_sent(row, finding) | {"synced_at": timezone.now()}
    if event in (Event.FOUND_EQUAL, Event.FOUND_ABSENT):
        learned_answers.note_outcome(row, is_there=event is Event.FOUND_EQUAL)
    if event is Event.FOUND_ABSENT:
        message += learned_answers.what_was_answered(row)
    learned_answers.wake_waiting_lane(row)
    if event in (Event.FOUND_EQUAL, Event.FOUND_ABSENT, Event.FOUND_BEFORE):
        changes |= {"verify_first": False, "cause": "" if row.status == Status.UNCERTAIN else row.cause}
    transitions.move(row, event, **changes, message=message, due_at=None)
    new_number.take(row)
    record_on_batch(row)
    return message


def _next_read(row: SyncStanding) -> datetime:
    """When to read again after a read that settled nothing: as soon as absence can be proven, else later."""
    now = database_now()
    if row.settles_at is not None and row.settles_at > now:
        return row.settles_at
    return now + timedelta(seconds=due.LOOK_AGAIN_SECONDS)


def _proven(row: SyncStanding, finding: ReadBackResult) -> Event | None:
    if finding.match is Match.ABSENT:
        # An update whose document is gone: only a person knows why.
        return Event.FOUND_GONE if row.ever_present else Event.FOUND_ABSENT
    return outcomes.found_event(finding, row.kind)
