"""Writing the content of many records at once, with the invariants of `transitions.editing`."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.utils import timezone

from integrations.choices import Status
from integrations.models import ContentPart, Syncable, SyncStanding
from integrations.models.bulk_writes import update_many
from integrations.standings import known_content
from integrations.standings.lifecycle import Event
from integrations.standings.transitions import move_many, revert_undone


def edit_many(
    records: Sequence[Syncable],
    columns: Sequence[str],
    parts: Sequence[ContentPart],
    part_columns: Sequence[str],
    rows: Sequence[SyncStanding],
) -> None:
    """Save these columns of records of one kind, and of some of their lines; one edit for each record.

    Inside the caller's transaction; `rows` are ALL the records' standings, LOCKED. What an ERP had becomes `changed`.
    """
    if not records:
        return
    known_content.keep_before_edit(rows)
    update_many(parts, part_columns)
    raise_versions(records, columns, rows)
    sent: dict[str, list[SyncStanding]] = defaultdict(list)
    for row in rows:
        if row.status == Status.SYNCED:
            sent[row.target].append(row)
    for of_one_erp in sent.values():
        move_many(of_one_erp, Event.EDITED)
    revert_undone(rows)


def raise_versions(records: Sequence[Any], columns: Sequence[str], rows: Sequence[SyncStanding]) -> None:
    """Save these columns of records with a version one higher, and that version on their LOCKED standings."""
    for record in records:
        record.version += 1
        record.updated_at = timezone.now()
    update_many(records, [*columns, "version", "updated_at"])
    version_of = {record.pk: record.version for record in records}
    # With those that were registered while this edit was open (`register_missing`), as `transitions.editing` does.
    registered = SyncStanding.objects.of_records(records[0].kind, version_of).exclude(pk__in=[row.pk for row in rows])
    for row in (present := [*rows, *registered]):
        row.version = version_of[row.record_id]
    update_many(present, ["version"])
