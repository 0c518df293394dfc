"""After a restore from backup (sync protocol, section 8.14): what the copy says about the ERPs is doubted."""

from dataclasses import dataclass
from datetime import timedelta
from uuid import uuid4

from django.db import transaction

from integrations import standing
from integrations.choices import Status
from integrations.clock import database_now
from integrations.lifecycle import Event
from integrations.models import Connection, SyncStanding

REASON = "Se restauró una copia: falta leer en el ERP qué salió después de ella."
_MESSAGE = "Se restauró una copia de seguridad: hay que comprobar en el ERP si este documento ya existe."


@dataclass(frozen=True)
class Restored:
    """How many connections were paused and how many records wait for a proof."""

    connections: int
    doubtful: int


def after_restore() -> Restored:
    """Pause every connection and doubt every standing, with an attempt of its own and a window that starts now.

    Workers must be stopped first, and the original must never run beside the copy.
    """
    now = database_now()
    with transaction.atomic():
        connections = list(Connection.objects.select_for_update(of=("self",)).filter(archived_at__isnull=True))
        for connection in connections:
            connection.paused_at, connection.pause_reason, connection.restored_at = now, REASON, now
            connection.save(update_fields=["paused_at", "pause_reason", "restored_at"])
        return Restored(len(connections), sum(_doubt(connection) for connection in connections))


def _doubt(connection: Connection) -> int:
    rows = SyncStanding.objects.select_for_update().filter(company_id=connection.company_id, target=connection.target)
    doubted = 0
    for row in rows.order_by("pk"):
        # Whatever answer is still on its way names another attempt from here on.
        facts = {
            "attempt": uuid4(),
            "settles_at": database_now() + timedelta(seconds=connection.settle_seconds),
            "lease_until": None,
            "due_at": None,
            "connection": connection,
        }
        if standing.allows(row, Event.RESTORED):
            standing.move(row, Event.RESTORED, message=_MESSAGE, cause="restored", **facts)
            doubted += 1
        else:
            # «Conflicto» and «No aplica» stay a person's decision, and take no proof of the time before.
            standing.note(row, verify_first=row.status != Status.CONFLICT, **facts)
    return doubted


def creates_are_blocked(connection: Connection) -> bool:
    """Whether no document may be created there: no wide read has yet shown the highest number in use."""
    return connection.restored_at is not None


def wide_read_done(connection: Connection) -> None:
    """The read that shows what left after the copy is complete: creates may go on."""
    Connection.objects.filter(pk=connection.pk).update(restored_at=None)
