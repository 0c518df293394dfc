"""What the pages of a correction in bulk read."""

from collections import Counter
from dataclasses import dataclass

from django.db.models import Count, F, QuerySet

from integrations.choices import Target
from integrations.models import Correction, CorrectionItem, SyncStanding
from integrations.standings.verdicts import JUDGED


@dataclass(frozen=True)
class CorrectionCounts:
    """How many records of a correction there are with each verdict, each result of the checks and each outcome."""

    total: int
    verdict: Counter[str]
    check_result: Counter[str]
    outcome: Counter[str]


def counts(correction: Correction) -> CorrectionCounts:
    """Counted in one query."""
    found = CorrectionCounts(0, Counter(), Counter(), Counter())
    columns = ("verdict", "check_result", "outcome")
    total = 0
    for *values, count in correction.items.order_by().values_list(*columns).annotate(count=Count("pk")):
        total += count
        for column, value in zip(columns, values, strict=True):
            getattr(found, column)[value] += count
    return CorrectionCounts(total, found.verdict, found.check_result, found.outcome)


def items(correction: Correction, **conditions: object) -> "QuerySet[CorrectionItem]":
    """The items that meet these conditions, in the order of the selection."""
    return correction.items.filter(**conditions).order_by("position")


def _ready(correction: Correction) -> "QuerySet[SyncStanding]":
    """Standings of corrected records that pass the local checks now."""
    done = correction.items.filter(outcome=CorrectionItem.Outcome.DONE).values("record_id")
    passed = SyncStanding.objects.filter(kind=correction.kind, record_id__in=done, status__in=JUDGED)
    return passed.filter(verdict=SyncStanding.Verdict.READY, version_checked=F("version"))


def ready_counts(correction: Correction) -> dict[Target, int]:
    """How many corrected records could be sent now, by ERP; without the ERPs that take none."""
    found = Counter(_ready(correction).values_list("target", flat=True))
    return {Target(target): count for target, count in sorted(found.items(), reverse=True)}


def ready_ids(correction: Correction, target: Target | str) -> list[int]:
    """The corrected records that could be sent to an ERP now, in the order of the selection."""
    ready = set(_ready(correction).filter(target=target).values_list("record_id", flat=True))
    ids = correction.items.order_by("position").values_list("record_id", flat=True)
    return [record_id for record_id in ids if record_id in ready]


def stay_reasons(correction: Correction, **conditions: object) -> list[str]:
    """The reasons of the items that meet these conditions."""
    return list(correction.items.filter(**conditions).order_by().values_list("reason", flat=True))
