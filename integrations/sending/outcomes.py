"""What the answer of an ERP does to a standing and its lane (sync protocol, sections 3 and 4.5)."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.choices import BatchState, Kind, Status
from integrations.connections import lanes
from integrations.connections.pausing import pause
from integrations.decisions import new_number
from integrations.erp.causes import DOUBTED_SUCCESSES, GATE_PAGE
from integrations.erp.read_back import Match, ReadBackQuestion, ReadBackResult, Sending
from integrations.erp.receipts import Receipt, Reference, Verdict
from integrations.erp.sag.causes import OBJECT_REFERENCE
from integrations.errors import IntegrationError
from integrations.models import SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.queue.outbox import enqueue_verification
from integrations.sending.claims import Claim
from integrations.sending.gateways import Gateway
from integrations.standings import attempts, learned_answers, read_back_questions, transitions
from integrations.standings.batch_rows import record_on_batch, reference_facts, take_from_hints
from integrations.standings.lifecycle import Event


@dataclass(frozen=True)
class Consequence:
    """What a verdict means for the record and for its lane."""

    event: Event
    verify_first: bool = False
    pauses_lane: bool = False


CONSEQUENCES: dict[Verdict, Consequence] = {
    Verdict.ACCEPTED: Consequence(Event.ACCEPTED),
    Verdict.UNCOMMITTED: Consequence(Event.DOUBTFUL),
    Verdict.REFUSED: Consequence(Event.REFUSED),
    Verdict.REFUSED_UNPROVEN: Consequence(Event.REFUSED, verify_first=True),
    # A duplicate that could not be compared: it may be ours.
    Verdict.DUPLICATE: Consequence(Event.DOUBTFUL),
    Verdict.AMBIGUOUS: Consequence(Event.DOUBTFUL),
    Verdict.NEVER_SENT: Consequence(Event.NEVER_SENT),
    Verdict.UNAUTHORIZED: Consequence(Event.NOT_ADMITTED, pauses_lane=True),
    Verdict.THROTTLED: Consequence(Event.THROTTLED),
    Verdict.REDIRECTED: Consequence(Event.DOUBTFUL, pauses_lane=True),
}

_EVENTS: dict[Match, Event] = {
    Match.EQUAL: Event.FOUND_EQUAL,
    Match.BEFORE: Event.FOUND_BEFORE,
    Match.OTHER: Event.FOUND_OTHER,
    Match.SEVERAL: Event.FOUND_OTHER,
    Match.VOIDED: Event.FOUND_OTHER,
}


def found_event(finding: ReadBackResult, kind: Kind | str) -> Event | None:
    """The event of a record that a read found in the ERP; None where it was not found."""
    if finding.match is Match.OTHER and kind != Kind.MOVEMENT:
        # A master that the ERP has with other data: not a second document, a difference to review.
        return Event.FOUND_BEFORE
    return _EVENTS.get(finding.match)


@dataclass(frozen=True)
class _ReceiptWithFinding(Receipt):
    """A «ya existe» with what the ERP was then seen to hold, which decides."""

    finding: ReadBackResult | None = None


def read_back(receipt: Receipt, claim: Claim, gateway: Gateway) -> Receipt:
    """Complete an answer that one more read can settle: SAG's «object reference» and «ya existe».

    Returns the receipt as it was where the answer needs no read, or the read failed.
    """
    if receipt.cause == OBJECT_REFERENCE:
        return _with_checked_token(receipt, gateway)
    if receipt.verdict is Verdict.DUPLICATE:
        return _with_finding(receipt, claim, gateway)
    return receipt


def _with_checked_token(receipt: Receipt, gateway: Gateway) -> Receipt:
    """SAG gives the same answer to a bad token and when it crashes: only another call tells them apart."""
    try:
        gateway.probe()
    except IntegrationError:
        # The record stays in doubt; the lane stops, so that the rest does not follow it.
        return receipt.with_verdict(
            Verdict.REDIRECTED,
            "SAG no aceptó el token de la conexión o no está funcionando. La conexión quedó en pausa.",
        )
    return receipt


def _with_finding(receipt: Receipt, claim: Claim, gateway: Gateway) -> Receipt:
    row = SyncStanding.objects.get(pk=claim.standing_id)
    questions = read_back_questions.questions([row]) or [ReadBackQuestion(row.pk, (Sending(claim.payload.body),))]
    known = read_back_questions.known_records(claim.connection, [row])
    try:
        finding = gateway.find_many(questions, known).results[row.pk]
    except IntegrationError:
        return receipt
    values = {name: getattr(receipt, name) for name in receipt.__dataclass_fields__}
    return _ReceiptWithFinding(**values, finding=finding)


def settle(claim: Claim, receipt: Receipt) -> None:
    """Complete the attempt and move the record, in one transaction; an attempt that is complete changes nothing."""
    attempt = claim.attempt
    with transaction.atomic():
        row = new_number.locked(attempt.kind, attempt.record_id, claim.standing_id)
        receipt = learned_answers.judge(attempt, receipt)
        if not attempts.complete(attempt.pk, receipt, learned_answers.remember(attempt, receipt)):
            return
        if row.attempt == attempt.pk and row.status == Status.SENDING:
            _settle_in_time(row, claim, receipt)
        else:
            _settle_late(row, attempt, receipt)
        new_number.take(row)
        record_on_batch(row)


def _settle_in_time(row: SyncStanding, claim: Claim, receipt: Receipt) -> None:
    """Apply the answer to the attempt that the record waits for."""
    now = database_now()
    event, document_changes = _event_of(row, claim.attempt, receipt, now)
    if event in (Event.NEVER_SENT, Event.NOT_ADMITTED, Event.THROTTLED) and _is_cancelled(row):
        event = Event.WITHDRAWN
    due_at = _update_lane(row, claim, receipt, now)
    if event is Event.DOUBTFUL and receipt.cause in DOUBTED_SUCCESSES:
        enqueue_verification(row.pk, str(claim.attempt.pk), "respuesta que no se conoce", row.connection_id)
        # The sweeper asks again where the queue lost it.
        due_at = now + timedelta(seconds=_VERIFY_AGAIN_SECONDS)
    changes = _answer_changes(row, receipt) | {"due_at": due_at, "slot_until": _slot_end(row, claim, receipt, now)}
    transitions.move(row, event, **changes | document_changes)


def _event_of(row: SyncStanding, attempt: SyncAttempt, receipt: Receipt, now: datetime) -> tuple[Event, dict[str, Any]]:
    """The event of an answer, and the columns that the document in the ERP gives."""
    finding: ReadBackResult | None = getattr(receipt, "finding", None)
    found = found_event(finding, row.kind) if finding is not None else None
    if finding is not None and found is not None:
        event, changes = with_reference(row, found, finding.reference)
        changes |= unknown_content(finding)
        # What is there may be what an earlier request of this record sent: then an edit since has not arrived.
        changes |= seen_as_sent(row, finding) if event is Event.FOUND_EQUAL else {}
        return event, {"message": finding.message(row.get_target_display())} | changes
    if receipt.verdict is Verdict.ACCEPTED:
        event, changes = with_reference(row, Event.ACCEPTED, _known_reference(attempt, receipt))
        return event, changes | _accepted(attempt, now)
    return CONSEQUENCES[receipt.verdict].event, {}


def _accepted(attempt: SyncAttempt, now: datetime) -> dict[str, Any]:
    """The columns of a success: the ERP said so, and no read has seen it yet."""
    return {"synced_at": now, "seen_at": None, "look_at": now, "content_held": attempt.content_hash}


def with_reference(row: SyncStanding, event: Event, reference: Reference) -> tuple[Event, dict[str, Any]]:
    """The columns for what the ERP calls the document; a second document where another record has that name."""
    changes = reference_facts(row, reference)
    if changes.pop("reference_taken", False):
        return Event.SECOND_DOCUMENT, changes
    if event is Event.FOUND_EQUAL and reference.number:
        take_from_hints(row, reference)
    if event is Event.FOUND_OTHER:
        # It may be another's: only a person who adopts it makes it this record's.
        changes.pop("reference_key", None)
    return event, changes


def unknown_content(finding: ReadBackResult) -> dict[str, Any]:
    """The columns of a record that a read found otherwise than we ever sent it: no edit of ours undoes that."""
    return {"content_held": ""} if finding.match in (Match.OTHER, Match.SEVERAL) else {}


def seen_as_sent(row: SyncStanding, finding: ReadBackResult) -> dict[str, Any]:
    """The columns of a record that a read found as one of its requests sent it."""
    sends = read_back_questions.sends_of_this_life([row]).get(row.pk, [])
    sent = sends[finding.sending] if finding.sending < len(sends) else None
    changes: dict[str, Any] = {"seen_at": timezone.now(), "look_at": None}
    return changes | ({"content_held": sent.content_hash, "version_sent": sent.version} if sent else {})


def _answer_changes(row: SyncStanding, receipt: Receipt) -> dict[str, Any]:
    """The columns that the answer alone gives."""
    consequence = CONSEQUENCES[receipt.verdict]
    return {
        "message": receipt.message,
        "cause": "" if receipt.verdict is Verdict.ACCEPTED else receipt.cause,
        "verify_first": consequence.verify_first,
        "lane_refusals": row.lane_refusals + 1 if consequence.pauses_lane else 0,
    }


def _slot_end(row: SyncStanding, claim: Claim, receipt: Receipt, now: datetime) -> datetime | None:
    """Until when a call occupies the lane: no longer once answered, else for its deadline from its first byte.

    Where this worker does not know when it left, it stays as the claim wrote it.
    """
    if not receipt.is_unanswered:
        return None
    seconds = claim.seconds_left()
    return row.slot_until if seconds is None else now + timedelta(seconds=seconds)


def _known_reference(attempt: SyncAttempt, receipt: Receipt) -> Reference:
    """The number that the ERP answered, or else the document's own, with our key."""
    # The answer's own identifier is no key: SAG gives a NIT for clients, and nobody says what for documents.
    return Reference(receipt.reference.number or attempt.reference, attempt.reference_key)


def _settle_late(row: SyncStanding, attempt: SyncAttempt, receipt: Receipt) -> None:
    """Apply an answer that came after the record moved on.

    A success is always recorded, a failure changes nothing, and a second document is a conflict.
    """
    if receipt.verdict is not Verdict.ACCEPTED or row.life != attempt.life:
        return
    reference = _known_reference(attempt, receipt)
    is_recorded = row.status in (Status.SYNCED, Status.CHANGED)
    if is_recorded and (row.attempt == attempt.pk or row.reference_key == (reference.identifier or "?")):
        return
    is_current = row.attempt == attempt.pk or row.status in _RELEASED
    if is_current and transitions.allows(row, Event.ACCEPTED):
        event, changes = with_reference(row, Event.ACCEPTED, reference)
        changes = {"message": receipt.message, "cause": "", "version_sent": attempt.version} | changes
        transitions.move(row, event, **changes, **_accepted(attempt, timezone.now()), verify_first=False)
    elif transitions.allows(row, Event.SECOND_DOCUMENT):
        transitions.move(row, Event.SECOND_DOCUMENT, message=_SECOND_DOCUMENT)


_VERIFY_AGAIN_SECONDS = 60
_RELEASED = frozenset({Status.NEW, Status.QUEUED, Status.RETRYING, Status.REJECTED, Status.EXCLUDED})
"""States that wait for no answer."""
_SECOND_DOCUMENT = (
    "Llegó tarde la aceptación de un envío anterior: puede haber dos documentos en el ERP. Compare y decida."
)


_GATE_STOPS = "Tres documentos seguidos fueron bloqueados antes de llegar al ERP: revise la red antes de seguir."


def _is_cancelled(row: SyncStanding) -> bool:
    return row.batch is not None and row.batch.state == BatchState.CANCELLED


def _update_lane(row: SyncStanding, claim: Claim, receipt: Receipt, now: datetime) -> datetime | None:
    """Pause the lane, let it rest, count a failure to reach the ERP, or note that it answered.

    Returns when to try the record again, where that is what time alone decides.
    """
    connection = claim.connection
    if CONSEQUENCES[receipt.verdict].pauses_lane:
        pause(connection.pk, receipt.message)
    elif receipt.cause == GATE_PAGE:
        if lanes.blocked(SyncAttempt.objects.get(pk=claim.attempt.pk)):
            pause(connection.pk, f"{_GATE_STOPS} {receipt.message}")
    elif receipt.verdict is Verdict.NEVER_SENT:
        if receipt.cause != "lease_lost":
            lanes.unreachable(connection.pk, now)
        return lanes.retry_at(now, row.tries)
    elif receipt.verdict is Verdict.THROTTLED:
        return lanes.rest(connection, now, row.tries, receipt.retry_after_seconds)
    elif receipt.http_status is not None:
        lanes.answered(connection.pk, now)
    return None
