"""Writing down what was tried: attempts are opened at the claim and completed once."""

import hashlib
import zlib
from collections.abc import Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils import timezone

from integrations.choices import Phase, Status
from integrations.erp.payload import Payload
from integrations.erp.read_back import ReadBackQuestion
from integrations.erp.receipts import Receipt, Verdict
from integrations.models import Connection, SeriesMark, StoredPayload, Syncable, SyncAttempt, SyncStanding
from integrations.queue.cluster import this_process

_LONGEST_ANSWER_BYTES = 5_000_000
_CONTROLS_BESIDE = 2
_NEWEST_CONTROLS = 3


def store(body: bytes) -> StoredPayload | None:
    """Keep bytes once by their hash; None for nothing. Callers mask secrets first."""
    if not body:
        return None
    kept = StoredPayload(sha256=hashlib.sha256(body).hexdigest(), compressed=zlib.compress(body), size=len(body))
    # One statement, whoever keeps the same bytes at the same time.
    StoredPayload.objects.bulk_create([kept], ignore_conflicts=True)
    return kept


def open_attempt(
    row: SyncStanding, record: Syncable, connection: Connection, payload: Payload, lease_until: datetime
) -> SyncAttempt:
    """The evidence of a claim, with what will leave, before it leaves."""
    batch = row.batch
    return SyncAttempt.objects.create(
        kind=row.kind,
        record_id=row.record_id,
        record_label=str(record)[:200],
        target=row.target,
        company_id=row.company_id,
        connection=connection,
        batch=batch,
        send_kind=row.send_kind,
        version=row.version_confirmed,
        life=row.life,
        requested_by=batch.requested_by if batch else None,
        requested_from=batch.requested_from if batch else "",
        accepted_rules=batch.accepted_rules if batch else [],
        payload_hash=payload.sha256,
        payload=store(payload.body.encode()),
        reference=payload.reference.number[:80],
        reference_key=payload.reference.identifier[:120],
        series=payload.reference.series[:60],
        lease_until=lease_until,
        taken_by=this_process(),
    )


def sent_together(attempts: Sequence[UUID], request: Payload | None, rows_before: Sequence[int]) -> None:
    """Write beside attempts that are still open in which joint request they leave; None: each in its own."""
    digest = request.sha256 if request else ""
    for attempt, before in zip(attempts, rows_before, strict=True):
        still_open = SyncAttempt.objects.filter(pk=attempt, finished_at__isnull=True)
        still_open.update(request_hash=digest, rows_before=before)


def complete(attempt_id: UUID, receipt: Receipt) -> bool:
    """Complete an attempt, once; a second completion changes nothing and answers False."""
    unsent = receipt.verdict is Verdict.NEVER_SENT
    unanswered = receipt.http_status is None and not receipt.body
    phase = Phase.CLAIMED if unsent else Phase.SENT if unanswered else Phase.ANSWERED
    return bool(
        SyncAttempt.objects.filter(pk=attempt_id, finished_at__isnull=True).update(
            phase=phase,
            http_status=receipt.http_status,
            outcome=receipt.verdict,
            cause=receipt.cause,
            message=receipt.message,
            answer=store(receipt.body[:_LONGEST_ANSWER_BYTES]),
            finished_at=timezone.now(),
        )
    )


def story_of(
    row: SyncStanding, connection: Connection, operation: SyncAttempt.Operation, label: str = ""
) -> SyncAttempt:
    """A row of the record's story that is no send: not yet saved, not yet finished."""
    return SyncAttempt(
        operation=operation,
        kind=row.kind,
        record_id=row.record_id,
        record_label=label[:200],
        target=row.target,
        company_id=row.company_id,
        connection=connection,
        batch_id=row.batch_id,
        send_kind=row.send_kind,
        version=row.version_sent,
        life=row.life,
        series=series_of(row),
        taken_by=this_process(),
    )


def new_verification(row: SyncStanding, connection: Connection, requested_from: str) -> SyncAttempt:
    """A read-back of a record, not yet saved: `lanes.take_slot` saves it, `close_verification` completes it."""
    reading = story_of(row, connection, SyncAttempt.Operation.VERIFY, label_of(row))
    reading.requested_from = requested_from[:200]
    return reading


def close_verification(
    reading: SyncAttempt, outcome: str, message: str, reference: str, seen: bytes, requested_from: str
) -> None:
    """Complete a reading, once. `seen` is what `read_back.as_json` wrote."""
    reading.requested_from = requested_from[:200]
    reading.phase, reading.outcome, reading.message = Phase.ANSWERED, outcome, message
    reading.reference, reading.answer, reading.finished_at = reference[:80], store(seen), timezone.now()
    reading.save()


def label_of(row: SyncStanding) -> str:
    """The record's name as its last attempt wrote it down."""
    attempts = SyncAttempt.objects.of_records(row.kind, [row.record_id]).exclude(record_label="")
    return attempts.order_by("-started_at").values_list("record_label", flat=True).first() or ""


def series_of(row: SyncStanding) -> str:
    """What the record was last numbered in."""
    if row.attempt is None:
        return ""
    return SyncAttempt.objects.filter(pk=row.attempt).values_list("series", flat=True).first() or ""


def questions(rows: Sequence[SyncStanding]) -> list[ReadBackQuestion]:
    """What a read-back has to know of each of these records; without those of which nothing is kept."""
    by_attempt = {row.attempt: row.pk for row in rows if row.attempt is not None}
    before, closed, above = _bodies_before(rows), _names_of_closed_lives(rows), _marks_before(rows)
    claimed = _claimed(rows) if above else frozenset()
    attempts = SyncAttempt.objects.select_related("payload").filter(pk__in=[*by_attempt], payload__isnull=False)
    return [
        ReadBackQuestion(
            key=(pk := by_attempt[one.pk]),
            body=one.payload.body.decode(),
            name=one.reference_key,
            series=one.series,
            body_before=before.get(pk, ""),
            closed_names=closed.get(pk, frozenset()),
            number_before=above.get(pk),
            claimed_names=claimed,
        )
        for one in attempts
        if one.payload
    ]


def bodies_known_to_be_there(connection: Connection, rows: Sequence[SyncStanding]) -> list[str]:
    """What was sent of records that the ERP holds: positive controls for a read that looks for `rows`.

    A read asks for a range of numbers, and what left at the same time was numbered nearby: so the neighbours of
    each row's sending in its series, and the newest of the series, which are there when nothing else is.
    """
    sendings = SyncAttempt.objects.filter(pk__in=[row.attempt for row in rows if row.attempt is not None])
    known = _held_by_the_erp(connection, rows)
    chosen: dict[UUID, SyncAttempt] = {}
    for series, moment in sorted(sendings.values_list("series", "started_at")):
        mine = known.filter(series=series)
        before = mine.filter(started_at__lt=moment).order_by("-started_at")[:_CONTROLS_BESIDE]
        after = mine.filter(started_at__gt=moment).order_by("started_at")[:_CONTROLS_BESIDE]
        chosen |= {one.pk: one for one in [*before, *after]}
    for series in sorted(set(sendings.values_list("series", flat=True))):
        newest = known.filter(series=series).order_by("-started_at")[:_NEWEST_CONTROLS]
        chosen |= {one.pk: one for one in newest}
    return [one.payload.body.decode() for one in chosen.values() if one.payload]


def _held_by_the_erp(connection: Connection, beside: Sequence[SyncStanding]) -> QuerySet[SyncAttempt]:
    """The sendings by which records of this kind came to be there; read in the order of `attempt_series`."""
    its_record = {"kind": OuterRef("kind"), "record_id": OuterRef("record_id"), "target": OuterRef("target")}
    settled = SyncStanding.objects.filter(**its_record, status=Status.SYNCED, attempt=OuterRef("pk"))
    sendings = SyncAttempt.objects.filter(connection=connection, kind=beside[0].kind, payload__isnull=False)
    return sendings.filter(Exists(settled.exclude(pk__in=[row.pk for row in beside]))).select_related("payload")


def _bodies_before(rows: Sequence[SyncStanding]) -> dict[int, str]:
    """Standing id → what the ERP took of the record before the attempt in doubt, in this life of it."""
    updates = {(row.kind, row.record_id, row.target): row for row in rows if row.ever_present}
    if not updates:
        return {}
    attempts = SyncAttempt.objects.select_related("payload").filter(
        record_id__in=[row.record_id for row in updates.values()], outcome=Verdict.ACCEPTED, payload__isnull=False
    )
    found = {}
    for one in attempts.order_by("started_at"):
        row = updates.get((one.kind, one.record_id, one.target))
        if row is not None and one.pk != row.attempt and one.life == row.life and one.payload:
            found[row.pk] = one.payload.body.decode()
    return found


def _names_of_closed_lives(rows: Sequence[SyncStanding]) -> dict[int, frozenset[str]]:
    """Standing id → what the ERP called the record's documents that were annulled there."""
    later = {(row.kind, row.record_id, row.target): row for row in rows if row.life > 1}
    names: dict[int, set[str]] = {}
    attempts = SyncAttempt.objects.filter(record_id__in=[row.record_id for row in later.values()])
    for one in attempts.values_list("kind", "record_id", "target", "life", "reference", "reference_key"):
        row = later.get(one[:3])
        if row is not None and one[3] < row.life:
            names.setdefault(row.pk, set()).update(one[4:])
    return {pk: frozenset(found - {""}) for pk, found in names.items()}


def mark(connection: Connection, series: str, number: int, attempt: UUID | None = None) -> None:
    """Keep the last number of a series, as it was just read; `attempt` is the uncertain call that it follows."""
    SeriesMark.objects.create(connection=connection, series=series[:60], number=number, attempt=attempt)


def _marks_before(rows: Sequence[SyncStanding]) -> dict[int, int]:
    """Standing id → the last number of its series that was read before its attempt began.

    Without those of a series in which a record that is not among `rows` might claim the same document.
    """
    attempts = {row.attempt: row.pk for row in rows if row.attempt is not None}
    found = {}
    for one in SyncAttempt.objects.filter(pk__in=[*attempts]).exclude(series=""):
        earlier = SeriesMark.objects.filter(
            connection=one.connection_id, series=one.series, read_at__lte=one.started_at
        ).order_by("-read_at")
        number = earlier.values_list("number", flat=True).first()
        if number is not None and not _might_be_claimed(one, list(attempts.values())):
            found[attempts[one.pk]] = number
    return found


def _might_be_claimed(attempt: SyncAttempt, known: Sequence[int]) -> bool:
    """Whether a record that is not looked for now may have made a document in the same series."""
    open_ones = SyncStanding.objects.filter(
        Q(status__in=[Status.SENDING, Status.UNCERTAIN, Status.CONFLICT]) | Q(verify_first=True),
        connection=attempt.connection_id,
        kind=attempt.kind,
    ).exclude(pk__in=known)
    same_series = SyncAttempt.objects.filter(series=attempt.series).values("pk")
    return open_ones.filter(attempt__in=same_series).exists()


def _claimed(rows: Sequence[SyncStanding]) -> frozenset[str]:
    """What the ERP calls the documents that other records of this kind hold."""
    held = SyncStanding.objects.filter(connection=rows[0].connection_id, kind=rows[0].kind).exclude(
        pk__in=[row.pk for row in rows]
    )
    named = held.exclude(reference="", reference_key=None).values_list("reference", "reference_key")
    return frozenset(name for pair in named for name in pair if name)
