"""A document that SAG took, with what a read showed of it afterwards."""

import datetime as dt

from django.utils import timezone

from integrations.choices import Status, Target
from integrations.erp.read_back import FoundRecord, Match, ReadBackResult
from integrations.erp.read_back_evidence import as_json
from integrations.erp.receipts import Reference
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.standings import attempts
from ledger.models import Movement
from tests import builders
from tests.builders import standing_of

VOIDED = ReadBackResult(Match.VOIDED, (FoundRecord(Reference("PD-1", "41", "PD"), is_voided=True),))


def in_sag(sag: Connection, seen: ReadBackResult | None = VOIDED, key: str = "") -> SyncStanding:
    """An order that SAG took, and the last look at it."""
    movement = builders.order(key, company=sag.company)
    row = standing_of(movement, Target.SAG)
    ago = timezone.now() - dt.timedelta(hours=1)
    attempt = SyncAttempt.objects.create(
        kind=row.kind, record_id=row.record_id, target=row.target, company=row.company, connection=sag,
        lease_until=ago, record_label=str(movement), finished_at=ago, outcome="accepted",
    )  # fmt: skip
    row.status, row.connection, row.attempt, row.settles_at = Status.SYNCED, sag, attempt.pk, ago
    row.ever_present, row.reference, row.version_sent = True, "PD-1", row.version
    row.save()
    Movement.objects.filter(pk=movement.pk).update(sag_status=Status.SYNCED)
    if seen is not None:
        reading = attempts.new_attempt(row, sag, SyncAttempt.Operation.VERIFY)
        attempts.close_verification(reading, seen.match, "", "", as_json(seen), "prueba")
    return row
