"""Writing down what was tried: attempts are opened at the claim and completed once."""

import hashlib
import zlib
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from integrations.choices import Phase, SendKind, Status
from integrations.models import Connection, StoredPayload, Syncable, SyncAttempt, SyncStanding
from integrations.payloads import Payload
from integrations.receipts import Receipt, Verdict

_LONGEST_ANSWER_BYTES = 5_000_000


def store(body: bytes) -> StoredPayload | None:
    """Keep bytes once by their hash; None for nothing. Callers mask secrets first."""
    if not body:
        return None
    digest = hashlib.sha256(body).hexdigest()
    kept, _ = StoredPayload.objects.get_or_create(
        sha256=digest, defaults={"compressed": zlib.compress(body), "size": len(body)}
    )
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
        lease_until=lease_until,
    )


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


def open_verification(
    row: SyncStanding, connection: Connection, requested_from: str, lease_until: datetime
) -> SyncAttempt:
    """A read-back is part of the record's story, and holds a slot of its lane until it is closed."""
    sent = SyncAttempt.objects.filter(pk=row.attempt) if row.attempt else SyncAttempt.objects.none()
    label = sent.values_list("record_label", flat=True).first() or ""
    return SyncAttempt.objects.create(
        operation=SyncAttempt.Operation.VERIFY,
        kind=row.kind,
        record_id=row.record_id,
        record_label=label[:200],
        target=row.target,
        company_id=row.company_id,
        connection=connection,
        batch=row.batch,
        send_kind=row.send_kind or SendKind.CREATE,
        version=row.version_sent,
        life=row.life,
        requested_from=requested_from,
        lease_until=lease_until,
    )


def close_verification(attempt: SyncAttempt, outcome: str, message: str, reference: str = "") -> None:
    SyncAttempt.objects.filter(pk=attempt.pk, finished_at__isnull=True).update(
        phase=Phase.ANSWERED,
        outcome=outcome,
        message=message,
        reference=reference,
        finished_at=timezone.now(),
    )


def sent_body(attempt_id: UUID | None) -> str:
    """What an attempt sent, as text; empty where there is none (or retention removed it)."""
    if attempt_id is None:
        return ""
    attempt = SyncAttempt.objects.select_related("payload").filter(pk=attempt_id).first()
    return attempt.payload.body.decode() if attempt and attempt.payload else ""


def bodies_known_to_be_there(row: SyncStanding, most: int = 20) -> list[str]:
    """What was sent of the newest records of the same kind that this connection's ERP holds: positive controls."""
    held = SyncStanding.objects.filter(
        connection=row.connection, kind=row.kind, status=Status.SYNCED, attempt__isnull=False
    ).exclude(pk=row.pk)
    attempts = held.order_by("-synced_at").values_list("attempt", flat=True)[:most]
    stored = SyncAttempt.objects.select_related("payload").filter(pk__in=list(attempts))
    return [attempt.payload.body.decode() for attempt in stored if attempt.payload]


def body_before(row: SyncStanding) -> str:
    """What the ERP took of this record before the attempt in doubt; empty for a first send."""
    attempt = (
        SyncAttempt.objects.select_related("payload")
        .filter(kind=row.kind, record_id=row.record_id, target=row.target, outcome=Verdict.ACCEPTED)
        .exclude(pk=row.attempt or UUID(int=0))
        .order_by("-started_at")
        .first()
    )
    return attempt.payload.body.decode() if attempt and attempt.payload else ""
