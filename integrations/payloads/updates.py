"""Changing what an ERP already holds: who may ask for it, what stands in its way, and what it would change."""

from integrations.choices import SendKind, Target
from integrations.erp.payload import Payload
from integrations.erp.read_back import Match
from integrations.erp.receipts import Verdict
from integrations.models import SyncAttempt, SyncBatch, SyncStanding

PERMISSION = "integrations.update_in_siigo_syncbatch"
NOT_ALLOWED = "Ya está en Siigo y cambiarlo allá necesita el permiso «Puede cambiar en Siigo lo que ya está enviado»."


def may_update(batch: SyncBatch) -> bool:
    """Whether who asked for this batch may replace what Siigo holds. A command runs with every permission."""
    return batch.requested_by is None or batch.requested_by.has_perm(PERMISSION)


def replaces(row: SyncStanding) -> bool:
    """Whether the next send of this standing writes a voucher of Siigo over."""
    return row.target == Target.SIIGO and row.send_kind == SendKind.UPDATE


def why_another_document(row: SyncStanding, payload: Payload | None) -> str:
    """Why an update would not reach the document that Siigo holds; empty where it would.

    Siigo replaces by year, type, code and number: with another key it would make a second document.
    """
    if payload is None or not replaces(row):
        return ""
    key, number = payload.reference.identifier, payload.reference.number
    if row.reference_key == key or (not row.reference_key and row.reference in (key, number)):
        return ""
    known = row.reference or row.reference_key
    if not known:
        return "No se sabe con qué número está en Siigo: búsquelo y adóptelo antes de cambiarlo."
    return (
        f"En Siigo está como {known} y ahora dice {number or 'sin número'}: al enviarlo quedarían dos "
        "documentos. Devuelva el año, el tipo, el código y el número, o anúlelo en Siigo y márquelo aquí como anulado."
    )


def last_accepted_send(row: SyncStanding) -> SyncAttempt | None:
    """The last send of this record, in its present life, that the ERP is known to have taken."""
    story = SyncAttempt.objects.of_life(row)
    confirmed_later = False
    for attempt in story.select_related("payload").order_by("-started_at"):
        if attempt.operation == SyncAttempt.Operation.VERIFY:
            confirmed_later = confirmed_later or attempt.outcome == Match.EQUAL
        elif attempt.operation == SyncAttempt.Operation.SEND:
            if attempt.outcome == Verdict.ACCEPTED or confirmed_later:
                return attempt
            confirmed_later = False
    return None
