"""Which records a read of the ERP is due for: what is in doubt, and what a call without answer may have doubled."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from integrations.choices import Status
from integrations.erp.receipts import SETTLED
from integrations.models import SyncAttempt, SyncStanding
from integrations.standings import transitions

LOOK_AGAIN_SECONDS = 900
"""How long after a read that settled nothing the ERP is read again."""
RECENT_DAYS = 2
"""How long after a doubtful call its record is still looked at, once it has been sent again."""
Asked = dict[tuple[int | None, str], list[tuple[int, str]]]
"""(connection, kind) → (standing, attempt) of each record: what one wide read of a lane can answer."""


def lock_due(now: datetime, most: int) -> Asked:
    """The records due for a read, LOCKED inside the caller's transaction, grouped by lane and kind."""
    waiting = SyncStanding.objects.filter(transitions.IN_DOUBT | Q(pk__in=_sent_again(now)), settles_at__lte=now)
    asked: Asked = defaultdict(list)
    for row in waiting.exclude(due_at__gt=now).select_for_update().order_by("pk")[:most]:
        asked[row.connection_id, row.kind].append((row.pk, str(row.attempt or "")))
    return asked


def _sent_again(now: datetime) -> list[int]:
    """Records that arrived although an earlier call of the same life was never answered: there may be two.

    Each is read once after its window.
    """
    since = now - timedelta(days=RECENT_DAYS)
    recent = SyncAttempt.objects.filter(started_at__gt=since)
    open_calls = recent.filter(operation=SyncAttempt.Operation.SEND).exclude(outcome__in=SETTLED)
    found = []
    for call in open_calls.only("kind", "record_id", "target", "life"):
        arrived = _arrived_since(call)
        if arrived is not None and not _was_read(arrived, recent):
            found.append(arrived.pk)
    return found


def _arrived_since(call: SyncAttempt) -> SyncStanding | None:
    rows = SyncStanding.objects.filter(
        kind=call.kind, record_id=call.record_id, target=call.target, life=call.life,
        status__in=[Status.SYNCED, Status.CHANGED], attempt__isnull=False,
    )  # fmt: skip
    return rows.exclude(attempt=call.pk).first()


def _was_read(row: SyncStanding, recent: QuerySet[SyncAttempt]) -> bool:
    readings = recent.filter(
        operation=SyncAttempt.Operation.VERIFY, kind=row.kind, record_id=row.record_id, target=row.target,
        answer__isnull=False,
    )  # fmt: skip
    return readings.filter(started_at__gt=row.settles_at).exists() if row.settles_at else readings.exists()
