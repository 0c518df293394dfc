"""What an answer does to a standing (sync protocol, sections 3 and 4.5): one row of the table a verdict."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.choices import BatchState, Kind, Status
from integrations.connections import lanes
from integrations.dispatch.batches import pause
from integrations.erp.findings import Finding, Match
from integrations.erp.payload import Payload
from integrations.erp.receipts import Receipt, Reference, Verdict
from integrations.erp.sag.causes import OBJECT_REFERENCE
from integrations.errors import IntegrationError
from integrations.models import SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.sending.gateways import Gateway
from integrations.standings import attempts, transitions
from integrations.standings.batch_rows import close_if_done, record_on_batch, reference_facts
from integrations.standings.lifecycle import Event

__all__ = ["close_if_done", "found_event", "look_again", "record_on_batch", "reference_facts", "settle"]


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

_COMPARED: dict[Match, Event] = {
    Match.EQUAL: Event.FOUND_EQUAL,
    Match.BEFORE: Event.FOUND_BEFORE,
    Match.OTHER: Event.FOUND_OTHER,
    Match.SEVERAL: Event.FOUND_OTHER,
    Match.VOIDED: Event.FOUND_OTHER,
}


def found_event(finding: Finding, kind: Kind | str) -> Event | None:
    """What a proven presence does; None for what was not found."""
    if finding.match is Match.OTHER and kind != Kind.MOVEMENT:
        # A master that the ERP has with other data: not a second document, a difference to review.
        return Event.FOUND_BEFORE
    return _COMPARED.get(finding.match)


@dataclass(frozen=True)
class _Compared(Receipt):
    """A «ya existe» that was read back on the spot: what the ERP holds decides."""

    finding: Finding | None = None


def look_again(receipt: Receipt, standing_id: int, payload: Payload, gateway: Gateway) -> Receipt:
    """Read what only a further read can tell: bad credentials from a crash, ours from another's."""
    if receipt.cause == OBJECT_REFERENCE:
        return _told_from_a_crash(receipt, gateway)
    if receipt.verdict is Verdict.DUPLICATE:
        return _compared(receipt, standing_id, payload, gateway)
    return receipt


def _told_from_a_crash(receipt: Receipt, gateway: Gateway) -> Receipt:
    try:
        gateway.probe()
    except IntegrationError:
        # The record stays in doubt; the lane stops, so that the rest does not follow it.
        return receipt.with_verdict(
            Verdict.REDIRECTED,
            "SAG no aceptó el token de la conexión o no está funcionando. La conexión quedó en pausa.",
        )
    return receipt


def _compared(receipt: Receipt, standing_id: int, payload: Payload, gateway: Gateway) -> Receipt:
    try:
        finding = gateway.find(SyncStanding.objects.get(pk=standing_id), payload.body)
    except IntegrationError:
        return receipt
    values = {name: getattr(receipt, name) for name in receipt.__dataclass_fields__}
    return _Compared(**values, finding=finding)


def settle(standing_id: int, attempt: SyncAttempt, receipt: Receipt) -> None:
    """Complete the attempt and move the record, in one transaction, fenced by the attempt's id."""
    with transaction.atomic():
        row = transitions.locked_one(standing_id)
        if not attempts.complete(attempt.pk, receipt):
            return
        if row.attempt == attempt.pk and row.status == Status.SENDING:
            _settle_in_time(row, attempt, receipt)
        else:
            _settle_late(row, attempt, receipt)
        record_on_batch(row)


def _settle_in_time(row: SyncStanding, attempt: SyncAttempt, receipt: Receipt) -> None:
    now = database_now()
    consequence = CONSEQUENCES[receipt.verdict]
    event, facts = consequence.event, _facts(row, receipt, consequence, now)
    finding = getattr(receipt, "finding", None)
    seen = found_event(finding, row.kind) if finding is not None else None
    if finding is not None and seen is not None:
        event = seen
        facts |= {"message": finding.message(row.get_target_display())}
        facts |= reference_facts(row, finding.reference)
    elif event is Event.ACCEPTED:
        facts |= reference_facts(row, _known_reference(attempt, receipt)) | {"synced_at": now}
    if facts.pop("reference_taken", False):
        event = Event.SECOND_DOCUMENT
    if event is Event.FOUND_OTHER:
        # It may be another's: only a person who adopts it makes it this record's.
        facts.pop("reference_key", None)
    if event in (Event.NEVER_SENT, Event.NOT_ADMITTED, Event.THROTTLED) and _cancelled(row):
        event = Event.WITHDRAWN
    transitions.move(row, event, **facts)
    _tell_the_lane(row, receipt, consequence, now)


def _facts(row: SyncStanding, receipt: Receipt, consequence: Consequence, now: datetime) -> dict[str, Any]:
    facts: dict[str, Any] = {
        "message": receipt.message,
        "cause": "" if receipt.verdict is Verdict.ACCEPTED else receipt.cause,
        "verify_first": consequence.verify_first,
    }
    if receipt.verdict is Verdict.UNCOMMITTED or receipt.cause == OBJECT_REFERENCE:
        # SAG answered and is free: the lane need not wait for the lease. The settle window is untouched.
        facts["lease_until"] = now
    if consequence.event in (Event.NEVER_SENT, Event.THROTTLED):
        facts["due_at"] = lanes.retry_at(now, row.tries, receipt.retry_after_seconds)
    return facts


def _known_reference(attempt: SyncAttempt, receipt: Receipt) -> Reference:
    """What the ERP said, completed by what the document itself carried."""
    # The answer's own identifier is no key: SAG gives a NIT for clients, and nobody says what for documents.
    return Reference(receipt.reference.number or attempt.reference, attempt.reference_key)


def _settle_late(row: SyncStanding, attempt: SyncAttempt, receipt: Receipt) -> None:
    """A success is always recorded; a late failure changes nothing; a second document is a conflict."""
    if receipt.verdict is not Verdict.ACCEPTED or row.life != attempt.life:
        return
    reference = _known_reference(attempt, receipt)
    recorded = row.status in (Status.SYNCED, Status.CHANGED)
    if recorded and (row.attempt == attempt.pk or row.reference_key == (reference.identifier or "?")):
        return
    is_ours = row.attempt == attempt.pk or row.status in _RELEASED
    if is_ours and transitions.allows(row, Event.ACCEPTED):
        facts = reference_facts(row, reference)
        event = Event.SECOND_DOCUMENT if facts.pop("reference_taken", False) else Event.ACCEPTED
        facts |= {"version_sent": attempt.version, "synced_at": timezone.now(), "verify_first": False}
        transitions.move(row, event, **{"message": receipt.message, "cause": "", **facts})
    elif transitions.allows(row, Event.SECOND_DOCUMENT):
        transitions.move(row, Event.SECOND_DOCUMENT, message=_SECOND_DOCUMENT)


_RELEASED = frozenset({Status.NEW, Status.QUEUED, Status.RETRYING, Status.REJECTED, Status.EXCLUDED})
_SECOND_DOCUMENT = (
    "Llegó tarde la aceptación de un envío anterior: puede haber dos documentos en el ERP. Compare y decida."
)


def _cancelled(row: SyncStanding) -> bool:
    return row.batch is not None and row.batch.state == BatchState.CANCELLED


def _tell_the_lane(row: SyncStanding, receipt: Receipt, consequence: Consequence, now: datetime) -> None:
    if row.connection_id is None:
        return
    if consequence.pauses_lane:
        pause(row.connection_id, receipt.message)
    elif receipt.verdict is Verdict.NEVER_SENT and receipt.cause != "lease_lost":
        lanes.unreachable(row.connection_id, now)
    elif receipt.http_status is not None:
        lanes.answered(row.connection_id, now)
