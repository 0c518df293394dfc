"""The cards of the inbox and the documents on them, in a fixed number of queries however many errors there are."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from integrations.choices import Status, Target
from integrations.inbox import error_standings
from integrations.inbox.remedies import Known, Remedy, of_refusal, of_rule
from integrations.models import Syncable, SyncStanding
from integrations.models.syncable import model_for

A_PAGE = 100
"""Documents of the card that is open."""
AT_A_GLANCE = 10
"""Documents of a card that is closed: the rest are one click away."""


@dataclass(frozen=True)
class Wanted:
    """Which errors somebody asked for: of one ERP, that one `person` looks after, of the kinds that they may see."""

    target: str = ""
    person: Any = None
    kinds: tuple[str, ...] | None = None

    def of(self, rows: "QuerySet[SyncStanding]") -> "QuerySet[SyncStanding]":
        rows = rows.filter(target=self.target) if self.target else rows
        rows = rows.filter(kind__in=self.kinds) if self.kinds is not None else rows
        return rows.filter(assignment__person=self.person) if self.person is not None else rows


EVERYTHING = Wanted()


class Origin(StrEnum):
    """Who said no."""

    ERP = "erp"
    LOCAL = "revision"


@dataclass
class Part:
    """The documents of a card that one batch could take: of one company and kind."""

    company_id: int
    kind: str
    total: int = 0
    sendable: int = 0
    """Refused for certain: sending again can't make a second document."""
    doubtful: int = 0
    """Only a read of the ERP, or a person, can say whether it is there."""


@dataclass
class Card:
    """One cause, in words, with how much it stops. `amount` are pesos; the moments are those of its documents."""

    origin: Origin
    target: Target
    code: str
    known: Known
    amount: Decimal = Decimal(0)
    first: datetime | None = None
    last: datetime | None = None
    waiting: int = 0
    """What tries again by itself."""
    due: datetime | None = None
    """When the first of it does."""
    parts: dict[tuple[int, str], Part] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    """Standings, of local blocks only: the rules that they break are no column."""

    @property
    def key(self) -> str:
        return f"{self.origin}-{self.target}-{self.code}"

    @property
    def count(self) -> int:
        return sum(part.total for part in self.parts.values())

    @property
    def sendable(self) -> int:
        return sum(part.sendable for part in self.parts.values())

    @property
    def doubtful(self) -> int:
        return sum(part.doubtful for part in self.parts.values())

    @property
    def is_local(self) -> bool:
        return self.origin is Origin.LOCAL

    @property
    def remedy(self) -> Remedy:
        return self.known.remedy

    def add(self, row: dict[str, Any], count: int = 1) -> None:
        """Take in a row of standings that share company, kind and state."""
        part = self.parts.setdefault((row["company_id"], row["kind"]), Part(row["company_id"], row["kind"]))
        part.total += count
        if not self.is_local:
            part.sendable += count * (row["status"] == Status.REJECTED and not row["verify_first"])
            part.doubtful += count * (row["status"] == Status.UNCERTAIN or row["verify_first"])
            self.waiting += count * (row["status"] in (Status.RETRYING, Status.QUEUED))
            self.due = min(filter(None, (self.due, row["due"])), default=None)
        self.amount += row["amount"] or 0
        self.first = min(filter(None, (self.first, row["first"])), default=None)
        self.last = max(filter(None, (self.last, row["last"])), default=None)


def cards(wanted: Wanted = EVERYTHING) -> list[Card]:
    """Every cause with documents that were asked for: what an ERP refused first, and of each the most documents."""
    found = (*_refusals(wanted), *_blocks(wanted))
    return sorted(found, key=lambda card: (card.is_local, -card.count, card.key))


def _refusals(wanted: Wanted) -> Iterable[Card]:
    columns = ("target", "cause", "company_id", "kind", "status", "verify_first")
    rows = wanted.of(error_standings.refused()).annotate(pesos=error_standings.amount()).order_by()
    grouped = rows.values(*columns).annotate(
        count=Count("pk"), amount=Sum("pesos"), first=Min("progressed_at"), last=Max("progressed_at"), due=Min("due_at")
    )
    found: dict[tuple[str, str], Card] = {}
    for row in grouped:
        known = of_refusal(row["target"], row["cause"])
        new = Card(Origin.ERP, Target(row["target"]), row["cause"], known)
        found.setdefault((row["target"], row["cause"]), new).add(row, row["count"])
    return found.values()


def _blocks(wanted: Wanted) -> Iterable[Card]:
    columns = ("pk", "kind", "record_id", "company_id", "target", "status", "rule_ids", "verify_first")
    rows = wanted.of(error_standings.blocked()).annotate(
        amount=error_standings.amount(), first=F("progressed_at"), last=F("progressed_at")
    )
    stopped: list[Any] = list(
        rows.order_by("pk").values(*columns, "amount", "first", "last")[: error_standings.MOST_BLOCKED]
    )
    away = error_standings.elsewhere(stopped)
    found: dict[tuple[str, str], Card] = {}
    for row in stopped:
        for rule in [] if row["pk"] in away else row["rule_ids"]:
            new = Card(Origin.LOCAL, Target(row["target"]), rule, of_rule(row["target"], rule))
            card = found.setdefault((row["target"], rule), new)
            card.add(row)
            card.ids.append(row["pk"])
    return found.values()


def members(card: Card, wanted: Wanted = EVERYTHING) -> "QuerySet[SyncStanding]":
    """The standings of a card, the newest first."""
    rows = SyncStanding.objects.filter(pk__in=card.ids)
    if not card.is_local:
        rows = error_standings.refused().filter(target=card.target, cause=card.code)
    return wanted.of(rows).order_by("-progressed_at", "pk")


@dataclass(frozen=True)
class Document:
    """A record on a card: its standing there, and what it is."""

    row: SyncStanding
    record: Syncable | None

    @property
    def assignment(self) -> Any:
        return getattr(self.row, "assignment", None)


@dataclass(frozen=True)
class Shown:
    """What a card shows of its documents."""

    documents: list[Document]
    page: int
    pages: int


def documents(shown: Sequence[Card], open_key: str, page: int = 1, wanted: Wanted = EVERYTHING) -> dict[str, Shown]:
    """A page of the open card's documents and the first of each other card's, by the card's key."""
    opened = next((card for card in shown if card.key == open_key), None)
    pages = max(1, -(-opened.count // A_PAGE)) if opened else 1
    page = min(max(1, page), pages)
    rows: dict[str, list[SyncStanding]] = defaultdict(list)
    for row in _refused_rows(opened, page, wanted):
        rows[f"{Origin.ERP}-{row.target}-{row.cause}"].append(row)
    slices = {card.key: _slice(card.ids, card is opened, page) for card in shown if card.is_local}
    blocked = _with_people(SyncStanding.objects.filter(pk__in={pk for ids in slices.values() for pk in ids}))
    by_id = {row.pk: row for row in blocked} if any(slices.values()) else {}
    rows |= {key: [by_id[pk] for pk in ids if pk in by_id] for key, ids in slices.items()}
    records = records_of([row for card in shown for row in rows[card.key]])
    return {
        card.key: Shown(
            [Document(row, records.get((row.kind, row.record_id))) for row in rows[card.key]],
            page if card is opened else 1,
            pages if card is opened else 1,
        )
        for card in shown
    }


def _slice(ids: list[int], is_open: bool, page: int) -> list[int]:
    return ids[(page - 1) * A_PAGE : page * A_PAGE] if is_open else ids[:AT_A_GLANCE]


def _refused_rows(opened: Card | None, page: int, wanted: Wanted) -> "QuerySet[SyncStanding]":
    """One query for all cards: the first of each, and of the open one its page."""
    place = Window(RowNumber(), partition_by=[F("target"), F("cause")], order_by=[F("progressed_at").desc(), F("pk")])
    near = Q(place__lte=AT_A_GLANCE)
    if opened is not None and not opened.is_local:
        mine = Q(target=opened.target, cause=opened.code)
        near = near & ~mine | mine & Q(place__gt=(page - 1) * A_PAGE, place__lte=page * A_PAGE)
    rows = wanted.of(error_standings.refused()).annotate(place=place).filter(near)
    return _with_people(rows).order_by("-progressed_at", "pk")


def _with_people(rows: "QuerySet[SyncStanding]") -> "QuerySet[SyncStanding]":
    return rows.select_related("assignment__person")


def records_of(rows: Sequence[SyncStanding]) -> dict[tuple[str, int], Syncable]:
    """(kind, id) → the records of these standings: one query a kind."""
    ids: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        ids[row.kind].add(row.record_id)
    found: dict[tuple[str, int], Syncable] = {}
    for kind, some in ids.items():
        held = model_for(kind)._default_manager.defer("siigo", "sag").in_bulk(some)
        found |= {(kind, pk): record for pk, record in held.items()}
    return found
