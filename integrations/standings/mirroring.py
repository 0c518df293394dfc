"""Records whose content comes from an ERP: what a read of its masters brings, many at once.

The same invariants as an edit: standings locked first, the version raised with the content, and what another ERP
had taken becomes *changed* there. `transitions` moves them.
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from django.utils import timezone

from integrations.choices import Kind, Status, Target
from integrations.models import Connection, Syncable, SyncStanding
from integrations.models.bulk_writes import update_many
from integrations.standings import known_content
from integrations.standings.bulk_editing import raise_versions
from integrations.standings.lifecycle import Event
from integrations.standings.transitions import allows, arriving, locked, move_many, revert_undone

_READ_THERE = "Se leyó de {}: está allá."
_ALREADY_THERE = "Ya está en {}: una lectura lo encontró igual."
_VANISHED = (
    "Ya no aparece en {0}: la lectura completa del {1} no lo trajo. Si lo borraron, presione «Anulado en el ERP» y "
    "se podrá enviar otra vez."
)
_TAKEN = "Se actualizó con lo que tiene {}."


def bring_in(records: Sequence[Syncable], connection: Connection) -> None:
    """Insert records that the ERP has: `synced` there, `new` for the others. Inside the caller's transaction."""
    if records:
        facts = _facts(connection, _READ_THERE)
        arriving(records, Target(connection.target), synced_at=timezone.now(), **facts)


def take_content(
    records: Sequence[Syncable],
    columns: Sequence[str],
    rows: Sequence[SyncStanding],
    connection: Connection,
    message: str = "",
) -> None:
    """Save content that came from the ERP, in these columns; `rows` are ALL the records' standings, LOCKED.

    There they stay `synced`, or become so; for another ERP that had them they are now `changed`.
    """
    if not records:
        return
    elsewhere = [row for row in rows if row.target != connection.target]
    known_content.keep_before_edit(elsewhere)
    raise_versions(records, columns, rows)
    move_many([row for row in elsewhere if row.status == Status.SYNCED], Event.EDITED)
    revert_undone(elsewhere)
    _mark_present([row for row in rows if row.target == connection.target], connection, message or _TAKEN)


def take_number(record: Syncable, columns: Sequence[str], rows: Sequence[SyncStanding], row: SyncStanding) -> None:
    """Save the number that an ERP gave a record, as it was asked to; `rows`, with `row`, are ALL its standings, LOCKED.

    There the record stays as it stood: it says what the ERP holds. For another ERP that had it, it is `changed`.
    """
    elsewhere = [each for each in rows if each.pk != row.pk]
    known_content.keep_before_edit(elsewhere)
    raise_versions([record], columns, rows)
    row.version_sent = row.version if row.status == Status.SYNCED else row.version_sent
    row.content_held = ""
    update_many([row], ["version_sent", "content_held"])
    move_many([each for each in elsewhere if each.status == Status.SYNCED], Event.EDITED)
    revert_undone(elsewhere)


def found_there(rows: Sequence[SyncStanding], connection: Connection) -> None:
    """Mark LOCKED standings whose records the ERP already has as they are here: nobody needs to send them."""
    _mark_present([row for row in rows if row.status != Status.SYNCED], connection, _ALREADY_THERE)


def found_otherwise(rows: Sequence[SyncStanding]) -> None:
    """Note on LOCKED standings that the ERP has other data: undoing an edit here does not undo that one."""
    for row in rows:
        row.content_held = ""
    update_many(rows, ["content_held"])


def vanished(kind: Kind | str, record_ids: Sequence[int], connection: Connection) -> None:
    """Say on records that a read of the whole register did not bring that the ERP no longer has them."""
    day = timezone.localtime()
    message = _VANISHED.format(connection.get_target_display(), f"{day:%d/%m/%Y}")
    _note_presence([row for row in locked(kind, record_ids, connection.target) if _is_sent(row)], message, None)


def came_back(rows: Sequence[SyncStanding], connection: Connection) -> None:
    """Say on LOCKED standings whose records had vanished that a read brought them again."""
    message = _READ_THERE.format(connection.get_target_display())
    _note_presence([row for row in rows if _is_sent(row)], message, timezone.now())


def _is_sent(row: SyncStanding) -> bool:
    return row.status in (Status.SYNCED, Status.CHANGED)


def _note_presence(rows: Sequence[SyncStanding], message: str, seen_at: datetime | None) -> None:
    for row in rows:
        row.message, row.seen_at, row.look_at = message, seen_at, None
    update_many(rows, ["message", "seen_at", "look_at"])


def _mark_present(rows: Sequence[SyncStanding], connection: Connection, message: str) -> None:
    present = [row for row in rows if allows(row, Event.MIRRORED)]
    now = timezone.now()
    for row in present:
        row.version_sent = row.version
        row.synced_at = row.synced_at or now
    move_many(present, Event.MIRRORED, **_facts(connection, message))
    update_many(present, ["synced_at"])


def _facts(connection: Connection, message: str) -> dict[str, Any]:
    """The columns of a record that a read of the ERP's masters brought: seen there, as it is here now."""
    return {
        "connection": connection,
        "message": message.format(connection.get_target_display()),
        "cause": "",
        "content_held": "",
        "seen_at": timezone.now(),
        "look_at": None,
    }
