"""What a person decides about one record in doubt or in conflict (sync protocol, sections 8.3, 8.10 and 8.11)."""

from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import transaction
from django.utils import timezone

from integrations.choices import Status
from integrations.decisions import annulling
from integrations.decisions.absence import make_absent, require_absence
from integrations.decisions.evidence_rows import DecisionRefusedError, record_decision
from integrations.decisions.last_look import Look, has_vanished, last_look
from integrations.decisions.requirements import (
    may,
    name_of,
    read_or_moment,
    require_reason,
    require_window_over,
    with_reason,
)
from integrations.decisions.second_person import ask_for_approval
from integrations.erp.read_back import Match
from integrations.erp.receipts import NO_REFERENCE
from integrations.models import SyncStanding
from integrations.standings import learned_answers, read_back_questions, transitions
from integrations.standings.batch_rows import record_on_batch, reference_facts
from integrations.standings.lifecycle import NEW_LIFE, Event
from integrations.standings.open_calls import all_attempts_settled
from integrations.standings.requester import Requester


@transaction.atomic
def adopt(standing_id: int, attempt: UUID | None, requester: Requester, reason: str = "") -> str:
    """Take the one document of the ERP that is not voided as this record's. Returns what to tell the person.

    Raises: DecisionRefusedError where the last read does not show exactly one, or a call may still make another.
    """
    row = _locked(standing_id, attempt, Event.ADOPTED)
    look = _require_look(row)
    if len(look.result.not_voided) != 1:
        raise DecisionRefusedError("Solo se adopta cuando en el ERP queda exactamente un documento sin anular.")
    _require_settled(row)
    reference = look.result.not_voided[0].reference
    columns = reference_facts(row, reference)
    if columns.pop("reference_taken", False):
        raise DecisionRefusedError(columns["message"])
    summary = f"{name_of(requester)} adoptó el documento {reference}."
    message = with_reason(summary, reason)
    _settle(row, Event.ADOPTED, message, **columns, **_adopted_content(row, look))
    evidence = {"reference": str(reference)[:80], "reference_key": reference.identifier[:120]}
    record_decision(row, requester, "adopted", message, **evidence, answer=look.reading.answer)
    return summary


def _adopted_content(row: SyncStanding, look: Look) -> dict[str, Any]:
    """The columns of what the ERP now holds by the person's word: what the adopted document was compared with."""
    sends = read_back_questions.sends_of_this_life([row]).get(row.pk, [])
    if look.result.sending >= len(sends):
        return _UNSEEN
    sent = sends[look.result.sending]
    # Without our key a later read could not bring it: it proves nothing about such a read.
    seen_at = look.at if look.result.match is not Match.SIMILAR else None
    return {"content_held": sent.content_hash, "version_sent": sent.version, "seen_at": seen_at, "look_at": None}


_UNSEEN: dict[str, Any] = {"content_held": "", "seen_at": None, "look_at": None}
"""A person's word: no read saw it, and none looks whether it drifted."""


@transaction.atomic
def overwrite(standing_id: int, attempt: UUID | None, requester: Requester, reason: str) -> str:
    """Let the record be sent again, over what somebody changed in the ERP. Returns what to tell the person.

    Raises: DecisionRefusedError without a reason, where the last read does not show exactly this record's document, or
    where a call may still make another.
    """
    row = _locked(standing_id, attempt, Event.OVERWRITTEN)
    require_reason(reason)
    look = _require_look(row)
    if [found.reference.identifier for found in look.result.not_voided] != [row.reference_key]:
        raise DecisionRefusedError("La última consulta no mostró el documento de este registro, y solo ese: compare.")
    _require_settled(row)
    summary = f"{name_of(requester)} decidió enviarlo de nuevo, sobre lo que hay en {row.get_target_display()}."
    message = with_reason(summary, reason)
    transitions.move(row, Event.OVERWRITTEN, message=message, cause="", version_sent=None, **_UNSEEN)
    record_on_batch(row)
    record_decision(row, requester, "overwrite", message, answer=look.reading.answer)
    return f"{summary} Revise lo que cambiaría y envíelo."


@transaction.atomic
def confirm_absent(
    standing_id: int, attempt: UUID | None, requester: Requester, reason: str, looked_at: datetime | None = None
) -> str:
    """Confirm that the record is not in the ERP, or request it where the company wants two people.

    `looked_at`: when the person looked in the ERP, where no read did. Returns what to tell the person.
    Raises: DecisionRefusedError without a reason, before the window ends, or where a read showed a document.
    """
    row = _locked(standing_id, attempt, Event.CONFIRMED_ABSENT)
    require_reason(reason)
    look = require_absence(row, looked_at)
    if row.company.needs_second_person:
        return ask_for_approval(row, requester, reason, looked_at)
    return make_absent(row, requester, reason, look, looked_at)


@transaction.atomic
def mark_by_hand(
    standing_id: int,
    attempt: UUID | None,
    requester: Requester,
    number: str,
    reason: str,
    looked_at: datetime | None = None,
) -> str:
    """Somebody entered it in the ERP by hand, under `number`: nothing more is sent. Returns what to tell the person.

    Raises: DecisionRefusedError without number or reason, before the window ends, where a read showed a document
    of ours (adopt that one), or where the number is another record's.
    """
    row = _locked(standing_id, attempt, Event.MARKED_BY_HAND)
    number = " ".join(number.split())[:80]
    if not number:
        raise DecisionRefusedError("Escriba el número con que quedó en el ERP.")
    require_reason(reason)
    look = _require_not_sent(row, looked_at)
    _require_free(row, number)
    summary = f"{name_of(requester)} lo registró a mano con el número {number}."
    message = with_reason(summary, reason)
    _settle(row, Event.MARKED_BY_HAND, message, reference=number, version_sent=row.version, **_UNSEEN)
    answer = look.reading.answer if look else None
    record_decision(row, requester, "by_hand", message, reference=number, answer=answer)
    return summary


@transaction.atomic
def annul(
    standing_id: int,
    attempt: UUID | None,
    requester: Requester,
    reason: str,
    *,
    stays: bool = False,
    looked_at: datetime | None = None,
) -> str:
    """The document was annulled in the ERP: the record begins a new life and may be sent again, with a new key.

    `stays`: it is not to be sent again; it is marked as annulled and leaves the lists of what waits. Returns what to
    tell the person. Raises: DecisionRefusedError unless a read shows it annulled or absent.
    """
    _lock_all_of(standing_id)
    row = _locked(standing_id, attempt, Event.ANNULLED)
    require_reason(reason)
    look = _read_of_annulled(row, looked_at)
    _require_settled(row)
    summary = f"{name_of(requester)} lo marcó como anulado en {row.get_target_display()}."
    message = with_reason(summary, reason)
    reference, key = _annulled_document(row, look)
    columns = {"reference": reference, "reference_key": key, "answer": look.reading.answer if look else None}
    record_decision(row, requester, "annulled", message, **columns)
    transitions.move(row, Event.ANNULLED, message=message, life=row.life + 1, **NEW_LIFE)
    record_on_batch(row)
    annulling.keep(row, requester, reason, reference, stays=stays)
    return f"{summary} {'No se vuelve a enviar.' if stays else 'Puede enviarlo como un documento nuevo.'}"


def _read_of_annulled(row: SyncStanding, looked_at: datetime | None) -> Look | None:
    """The read that shows it annulled or absent; None where a whole read of its register did, or the person looked.

    Raises: DecisionRefusedError without one.
    """
    if row.is_closed:
        require_window_over(row)
        look = read_or_moment(row, looked_at)
    else:
        look = None if has_vanished(row) else _require_look(row)
    if look is None:
        return None
    if look.result.not_voided or look.result.match not in (Match.VOIDED, Match.ABSENT, Match.SEVERAL):
        raise DecisionRefusedError("La última consulta no lo mostró anulado ni ausente: anúlelo primero en el ERP.")
    return look


def _annulled_document(row: SyncStanding, look: Look | None) -> tuple[str, str]:
    """The number and the key in the ERP of the document that was annulled."""
    found = look.result.reference if look else NO_REFERENCE
    if found.number and not row.reference:
        return found.number, found.identifier
    return row.reference, row.reference_key or ""


def _lock_all_of(standing_id: int) -> None:
    """Lock every standing of the record, in the order of every other writer."""
    row = SyncStanding.objects.only("kind", "record_id").get(pk=standing_id)
    transitions.locked(row.kind, [row.record_id])


def _locked(standing_id: int, attempt: UUID | None, event: Event) -> SyncStanding:
    """The standing, locked, if `attempt` is still the one in force and the state allows the decision."""
    row = SyncStanding.objects.select_for_update(of=("self",)).select_related("company").get(pk=standing_id)
    if row.attempt != attempt:
        raise DecisionRefusedError("Esto cambió mientras usted decidía: ábralo de nuevo.")
    if not may(row, event):
        raise DecisionRefusedError(f"Está «{row.get_status_display()}»: esto no se puede decidir ahora.")
    return row


def _require_look(row: SyncStanding) -> Look:
    require_window_over(row)
    look = last_look(row)
    if look is None:
        raise DecisionRefusedError("Falta una consulta al ERP posterior al envío: presione Verificar en el ERP.")
    return look


def _require_not_sent(row: SyncStanding, looked_at: datetime | None) -> Look | None:
    """The last read, which does not show what we sent; None where the person looked instead."""
    require_window_over(row)
    look = read_or_moment(row, looked_at)
    if look is not None and look.result.not_voided and row.status != Status.CONFLICT:
        raise DecisionRefusedError("La última consulta mostró el documento enviado: adóptelo o anúlelo en el ERP.")
    return look


def _require_settled(row: SyncStanding) -> None:
    if not all_attempts_settled(row):
        raise DecisionRefusedError("Un envío anterior aún puede guardar otro documento: espere y verifique.")


def _require_free(row: SyncStanding, number: str) -> None:
    standings = SyncStanding.objects.filter(company_id=row.company_id, target=row.target, kind=row.kind)
    if standings.filter(reference=number).exclude(pk=row.pk).exists():
        raise DecisionRefusedError(f"El número {number} ya es de otro documento de aquí.")


def _settle(row: SyncStanding, event: Event, message: str, **columns: Any) -> None:
    learned_answers.note_outcome(row, is_there=True, by_person=True)
    learned_answers.wake_waiting_lane(row)
    certain = {"synced_at": timezone.now(), "verify_first": False, "cause": "", "due_at": None}
    transitions.move(row, event, **{**certain, **columns, "message": message})
    record_on_batch(row)
