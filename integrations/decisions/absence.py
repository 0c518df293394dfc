"""That nothing of a record is in the ERP: what it takes to confirm it, and what follows (section 8.3)."""

from datetime import datetime

from django.utils import timezone

from integrations.decisions.evidence_rows import DecisionRefusedError, write_down
from integrations.decisions.last_look import Look, last_look
from integrations.decisions.requirements import require_moment, require_window_over, who, with_reason
from integrations.models import SyncStanding
from integrations.standings import transitions
from integrations.standings.batch_rows import record_on_batch
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester


def require_absence(row: SyncStanding, looked_at: datetime | None) -> Look | None:
    """The evidence of an absence: a read that found nothing, else when the person looked, later than the window.

    Raises: DecisionRefusedError
    """
    if row.ever_present:
        raise DecisionRefusedError("Era una actualización: verifique y, si ya no está, márquelo como anulado.")
    require_window_over(row)
    look = last_look(row)
    if look is not None and look.finding.records:
        raise DecisionRefusedError("La última consulta sí mostró un documento: compare y adopte, o anúlelo en el ERP.")
    if look is None:
        require_moment(row, looked_at)
    return look


def make_absent(
    row: SyncStanding, requester: Requester, reason: str, look: Look | None, looked_at: datetime | None
) -> str:
    """Apply it to a LOCKED standing: it can be sent again."""
    said = f"{who(requester)} confirmó que no está en {row.get_target_display()}."
    told = with_reason(said, reason)
    if looked_at is not None and look is None:
        told += f" Lo miró el {timezone.localtime(looked_at):%d/%m/%Y %H:%M}."
    transitions.move(row, Event.CONFIRMED_ABSENT, message=told, verify_first=False, due_at=None)
    record_on_batch(row)
    write_down(row, requester, "absent_confirmed", told, answer=look.reading.answer if look else None)
    return said + " Puede enviarlo de nuevo."
