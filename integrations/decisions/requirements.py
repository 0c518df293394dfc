"""What every decision asks for: the state, a reason, and evidence later than the settle window (section 8.3)."""

from datetime import datetime

from django.utils import timezone

from integrations.choices import Target
from integrations.decisions.evidence_rows import DecisionRefusedError
from integrations.decisions.last_look import Look, is_window_over, last_look
from integrations.models import SyncStanding
from integrations.models.clock import database_now
from integrations.models.syncable import model_for
from integrations.payloads.builder import takes_updates
from integrations.standings import transitions
from integrations.standings.lifecycle import Event
from integrations.standings.open_calls import window_end
from integrations.standings.requester import Requester


def may(row: SyncStanding, event: Event) -> bool:
    """Whether a person may take this decision about a standing in its state."""
    if not transitions.allows(row, event):
        return False
    if event is Event.OVERWRITTEN:
        return row.ever_present and _takes_updates(row)
    if row.status not in transitions.GATED:
        return True
    # What was refused for certain is new or excluded; in doubt only where the refusal proves nothing.
    return {Event.ANNULLED: row.ever_present, Event.ALREADY_THERE: not row.verify_first}.get(event, row.verify_first)


def _takes_updates(row: SyncStanding) -> bool:
    """Whether the ERP has a way to change what it holds of this record."""
    export = model_for(row.kind).exports.get(Target(row.target))
    return export is not None and not row.is_closed and takes_updates(export, row.connection)


def require_reason(reason: str) -> None:
    """Raises: DecisionRefusedError without a reason."""
    if not reason.strip():
        raise DecisionRefusedError("Escriba el motivo: queda en la historia del documento.")


def require_window_over(row: SyncStanding) -> None:
    """Raises: DecisionRefusedError while the ERP could still store what was sent."""
    if not is_window_over(row):
        hour = f"{timezone.localtime(window_end(row)):%H:%M:%S}"
        raise DecisionRefusedError(f"El ERP aún podría guardarlo: decida después de las {hour}.")


def require_moment(row: SyncStanding, looked_at: datetime | None) -> None:
    """Raises: DecisionRefusedError unless the person looked after the window, and not in the future."""
    if looked_at is None:
        raise DecisionRefusedError("Diga cuándo lo buscó usted en el ERP: fecha y hora.")
    ends = window_end(row)
    if ends is not None and looked_at < ends:
        hour = f"{timezone.localtime(ends):%d/%m/%Y %H:%M}"
        raise DecisionRefusedError(
            f"Lo que se vio antes de {hour} no sirve: el ERP aún podía guardarlo. Búsquelo otra vez."
        )
    if looked_at > database_now():
        raise DecisionRefusedError("La fecha en que lo buscó está en el futuro.")


def read_or_moment(row: SyncStanding, looked_at: datetime | None) -> Look | None:
    """The last read of the ERP; None where the person looked at `looked_at` instead.

    That is where no read asked for this record, and where its connection is archived and none can any more.
    Raises: DecisionRefusedError as `require_moment`.
    """
    look = last_look(row)
    if look is None or (row.is_closed and looked_at is not None):
        require_moment(row, looked_at)
        return None
    return look


def name_of(requester: Requester) -> str:
    """The requester's name in a Spanish sentence."""
    return str(requester.user or requester.origin or "Una persona")


def with_reason(sentence: str, reason: str) -> str:
    """A Spanish sentence, and the reason behind it where there is one."""
    return f"{sentence} Motivo: {reason.strip()}" if reason.strip() else sentence
