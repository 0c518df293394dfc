"""Taking what may leave: in a committed transaction of its own, before any byte does (sync protocol, section 4.1).

The connection's row is locked, so any number of workers take turns; what a claim loses it skips, and every
duplicate delivery by the queue is harmless.
"""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import QuerySet

from integrations.choices import BatchState, SendKind, Status
from integrations.connections import lanes
from integrations.connections.sending_policy import why_elsewhere
from integrations.decisions import restoring
from integrations.erp.payload import Payload
from integrations.errors import IntegrationError
from integrations.models import Connection, Syncable, SyncAttempt, SyncStanding
from integrations.models.clock import database_now, elapsed_seconds
from integrations.payloads import builder, grouping, prerequisites
from integrations.payloads.facts import facts_for
from integrations.payloads.grouping import Group
from integrations.sending import canary, outcomes
from integrations.standings import attempts, transitions
from integrations.standings.lifecycle import Event


class LeaseLostError(IntegrationError):
    """The lease ran out before the first byte; nothing was sent."""


@dataclass(frozen=True)
class Claim:
    """One record, taken. `lease_ends` is on `elapsed_seconds`, which also counts suspended time."""

    standing_id: int
    attempt: SyncAttempt
    connection: Connection
    payload: Payload
    lease_ends: float

    def check_lease(self) -> None:
        """Raises: LeaseLostError when the lease is over: whatever was to be sent must not leave."""
        if elapsed_seconds() >= self.lease_ends:
            raise LeaseLostError("El turno de envío venció antes de salir: no se envió nada.")


def claim_next(connection_id: int) -> Claim | None:
    """Take the next queued record of a lane; None when nothing may or need be sent now."""
    while True:
        claims, looked_at = _claim_some(connection_id, most=1)
        if claims or not looked_at:
            return next(iter(claims), None)


def claim_together(connection_id: int) -> list[Claim]:
    """Take what leaves in the next call: a record, or several vouchers where the connection sends them together."""
    while True:
        claims, looked_at = _claim_some(connection_id)
        if claims or not looked_at:
            return claims


def _claim_some(connection_id: int, most: int | None = None) -> tuple[list[Claim], bool]:
    # The local clock starts before the transaction: a slow commit shortens our lease, never lengthens it.
    local_start = elapsed_seconds()
    with transaction.atomic():
        connection = lanes.lock(connection_id)
        if lanes.free_slots(connection, database_now()) < 1:
            return [], False
        row = _queued(connection).first()
        if row is None:
            return [], False
        group = Group(most or grouping.most_together(connection))
        claims = [claim] if (claim := _take(row, connection, local_start, group)) else []
        if not claims or group.most < 2:
            return claims, True
        # A neighbour that someone holds waits for the next call: a claim waits for no second lock.
        neighbours = _queued(connection, skip_locked=True)[: group.most - 1]
        taken = (_take(neighbour, connection, local_start, group) for neighbour in neighbours)
        return [*claims, *filter(None, taken)], True


def _queued(connection: Connection, *, skip_locked: bool = False) -> QuerySet[SyncStanding]:
    queued = SyncStanding.objects.filter(connection=connection, status=Status.QUEUED, verify_first=False)
    if restoring.creates_are_blocked(connection):
        queued = queued.filter(send_kind=SendKind.UPDATE)
    return (
        queued.select_for_update(of=("self",), skip_locked=skip_locked)
        .select_related("batch", "batch__requested_by")
        .filter(batch__paused_at__isnull=True)
        .exclude(prerequisites.awaited())
        .exclude(batch__in=canary.holding(connection))
        .order_by("batch", "position")
    )


def _take(row: SyncStanding, connection: Connection, local_start: float, group: Group) -> Claim | None:
    """A claim; None for what goes back, and for what does not fit into the group and waits for the next call."""
    record = builder.load(row.kind, [row.record_id], row.target).get(row.record_id)
    payload, reason = _confirmed_payload(row, record, connection)
    if record is None or payload is None:
        transitions.move(row, Event.WITHDRAWN, message=reason)
        outcomes.record_on_batch(row)
        return None
    if not group.admits(row, payload):
        return None
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
    return Claim(row.pk, attempt, connection, payload, local_start + connection.lease_seconds)


def _confirmed_payload(
    row: SyncStanding, record: Syncable | None, connection: Connection
) -> tuple[Payload | None, str]:
    """The payload if it is still exactly what was confirmed, else the reason why it goes back."""
    if record is None:
        return None, "Ya no existe aquí."
    if row.batch is not None and row.batch.state == BatchState.CANCELLED:
        return None, "Se canceló el lote antes de enviarlo."
    facts = facts_for(connection, [record])
    lacking = prerequisites.why_it_cannot_follow(row) or why_elsewhere(facts.policy, record, row.target)
    if lacking:
        return None, lacking
    if row.version != row.version_confirmed or record.version != row.version:
        return None, "Cambió después de confirmar el envío: revíselo y envíelo de nuevo."
    if row.send_kind == SendKind.CREATE and row.ever_present:
        return None, "Ya estuvo en el ERP: no se puede crear otra vez."
    try:
        payload = builder.build(record, connection, row, row.send_kind, facts)
    except IntegrationError as impossible:
        return None, str(impossible)
    if payload.sha256 != row.hash_confirmed:
        return None, "Cambió lo que se enviaría (ajustes u homologación de la conexión): revíselo y envíelo de nuevo."
    return payload, ""
