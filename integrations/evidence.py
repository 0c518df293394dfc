"""Writing down what was tried: attempts are opened at the claim and completed once."""

import hashlib
import zlib
from datetime import datetime
from uuid import UUID

from django.utils import timezone

from integrations.choices import Phase, SendKind
from integrations.models import Connection, StoredPayload, SyncAttempt, Syncable, SyncStanding
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
        reference=str(payload.reference),
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
    row: SyncStanding, connection: Connection, label: str, requested_from: str, lease_until: datetime
) -> SyncAttempt:
    """A read-back is part of the record's story, and holds a slot of its lane until it is closed."""
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
