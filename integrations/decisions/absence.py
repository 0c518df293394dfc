"""Confirming that a record is not in the ERP: what it takes, and what follows (sync protocol, section 8.3)."""

from datetime import datetime

from django.utils import timezone

from integrations.decisions.evidence_rows import DecisionRefusedError, record_decision
from integrations.decisions.last_look import Look
from integrations.decisions.requirements import name_of, read_or_moment, require_window_over, with_reason
from integrations.models import SyncStanding
from integrations.standings import learned_answers, transitions
from integrations.standings.batch_rows import record_on_batch
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester


def require_absence(row: SyncStanding, looked_at: datetime | None) -> Look | None:
    """Return the read that found nothing; None where the evidence is that the person looked at `looked_at`.

    Raises: DecisionRefusedError where the record was there before, before the settle window ends, or without evidence.
    """
    if row.ever_present:
        raise DecisionRefusedError("Era una actualización: verifique y, si ya no está, márquelo como anulado.")
    require_window_over(row)
    look = read_or_moment(row, looked_at)
    if look is not None and look.result.records:
        raise DecisionRefusedError("La última consulta sí mostró un documento: compare y adopte, o anúlelo en el ERP.")
    return look


def make_absent(
    row: SyncStanding, requester: Requester, reason: str, look: Look | None, looked_at: datetime | None
) -> str:
    """Let the record of a LOCKED standing be sent again. Returns what to tell the person."""
    summary = f"{name_of(requester)} confirmó que no está en {row.get_target_display()}."
    message = with_reason(summary, reason)
    if looked_at is not None and look is None:
        message += f" Lo miró el {timezone.localtime(looked_at):%d/%m/%Y %H:%M}."
    learned_answers.note_outcome(row, is_there=False, by_person=True)
    learned_answers.wake_waiting_lane(row)
    transitions.move(row, Event.CONFIRMED_ABSENT, message=message, verify_first=False, due_at=None)
    record_on_batch(row)
    record_decision(row, requester, "absent_confirmed", message, answer=look.reading.answer if look else None)
    return summary + " Puede enviarlo de nuevo."
