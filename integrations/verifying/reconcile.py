"""Finding out what happened to records in doubt (sync protocol, sections 5 and 8). Runs in the worker.

Present and absent must both be proven: the settle window is over and two complete reads, apart, agree. One wide
read serves many records; a single verification is a wide read of one.
"""

import time
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from integrations.choices import Status, Target
from integrations.connections import lanes
from integrations.erp.findings import Finding, Match, as_json
from integrations.errors import IntegrationError
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.sending import gateways, outcomes
from integrations.standings import attempts, transitions
from integrations.standings.lifecycle import Event
from integrations.verifying import due

READ_AT_ONCE = 500
"""Records of one wide read; more are several reads."""
_WHAT_ELSE = "Inténtelo más tarde, o mírelo usted en el ERP y diga lo que vio."
_NOT_DOUBTFUL = "Ya no está por confirmar."
_NOT_KEPT = "Ya no se conserva lo que se envió: una persona debe decidir."
_DISAGREE = "Dos consultas seguidas no coincidieron: el ERP aún está cambiando. Verifique más tarde."
_BUSY = "La conexión está ocupada o en pausa: se verificará sola dentro de unos minutos."
_MOVED_ON = "Cambió mientras se verificaba: no se aplica."
_GONE = "El documento ya no está en el ERP: compare y decida."


@dataclass(frozen=True)
class Seen:
    """What the reads said of one record: a finding that two of them agree on, or why there is none."""

    finding: Finding | None = None
    trouble: str = ""


def in_doubt(target: Target | str) -> Iterable[SyncStanding]:
    """Every standing that only the ERP, or a person, can settle."""
    return SyncStanding.objects.filter(transitions.IN_DOUBT, target=target).order_by("settles_at", "pk")


def verify(standing_id: int, attempt: UUID | None = None, requested_from: str = "") -> str:
    """Settle one record as far as the ERP's answers allow; returns what to tell the person, in Spanish."""
    return verify_many({standing_id: attempt}, requested_from).get(standing_id, _NOT_DOUBTFUL)


def verify_many(asked: Mapping[int, UUID | None], requested_from: str = "") -> dict[int, str]:
    """Settle records as far as the ERP's answers allow; standing id → what to tell the person, in Spanish.

    The value of each is the attempt that was judged doubtful when the verification was asked for: if the record
    has moved on, nothing is done. Repeating it is harmless.
    """
    told: dict[int, str] = {}
    lanes_asked: dict[tuple[int, str], list[SyncStanding]] = defaultdict(list)
    for row in SyncStanding.objects.select_related("connection").filter(pk__in=asked).order_by("pk"):
        refusal = _why_not(row, asked[row.pk])
        if refusal:
            told[row.pk] = refusal
        else:
            lanes_asked[row.connection_id or 0, row.kind].append(row)
    for rows in lanes_asked.values():
        for start in range(0, len(rows), READ_AT_ONCE):
            told |= _verify_together(rows[start : start + READ_AT_ONCE], requested_from)
    return told


def _why_not(row: SyncStanding, attempt: UUID | None) -> str:
    if not transitions.may_be_read(row):
        return _NOT_DOUBTFUL
    if attempt is not None and row.attempt != attempt:
        return "Se envió de nuevo después de pedir la verificación: no se aplica."
    if row.connection is None:
        return "No se conoce la conexión por la que se envió: una persona debe decidir."
    if row.settles_at is not None and row.settles_at > database_now():
        return _say(row, f"Se verificará sola desde las {_hour(row.settles_at)}: antes el ERP aún podría guardarlo.")
    return ""


def _hour(moment: datetime) -> str:
    return timezone.localtime(moment).strftime("%H:%M:%S")


def _say(row: SyncStanding, message: str) -> str:
    """Tell it on the record too, as long as it is still in the same doubt."""
    if transitions.is_in_doubt(row):
        SyncStanding.objects.filter(pk=row.pk, status=row.status, attempt=row.attempt).update(message=message)
    return message


def _verify_together(rows: Sequence[SyncStanding], requested_from: str) -> dict[int, str]:
    reading = _take_slot(rows[0], requested_from)
    if reading is None:
        return {row.pk: _say(row, _BUSY) for row in rows}
    seen = _read_twice(rows, reading.connection)
    return {row.pk: _apply(row, reading if row is rows[0] else None, seen[row.pk], requested_from) for row in rows}


def _take_slot(row: SyncStanding, requested_from: str) -> SyncAttempt | None:
    """A read takes a slot of its lane, with a lease, as a send does; a wide one takes one."""
    with transaction.atomic():
        connection = lanes.lock(row.connection_id or 0)
        now = database_now()
        if lanes.free_slots(connection, now) < 1:
            return None
        until = now + timedelta(seconds=connection.lease_seconds + connection.reads_apart_seconds)
        return attempts.open_verification(row, connection, requested_from, until)


def _read_twice(rows: Sequence[SyncStanding], connection: Connection) -> dict[int, Seen]:
    """Two complete reads apart that agree, or why there is no proof, for each record."""
    try:
        questions = attempts.questions(rows)
        seen = {row.pk: Seen(trouble=_NOT_KEPT) for row in rows}
        if questions:
            gateway = gateways.gateway(connection)
            known = attempts.bodies_known_to_be_there(connection, rows)
            first = gateway.find_many(questions, known)
            time.sleep(connection.reads_apart_seconds)
            second = gateway.find_many(questions, known)
            seen |= {pk: _agreed(first[pk], found) for pk, found in second.items()}
    except IntegrationError as unanswered:
        trouble = Seen(trouble=f"No se pudo consultar el ERP: {unanswered} {_WHAT_ELSE}")
        return {row.pk: trouble for row in rows}
    return seen


def _agreed(first: Finding, second: Finding) -> Seen:
    return Seen(second) if first == second else Seen(trouble=_DISAGREE)


def _apply(row: SyncStanding, reading: SyncAttempt | None, seen: Seen, requested_from: str) -> str:
    """Write down what was seen of one record and, where it is still in the same doubt, move it."""
    with transaction.atomic():
        held = transitions.locked_one(row.pk)
        message = seen.trouble or (seen.finding.message(held.get_target_display()) if seen.finding else "")
        if held.attempt != row.attempt or held.status != row.status:
            message = _MOVED_ON
        elif transitions.is_in_doubt(held):
            message = conclude(held, seen.finding, message)
        elif (
            seen.finding is not None and len(seen.finding.live) > 1 and transitions.allows(held, Event.SECOND_DOCUMENT)
        ):
            # Two documents of ours: frozen, and told what to annul. Nothing is ever deleted from here.
            transitions.move(held, Event.SECOND_DOCUMENT, message=message)
        finding = seen.finding
        attempts.close_verification(
            reading or attempts.story_of(row, _connection(row), SyncAttempt.Operation.VERIFY, attempts.label_of(row)),
            finding.match if finding else "unread",
            message,
            str(finding.reference) if finding else "",
            as_json(finding) if finding else b"",
            requested_from,
        )
        return message


def _connection(row: SyncStanding) -> Connection:
    if row.connection is None:  # held by `_why_not`
        raise LookupError(f"{row} has no connection")
    return row.connection


def conclude(held: SyncStanding, finding: Finding | None, message: str) -> str:
    """Move a LOCKED standing by what two reads proved; without proof a person decides."""
    event = _proven(held, finding) if finding is not None else None
    if finding is None or event is None:
        transitions.note(held, message=message, due_at=database_now() + timedelta(seconds=due.LOOK_AGAIN_SECONDS))
        return message
    facts = outcomes.reference_facts(held, finding.reference)
    if facts.pop("reference_taken", False):
        event, message = Event.SECOND_DOCUMENT, facts.pop("message")
    if event is Event.FOUND_GONE:
        message = _GONE
    if event is Event.FOUND_OTHER:
        # It may be another's: only a person who adopts it makes it this record's.
        facts.pop("reference_key", None)
    if event is Event.FOUND_EQUAL:
        facts["synced_at"] = timezone.now()
    if event in (Event.FOUND_EQUAL, Event.FOUND_ABSENT, Event.FOUND_BEFORE):
        facts |= {"verify_first": False, "cause": "" if held.status == Status.UNCERTAIN else held.cause}
    transitions.move(held, event, **facts, message=message, due_at=None)
    outcomes.record_on_batch(held)
    return message


def _proven(held: SyncStanding, finding: Finding) -> Event | None:
    if finding.match is Match.ABSENT:
        # An update whose document is gone: only a person knows why.
        return Event.FOUND_GONE if held.ever_present else Event.FOUND_ABSENT
    return outcomes.found_event(finding, held.kind)
