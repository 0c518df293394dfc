"""Claiming a record: in a committed transaction, before any byte leaves (sync protocol, section 4.1).

The connection's row is locked, so any number of workers take turns. A record that another worker took is skipped, so
a task that the queue delivers twice is harmless.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet

from integrations.choices import BatchState, SendKind, Status
from integrations.connections import lanes
from integrations.connections.sending_policy import why_elsewhere
from integrations.erp.payload import Payload
from integrations.errors import IntegrationError
from integrations.models import Connection, Syncable, SyncAttempt, SyncStanding
from integrations.models.clock import database_now, elapsed_seconds
from integrations.payloads import builder, grouping, prerequisites
from integrations.payloads.context import PayloadContext, context_for
from integrations.payloads.grouping import Group
from integrations.sending import canary
from integrations.standings import answer_trials, attempts, transitions
from integrations.standings.batch_rows import record_on_batch
from integrations.standings.lifecycle import Event


class LeaseLostError(IntegrationError):
    """The lease ran out before the first byte; nothing was sent."""


@dataclass
class Claim:
    """The right to send one record, once, until its lease ends.

    `start_ends`, `lease_ends` and `left_at` are readings of `elapsed_seconds`, which also counts the time that the
    machine was suspended.
    """

    standing_id: int
    attempt: SyncAttempt
    connection: Connection
    payload: Payload
    start_ends: float
    """The first byte leaves before this, or not at all: the lane counts on it (`slot_until`)."""
    lease_ends: float
    left_at: float | None = None
    """When the first byte left; None before."""

    def check_lease(self) -> None:
        """Raise LeaseLostError where it is too late for the first byte: then nothing may be sent."""
        if elapsed_seconds() >= self.lease_ends:
            raise LeaseLostError("El turno de envío venció antes de salir: no se envió nada.")
        if elapsed_seconds() >= self.start_ends:
            raise LeaseLostError("Pasó demasiado tiempo antes de salir: no se envió nada.")

    def before_first_byte(self) -> None:
        """Note that the request leaves now. Raises LeaseLostError, as `check_lease`."""
        self.check_lease()
        self.left_at = elapsed_seconds()

    def seconds_left(self) -> float | None:
        """For how long the ERP may still be at work on what left; None where that is not known here."""
        if self.left_at is None:
            return None
        return self.left_at + self.connection.deadline_seconds - elapsed_seconds()


def claim_next(connection_id: int) -> Claim | None:
    """Claim the next queued record of a lane; None when nothing may be sent now, or nothing is queued."""
    return next(iter(claim_together(connection_id, most=1)), None)


def claim_together(connection_id: int, most: int | None = None) -> list[Claim]:
    """Claim what leaves in the next call: one record, or several vouchers where the connection sends them together.

    `most` bounds how many; None leaves it to the connection.
    """
    while True:
        claims, tried = _claim_in_transaction(connection_id, most)
        if claims or not tried:
            return claims


def _claim_in_transaction(connection_id: int, most: int | None) -> tuple[list[Claim], bool]:
    """What one transaction could claim, and whether there was a queued record to try."""
    # The local clock starts before the transaction: a slow commit shortens our lease, never lengthens it.
    local_start = elapsed_seconds()
    with transaction.atomic():
        connection = lanes.lock(connection_id)
        first = _first_queued(connection) if lanes.free_slots(connection, database_now()) >= 1 else None
        if first is None:
            return [], False
        group = Group(most or grouping.most_together(connection))
        claim = _take(first, connection, local_start, group)
        if claim is None or group.most < 2:
            return [claim] if claim else [], True
        # A neighbour that another worker holds waits for the next call: a claim waits for no second lock.
        neighbours = _queued(connection, skip_locked=True).filter(_MAY_GO_FIRST)[: group.most - 1]
        taken = (_take(neighbour, connection, local_start, group) for neighbour in neighbours)
        return [claim, *filter(None, taken)], True


_MAY_GO_FIRST = Q(lane_refusals__lt=2)
"""What met the same refusal of the whole lane twice is perhaps its reason: it leaves after all others, and alone."""


def _first_queued(connection: Connection) -> SyncStanding | None:
    return _queued(connection).filter(_MAY_GO_FIRST).first() or _queued(connection).first()


def _queued(connection: Connection, *, skip_locked: bool = False) -> QuerySet[SyncStanding]:
    """The queued records of a lane that may leave now, in order, LOCKED when they are read."""
    queued = SyncStanding.objects.filter(connection=connection, status=Status.QUEUED, verify_first=False)
    if connection.creates_are_blocked:
        queued = queued.filter(send_kind=SendKind.UPDATE)
    return (
        queued.select_for_update(of=("self",), skip_locked=skip_locked)
        .select_related("batch", "batch__requested_by")
        .filter(batch__paused_at__isnull=True)
        .exclude(prerequisites.awaited())
        .exclude(batch__in=canary.waiting_batches(connection))
        .exclude(kind__in=answer_trials.held_kinds(connection, database_now()))
        .order_by("batch_id", "position")
    )


def _take(row: SyncStanding, connection: Connection, local_start: float, group: Group) -> Claim | None:
    """Claim a LOCKED record; None where it is withdrawn, or does not fit into the group and waits for the next call."""
    record = builder.load(row.kind, [row.record_id], row.target).get(row.record_id)
    payload, reason = _confirmed_payload(row, record, connection)
    if record is None or payload is None:
        transitions.move(row, Event.WITHDRAWN, message=reason)
        record_on_batch(row)
        return None
    if not group.admits(row, payload):
        return None
    attempt = _open(row, record, connection, payload)
    start_ends, lease_ends = local_start + connection.start_slack_seconds, local_start + connection.lease_seconds
    return Claim(row.pk, attempt, connection, payload, start_ends, lease_ends)


def renew_slots(claims: Sequence[Claim]) -> bool:
    """Let claims of which nothing has left start anew, as long as they hold their slots; whether all still do."""
    local_start, now, connection = elapsed_seconds(), database_now(), claims[0].connection
    held = SyncStanding.objects.filter(attempt__in=[claim.attempt.pk for claim in claims], slot_until__gt=now)
    if held.update(slot_until=_slot_end(connection, now)) < len(claims):
        return False
    for claim in claims:
        claim.start_ends, claim.left_at = local_start + connection.start_slack_seconds, None
    return True


def _slot_end(connection: Connection, now: datetime) -> datetime:
    """When a call that is claimed at `now` is over, whether or not anybody lives to see it."""
    return now + timedelta(seconds=connection.start_slack_seconds + connection.deadline_seconds)


def _open(row: SyncStanding, record: Syncable, connection: Connection, payload: Payload) -> SyncAttempt:
    """Write the attempt down and start its lease."""
    now = database_now()
    lease_until = now + timedelta(seconds=connection.lease_seconds)
    attempt = attempts.open_attempt(row, record, connection, payload, lease_until)
    transitions.move(
        row,
        Event.CLAIMED,
        attempt=attempt.pk,
        lease_until=lease_until,
        slot_until=_slot_end(connection, now),
        settles_at=lease_until + timedelta(seconds=connection.settle_seconds),
        version_sent=row.version_confirmed,
        tries=row.tries + 1,
        due_at=None,
    )
    return attempt


def _confirmed_payload(
    row: SyncStanding, record: Syncable | None, connection: Connection
) -> tuple[Payload | None, str]:
    """The payload, if it is still exactly what was confirmed; else None and the reason, in Spanish."""
    if record is None:
        return None, "Ya no existe aquí."
    context = context_for(connection, [record])
    reason = _why_withdrawn(row, record, context)
    if reason:
        return None, reason
    try:
        payload = builder.build(record, connection, row, row.send_kind, context)
    except IntegrationError as impossible:
        return None, str(impossible)
    if payload.sha256 != row.hash_confirmed:
        return None, "Cambió lo que se enviaría (ajustes u homologación de la conexión): revíselo y envíelo de nuevo."
    return payload, ""


def _why_withdrawn(row: SyncStanding, record: Syncable, context: PayloadContext) -> str:
    """Why a confirmed record may no longer leave, before its payload is built; empty where it may."""
    if row.batch is not None and row.batch.state == BatchState.CANCELLED:
        return "Se canceló el lote antes de enviarlo."
    lacking = prerequisites.why_it_cannot_follow(row) or why_elsewhere(context.policy, record, row.target)
    if lacking:
        return lacking
    if row.version != row.version_confirmed or record.version != row.version:
        return "Cambió después de confirmar el envío: revíselo y envíelo de nuevo."
    if row.send_kind == SendKind.CREATE and row.ever_present:
        return "Ya estuvo en el ERP: no se puede crear otra vez."
    return ""
