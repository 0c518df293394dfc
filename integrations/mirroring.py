"""Records whose content comes from an ERP: the bulk path of `standing` for what a read of its masters brings.

The same invariants as an edit, for many records: standings locked first, the version raised with the content,
and what another ERP had taken becomes *changed* there.
"""

from collections.abc import Sequence

from django.utils import timezone

from integrations.choices import SendKind, Status, Target
from integrations.inserting import insert_many
from integrations.lifecycle import Event
from integrations.models import Connection, Syncable, SyncStanding
from integrations.standing import allows, mirror, move_many

_ROWS_PER_STATEMENT = 500
_READ_THERE = "Se leyó de {}: está allá."
_ALREADY_THERE = "Ya está en {}: una lectura lo encontró igual."
_TAKEN = "Se actualizó con lo que tiene {}."
_FACTS = ("status", "ever_present", "send_kind", "version", "version_sent", "connection", "synced_at", "message",
          "progressed_at", "cause")  # fmt: skip


def bring_in(records: Sequence[Syncable], connection: Connection) -> None:
    """Create records that the ERP holds: `synced` there, `new` for the others. Inside a transaction."""
    if not records:
        return
    target = Target(connection.target)
    for record in records:
        if target in record.exports:
            setattr(record, f"{target}_status", Status.SYNCED)
    insert_many(records)
    rows = [
        SyncStanding(kind=record.kind, record_id=record.pk, target=each, company_id=record.company_id)
        for record in records
        for each in record.exports
    ]
    for row in rows:
        if row.target == target:
            _note(row, connection, _READ_THERE)
    insert_many(rows)


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
    type(records[0])._default_manager.bulk_update(
        records, [*columns, "version", "updated_at"], batch_size=_ROWS_PER_STATEMENT
    )
    version_of = {record.pk: record.version for record in records}
    for row in held:
        row.version = version_of[row.record_id]
    SyncStanding.objects.bulk_update(held, ["version"], batch_size=_ROWS_PER_STATEMENT)
    elsewhere = [row for row in held if row.target != connection.target and row.status == Status.SYNCED]
    move_many(elsewhere, Event.EDITED)
    _say_it_is_there([row for row in held if row.target == connection.target], connection, message or _TAKEN)


def found_there(rows: Sequence[SyncStanding], connection: Connection) -> None:
    """LOCKED standings whose records the ERP already holds as they are here: nobody needs to send them."""
    _say_it_is_there([row for row in rows if allows(row, Event.MIRRORED)], connection, _ALREADY_THERE)


def _say_it_is_there(rows: Sequence[SyncStanding], connection: Connection, message: str) -> None:
    there = [row for row in rows if row.status == Status.SYNCED or allows(row, Event.MIRRORED)]
    for row in there:
        _note(row, connection, message)
    SyncStanding.objects.bulk_update(there, _FACTS, batch_size=_ROWS_PER_STATEMENT)
    if there:
        mirror(there[0].kind, [row.record_id for row in there], connection.target, Status.SYNCED)


def _note(row: SyncStanding, connection: Connection, message: str) -> None:
    row.status, row.ever_present, row.send_kind = Status.SYNCED, True, SendKind.UPDATE
    row.version_sent = row.version
    row.connection = connection
    row.message, row.cause = message.format(connection.get_target_display()), ""
    row.synced_at = row.synced_at or timezone.now()
    row.progressed_at = timezone.now()
