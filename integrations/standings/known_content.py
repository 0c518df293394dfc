"""What an ERP is known to hold of our records, as digests of their content (sync protocol, section 10.18)."""

from collections.abc import Sequence

from integrations.choices import Kind, Status
from integrations.models import SyncStanding
from integrations.models.bulk_writes import update_many
from integrations.models.record_content import content_digest
from integrations.models.syncable import model_for


def digests(kind: Kind | str, record_ids: Sequence[int]) -> dict[int, str]:
    """Record id → the digest of its content as the database has it now."""
    model = model_for(kind)
    records = model._default_manager.filter(pk__in=record_ids).prefetch_related(*model.part_relations)
    return {record.pk: content_digest(record) for record in records}


def keep_before_edit(rows: Sequence[SyncStanding]) -> None:
    """Before an edit, keep on LOCKED standings of one kind what the ERP holds, where nothing wrote it down.

    What is sent is there as it is here: so the content of a master that was read from the ERP, or of a document that a
    person said to be there, costs nothing until somebody edits it.
    """
    unknown = [row for row in rows if row.status == Status.SYNCED and not row.content_held]
    if not unknown:
        return
    found = digests(unknown[0].kind, [row.record_id for row in unknown])
    for row in unknown:
        row.content_held = found.get(row.record_id, "")
    update_many(unknown, ["content_held"])
