"""The cards of the inbox and the documents on them, in a fixed number of queries however many errors there are."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import StrEnum
from typing import Any

from django.db.models import Count, F, Max, Min, Q, QuerySet, Sum, Window
from django.db.models.functions import RowNumber

from integrations.choices import Status, Target
from integrations.erp.causes import Remedy
from integrations.inbox import error_standings
from integrations.inbox.remedies import Explanation, explain_refusal, explain_rule
from integrations.models import Syncable, SyncStanding
from integrations.models.syncable import model_for

DOCUMENTS_PER_PAGE = 100
"""Of the card that is open."""
DOCUMENTS_WHEN_CLOSED = 10
"""Of each other card: the rest are one click away."""


@dataclass(frozen=True)
class ErrorFilter:
    """Which errors to show: of one ERP, assigned to one person, of the kinds that the reader may see; unset: all."""

    target: str = ""
    person: Any = None
    kinds: tuple[str, ...] | None = None

    def apply(self, rows: "QuerySet[SyncStanding]") -> "QuerySet[SyncStanding]":
        """The rows that pass."""
        rows = rows.filter(target=self.target) if self.target else rows
        rows = rows.filter(kind__in=self.kinds) if self.kinds is not None else rows
        return rows.filter(assignment__person=self.person) if self.person is not None else rows


EVERYTHING = ErrorFilter()


class Origin(StrEnum):
    """Who stopped the document: the ERP, or our own checks."""

    ERP = "erp"
    LOCAL = "revision"


@dataclass
class CardGroup:
    """How many documents of a card are of one company and kind: what one batch could take."""

    company_id: int
    kind: str
    total: int = 0
    sendable: int = 0
    """Refused for certain: sending again can't make a second document."""
    doubtful: int = 0
    """Only a read of the ERP, or a person, can say whether it is there."""


@dataclass
class CauseCard:
    """One cause of errors with how much it stops. `amount` is in pesos; `first` and `last` are its documents' times."""

    origin: Origin
    target: Target
    code: str
    explanation: Explanation
    amount: Decimal = Decimal(0)
    first: datetime | None = None
    last: datetime | None = None
    waiting: int = 0
    """Documents that are retried automatically."""
    due: datetime | None = None
    """When the first of them is."""
    groups: dict[tuple[int, str], CardGroup] = field(default_factory=dict)
    ids: list[int] = field(default_factory=list)
    """Standing ids, where local checks stop them: no query could find them by the rule that they break."""

    @property
    def key(self) -> str:
        """Names the card in addresses and forms."""
        return f"{self.origin}-{self.target}-{self.code}"

    @property
    def count(self) -> int:
        """How many documents it stops."""
        return sum(group.total for group in self.groups.values())

    @property
    def sendable(self) -> int:
        """How many may be sent again at once."""
        return sum(group.sendable for group in self.groups.values())

    @property
    def doubtful(self) -> int:
        """How many must be verified first."""
        return sum(group.doubtful for group in self.groups.values())

    @property
    def is_local(self) -> bool:
        """Whether our own checks stop them."""
        return self.origin is Origin.LOCAL

    @property
    def remedy(self) -> Remedy:
        """What puts it right."""
        return self.explanation.remedy

    def add(self, row: dict[str, Any], count: int = 1) -> None:
        """Count `count` standings that share the company, kind, state and times of `row`, a dict of query columns."""
        group = self.groups.setdefault((row["company_id"], row["kind"]), CardGroup(row["company_id"], row["kind"]))
        group.total += count
        if not self.is_local:
            group.sendable += count * (row["status"] == Status.REJECTED and not row["verify_first"])
            group.doubtful += count * (row["status"] == Status.UNCERTAIN or row["verify_first"])
            self.waiting += count * (row["status"] in (Status.RETRYING, Status.QUEUED))
            self.due = min(filter(None, (self.due, row["due"])), default=None)
        self.amount += row["amount"] or 0
        self.first = min(filter(None, (self.first, row["first"])), default=None)
        self.last = max(filter(None, (self.last, row["last"])), default=None)


def cards(chosen: ErrorFilter = EVERYTHING) -> list[CauseCard]:
    """Every cause that stops documents of the filter: those of the ERPs first, then by how many they stop."""
    return sorted((*_refusals(chosen), *_blocks(chosen)), key=lambda card: (card.is_local, -card.count, card.key))


def _refused_by_cause(chosen: ErrorFilter) -> Iterator[dict[str, Any]]:
    """How many are refused by cause, company, kind and state, their pesos, and since when until when."""
    columns = ("target", "cause", "company_id", "kind", "status", "verify_first")
    rows = chosen.apply(error_standings.refused()).annotate(pesos=error_standings.amount()).order_by()
    yield from rows.values(*columns).annotate(
        count=Count("pk"), amount=Sum("pesos"), first=Min("progressed_at"), last=Max("progressed_at"), due=Min("due_at")
    )


def _refusals(chosen: ErrorFilter) -> Iterable[CauseCard]:
    """The cards of what the ERPs refused, or did not answer."""
    found: dict[tuple[str, str], CauseCard] = {}
    for row in _refused_by_cause(chosen):
        target, cause = row["target"], row["cause"]
        new = CauseCard(Origin.ERP, Target(target), cause, explain_refusal(target, cause))
        found.setdefault((target, cause), new).add(row, row["count"])
    return found.values()


def _blocks(chosen: ErrorFilter) -> Iterable[CauseCard]:
    """The cards of what our own checks stop."""
    found: dict[tuple[str, str], CauseCard] = {}
    for row in _blocked_rows(chosen):
        for rule in row["rule_ids"]:
            new = CauseCard(Origin.LOCAL, Target(row["target"]), rule, explain_rule(row["target"], rule))
            card = found.setdefault((row["target"], rule), new)
            card.add(row)
            card.ids.append(row["pk"])
    return found.values()


def _blocked_rows(chosen: ErrorFilter) -> list[Any]:
    """The columns of blocked standings that `CauseCard.add` counts, without those that are sent to another ERP."""
    columns = ("pk", "kind", "record_id", "company_id", "target", "status", "rule_ids", "verify_first")
    rows = chosen.apply(error_standings.blocked()).annotate(
        amount=error_standings.amount(), first=F("progressed_at"), last=F("progressed_at")
    )
    blocked: list[Any] = list(
        rows.order_by("pk").values(*columns, "amount", "first", "last")[: error_standings.MOST_BLOCKED]
    )
    elsewhere = error_standings.sent_elsewhere(blocked)
    return [row for row in blocked if row["pk"] not in elsewhere]


def members(card: CauseCard, chosen: ErrorFilter = EVERYTHING) -> "QuerySet[SyncStanding]":
    """The standings of a card, the newest first."""
    if card.is_local:
        rows: QuerySet[SyncStanding] = SyncStanding.objects.filter(pk__in=card.ids)
    else:
        rows = error_standings.refused().filter(target=card.target, cause=card.code)
    return chosen.apply(rows).order_by("-progressed_at", "pk")


@dataclass(frozen=True)
class CardDocument:
    """A record on a card, with its standing; `record` is None where it was deleted."""

    row: SyncStanding
    record: Syncable | None

    @property
    def assignment(self) -> Any:
        """Who looks after it (`Assignment`), or None."""
        return getattr(self.row, "assignment", None)


@dataclass(frozen=True)
class CardPage:
    """The documents that a card shows, which page of them, and of how many pages."""

    documents: list[CardDocument]
    page: int
    pages: int


def documents(
    shown: Sequence[CauseCard], open_key: str, page: int = 1, chosen: ErrorFilter = EVERYTHING
) -> dict[str, CardPage]:
    """CauseCard key → a page of the open card's documents, or the first documents of a closed one."""
    opened = next((card for card in shown if card.key == open_key), None)
    pages = max(1, -(-opened.count // DOCUMENTS_PER_PAGE)) if opened else 1
    page = min(max(1, page), pages)
    rows = _refused_by_card(opened, page, chosen) | _blocked_by_card(shown, opened, page)
    records = records_of([row for card in shown for row in rows.get(card.key, ())])
    found = {}
    for card in shown:
        on_card = [CardDocument(row, records.get((row.kind, row.record_id))) for row in rows.get(card.key, ())]
        found[card.key] = CardPage(on_card, page, pages) if card is opened else CardPage(on_card, 1, 1)
    return found


def _blocked_by_card(shown: Sequence[CauseCard], opened: CauseCard | None, page: int) -> dict[str, list[SyncStanding]]:
    """CauseCard key → the standings to show of what our own checks stop, in one query for all cards."""
    ids = {card.key: _slice(card.ids, card is opened, page) for card in shown if card.is_local}
    wanted = {pk for several in ids.values() for pk in several}
    by_id = _with_people(SyncStanding.objects.filter(pk__in=wanted)).in_bulk() if wanted else {}
    return {key: [by_id[pk] for pk in several if pk in by_id] for key, several in ids.items()}


def _slice(ids: list[int], is_open: bool, page: int) -> list[int]:
    start = (page - 1) * DOCUMENTS_PER_PAGE
    return ids[start : start + DOCUMENTS_PER_PAGE] if is_open else ids[:DOCUMENTS_WHEN_CLOSED]


def _refused_by_card(opened: CauseCard | None, page: int, chosen: ErrorFilter) -> dict[str, list[SyncStanding]]:
    """CauseCard key → the standings to show of what the ERPs refused, in one query for all cards."""
    position = Window(
        RowNumber(), partition_by=[F("target"), F("cause")], order_by=[F("progressed_at").desc(), F("pk")]
    )
    on_page = Q(position_on_card__lte=DOCUMENTS_WHEN_CLOSED)
    if opened is not None and not opened.is_local:
        is_open = Q(target=opened.target, cause=opened.code)
        start = (page - 1) * DOCUMENTS_PER_PAGE
        on_page = on_page & ~is_open | is_open & Q(
            position_on_card__gt=start, position_on_card__lte=start + DOCUMENTS_PER_PAGE
        )
    rows = chosen.apply(error_standings.refused()).annotate(position_on_card=position).filter(on_page)
    found: dict[str, list[SyncStanding]] = defaultdict(list)
    for row in _with_people(rows).order_by("-progressed_at", "pk"):
        found[f"{Origin.ERP}-{row.target}-{row.cause}"].append(row)
    return found


def _with_people(rows: "QuerySet[SyncStanding]") -> "QuerySet[SyncStanding]":
    return rows.select_related("assignment__person")


def records_of(rows: Sequence[SyncStanding]) -> dict[tuple[str, int], Syncable]:
    """(kind, id) → the records of these standings: one query a kind."""
    ids: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        ids[row.kind].add(row.record_id)
    found: dict[tuple[str, int], Syncable] = {}
    for kind, record_ids in ids.items():
        records = model_for(kind)._default_manager.defer("siigo", "sag").in_bulk(record_ids)
        found |= {(kind, pk): record for pk, record in records.items()}
    return found
