"""Compare a month with an ERP: by kind of voucher, what is here, what is proven to be there, and what is missing.

A document is there when the ERP accepted it as it is now, or a read found it equal.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, Exists, Max, Min, OuterRef, Q, QuerySet, Sum

from integrations.choices import IN_DOUBT, NOT_THERE, Kind, Status, Target
from integrations.erp.read_back import Match
from integrations.models import Company, SyncAttempt, SyncStanding
from ledger.models import Movement

GROUPED_BY: Mapping[Target, tuple[str, ...]] = {
    Target.SIIGO: ("voucher_type", "voucher_code"),
    Target.SAG: ("source_code",),
}
"""ERP → the columns that name a kind of voucher."""
BUCKETS: Mapping[str, tuple[Status, ...]] = {
    "there": (Status.SYNCED,),
    "missing": NOT_THERE,
    "doubtful": IN_DOUBT,
    "changed": (Status.CHANGED,),
    "untyped": NOT_THERE,
    "excluded": (Status.EXCLUDED,),
}
"""Column of the page → the states of its documents. `untyped` have no kind of voucher for it."""


@dataclass(frozen=True)
class CountAndTotal:
    """How many documents, and their totals in pesos."""

    count: int = 0
    pesos: Decimal = Decimal(0)

    def __add__(self, other: "CountAndTotal") -> "CountAndTotal":
        return CountAndTotal(self.count + other.count, self.pesos + other.pesos)


@dataclass(frozen=True)
class MonthLine:
    """One kind of voucher in the month.

    `code` are the values of `GROUPED_BY`; `read_back` counts the documents of `there` that a read of the ERP found
    equal in their present version.
    """

    code: Mapping[str, Any]
    here: CountAndTotal
    there: CountAndTotal
    missing: CountAndTotal
    doubtful: CountAndTotal
    changed: CountAndTotal
    untyped: CountAndTotal
    excluded: CountAndTotal
    read_back: int

    @property
    def label(self) -> str:
        """`F-1`, `FV`; empty for documents that the ERP has no kind for."""
        return "-".join(str(value) for value in self.code.values() if value not in (None, ""))


@dataclass(frozen=True)
class MonthClose:
    """A company's month compared with an ERP."""

    company: Company
    first: date
    last: date
    target: Target
    lines: list[MonthLine]
    undated: int
    """Documents without a date: they are in no month."""
    proven_from: datetime | None
    """When the first document was proven to be there."""
    proven_until: datetime | None
    """When the last one was."""
    read_at: datetime | None
    """When a read last found one of them."""

    @property
    def total(self) -> MonthLine:
        """All kinds of voucher together."""
        names = ("here", *BUCKETS)
        sums = {name: sum((getattr(line, name) for line in self.lines), CountAndTotal()) for name in names}
        return MonthLine({}, **sums, read_back=sum(line.read_back for line in self.lines))

    @property
    def is_complete(self) -> bool:
        """Whether all documents with a kind of voucher for the ERP are there as they are here."""
        total = self.total
        return not (total.missing.count or total.doubtful.count or total.changed.count)


def close_of(company: Company, first: date, last: date, target: Target) -> MonthClose:
    """The month from `first` to `last`, both included: four queries, however many documents."""
    movements = Movement.objects.filter(company=company)
    dated = movements.filter(date__gte=first, date__lte=last)
    proven = _standings(dated, target).aggregate(first=Min("synced_at"), last=Max("synced_at"))
    return MonthClose(
        company,
        first,
        last,
        target,
        _lines(dated, target),
        movements.filter(date__isnull=True).exclude(**{f"{target}_status": Status.EXCLUDED}).count(),
        proven["first"],
        proven["last"],
        _reads(target).filter(record_id__in=_ids(dated)).aggregate(last=Max("finished_at"))["last"],
    )


def _lines(dated: "QuerySet[Movement]", target: Target) -> list[MonthLine]:
    columns = GROUPED_BY[target]
    found = dated.order_by(*columns).values(*columns).annotate(**_sums(target))
    return [_line(row, columns) for row in found]


def _sums(target: Target) -> dict[str, Any]:
    column = f"{target}_status"
    sums: dict[str, Any] = {"here_count": Count("pk"), "here_pesos": Sum("total")}
    for name, statuses in BUCKETS.items():
        chosen = Q(**{f"{column}__in": statuses}) & _of_kind(target, name)
        sums |= {f"{name}_count": Count("pk", filter=chosen), f"{name}_pesos": Sum("total", filter=chosen)}
    read = Exists(_reads(target).filter(record_id=OuterRef("pk"), version=OuterRef("version")))
    return sums | {"read_back": Count("pk", filter=Q(**{column: Status.SYNCED}) & Q(read))}


def _of_kind(target: Target, bucket: str) -> Q:
    without = Q(**{GROUPED_BY[target][0]: ""})
    return {"missing": ~without, "untyped": without}.get(bucket, Q())


def _line(row: Mapping[str, Any], columns: tuple[str, ...]) -> MonthLine:
    amounts = {
        name: CountAndTotal(row[f"{name}_count"], row[f"{name}_pesos"] or Decimal(0)) for name in ("here", *BUCKETS)
    }
    return MonthLine({name: row[name] for name in columns}, **amounts, read_back=row["read_back"])


def _reads(target: Target) -> "QuerySet[SyncAttempt]":
    """Reads that found a document in the ERP equal to what was sent."""
    reads = SyncAttempt.objects.read_backs()
    return reads.filter(kind=Kind.MOVEMENT, target=target, outcome=Match.EQUAL).order_by()


def _standings(dated: "QuerySet[Movement]", target: Target) -> "QuerySet[SyncStanding]":
    standings = SyncStanding.objects.of_records(Kind.MOVEMENT, _ids(dated))
    return standings.filter(target=target, status=Status.SYNCED).order_by()


def _ids(dated: "QuerySet[Movement]") -> Any:
    return dated.order_by().values("pk")
