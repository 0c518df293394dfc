"""Whether a call of a record may still make or change something in its ERP."""

from datetime import timedelta

from django.db.models import F, Q

from integrations.erp.receipts import SETTLED
from integrations.models import SyncAttempt, SyncStanding
from integrations.models.clock import database_now


def all_attempts_settled(row: SyncStanding) -> bool:
    """Whether no call of this life can still make a document: each was answered, or its settle window is over."""
    is_open = Q(finished_at__isnull=True) | ~Q(outcome__in=SETTLED)
    unsettled = SyncAttempt.objects.sends().of_life(row).filter(is_open, lease_until__isnull=False)
    now = database_now()
    ends = unsettled.values_list("lease_until", F("connection__settle_seconds"))
    return all(until + timedelta(seconds=seconds) <= now for until, seconds in ends if until)
