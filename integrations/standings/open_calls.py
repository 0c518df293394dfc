"""Whether a call of a record may still make or change something in its ERP."""

from datetime import datetime, timedelta

from django.db.models import F, Q

from integrations.choices import Status
from integrations.erp.receipts import SETTLED, Verdict
from integrations.models import SyncAttempt, SyncStanding
from integrations.models.clock import database_now


def window_end(row: SyncStanding) -> datetime | None:
    """When the ERP could store nothing more of what was sent; None where nothing was sent.

    A call that the ERP accepted is over with its answer; of any other the settle window must pass.
    """
    if row.attempt is None or row.status not in _ARRIVED:
        return row.settles_at
    accepted = SyncAttempt.objects.filter(pk=str(row.attempt), outcome=Verdict.ACCEPTED)
    answered_at = accepted.values_list("finished_at", flat=True).first()
    return answered_at or row.settles_at


_ARRIVED = (Status.SYNCED, Status.CHANGED, Status.CONFLICT)


def all_attempts_settled(row: SyncStanding) -> bool:
    """Whether no call of this life can still make a document: each was answered, or its settle window is over."""
    is_open = Q(finished_at__isnull=True) | ~Q(outcome__in=SETTLED)
    unsettled = SyncAttempt.objects.sends().of_life(row).filter(is_open, lease_until__isnull=False)
    now = database_now()
    ends = unsettled.values_list("lease_until", F("connection__settle_seconds"))
    return all(until + timedelta(seconds=seconds) <= now for until, seconds in ends if until)
