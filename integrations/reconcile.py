"""Finding out what happened to a record in doubt (sync protocol, section 5). Runs in the worker.

Present and absent must both be proven: the settle window is over and two complete reads, apart, agree.
"""

import time
from collections.abc import Iterable
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from integrations import evidence, gateways, lanes, outcomes, standing
from integrations.choices import Status, Target
from integrations.clock import database_now
from integrations.errors import IntegrationError
from integrations.findings import Finding, Match
from integrations.gateways import Gateway
from integrations.lifecycle import Event
from integrations.models import Connection, SyncAttempt, SyncStanding

EVENTS: dict[Match, Event] = {
    Match.EQUAL: Event.FOUND_EQUAL,
    Match.BEFORE: Event.FOUND_BEFORE,
    Match.OTHER: Event.FOUND_OTHER,
    Match.SEVERAL: Event.FOUND_OTHER,
    Match.ABSENT: Event.FOUND_ABSENT,
}
"""What each proven finding does; `UNPROVEN` does nothing: a person decides."""


def in_doubt(target: Target | str) -> Iterable[SyncStanding]:
    """Every standing that only the ERP, or a person, can settle."""
    doubtful = Q(status=Status.UNCERTAIN) | Q(status=Status.REJECTED, verify_first=True)
    return SyncStanding.objects.filter(doubtful, target=target).order_by("settles_at", "pk")


def verify(standing_id: int, attempt: UUID | None = None, requested_from: str = "") -> str:
    """Settle one record as far as the ERP's answers allow; returns what to tell the person, in Spanish.

    `attempt` is the one that was judged doubtful when the verification was asked for: if the record has moved
    on, nothing is done. Repeating it is harmless.
    """
    row = SyncStanding.objects.select_related("connection").get(pk=standing_id)
    refusal = _why_not(row, attempt)
    if refusal:
        return refusal
    reading = _take_slot(row, requested_from)
    if reading is None:
        return _say(row, "La conexión está ocupada o en pausa: se verificará sola dentro de unos minutos.")
    finding, trouble = _read_twice(row, reading)
    return _apply(row, reading, finding, trouble)


def _why_not(row: SyncStanding, attempt: UUID | None) -> str:
    if not standing.allows(row, Event.FOUND_EQUAL) or row.status == Status.SENDING:
        return "Ya no está por confirmar."
    if row.status == Status.REJECTED and not row.verify_first:
        return "Ya no está por confirmar."
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
    SyncStanding.objects.filter(pk=row.pk, status=row.status, attempt=row.attempt).update(message=message)
    return message


def _take_slot(row: SyncStanding, requested_from: str) -> SyncAttempt | None:
    """A read takes a slot of its lane, with a lease, as a send does."""
    with transaction.atomic():
        connection = lanes.lock(row.connection_id or 0)
        now = database_now()
        if lanes.free_slots(connection, now) < 1:
            return None
        until = now + timedelta(seconds=connection.lease_seconds)
        return evidence.open_verification(row, connection, requested_from, until)


def _read_twice(row: SyncStanding, reading: SyncAttempt) -> tuple[Finding | None, str]:
    """Two complete reads apart that agree, or why there is no proof."""
    body = evidence.sent_body(row.attempt)
    if not body:
        return None, "Ya no se conserva lo que se envió: una persona debe decidir."
    try:
        gateway = gateways.gateway(reading.connection)
        return _agreed(gateway, row, reading.connection, body)
    except IntegrationError as unanswered:
        return None, f"No se pudo consultar el ERP: {unanswered} Inténtelo más tarde."


def _agreed(gateway: Gateway, row: SyncStanding, connection: Connection, body: str) -> tuple[Finding | None, str]:
    first = gateway.find(row, body)
    time.sleep(connection.reads_apart_seconds)
    second = gateway.find(row, body)
    if first != second:
        return None, "Dos consultas seguidas no coincidieron: el ERP aún está cambiando. Verifique más tarde."
    return second, ""


def _apply(row: SyncStanding, reading: SyncAttempt, finding: Finding | None, trouble: str) -> str:
    with transaction.atomic():
        held = standing.locked_one(row.pk)
        message = trouble or (finding.message(held.get_target_display()) if finding else "")
        if held.attempt != row.attempt or held.status != row.status:
            message = "Cambió mientras se verificaba: no se aplica."
        elif finding is not None and finding.match in EVENTS:
            message = _conclude(held, finding, message)
        else:
            standing.note(held, message=message)
        outcome = finding.match if finding else "unread"
        evidence.close_verification(reading, outcome, message, str(finding.reference) if finding else "")
        return message


def _conclude(held: SyncStanding, finding: Finding, message: str) -> str:
    event = EVENTS[finding.match]
    facts = outcomes.reference_facts(held, finding.reference)
    if facts.pop("reference_taken", False):
        event = Event.SECOND_DOCUMENT
        message = facts.pop("message")
    if event is Event.FOUND_ABSENT and held.ever_present:
        # An update whose document is gone: only a person knows why.
        event, message = Event.SECOND_DOCUMENT, "El documento ya no está en el ERP: compare y decida."
    if event is Event.FOUND_EQUAL:
        facts["synced_at"] = timezone.now()
    if event in (Event.FOUND_EQUAL, Event.FOUND_ABSENT, Event.FOUND_BEFORE):
        facts |= {"verify_first": False, "cause": "" if held.status == Status.UNCERTAIN else held.cause}
    standing.move(held, event, **facts, message=message)
    outcomes.record_on_batch(held)
    return message
