"""What is in doubt, the oldest first: why each waits, and when it is verified automatically."""

from datetime import datetime

from django.db.models import F, Q, QuerySet
from django.utils import timezone

from integrations.choices import Status
from integrations.inbox.cards import EVERYTHING, ErrorFilter
from integrations.models import SyncStanding

WAITING = Q(status__in=[Status.UNCERTAIN, Status.CONFLICT]) | Q(status=Status.EXCLUDED, verify_first=True)
"""What only a read of the ERP or a person settles; refused documents are in the inbox of errors."""


def waiting(chosen: ErrorFilter = EVERYTHING) -> "QuerySet[SyncStanding]":
    """What waits to be confirmed, the oldest first."""
    rows = chosen.apply(SyncStanding.objects.filter(WAITING))
    return rows.select_related("company", "connection", "batch").order_by(
        F("progressed_at").asc(nulls_first=True), "pk"
    )


def verified_at(row: SyncStanding, now: datetime | None = None) -> datetime | None:
    """When it is verified automatically, `now` at the earliest; None for what only a person settles."""
    if row.status == Status.CONFLICT or row.is_closed:
        return None
    now = now or timezone.now()
    return max(filter(None, (row.settles_at, row.due_at, now)))


def why(row: SyncStanding) -> str:
    """Why it waits, in words: what the record says, else what its state means."""
    if row.message:
        return row.message
    if row.status == Status.CONFLICT:
        return "En el ERP hay algo distinto de lo que se envió: compare y decida."
    return "El ERP no respondió con claridad: el documento puede haber quedado."
