"""Deleting a record: only what no ERP ever had and nothing is sending, and nothing goes on without it."""

from django.db import transaction
from django.db.models import Q

from integrations.choices import Status
from integrations.models import Annulment, Prerequisite, Syncable, SyncStanding, open_edits
from integrations.standings import transitions
from integrations.standings.batch_rows import record_on_batch
from integrations.standings.lifecycle import Event

_DELETABLE = frozenset({Status.NEW, Status.REJECTED, Status.EXCLUDED})
_NOT_FOLLOWED = "No salió porque se eliminó el {kind} {master}, que nombra: quítelo del documento o créelo otra vez."


def delete(record: Syncable) -> None:
    """Delete what no ERP ever had and nothing is sending; what waits for it in a queue goes back first.

    Raises: StandingError with the reason, in Spanish, where the record must stay.
    """
    with transaction.atomic():
        rows = _locked_with_dependents(record)
        refused = why_it_stays(record)
        if refused:
            raise transitions.StandingError(refused)
        for row in rows:
            if (row.kind, row.record_id) != (record.kind, record.pk):
                _send_back(row, record)
        SyncStanding.objects.of(record).delete()
        with open_edits(record):
            record.delete()


def _locked_with_dependents(record: Syncable) -> list[SyncStanding]:
    """The standings of a record and of what waits for it, locked together in the order of every writer."""
    waiting = Prerequisite.objects.filter(needs__kind=record.kind, needs__record_id=record.pk).values("standing")
    chosen = Q(kind=record.kind, record_id=record.pk) | Q(pk__in=waiting)
    return list(SyncStanding.objects.filter(chosen).select_for_update().order_by("pk"))


def _send_back(row: SyncStanding, master: Syncable) -> None:
    """Take a LOCKED document that waits for a master out of the queue: its claim would no longer wait for anything."""
    if row.status in (Status.QUEUED, Status.RETRYING):
        message = _NOT_FOLLOWED.format(kind=master.get_kind_label().lower(), master=master)
        transitions.move(row, Event.WITHDRAWN, message=message, due_at=None)
        record_on_batch(row)


def why_it_stays(record: Syncable) -> str:
    """Why a record can't be deleted, in Spanish; empty where it can."""
    for row in SyncStanding.objects.of(record).order_by("pk"):
        if row.ever_present or row.verify_first or row.status not in _DELETABLE:
            return _why_kept_by(record, row)
    annulled = Annulment.objects.of(record).first()
    if annulled is not None:
        erp = annulled.get_target_display()
        return f"No se puede eliminar {record}: estuvo en {erp} y se anuló allá. Queda su historia."
    sending = Prerequisite.objects.filter(needs__kind=record.kind, needs__record_id=record.pk)
    if sending.filter(standing__status=Status.SENDING).exists():
        return f"No se puede eliminar {record}: se está enviando un documento que lo nombra. Espere a que termine."
    return ""


def _why_kept_by(record: Syncable, row: SyncStanding) -> str:
    erp = row.get_target_display()
    if not row.ever_present:
        return f"No se puede eliminar {record}: en {erp} está «{row.get_status_display()}»."
    number = f" (número {row.reference})" if row.reference else ""
    return f"No se puede eliminar {record}: ya se envió a {erp}{number}. Anúlelo en {erp} y márquelo como anulado aquí."
