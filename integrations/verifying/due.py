"""Which records a read of the ERP is due for: those in doubt, and those that an unanswered call may have sent twice."""

from collections import defaultdict
from datetime import datetime, timedelta

from django.db.models import F, Q

from integrations.choices import Status
from integrations.erp.causes import DOUBTED_SUCCESSES
from integrations.erp.receipts import SETTLED
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.models.attempt import SyncAttemptQuerySet
from integrations.standings import transitions

LOOK_AGAIN_SECONDS = 900
"""How long after a read that settled nothing the ERP is read again."""
RECENT_DAYS = 2
"""How long after an unanswered call its record, sent again since, is still looked for in the ERP."""
ARCHIVED = (
    "La conexión por la que se envió está archivada: allá ya no se consulta nada. Mírelo usted en el ERP y diga lo que "
    "vio, con la fecha y la hora."
)
DueRecords = dict[tuple[int | None, str], list[tuple[int, str]]]
"""(connection id, kind) → (standing id, attempt) of each record: what one read of a lane can look for."""


def lock_due(now: datetime, most: int) -> DueRecords:
    """The records due for a read, LOCKED inside the caller's transaction, grouped by lane and kind."""
    over = Q(settles_at__lte=now) & (transitions.IN_DOUBT | Q(pk__in=_sent_again(now)))
    # What the ERP called a success may be found, and so proven, at once.
    doubted = Q(status=Status.UNCERTAIN, cause__in=DOUBTED_SUCCESSES, settles_at__gt=now, due_at__lte=now)
    live = Q(connection=None) | Q(connection__in=Connection.objects.live())
    waiting = SyncStanding.objects.filter(over | doubted).filter(live).exclude(due_at__gt=now)
    # The longest wait first: what stays in doubt must not come before the rest at every sweep.
    first = waiting.order_by(F("due_at").asc(nulls_first=True), "pk").values_list("pk", flat=True)[:most]
    found: DueRecords = defaultdict(list)
    for row in waiting.filter(pk__in=list(first)).select_for_update().order_by("pk"):
        found[row.connection_id, row.kind].append((row.pk, str(row.attempt or "")))
    return found


def mark_archived() -> int:
    """Say on what is in doubt behind an archived connection that no read settles it any more; returns on how many."""
    closed = SyncStanding.objects.filter(transitions.IN_DOUBT, connection__archived_at__isnull=False)
    return closed.exclude(message=ARCHIVED).update(message=ARCHIVED)


def _sent_again(now: datetime) -> list[int]:
    """Records that arrived although an earlier call of the same life was never answered: there may be two documents.

    Each is read once after its window.
    """
    recent = SyncAttempt.objects.filter(started_at__gt=now - timedelta(days=RECENT_DAYS))
    unanswered = recent.sends().exclude(outcome__in=SETTLED)
    found = []
    for call in unanswered.only("kind", "record_id", "target", "life"):
        arrived = _arrived_since(call)
        if arrived is not None and not _was_read(arrived, recent):
            found.append(arrived.pk)
    return found


def _arrived_since(call: SyncAttempt) -> SyncStanding | None:
    rows = SyncStanding.objects.of_life(call).filter(status__in=[Status.SYNCED, Status.CHANGED], attempt__isnull=False)
    return rows.exclude(attempt=call.pk).first()


def _was_read(row: SyncStanding, recent: SyncAttemptQuerySet) -> bool:
    readings = recent.read_backs().of_standing(row).filter(answer__isnull=False)
    return readings.filter(started_at__gt=row.settles_at).exists() if row.settles_at else readings.exists()
