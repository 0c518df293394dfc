"""Claiming a record: in a committed transaction, before any byte leaves (sync protocol, section 4.1).

The connection's row is locked, so any number of workers take turns. A record that another worker took is skipped, so
a task that the queue delivers twice is harmless.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

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
from integrations.standings import attempts, transitions
from integrations.standings.batch_rows import record_on_batch
from integrations.standings.lifecycle import Event


class LeaseLostError(IntegrationError):
    """The lease ran out before the first byte; nothing was sent."""


@dataclass(frozen=True)
class Claim:
    """The right to send one record, once, until its lease ends.

    `lease_ends` is a reading of `elapsed_seconds`, which also counts the time that the machine was suspended.
    """

    standing_id: int
    attempt: SyncAttempt
    connection: Connection
    payload: Payload
    lease_ends: float

    def check_lease(self) -> None:
        """Raise LeaseLostError when the lease is over: then nothing may be sent."""
        if elapsed_seconds() >= self.lease_ends:
            raise LeaseLostError("El turno de envío venció antes de salir: no se envió nada.")


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
        first = _queued(connection).first() if lanes.free_slots(connection, database_now()) >= 1 else None
        if first is None:
            return [], False
        group = Group(most or grouping.most_together(connection))
        claim = _take(first, connection, local_start, group)
        if claim is None or group.most < 2:
            return [claim] if claim else [], True
        # A neighbour that another worker holds waits for the next call: a claim waits for no second lock.
        neighbours = _queued(connection, skip_locked=True)[: group.most - 1]
        taken = (_take(neighbour, connection, local_start, group) for neighbour in neighbours)
        return [claim, *filter(None, taken)], True


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
        .order_by("batch", "position")
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
    return Claim(row.pk, attempt, connection, payload, local_start + connection.lease_seconds)


def _open(row: SyncStanding, record: Syncable, connection: Connection, payload: Payload) -> SyncAttempt:
    """Write the attempt down and start its lease."""
    lease_until = database_now() + timedelta(seconds=connection.lease_seconds)
    attempt = attempts.open_attempt(row, record, connection, payload, lease_until)
    transitions.move(
        row,
        Event.CLAIMED,
        attempt=attempt.pk,
        lease_until=lease_until,
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
