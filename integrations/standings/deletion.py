"""Which records may be deleted: those that no ERP ever had and nothing is sending."""

from integrations.choices import Status
from integrations.models import Annulment, Syncable, SyncStanding

_DELETABLE = frozenset({Status.NEW, Status.REJECTED, Status.EXCLUDED})


def why_it_stays(record: Syncable) -> str:
    """Why a record can't be deleted, in Spanish; empty where it can."""
    for row in SyncStanding.objects.of(record).order_by("pk"):
        if row.ever_present or row.verify_first or row.status not in _DELETABLE:
            return _why_it_stays(record, row)
    annulled = Annulment.objects.of(record).first()
    if annulled is None:
        return ""
    erp = annulled.get_target_display()
    return f"No se puede eliminar {record}: estuvo en {erp} y se anuló allá. Queda su historia."


def _why_it_stays(record: Syncable, row: SyncStanding) -> str:
    erp = row.get_target_display()
    if not row.ever_present:
        return f"No se puede eliminar {record}: en {erp} está «{row.get_status_display()}»."
    number = f" (número {row.reference})" if row.reference else ""
    return f"No se puede eliminar {record}: ya se envió a {erp}{number}. Anúlelo en {erp} y márquelo como anulado aquí."
