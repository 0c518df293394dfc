"""Two people for a decision that can't be undone, where the company wants them: one requests, another approves."""

from datetime import datetime
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.decisions.absence import make_absent, require_absence
from integrations.decisions.evidence_rows import DecisionRefusedError, record_decision
from integrations.decisions.requirements import may
from integrations.models import DecisionRequest, SyncStanding
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester


def open_request(row: SyncStanding) -> DecisionRequest | None:
    """The request about this record that waits for a second person; None where the record was sent again since."""
    requests = DecisionRequest.objects.select_related("requested_by")
    return requests.filter(standing=row, state=DecisionRequest.State.OPEN, attempt=row.attempt).first()


def ask_for_approval(row: SyncStanding, requester: Requester, reason: str, looked_at: datetime | None) -> str:
    """Request an approval about a LOCKED standing, in the place of an older request. Returns what to tell the person.

    Raises: DecisionRefusedError where no user of the administration asks.
    """
    if requester.user is None:
        raise DecisionRefusedError("La empresa exige dos personas: decídalo en la administración, con su usuario.")
    DecisionRequest.objects.filter(standing=row, state=DecisionRequest.State.OPEN).delete()
    DecisionRequest.objects.create(
        standing=row, attempt=row.attempt, reason=reason.strip(), looked_at=looked_at, requested_by=requester.user
    )
    message = f"{requester.user} pidió confirmar que no existe. Falta que otra persona lo apruebe."
    record_decision(row, requester, "absence_requested", f"{message} Motivo: {reason.strip()}")
    return message


@transaction.atomic
def approve(request_id: int, requester: Requester) -> str:
    """The second person agrees, and the record can be sent again. Returns what to tell the person.

    Raises: DecisionRefusedError for the same person, or where the record or the evidence is no longer the same.
    """
    row, request = _locked(request_id)
    if requester.user is None or request.requested_by_id == requester.user.pk:
        raise DecisionRefusedError("Debe aprobarlo otra persona, distinta de quien lo pidió.")
    if not may(row, Event.CONFIRMED_ABSENT):
        raise DecisionRefusedError(f"Está «{row.get_status_display()}»: ya no hay nada que aprobar.")
    look = require_absence(row, request.looked_at)
    _close(request, requester.user, DecisionRequest.State.APPROVED)
    reason = f"{request.reason} (lo pidió {request.requested_by})"
    return make_absent(row, requester, reason, look, request.looked_at)


@transaction.atomic
def deny(request_id: int, requester: Requester) -> str:
    """Take the request back: anybody with the permission may, the first person too. Returns what to tell them."""
    row, request = _locked(request_id)
    _close(request, requester.user, DecisionRequest.State.DENIED)
    message = f"{requester.user} negó que se confirme que no existe."
    record_decision(row, requester, "absence_denied", message)
    return message


def _locked(request_id: int) -> tuple[SyncStanding, DecisionRequest]:
    """The standing and the request, locked in this order, as every writer locks.

    Raises: DecisionRefusedError where the request is closed, or is about another attempt.
    """
    requests = DecisionRequest.objects.select_related("requested_by")
    standing_id = requests.get(pk=request_id).standing_id
    row = SyncStanding.objects.select_for_update(of=("self",)).select_related("company").get(pk=standing_id)
    request = requests.select_for_update(of=("self",)).get(pk=request_id)
    if request.state != DecisionRequest.State.OPEN or request.attempt != row.attempt:
        raise DecisionRefusedError("Esta petición ya no está por aprobar.")
    return row, request


def _close(request: DecisionRequest, user: Any, state: DecisionRequest.State) -> None:
    request.state, request.decided_by, request.decided_at = state, user, timezone.now()
    request.save()
