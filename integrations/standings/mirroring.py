"""Records whose content comes from an ERP: what a read of its masters brings, many at once.

The same invariants as an edit: standings locked first, the version raised with the content, and what another ERP
had taken becomes *changed* there. `standing` moves them.
"""

from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from integrations.choices import Status, Target
from integrations.models import Connection, Syncable, SyncStanding
from integrations.models.bulk_writes import update_many
from integrations.standings.lifecycle import Event
from integrations.standings.transitions import allows, arriving, move_many

_READ_THERE = "Se leyó de {}: está allá."
_ALREADY_THERE = "Ya está en {}: una lectura lo encontró igual."
_TAKEN = "Se actualizó con lo que tiene {}."


def bring_in(records: Sequence[Syncable], connection: Connection) -> None:
    """Create records that the ERP holds: `synced` there, `new` for the others. Inside a transaction."""
    if records:
        arriving(records, Target(connection.target), synced_at=timezone.now(), **_said(connection, _READ_THERE))


def take_content(
    records: Sequence[Syncable],
    columns: Sequence[str],
    held: Sequence[SyncStanding],
    connection: Connection,
    message: str = "",
) -> None:
    """Write content that came from the ERP; `held` are ALL the standings of these records, LOCKED.

    There they stay `synced`, or become so; for another ERP that had them they are now `changed`.
    """
    if not records:
        return
    for record in records:
        record.version += 1
        record.updated_at = timezone.now()
    update_many(records, [*columns, "version", "updated_at"])
    version_of = {record.pk: record.version for record in records}
    for row in held:
        row.version = version_of[row.record_id]
    update_many(held, ["version"])
    elsewhere = [row for row in held if row.target != connection.target and row.status == Status.SYNCED]
    move_many(elsewhere, Event.EDITED)
    _say_it_is_there([row for row in held if row.target == connection.target], connection, message or _TAKEN)


def found_there(rows: Sequence[SyncStanding], connection: Connection) -> None:
    """LOCKED standings whose records the ERP already holds as they are here: nobody needs to send them."""
    unsettled = [row for row in rows if row.status != Status.SYNCED]
    _say_it_is_there(unsettled, connection, _ALREADY_THERE)


def _say_it_is_there(rows: Sequence[SyncStanding], connection: Connection, message: str) -> None:
    there = [row for row in rows if allows(row, Event.MIRRORED)]
    now = timezone.now()
    for row in there:
        row.version_sent = row.version
        row.synced_at = row.synced_at or now
    move_many(there, Event.MIRRORED, **_said(connection, message))
    update_many(there, ["synced_at"])


def _said(connection: Connection, message: str) -> dict[str, Any]:
    return {"connection": connection, "message": message.format(connection.get_target_display()), "cause": ""}
