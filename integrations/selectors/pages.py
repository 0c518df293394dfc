"""What the pages read. Every function costs a fixed number of queries, however many records there are."""

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.core.cache import cache
from django.db.models import Count, F, Max, Q, QuerySet, Value
from django.utils import timezone

from integrations.choices import NEEDS_A_PERSON, BatchState, ItemVerdict, Kind, Status, Target
from integrations.connections import record_kinds
from integrations.models import Connection, Syncable, SyncAttempt, SyncBatch, SyncBatchItem, SyncStanding, Unblocking
from integrations.payloads.judgement import Judgement, judge_many, why_not_now
from integrations.queue import heartbeat, jobs
from integrations.selectors import lane_status
from integrations.standings import transitions
from integrations.standings.lifecycle import Event

SIDEBAR_SECONDS = 30
"""How old a count beside a menu entry may be."""
STALLED_SECONDS = 60
"""A batch in which nothing moved for this long has no worker."""
_LAST_RESULTS = 10
STORY_ROWS = 20
_IN_MOTION = (Status.QUEUED, Status.SENDING, Status.RETRYING)
_GONE_BACK = (Status.NEW, Status.CHANGED, Status.EXCLUDED)


def menu_counts() -> dict[str, int]:
    """How many wait for a person, by kind; how many errors, doubts, batches under way and failed jobs there are.

    Keys: a kind as «client», «errors», «doubts», «batches» and «jobs».
    """
    return cache.get_or_set("menu_counts", _menu_counts, SIDEBAR_SECONDS) or {}


def _menu_counts() -> dict[str, int]:
    waiting = SyncStanding.objects.filter(status__in=NEEDS_A_PERSON).values_list("kind").order_by()
    wrong = Q(status=Status.REJECTED)
    by_kind = waiting.annotate(
        every=Count("record_id", distinct=True), errors=Count("pk", filter=wrong), doubts=Count("pk", filter=~wrong)
    )
    # In the same question: every page of the administration asks it.
    under_way = SyncBatch.objects.filter(state=BatchState.QUEUED).order_by().annotate(entry=Value("batches"))
    batches = under_way.values_list("entry").annotate(every=Count("pk"), errors=Value(0), doubts=Value(0))
    failed = jobs.failed().order_by().annotate(entry=Value("jobs"))
    work = failed.values_list("entry").annotate(every=Count("pk"), errors=Value(0), doubts=Value(0))
    counts = {"errors": 0, "doubts": 0, "batches": 0, "jobs": 0}
    for entry, every, errors, doubts in by_kind.union(batches, work, all=True):
        counts[entry] = every
        counts["errors"] += errors
        counts["doubts"] += doubts
    return counts


def live_connections() -> list[Connection]:
    """Every connection that is not archived."""
    return list(Connection.objects.live())


def passes_checks(kind: str, target: str) -> QuerySet[SyncStanding]:
    """Standings that passed the local checks in their present version; without those that were never checked."""
    return SyncStanding.objects.filter(
        kind=kind, target=target, verdict=SyncStanding.Verdict.READY, version_checked=F("version")
    )


@dataclass(frozen=True)
class StandingActions:
    """Where one record stands with one ERP, and what a person may do about it now."""

    target: Target
    row: SyncStanding
    connection: Connection | None
    can_send: bool
    can_verify: bool
    can_exclude: bool
    can_include: bool
    why_not: str
    """Why it can't be sent, in Spanish; empty where it can."""

    @property
    def status(self) -> Status:
        """The state of the standing."""
        return Status(self.row.status)


def standing_actions(record: Syncable) -> list[StandingActions]:
    """One entry for each ERP that takes this kind of record: two queries."""
    rows = {row.target: row for row in SyncStanding.objects.of(record).select_related("connection", "batch")}
    live = Connection.objects.live().filter(company=record.company_id).select_related("company")
    connections = {connection.target: connection for connection in live}
    offered = record_kinds.targets_of(type(record), connections.values())
    return [
        _actions(record, rows[target], connections.get(target))
        for target in record.exports
        if target in rows and _is_shown(rows[target], offered)
    ]


def _is_shown(row: SyncStanding, offered: Collection[Target]) -> bool:
    """A record that was sent once is always shown, also where the connection no longer sends its kind."""
    return row.target in offered or row.attempt is not None


def _actions(record: Syncable, row: SyncStanding, connection: Connection | None) -> StandingActions:
    why_not = _why_not(record, row, connection)
    return StandingActions(
        target=Target(row.target),
        row=row,
        connection=connection,
        can_send=not why_not and transitions.allows(row, Event.REQUESTED),
        can_verify=not row.is_closed and _needs_a_read(row),
        can_exclude=not row.verify_first and transitions.allows(row, Event.EXCLUDED),
        can_include=transitions.allows(row, Event.INCLUDED),
        why_not=why_not,
    )


def _needs_a_read(row: SyncStanding) -> bool:
    return transitions.is_in_doubt(row) or (row.status == Status.CONFLICT and transitions.may_be_read(row))


def _why_not(record: Syncable, row: SyncStanding, connection: Connection | None) -> str:
    if connection is None:
        return f"Falta la conexión con {row.get_target_display()}: pídala al administrador."
    return record_kinds.why_not(connection, record.kind) or why_not_now(row, record, connection)


def ever_present(record: Syncable) -> bool:
    """Whether some ERP holds, or held, this record."""
    return SyncStanding.objects.of(record).filter(ever_present=True).exists()


def story(record: Syncable) -> list[SyncAttempt]:
    """The newest attempts of a record."""
    return list(
        SyncAttempt.objects.of(record).select_related("requested_by", "batch").order_by("-started_at")[:STORY_ROWS]
    )


def last_send(record: Syncable, target: Target | str) -> SyncAttempt | None:
    """The newest send of a record to an ERP whose content is stored, whatever its outcome."""
    sends = SyncAttempt.objects.sends().of(record).filter(target=target, payload__isnull=False)
    return sends.select_related("payload").order_by("-started_at").first()


def would_be_sent(record: Syncable, connection: Connection) -> Judgement | None:
    """What would be sent now, with the result of the local checks; None for a record without a standing there."""
    judged = judge_many(connection, record.kind, [record.pk])
    return judged[0][1] if judged else None


@dataclass(frozen=True)
class BatchProgress:
    """How far a batch got: how many of its documents ended in which way, and how many are being sent."""

    batch: SyncBatch
    total: int
    sent: int
    failed: int
    uncertain: int
    back: int
    """Returned without being sent."""
    sending: int
    remaining_seconds: int | None
    stalled: bool
    why_closed: str
    """Why nothing starts on its lane now, and when it goes on."""

    @property
    def done(self) -> int:
        """How many have ended."""
        return self.sent + self.failed + self.uncertain + self.back

    @property
    def waiting(self) -> int:
        """How many are still to be sent."""
        return max(0, self.total - self.done - self.sending)

    @property
    def is_over(self) -> bool:
        """Whether the batch ended, or was cancelled."""
        return self.batch.state in (BatchState.DONE, BatchState.CANCELLED)


def progress(batch: SyncBatch) -> BatchProgress:
    """How far a batch got: three queries, whatever its size."""
    ready = batch.items.filter(verdict=ItemVerdict.READY).order_by()
    by_outcome: Counter[str] = Counter(dict(ready.values_list("outcome").annotate(count=Count("pk"))))
    total = sum(by_outcome.values())
    done = total - sum(by_outcome[outcome] for outcome in ("", *_IN_MOTION))
    moving = _moving(batch)
    return BatchProgress(
        batch=batch,
        total=total,
        sent=by_outcome[Status.SYNCED],
        failed=by_outcome[Status.REJECTED],
        uncertain=by_outcome[Status.UNCERTAIN] + by_outcome[Status.CONFLICT],
        back=sum(by_outcome[outcome] for outcome in _GONE_BACK),
        sending=moving["sending"],
        remaining_seconds=_remaining(batch, done, total),
        stalled=_is_stalled(batch, moving),
        why_closed=lane_status.why_closed(batch.connection) if batch.state == BatchState.QUEUED else "",
    )


def _moving(batch: SyncBatch) -> dict[str, Any]:
    """How many of its documents are being sent, how many of them under a lease, and when one last moved."""
    is_sending = Q(status=Status.SENDING)
    return SyncStanding.objects.filter(batch=batch).aggregate(
        sending=Count("pk", filter=is_sending),
        leased=Count("pk", filter=is_sending & Q(lease_until__gt=timezone.now())),
        moved_at=Max("progressed_at"),
    )


def _remaining(batch: SyncBatch, done: int, total: int) -> int | None:
    if not done or batch.confirmed_at is None or batch.state != BatchState.QUEUED:
        return None
    return round((timezone.now() - batch.confirmed_at).total_seconds() / done * (total - done))


def _is_stalled(batch: SyncBatch, moving: dict[str, Any]) -> bool:
    if batch.state != BatchState.QUEUED or batch.paused_at or batch.connection.is_paused or moving["leased"]:
        return False
    last = max(filter(None, (moving["moved_at"], batch.confirmed_at)), default=None)
    is_old = last is not None and timezone.now() - last > timedelta(seconds=STALLED_SECONDS)
    return is_old or heartbeat.is_silent()


def last_results(batch: SyncBatch) -> list[tuple[SyncAttempt, str]]:
    """The newest finished sends of a batch, each with the outcome of its record."""
    sends = SyncAttempt.objects.sends().filter(batch=batch, finished_at__isnull=False)
    newest = list(sends.order_by("-finished_at")[:_LAST_RESULTS])
    ids = [attempt.record_id for attempt in newest]
    items = batch.items.filter(record_id__in=ids).values_list("kind", "record_id", "outcome")
    outcomes = {(kind, record_id): outcome for kind, record_id, outcome in items}
    return [(attempt, outcomes.get((attempt.kind, attempt.record_id), "")) for attempt in newest]


def failed_ids(batch: SyncBatch) -> list[int]:
    """The records of a batch that are still refused, in the batch's order."""
    failed = batch.items.filter(kind=batch.kind, outcome=Status.REJECTED).order_by("position")
    refused = SyncStanding.objects.filter(kind=batch.kind, target=batch.target, status=Status.REJECTED)
    still = set(refused.filter(batch=batch).values_list("record_id", flat=True))
    return [record_id for record_id in failed.values_list("record_id", flat=True) if record_id in still]


def with_outcomes(batches: QuerySet[SyncBatch]) -> QuerySet[SyncBatch]:
    """Batches with `sent`, `failed` and `doubtful`, counted in the same query."""
    ready = Q(items__verdict=ItemVerdict.READY)
    return batches.annotate(
        sent=Count("items", filter=ready & Q(items__outcome=Status.SYNCED)),
        failed=Count("items", filter=ready & Q(items__outcome=Status.REJECTED)),
        doubtful=Count("items", filter=ready & Q(items__outcome__in=[Status.UNCERTAIN, Status.CONFLICT])),
    )


def newest_batches(most: int = 5) -> list[SyncBatch]:
    """The newest confirmed batches, with the counts of `with_outcomes`."""
    # Chosen first, so that only their items are counted.
    newest = SyncBatch.objects.filter(confirmed_at__isnull=False).order_by("-pk").values_list("pk", flat=True)[:most]
    chosen = SyncBatch.objects.filter(pk__in=list(newest)).select_related("requested_by")
    return list(with_outcomes(chosen).order_by("-pk"))


def unblocked_by(batch: SyncBatch) -> int:
    """How many documents became sendable by themselves since a batch of masters was confirmed."""
    if batch.kind == Kind.MOVEMENT or batch.confirmed_at is None:
        return 0
    found = Unblocking.objects.filter(at__gte=batch.confirmed_at, standing__company=batch.company_id)
    return found.filter(standing__target=batch.target).values("standing").distinct().count()


def items(batch: SyncBatch, verdict: ItemVerdict) -> QuerySet[SyncBatchItem]:
    """The selected records with a verdict of the preview, in order."""
    return batch.items.filter(position__gt=0, verdict=verdict).order_by("position")


def masters_offered(batch: SyncBatch) -> QuerySet[SyncBatchItem]:
    """The masters that would be sent before the documents, in that order."""
    return batch.items.filter(position__lt=1, verdict=ItemVerdict.READY).order_by("position")
