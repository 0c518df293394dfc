"""What a read-back of the ERP needs to know of records, out of their attempts, and the controls that prove the read."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, Q, QuerySet

from integrations.choices import Status
from integrations.erp.read_back import KnownRecord, ReadBackQuestion, Sending
from integrations.erp.receipts import Verdict
from integrations.models import Connection, SeriesMark, SyncAttempt, SyncStanding
from integrations.standings.search_keys import key_of, next_keys

_MOST_SENDINGS = 5
_LIVES_AFTER_A_COPY = 2
_NOTHING_LEFT = (Verdict.NEVER_SENT, Verdict.UNAUTHORIZED, Verdict.THROTTLED, Verdict.REFUSED)
"""Answers after which the ERP holds nothing of that call."""
_CONTROLS_BESIDE = 2
_NEWEST_CONTROLS = 3


def questions(rows: Sequence[SyncStanding]) -> list[ReadBackQuestion]:
    """One question for each record whose last sent content is stored; the others have none."""
    bodies, closed, numbers = _bodies_before(rows), _names_of_closed_lives(rows), _numbers_before(rows)
    sends = sends_of_this_life(rows)
    keyless = [row for row in rows if row.pk in sends and not _carries(row, sends[row.pk])]
    names = claimed_names(rows) if numbers or keyless else frozenset()
    twins = _with_twins(keyless, sends)
    return [
        ReadBackQuestion(
            key=row.pk,
            sendings=tuple(map(_sending, sends[row.pk])),
            search_keys=_keys_of(row),
            identifier=row.reference_key or "",
            body_before=bodies.get(row.pk, ""),
            closed_names=closed.get(row.pk, frozenset()),
            number_before=numbers.get(row.pk),
            claimed_names=names,
            has_twin=row.pk in twins,
        )
        for row in rows
        if row.pk in sends
    ]


def _sending(attempt: SyncAttempt) -> Sending:
    body = attempt.payload.body.decode() if attempt.payload else ""
    return Sending(body, attempt.reference_key, attempt.series, attempt.version)


def _keys_of(row: SyncStanding) -> tuple[str, ...]:
    """Our keys of this life and, while a restored copy is being checked, of those that may have followed it."""
    restored = row.connection is not None and row.connection.restored_at is not None
    return (key_of(row), *(next_keys(row, _LIVES_AFTER_A_COPY) if restored and row.search_key else ()))


def _carries(row: SyncStanding, sends: Sequence[SyncAttempt]) -> bool:
    """Whether our key travelled in any of the requests, or the ERP finds them by a key that we give."""
    key = key_of(row).encode()
    return any(send.payload is not None and key in send.payload.body for send in sends)


def sends_of_this_life(rows: Sequence[SyncStanding]) -> dict[int, list[SyncAttempt]]:
    """Standing id → the attempts of its life that may have written something, one a payload, the newest first.

    Without those records whose attempt in force has no stored payload any more.
    """
    current = {(row.kind, row.record_id, row.target): row for row in rows if row.attempt is not None}
    attempts = SyncAttempt.objects.select_related("payload").filter(
        kind=rows[0].kind,
        record_id__in=[row.record_id for row in current.values()],
        operation__in=[SyncAttempt.Operation.SEND, SyncAttempt.Operation.RESTORE],
        payload__isnull=False,
    )
    sends: dict[int, dict[str, SyncAttempt]] = {}
    for attempt in attempts.order_by("-started_at"):
        row = current.get((attempt.kind, attempt.record_id, attempt.target))
        if row is None or attempt.life != row.life:
            continue
        if attempt.pk == row.attempt:
            sends[row.pk] = {attempt.payload_hash: attempt} | sends.get(row.pk, {})
        elif attempt.outcome not in _NOTHING_LEFT:
            sends.setdefault(row.pk, {}).setdefault(attempt.payload_hash, attempt)
    in_force = {row.pk: row.attempt for row in current.values()}
    return {
        pk: list(by_hash.values())[:_MOST_SENDINGS]
        for pk, by_hash in sends.items()
        if next(iter(by_hash.values())).pk == in_force[pk]
    }


def _with_twins(rows: Sequence[SyncStanding], sends: Mapping[int, Sequence[SyncAttempt]]) -> set[int]:
    """Standings without a key for which another record, whose document has no name yet, sent equal content."""
    hashes = {send.content_hash for row in rows for send in sends[row.pk] if send.content_hash}
    if not hashes:
        return set()
    unnamed = SyncStanding.objects.filter(
        kind=OuterRef("kind"), record_id=OuterRef("record_id"), target=OuterRef("target"), reference_key=None
    )
    alike = SyncAttempt.objects.filter(
        Exists(unnamed),
        kind=rows[0].kind,
        connection=rows[0].connection_id,
        operation=SyncAttempt.Operation.SEND,
        content_hash__in=hashes,
    )
    pairs = alike.exclude(outcome__in=_NOTHING_LEFT).values_list("content_hash", "record_id").distinct()
    senders: dict[str, set[int]] = defaultdict(set)
    for digest, record_id in pairs:
        senders[digest].add(record_id)
    return {
        row.pk
        for row in rows
        if any(senders[send.content_hash] - {row.record_id} for send in sends[row.pk] if send.content_hash)
    }


def known_records(connection: Connection, rows: Sequence[SyncStanding]) -> list[KnownRecord]:
    """Records that the ERP is known to hold: what a complete read that looks for `rows` brings too.

    A read asks for a range of numbers, and what left at the same time was numbered nearby: so the neighbours of
    each row's send in its series, and the newest of the series, which are there when nothing else is.
    """
    sends = SyncAttempt.objects.filter(pk__in=[*_pk_by_attempt(rows)])
    held = _sends_of_held_records(connection, rows)
    controls: dict[UUID, SyncAttempt] = {}
    for series, moment in sorted(sends.values_list("series", "started_at")):
        in_series = held.filter(series=series)
        before = in_series.filter(started_at__lt=moment).order_by("-started_at")[:_CONTROLS_BESIDE]
        after = in_series.filter(started_at__gt=moment).order_by("started_at")[:_CONTROLS_BESIDE]
        controls |= {attempt.pk: attempt for attempt in [*before, *after]}
    for series in sorted(set(sends.values_list("series", flat=True))):
        newest = held.filter(series=series).order_by("-started_at")[:_NEWEST_CONTROLS]
        controls |= {attempt.pk: attempt for attempt in newest}
    first_doubt = min(sends.values_list("started_at", flat=True), default=None)
    return _as_known(list(controls.values()), first_doubt)


def _as_known(attempts: Sequence[SyncAttempt], first_doubt: datetime | None) -> list[KnownRecord]:
    rows = {row.attempt: row for row in SyncStanding.objects.filter(attempt__in=[attempt.pk for attempt in attempts])}
    return [
        KnownRecord(
            standing=row.pk,
            body=attempt.payload.body.decode(),
            search_key=key_of(row),
            name=attempt.reference_key,
            is_later=first_doubt is not None and attempt.started_at > first_doubt,
            is_seen=row.seen_at is not None,
        )
        for attempt in attempts
        if attempt.payload and (row := rows.get(attempt.pk)) is not None
    ]


def _pk_by_attempt(rows: Sequence[SyncStanding]) -> dict[UUID, int]:
    """Attempt in force → standing id."""
    return {row.attempt: row.pk for row in rows if row.attempt is not None}


def _sends_of_held_records(connection: Connection, besides: Sequence[SyncStanding]) -> QuerySet[SyncAttempt]:
    """The sends of other records of this kind that the ERP accepted, or a read has seen, and that are not in doubt.

    The index `attempt_series` keeps their order.
    """
    same_record = {"kind": OuterRef("kind"), "record_id": OuterRef("record_id"), "target": OuterRef("target")}
    held = SyncStanding.objects.filter(
        **same_record, status__in=[Status.SYNCED, Status.CHANGED], attempt=OuterRef("pk")
    )
    sends = SyncAttempt.objects.filter(connection=connection, kind=besides[0].kind, payload__isnull=False)
    others = held.exclude(pk__in=[row.pk for row in besides])
    is_held = Q(Exists(others), outcome=Verdict.ACCEPTED) | Q(Exists(others.filter(seen_at__isnull=False)))
    return sends.filter(is_held).select_related("payload")


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


def claimed_names(rows: Sequence[SyncStanding]) -> frozenset[str]:
    """The ERP's numbers and keys of the documents of this kind that belong to other records; a hint is none."""
    others = SyncStanding.objects.filter(connection=rows[0].connection_id, kind=rows[0].kind)
    others = others.exclude(pk__in=[row.pk for row in rows]).exclude(reference="", reference_key=None)
    keys = others.values_list("reference_key", flat=True)
    numbers = others.exclude(pk__in=others.with_hints().values("pk")).values_list("reference", flat=True)
    return frozenset(name for name in keys.union(numbers) if name)
