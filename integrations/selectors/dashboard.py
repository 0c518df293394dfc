"""What the front page shows: counts of everything in two GROUP BY queries, kept for half a minute."""

from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

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

KEPT_SECONDS = 30
DAYS = 14
TOP_CAUSES = 5
_FAILED = (Verdict.REFUSED, Verdict.REFUSED_UNPROVEN)
_DOUBTFUL = (Verdict.DUPLICATE, Verdict.AMBIGUOUS, Verdict.UNCOMMITTED, Verdict.REDIRECTED)
_MOVING = (Status.QUEUED, Status.SENDING, Status.RETRYING)


@dataclass(frozen=True)
class Day:
    """What left on one day, in calls: taken, refused, without a clear answer."""

    day: date
    sent: int
    failed: int
    doubtful: int

    @property
    def total(self) -> int:
        return self.sent + self.failed + self.doubtful


@dataclass(frozen=True)
class Row:
    """Where the records of a kind stand with one ERP."""

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
class Front:
    """The numbers of the front page as they were at `at`."""

    at: datetime
    rows: list[Row]
    days: list[Day]
    causes: list[CauseCard]
    unblocked: int

    @property
    def sent_today(self) -> int:
        return self.days[-1].sent

    def ready(self, target: Target) -> int:
        """Movements never sent to an ERP that pass its checks."""
        return sum(row.ready for row in self.rows if row.target == target and row.kind == Kind.MOVEMENT)

    @property
    def failed(self) -> int:
        return sum(row.rejected for row in self.rows)

    @property
    def doubtful(self) -> int:
        return sum(row.uncertain for row in self.rows)


def front(kinds: tuple[str, ...]) -> Front:
    """The front page's numbers about the kinds that somebody may see, at most half a minute old."""
    key = f"front-{'-'.join(kinds)}"
    found: Front | None = cache.get(key)
    if found is None:
        found = _counted(kinds)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _counted(kinds: tuple[str, ...]) -> Front:
    return Front(
        at=timezone.now(),
        rows=_rows(kinds),
        days=_days(kinds),
        causes=sorted(inbox.cards(inbox.ErrorFilter(kinds=kinds)), key=lambda card: -card.count)[:TOP_CAUSES],
        unblocked=unblockings.count_since(timezone.now() - timedelta(days=1), kinds),
    )


def _rows(kinds: tuple[str, ...]) -> list[Row]:
    passes = Q(verdict=SyncStanding.Verdict.READY, version_checked=F("version"))
    ready = Case(When(passes, then=Value(True)), default=Value(False), output_field=BooleanField())
    standings = SyncStanding.objects.filter(kind__in=kinds).annotate(ready=ready).order_by()
    found: Counter[tuple[str, str, str, bool]] = Counter()
    for *key, count in standings.values_list("kind", "target", "status", "ready").annotate(count=Count("pk")):
        found[key[0], key[1], key[2], key[3]] += count
    connections = list(Connection.objects.live())
    return [
        _row(found, kind, target)
        for kind, model in syncable_models().items()
        if kind in kinds
        for target in record_kinds.targets_of(model, connections)
    ]


def _row(found: Counter[tuple[str, str, str, bool]], kind: str, target: Target) -> Row:
    def several(*statuses: Status) -> int:
        return sum(found[kind, target, status, ready] for status in statuses for ready in (True, False))

    return Row(
        kind=kind,
        target=target,
        new=several(Status.NEW),
        ready=found[kind, target, Status.NEW, True],
        moving=several(*_MOVING),
        synced=several(Status.SYNCED),
        changed=several(Status.CHANGED),
        rejected=several(Status.REJECTED),
        uncertain=several(Status.UNCERTAIN, Status.CONFLICT),
    )


def _days(kinds: tuple[str, ...]) -> list[Day]:
    """The last days, today included, each with its calls by what came of them; the days without any too."""
    days = [timezone.localdate() - timedelta(days=back) for back in reversed(range(DAYS))]
    since = timezone.make_aware(datetime.combine(days[0], time.min))
    calls = SyncAttempt.objects.sends().filter(finished_at__gte=since, kind__in=kinds).order_by()
    counted = calls.annotate(day=TruncDate("finished_at")).values_list("day", "outcome").annotate(count=Count("pk"))
    found = {(day, outcome): count for day, outcome, count in counted}

    def several(day: date, outcomes: tuple[Verdict, ...]) -> int:
        return sum(found.get((day, outcome), 0) for outcome in outcomes)

    return [Day(day, several(day, (Verdict.ACCEPTED,)), several(day, _FAILED), several(day, _DOUBTFUL)) for day in days]
