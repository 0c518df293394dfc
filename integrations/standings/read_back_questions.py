"""What a read-back of the ERP needs to know of records, out of their attempts, and the controls that prove the read."""

from collections.abc import Sequence
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.choices import Status
from integrations.erp.read_back import ReadBackQuestion
from integrations.erp.receipts import Verdict
from integrations.models import Connection, SeriesMark, SyncAttempt, SyncStanding

_CONTROLS_BESIDE = 2
_NEWEST_CONTROLS = 3


def questions(rows: Sequence[SyncStanding]) -> list[ReadBackQuestion]:
    """One question for each record whose last sent content is stored; the others have none."""
    pk_of = _pk_by_attempt(rows)
    bodies, closed, numbers = _bodies_before(rows), _names_of_closed_lives(rows), _numbers_before(rows)
    claimed = _names_of_others(rows) if numbers else frozenset()
    attempts = SyncAttempt.objects.select_related("payload").filter(pk__in=[*pk_of], payload__isnull=False)
    return [
        ReadBackQuestion(
            key=(pk := pk_of[attempt.pk]),
            body=attempt.payload.body.decode(),
            name=attempt.reference_key,
            series=attempt.series,
            body_before=bodies.get(pk, ""),
            closed_names=closed.get(pk, frozenset()),
            number_before=numbers.get(pk),
            claimed_names=claimed,
        )
        for attempt in attempts
        if attempt.payload
    ]


def control_payloads(connection: Connection, rows: Sequence[SyncStanding]) -> list[str]:
    """Bodies sent of records that the ERP has: positive controls for a read that looks for `rows`.

    A read asks for a range of numbers, and what left at the same time was numbered nearby: so the neighbours of
    each row's send in its series, and the newest of the series, which are there when nothing else is.
    """
    sends = SyncAttempt.objects.filter(pk__in=[*_pk_by_attempt(rows)])
    settled = _sends_of_settled_records(connection, rows)
    controls: dict[UUID, SyncAttempt] = {}
    for series, moment in sorted(sends.values_list("series", "started_at")):
        in_series = settled.filter(series=series)
        before = in_series.filter(started_at__lt=moment).order_by("-started_at")[:_CONTROLS_BESIDE]
        after = in_series.filter(started_at__gt=moment).order_by("started_at")[:_CONTROLS_BESIDE]
        controls |= {attempt.pk: attempt for attempt in [*before, *after]}
    for series in sorted(set(sends.values_list("series", flat=True))):
        newest = settled.filter(series=series).order_by("-started_at")[:_NEWEST_CONTROLS]
        controls |= {attempt.pk: attempt for attempt in newest}
    return [attempt.payload.body.decode() for attempt in controls.values() if attempt.payload]


def _pk_by_attempt(rows: Sequence[SyncStanding]) -> dict[UUID, int]:
    """Attempt in force → standing id."""
    return {row.attempt: row.pk for row in rows if row.attempt is not None}


def _sends_of_settled_records(connection: Connection, besides: Sequence[SyncStanding]) -> QuerySet[SyncAttempt]:
    """The sends by which other records of this kind arrived; the index `attempt_series` keeps their order."""
    same_record = {"kind": OuterRef("kind"), "record_id": OuterRef("record_id"), "target": OuterRef("target")}
    settled = SyncStanding.objects.filter(**same_record, status=Status.SYNCED, attempt=OuterRef("pk"))
    sends = SyncAttempt.objects.filter(connection=connection, kind=besides[0].kind, payload__isnull=False)
    return sends.filter(Exists(settled.exclude(pk__in=[row.pk for row in besides]))).select_related("payload")


def _bodies_before(rows: Sequence[SyncStanding]) -> dict[int, str]:
    """Standing id → what the ERP accepted of the record before the attempt in doubt, in the same life."""
    updates = {(row.kind, row.record_id, row.target): row for row in rows if row.ever_present}
    if not updates:
        return {}
    accepted = SyncAttempt.objects.select_related("payload").filter(
        record_id__in=[row.record_id for row in updates.values()], outcome=Verdict.ACCEPTED, payload__isnull=False
    )
    bodies = {}
    for attempt in accepted.order_by("started_at"):
        row = updates.get((attempt.kind, attempt.record_id, attempt.target))
        if row is not None and attempt.pk != row.attempt and attempt.life == row.life and attempt.payload:
            bodies[row.pk] = attempt.payload.body.decode()
    return bodies


def _names_of_closed_lives(rows: Sequence[SyncStanding]) -> dict[int, frozenset[str]]:
    """Standing id → the ERP's numbers and keys of the record's documents that were annulled there."""
    renewed = {(row.kind, row.record_id, row.target): row for row in rows if row.life > 1}
    names: dict[int, set[str]] = {}
    attempts = SyncAttempt.objects.filter(record_id__in=[row.record_id for row in renewed.values()])
    columns = ("kind", "record_id", "target", "life", "reference", "reference_key")
    for kind, record_id, target, life, *references in attempts.values_list(*columns):
        row = renewed.get((kind, record_id, target))
        if row is not None and life < row.life:
            names.setdefault(row.pk, set()).update(references)
    return {pk: frozenset(found - {""}) for pk, found in names.items()}


def _numbers_before(rows: Sequence[SyncStanding]) -> dict[int, int]:
    """Standing id → the last number of its series that was read before its attempt began.

    Without those of a series in which a record that is not among `rows` might claim the same document.
    """
    pk_of = _pk_by_attempt(rows)
    numbers = {}
    for attempt in SyncAttempt.objects.filter(pk__in=[*pk_of]).exclude(series=""):
        marks = SeriesMark.objects.filter(connection=attempt.connection_id, series=attempt.series)
        earlier = marks.filter(read_at__lte=attempt.started_at).order_by("-read_at")
        number = earlier.values_list("number", flat=True).first()
        if number is not None and not _might_be_claimed(attempt, besides=list(pk_of.values())):
            numbers[pk_of[attempt.pk]] = number
    return numbers


def _might_be_claimed(attempt: SyncAttempt, *, besides: Sequence[int]) -> bool:
    """Whether a record other than `besides` may have made a document in the attempt's series."""
    unsettled = SyncStanding.objects.filter(
        Q(status__in=[Status.SENDING, Status.UNCERTAIN, Status.CONFLICT]) | Q(verify_first=True),
        connection=attempt.connection_id,
        kind=attempt.kind,
    ).exclude(pk__in=besides)
    same_series = SyncAttempt.objects.filter(series=attempt.series).values("pk")
    return unsettled.filter(attempt__in=same_series).exists()


def _names_of_others(rows: Sequence[SyncStanding]) -> frozenset[str]:
    """The ERP's numbers and keys of the documents of this kind that belong to other records."""
    others = SyncStanding.objects.filter(connection=rows[0].connection_id, kind=rows[0].kind)
    others = others.exclude(pk__in=[row.pk for row in rows]).exclude(reference="", reference_key=None)
    return frozenset(name for pair in others.values_list("reference", "reference_key") for name in pair if name)
