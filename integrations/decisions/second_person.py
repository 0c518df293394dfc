"""Two people for what can't be undone, where the company asks for it: one requests, another approves."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.decisions.absence import make_absent, require_absence
from integrations.decisions.evidence_rows import DecisionRefusedError, write_down
from integrations.decisions.requirements import may
from integrations.models import DecisionRequest, SyncStanding
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester


def open_request(row: SyncStanding) -> DecisionRequest | None:
    """What waits for a second person about this record, if it is still about the same attempt."""
    found = DecisionRequest.objects.select_related("requested_by").filter(
        standing=row, state=DecisionRequest.State.OPEN, attempt=row.attempt
    )
    return found.first()


def ask_for_approval(row: SyncStanding, requester: Requester, reason: str, looked_at: datetime | None) -> str:
    """Keep a request about a LOCKED standing; a newer one takes the place of the older."""
    if requester.user is None:
        raise DecisionRefusedError("La empresa exige dos personas: decídalo en la administración, con su usuario.")
    DecisionRequest.objects.filter(standing=row, state=DecisionRequest.State.OPEN).delete()
    DecisionRequest.objects.create(
        standing=row, attempt=row.attempt, reason=reason.strip(), looked_at=looked_at, requested_by=requester.user
    )
    said = f"{requester.user} pidió confirmar que no existe. Falta que otra persona lo apruebe."
    write_down(row, requester, "absence_requested", f"{said} Motivo: {reason.strip()}")
    return said


def approve(request_id: int, requester: Requester) -> str:
    """The second person agrees, and the record can be sent again.

    Raises: DecisionRefusedError for the same person, or where the record or the evidence is no longer the same.
    """
    with transaction.atomic():
        row, asked = _held(request_id)
        if requester.user is None or asked.requested_by_id == requester.user.pk:
            raise DecisionRefusedError("Debe aprobarlo otra persona, distinta de quien lo pidió.")
        if not may(row, Event.CONFIRMED_ABSENT):
            raise DecisionRefusedError(f"Está «{row.get_status_display()}»: ya no hay nada que aprobar.")
        look = require_absence(row, asked.looked_at)
        _close(asked, requester.user, DecisionRequest.State.APPROVED)
        reason = f"{asked.reason} (lo pidió {asked.requested_by})"
        return make_absent(row, requester, reason, look, asked.looked_at)


def deny(request_id: int, requester: Requester) -> str:
    """Anybody with the permission, the first person too, takes the request back."""
    with transaction.atomic():
        row, asked = _held(request_id)
        _close(asked, requester.user, DecisionRequest.State.DENIED)
        said = f"{requester.user} negó que se confirme que no existe."
        write_down(row, requester, "absence_denied", said)
    return said


def _held(request_id: int) -> tuple[SyncStanding, DecisionRequest]:
    """The standing first, as everybody locks."""
    asked = DecisionRequest.objects.get(pk=request_id)
    row = SyncStanding.objects.select_for_update(of=("self",)).select_related("company").get(pk=asked.standing_id)
    asked = DecisionRequest.objects.select_for_update(of=("self",)).select_related("requested_by").get(pk=request_id)
    if asked.state != DecisionRequest.State.OPEN or asked.attempt != row.attempt:
        raise DecisionRefusedError("Esta petición ya no está por aprobar.")
    return row, asked


def _close(asked: DecisionRequest, user: Any, state: DecisionRequest.State) -> None:
    asked.state, asked.decided_by, asked.decided_at = state, user, timezone.now()
    asked.save()
