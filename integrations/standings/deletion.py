"""Deleting records: only what no ERP ever had and nothing is sending, and nothing goes on without it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.db.models import Q

from integrations.choices import Status
from integrations.models import Annulment, Prerequisite, Syncable, SyncStanding, open_edits
from integrations.models.syncable import model_for
from integrations.standings import transitions
from integrations.standings.batch_rows import record_on_batch
from integrations.standings.lifecycle import Event

_DELETABLE = frozenset({Status.NEW, Status.REJECTED, Status.EXCLUDED})
_NOT_FOLLOWED = "No salió porque se eliminó el {kind} {master}, que nombra: quítelo del documento o créelo otra vez."
AT_ONCE = 500
"""Records of one transaction, whose standings it locks together."""


@dataclass
class Deletion:
    """What became of the records that were to be deleted: their names by key, and why others stay, in Spanish."""

    deleted: dict[int, str] = field(default_factory=dict)
    kept: dict[int, str] = field(default_factory=dict)


def delete(record: Syncable) -> None:
    """Delete what no ERP ever had and nothing is sending; what waits for it in a queue goes back first.

    Raises: StandingError with the reason, in Spanish, where the record must stay.
    """
    with transaction.atomic():
        rows = lock_with_dependents(record.kind, [record.pk])
        refused = why_it_stays(record)
        if refused:
            raise transitions.StandingError(refused)
        _send_back_dependents(rows, {record.pk: record})
        SyncStanding.objects.of(record).delete()
        with open_edits(record):
            record.delete()


def delete_many(kind: str, record_ids: Sequence[int]) -> Deletion:
    """Delete those of up to `AT_ONCE` records that may be, in the caller's transaction or one of its own."""
    model = model_for(kind)
    with transaction.atomic():
        rows = lock_with_dependents(kind, record_ids)
        records: dict[int, Any] = model._default_manager.in_bulk(list(record_ids))
        kept = why_they_stay(list(records.values()))
        going = {pk: record for pk, record in records.items() if pk not in kept}
        _send_back_dependents(rows, going)
        SyncStanding.objects.of_records(kind, going).delete()
        model._default_manager.filter(pk__in=list(going)).delete()
    return Deletion({pk: str(record) for pk, record in going.items()}, kept)


def lock_with_dependents(kind: str, record_ids: Sequence[int]) -> list[SyncStanding]:
    """The standings of records and of what waits for them, locked together in the order of every writer."""
    waiting = Prerequisite.objects.filter(needs__kind=kind, needs__record_id__in=list(record_ids)).values("standing")
    chosen = Q(kind=kind, record_id__in=list(record_ids)) | Q(pk__in=waiting)
    return list(SyncStanding.objects.filter(chosen).select_for_update().order_by("pk"))


def _send_back_dependents(rows: Iterable[SyncStanding], masters: dict[int, Syncable]) -> None:
    """Take LOCKED documents that wait for a master out of the queue: a claim would no longer wait for anything."""
    waiting = [row for row in rows if row.status in (Status.QUEUED, Status.RETRYING)]
    needed = Prerequisite.objects.filter(standing__in=[row.pk for row in waiting], needs__record_id__in=list(masters))
    kinds = {master.kind for master in masters.values()}
    master_of = dict(needed.filter(needs__kind__in=kinds).values_list("standing", "needs__record_id"))
    for row in waiting:
        if row.pk in master_of:
            _send_back(row, masters[master_of[row.pk]])


def _send_back(row: SyncStanding, master: Syncable) -> None:
    message = _NOT_FOLLOWED.format(kind=master.get_kind_label().lower(), master=master)
    transitions.move(row, Event.WITHDRAWN, message=message, due_at=None)
    record_on_batch(row)


def why_it_stays(record: Syncable) -> str:
    """Why a record can't be deleted, in Spanish; empty where it can."""
    reason = why_they_stay([record]).get(record.pk, "")
    return f"No se puede eliminar {record}: {reason}" if reason else ""


def why_they_stay(records: Sequence[Syncable]) -> dict[int, str]:
    """Record id → why it can't be deleted, in Spanish, for those of one kind that can't, in a few queries."""
    if not records:
        return {}
    kind, ids = records[0].kind, [record.pk for record in records]
    why: dict[int, str] = {}
    for row in SyncStanding.objects.of_records(kind, ids).order_by("pk"):
        if row.ever_present or row.verify_first or row.status not in _DELETABLE:
            why.setdefault(row.record_id, _why_kept_by(row))
    for annulled in Annulment.objects.of_records(kind, ids):
        reason = f"estuvo en {annulled.get_target_display()} y se anuló allá. Queda su historia."
        why.setdefault(annulled.record_id, reason)
    sending = Prerequisite.objects.filter(
        needs__kind=kind, needs__record_id__in=ids, standing__status=Status.SENDING
    ).values_list("needs__record_id", flat=True)
    for pk in sending:
        why.setdefault(pk, "se está enviando un documento que lo nombra. Espere a que termine.")
    return why


def general(reason: str) -> str:
    """A reason without the number that only one record has, so that many records have the same."""
    return _OWN_NUMBER.sub("", reason)


_OWN_NUMBER = re.compile(r" \(número [^)]*\)")


def _why_kept_by(row: SyncStanding) -> str:
    erp = row.get_target_display()
    if not row.ever_present:
        return f"en {erp} está «{row.get_status_display()}»."
    number = f" (número {row.reference})" if row.reference else ""
    return f"ya se envió a {erp}{number}. Anúlelo en {erp} y márquelo como anulado aquí."
