"""Writing attempts, the evidence of every call and decision: each is created once and completed once."""

import hashlib
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any
from uuid import UUID

from django.utils import timezone

from integrations.choices import Phase
from integrations.erp.payload import Payload
from integrations.erp.receipts import LONGEST_MESSAGE, Receipt, Verdict
from integrations.erp.storable import storable
from integrations.models import Connection, LearnedAnswer, StoredPayload, Syncable, SyncAttempt, SyncStanding
from integrations.models.record_content import content_digest
from integrations.queue.cluster import this_process

LONGEST_ANSWER_BYTES = 5_000_000
"""How much of an answer is kept."""


def store(body: bytes) -> StoredPayload | None:
    """Store bytes once by their SHA-256; None for no bytes. Callers mask secrets first."""
    if not body:
        return None
    payload = StoredPayload(sha256=hashlib.sha256(body).hexdigest(), compressed=zlib.compress(body), size=len(body))
    # One statement, whoever else stores the same bytes at the same time.
    StoredPayload.objects.bulk_create([payload], ignore_conflicts=True)
    return payload


def payload_columns(payload: Payload) -> dict[str, Any]:
    """Store a payload; the columns of an attempt that say what is sent and how the ERP will know the record."""
    return {
        "payload": store(payload.body.encode()),
        "payload_hash": payload.sha256,
        "reference": payload.reference.number[:80],
        "reference_key": payload.reference.identifier[:120],
        "series": payload.reference.series[:60],
    }


def open_attempt(
    row: SyncStanding, record: Syncable, connection: Connection, payload: Payload, lease_until: datetime
) -> SyncAttempt:
    """Save the attempt of a claim, with the payload, before it leaves."""
    columns = {"version": row.version_confirmed, "lease_until": lease_until, **payload_columns(payload)}
    columns["content_hash"] = content_digest(record)
    if batch := row.batch:
        columns |= {"requested_by": batch.requested_by, "requested_from": batch.requested_from}
        columns["accepted_rules"] = batch.accepted_rules
    attempt = new_attempt(row, connection, SyncAttempt.Operation.SEND, str(record), **columns)
    attempt.save(force_insert=True)
    return attempt


def record_request(attempts: Sequence[UUID], request: Payload | None, rows_before: Sequence[int]) -> None:
    """Record on unfinished attempts the joint request that carries them; None: each leaves in its own.

    `rows_before`: for each attempt, the lines of the request that come before its own.
    """
    digest = request.sha256 if request else ""
    for attempt, before in zip(attempts, rows_before, strict=True):
        unfinished = SyncAttempt.objects.filter(pk=attempt, finished_at__isnull=True)
        unfinished.update(request_hash=digest, rows_before=before)


def complete(attempt_id: UUID, receipt: Receipt, answer_text: LearnedAnswer | None = None) -> bool:
    """Complete an attempt with what came of its call; False, and no change, where it already was."""
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
            answer=store(receipt.body[:LONGEST_ANSWER_BYTES]),
            answer_text=answer_text,
            finished_at=timezone.now(),
        )
    )


def new_attempt(
    row: SyncStanding, connection: Connection, operation: SyncAttempt.Operation, label: str = "", **columns: Any
) -> SyncAttempt:
    """An unsaved, unfinished attempt about the standing's record, which `label` names.

    Without others in `columns`, it is of the version and in the series of the last send.
    """
    if "series" not in columns:
        columns["series"] = series_of(row)
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
        life=row.life,
        taken_by=this_process(),
        **{"version": row.version_sent, **columns},
    )


def new_verification(row: SyncStanding, connection: Connection, requested_from: str) -> SyncAttempt:
    """A read-back of a record, not yet saved: `lanes.take_slot` saves it, `close_verification` completes it."""
    label, requested_from = label_of(row), requested_from[:200]
    return new_attempt(row, connection, SyncAttempt.Operation.VERIFY, label, requested_from=requested_from)


def close_verification(
    reading: SyncAttempt, outcome: str, message: str, reference: str, answer: bytes, requested_from: str
) -> None:
    """Complete a read-back, once. `answer` is what `read_back.as_json` wrote."""
    reading.requested_from = requested_from[:200]
    reading.phase, reading.outcome = Phase.ANSWERED, outcome
    reading.message = storable(message, LONGEST_MESSAGE)
    reading.reference, reading.answer, reading.finished_at = reference[:80], store(answer), timezone.now()
    reading.save()


def label_of(row: SyncStanding) -> str:
    """The record's name, as its last attempt has it."""
    attempts = SyncAttempt.objects.of_records(row.kind, [row.record_id]).exclude(record_label="")
    return attempts.order_by("-started_at").values_list("record_label", flat=True).first() or ""


def series_of(row: SyncStanding) -> str:
    """The ERP's series in which the record was last numbered; empty before its first send."""
    if row.attempt is None:
        return ""
    return SyncAttempt.objects.filter(pk=row.attempt).values_list("series", flat=True).first() or ""


@contextmanager
def closed_at_the_end(reading: SyncAttempt) -> Iterator[None]:
    """Complete a read-back that an exception interrupts, so that it holds no slot; the exception goes on."""
    try:
        yield
    except BaseException:
        SyncAttempt.objects.filter(pk=reading.pk, finished_at__isnull=True).update(
            phase=Phase.ANSWERED,
            outcome="unread",
            message="La consulta se interrumpió: no se sabe nada nuevo.",
            finished_at=timezone.now(),
        )
        raise
