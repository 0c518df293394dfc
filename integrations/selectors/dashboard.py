"""The numbers of the front page, from two GROUP BY queries, cached for half a minute."""

from collections import Counter, defaultdict
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import cast

from django.core.cache import cache
from django.db.models import BooleanField, Case, Count, F, Q, Value, When
from django.db.models.functions import TruncDate
from django.utils import timezone

from integrations import inbox
from integrations.choices import Kind, Status, Target
from integrations.connections import record_kinds
from integrations.erp.receipts import Verdict
from integrations.inbox import CauseCard
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.models.syncable import syncable_models
from integrations.standings import unblockings

CACHE_SECONDS = 30
DAYS = 14
TOP_CAUSES = 5
_FAILED = (Verdict.REFUSED, Verdict.REFUSED_UNPROVEN)
_DOUBTFUL = (Verdict.DUPLICATE, Verdict.AMBIGUOUS, Verdict.UNCOMMITTED, Verdict.REDIRECTED)
_MOVING = (Status.QUEUED, Status.SENDING, Status.RETRYING)


@dataclass(frozen=True)
class DayCounts:
    """The calls of one day: accepted, refused, and without a clear answer."""

    day: date
    sent: int
    failed: int
    doubtful: int

    @property
    def total(self) -> int:
        """All calls."""
        return self.sent + self.failed + self.doubtful


@dataclass(frozen=True)
class KindCounts:
    """How many records of a kind are in each state with one ERP."""

    kind: str
    target: Target
    new: int
    ready: int
    moving: int
    synced: int
    changed: int
    rejected: int
    uncertain: int


@dataclass(frozen=True)
class FrontNumbers:
    """The numbers of the front page as they were at `at`."""

    at: datetime
    rows: list[KindCounts]
    days: list[DayCounts]
    causes: list[CauseCard]
    unblocked: int

    @property
    def sent_today(self) -> int:
        """Accepted calls of today."""
        return self.days[-1].sent

    def ready(self, target: Target) -> int:
        """Movements never sent to an ERP that pass its checks."""
        return sum(row.ready for row in self.rows if row.target == target and row.kind == Kind.MOVEMENT)

    @property
    def failed(self) -> int:
        """Refused records."""
        return sum(row.rejected for row in self.rows)

    @property
    def doubtful(self) -> int:
        """Records in doubt or in conflict."""
        return sum(row.uncertain for row in self.rows)


def front(kinds: tuple[str, ...]) -> FrontNumbers:
    """The front page's numbers about the kinds that somebody may see, at most half a minute old."""
    return cast("FrontNumbers", cache.get_or_set(f"front-{'-'.join(kinds)}", lambda: _count(kinds), CACHE_SECONDS))


def _count(kinds: tuple[str, ...]) -> FrontNumbers:
    return FrontNumbers(
        at=timezone.now(),
        rows=_rows(kinds),
        days=_days(kinds),
        causes=sorted(inbox.cards(inbox.ErrorFilter(kinds=kinds)), key=lambda card: -card.count)[:TOP_CAUSES],
        unblocked=unblockings.count_since(timezone.now() - timedelta(days=1), kinds),
    )


def _rows(kinds: tuple[str, ...]) -> list[KindCounts]:
    passes = Q(verdict=SyncStanding.Verdict.READY, version_checked=F("version"))
    is_ready = Case(When(passes, then=Value(True)), default=Value(False), output_field=BooleanField())
    standings = SyncStanding.objects.filter(kind__in=kinds).annotate(ready=is_ready).order_by()
    counts: dict[tuple[str, str], Counter[str]] = defaultdict(Counter)
    for kind, target, status, ready, count in standings.values_list("kind", "target", "status", "ready").annotate(
        count=Count("pk")
    ):
        counts[kind, target][status] += count
        counts[kind, target]["ready"] += count if ready and status == Status.NEW else 0
    connections = list(Connection.objects.live())
    return [
        _row(kind, target, counts[kind, target])
        for kind, model in syncable_models().items()
        if kind in kinds
        for target in record_kinds.targets_of(model, connections)
    ]


def _row(kind: str, target: Target, counts: Counter[str]) -> KindCounts:
    """`counts`: state → how many records; `ready` → how many new ones pass the checks."""
    return KindCounts(
        kind=kind,
        target=target,
        new=counts[Status.NEW],
        ready=counts["ready"],
        moving=sum(counts[status] for status in _MOVING),
        synced=counts[Status.SYNCED],
        changed=counts[Status.CHANGED],
        rejected=counts[Status.REJECTED],
        uncertain=counts[Status.UNCERTAIN] + counts[Status.CONFLICT],
    )


def _days(kinds: tuple[str, ...]) -> list[DayCounts]:
    """The calls of the last days by outcome, today and the days without calls included."""
    days = [timezone.localdate() - timedelta(days=back) for back in reversed(range(DAYS))]
    since = timezone.make_aware(datetime.combine(days[0], time.min))
    calls = SyncAttempt.objects.sends().filter(finished_at__gte=since, kind__in=kinds).order_by()
    counted = calls.annotate(day=TruncDate("finished_at")).values_list("day", "outcome").annotate(count=Count("pk"))
    counts: dict[date, Counter[str]] = defaultdict(Counter)
    for day, outcome, count in counted:
        counts[day][outcome] = count
    return [
        DayCounts(
            day,
            sent=counts[day][Verdict.ACCEPTED],
            failed=sum(counts[day][outcome] for outcome in _FAILED),
            doubtful=sum(counts[day][outcome] for outcome in _DOUBTFUL),
        )
        for day in days
    ]
