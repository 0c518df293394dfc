"""The two grades of «Enviado»: the ERP said that it stored it, or a read found it there (protocol, section 10.8)."""

from collections.abc import Sequence

from django.db.models import Count, Q, QuerySet

from integrations.choices import Grade, Kind, Status
from integrations.models import SyncStanding

SEEN = Q(status=Status.SYNCED, seen_at__isnull=False)
ACCEPTED = Q(status=Status.SYNCED, seen_at__isnull=True, look_at__isnull=False)
"""Accepted and still to be looked at: what a person said to be there is neither accepted nor seen."""


def grade_of(row: SyncStanding) -> Grade | None:
    """The grade of one standing; None where it is not sent, or a person's word is all there is."""
    if row.status != Status.SYNCED:
        return None
    return Grade.SEEN if row.seen_at else Grade.ACCEPTED if row.look_at else None


def grades_of(kind: Kind | str, record_ids: Sequence[int]) -> dict[tuple[int, str], Grade | None]:
    """(record id, target) → grade, of what is sent: one query."""
    rows = SyncStanding.objects.of_records(kind, record_ids).filter(SEEN | ACCEPTED)
    columns = rows.only("record_id", "target", "status", "seen_at", "look_at").order_by()
    return {(row.record_id, row.target): grade_of(row) for row in columns}


def count(rows: QuerySet[SyncStanding]) -> dict[tuple[str, str], dict[str, int]]:
    """(kind, target) → grade → how many; only what is not zero."""
    counted = rows.values_list("kind", "target").annotate(
        accepted=Count("pk", filter=ACCEPTED), seen=Count("pk", filter=SEEN)
    )
    return {
        (kind, target): {grade.value: number for grade, number in zip(Grade, numbers, strict=True) if number}
        for kind, target, *numbers in counted.order_by("kind", "target")
        if any(numbers)
    }
