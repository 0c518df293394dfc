"""What a person decides about one record in doubt or in conflict (sync protocol, sections 8.3, 8.10 and 8.11)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from integrations.choices import Status
from integrations.decisions import annulling
from integrations.decisions.absence import make_absent, require_absence
from integrations.decisions.evidence_rows import DecisionRefusedError, write_down
from integrations.decisions.last_look import Look, all_attempts_settled, last_look
from integrations.decisions.requirements import (
    may,
    require_moment,
    require_reason,
    require_window_over,
    who,
    with_reason,
)
from integrations.decisions.second_person import ask_for_approval
from integrations.erp.read_back import Match
from integrations.models import SyncStanding
from integrations.standings import transitions
from integrations.standings.batch_rows import record_on_batch, reference_facts
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester

_AWAY = "Esto cambió mientras usted decidía: ábralo de nuevo."
_FORGOTTEN: dict[str, Any] = {
    "ever_present": False,
    "verify_first": False,
    "reference": "",
    "reference_key": None,
    "synced_at": None,
    "seen_at": None,
    "look_at": None,
    "content_held": "",
    "attempt": None,
    "lease_until": None,
    "settles_at": None,
    "version_sent": None,
    "version_confirmed": None,
    "hash_confirmed": "",
    "cause": "",
    "tries": 0,
}
"""A new life begins without anything of the one before."""


def adopt(standing_id: int, attempt: UUID | None, requester: Requester, reason: str = "") -> str:
    """Take the one live document of the ERP as this record's. Returns what to tell the person.

    Raises: DecisionRefusedError where the last read does not show exactly one, or a call may still make another.
    """
    with transaction.atomic():
        row = _held(standing_id, attempt, Event.ADOPTED)
        look = _look(row)
        if len(look.finding.not_voided) != 1:
            raise DecisionRefusedError("Solo se adopta cuando en el ERP queda exactamente un documento sin anular.")
        if not all_attempts_settled(row):
            raise DecisionRefusedError("Un envío anterior aún puede guardar otro documento: espere y verifique.")
        reference = look.finding.not_voided[0].reference
        facts = reference_facts(row, reference)
        if facts.pop("reference_taken", False):
            raise DecisionRefusedError(facts["message"])
        said = f"{who(requester)} adoptó el documento {reference}."
        _settle(row, Event.ADOPTED, with_reason(said, reason), **facts)
        write_down(row, requester, "adopted", with_reason(said, reason), reference=str(reference)[:80],
                   reference_key=reference.identifier[:120], answer=look.reading.answer)  # fmt: skip
    return said


def confirm_absent(
    standing_id: int, attempt: UUID | None, requester: Requester, reason: str, looked_at: datetime | None = None
) -> str:
    """A person confirms that nothing of this record is in the ERP; where the company wants two, the first one asks.

    Raises: DecisionRefusedError without a reason, before the window ends, or where a read showed a document.
    """
    with transaction.atomic():
        row = _held(standing_id, attempt, Event.CONFIRMED_ABSENT)
        require_reason(reason)
        look = require_absence(row, looked_at)
        if row.company.needs_second_person:
            return ask_for_approval(row, requester, reason, looked_at)
        return make_absent(row, requester, reason, look, looked_at)


def mark_by_hand(
    standing_id: int,
    attempt: UUID | None,
    requester: Requester,
    number: str,
    reason: str,
    looked_at: datetime | None = None,
) -> str:
    """Somebody entered it in the ERP by hand, under `number`: nothing more is sent.

    Raises: DecisionRefusedError without number or reason, before the window ends, where a read showed a document
    of ours (adopt that one), or where the number is another record's.
    """
    with transaction.atomic():
        row = _held(standing_id, attempt, Event.MARKED_BY_HAND)
        number = " ".join(number.split())[:80]
        if not number:
            raise DecisionRefusedError("Escriba el número con que quedó en el ERP.")
        require_reason(reason)
        require_window_over(row)
        look = last_look(row)
        if look is None:
            require_moment(row, looked_at)
        elif look.finding.not_voided and row.status != Status.CONFLICT:
            raise DecisionRefusedError("La última consulta mostró el documento enviado: adóptelo o anúlelo en el ERP.")
        _require_free(row, number)
        said = f"{who(requester)} lo registró a mano con el número {number}."
        told = with_reason(said, reason)
        _settle(row, Event.MARKED_BY_HAND, told, reference=number, version_sent=row.version)
        write_down(row, requester, "by_hand", told, reference=number, answer=look.reading.answer if look else None)
    return said


def annul(standing_id: int, attempt: UUID | None, requester: Requester, reason: str, *, stays: bool = False) -> str:
    """The document was annulled in the ERP: the record begins a new life and may be sent again, with a new key.

    `stays`: it is not to be sent again; it is marked as annulled and leaves the lists of what waits.
    Raises: DecisionRefusedError unless a read shows it annulled or absent.
    """
    with transaction.atomic():
        _lock_all_of(standing_id)
        row = _held(standing_id, attempt, Event.ANNULLED)
        require_reason(reason)
        look = _look(row)
        if look.finding.not_voided or look.finding.match not in (Match.VOIDED, Match.ABSENT, Match.SEVERAL):
            raise DecisionRefusedError("La última consulta no lo mostró anulado ni ausente: anúlelo primero en el ERP.")
        if not all_attempts_settled(row):
            raise DecisionRefusedError("Un envío anterior aún puede guardar otro documento: espere y verifique.")
        said = f"{who(requester)} lo marcó como anulado en {row.get_target_display()}."
        told = with_reason(said, reason)
        closed = {"reference": row.reference, "reference_key": row.reference_key or "", "answer": look.reading.answer}
        if look.finding.reference.number and not row.reference:
            closed |= {"reference": look.finding.reference.number, "reference_key": look.finding.reference.identifier}
        write_down(row, requester, "annulled", told, **closed)
        transitions.move(row, Event.ANNULLED, message=told, life=row.life + 1, **_FORGOTTEN)
        record_on_batch(row)
        annulling.keep(row, requester, reason, str(closed["reference"]), stays=stays)
    return f"{said} {'No se vuelve a enviar.' if stays else 'Puede enviarlo como un documento nuevo.'}"


def _lock_all_of(standing_id: int) -> None:
    """Every standing of the record, in the order of every other writer."""
    held = SyncStanding.objects.only("kind", "record_id").get(pk=standing_id)
    transitions.locked(held.kind, [held.record_id])


def _held(standing_id: int, attempt: UUID | None, event: Event) -> SyncStanding:
    row = SyncStanding.objects.select_for_update(of=("self",)).select_related("company").get(pk=standing_id)
    if row.attempt != attempt:
        raise DecisionRefusedError(_AWAY)
    if not may(row, event):
        raise DecisionRefusedError(f"Está «{row.get_status_display()}»: esto no se puede decidir ahora.")
    return row


def _look(row: SyncStanding) -> Look:
    require_window_over(row)
    look = last_look(row)
    if look is None:
        raise DecisionRefusedError("Falta una consulta al ERP posterior al envío: presione Verificar en el ERP.")
    return look


def _require_free(row: SyncStanding, number: str) -> None:
    others = SyncStanding.objects.filter(
        company_id=row.company_id, target=row.target, kind=row.kind, reference=number
    ).exclude(pk=row.pk)
    if others.exists():
        raise DecisionRefusedError(f"El número {number} ya es de otro documento de aquí.")


def _settle(row: SyncStanding, event: Event, message: str, **facts: Any) -> None:
    certain = {"synced_at": timezone.now(), "verify_first": False, "cause": "", "due_at": None}
    transitions.move(row, event, **{**certain, **facts, "message": message})
    record_on_batch(row)
