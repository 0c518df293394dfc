"""Stand-ins on real sockets, and the ways in which a record is sent, lost or asked for."""

import datetime as dt
from typing import Any

from django.utils import timezone

from integrations import sweep
from integrations.choices import Status, Target
from integrations.dispatch import batches
from integrations.models import Syncable, SyncBatch
from integrations.sending import claims, engine
from integrations.sending.claims import Claim
from integrations.standings.requester import Requester
from integrations.verifying import looks
from tests.builders import standing_of


def confirmed(record: Syncable, target: Target = Target.SIIGO, accepted: tuple[str, ...] = ()) -> SyncBatch:
    batch = batches.draft(
        company=record.company,
        target=target,
        kind=record.kind,
        record_ids=[record.pk],
        requester=Requester(origin="prueba"),
        accepted_rules=accepted,
    )
    return batches.confirm(batch.pk)


def claimed(record: Syncable, target: Target = Target.SIIGO) -> Claim:
    """Confirmed and taken by a worker, which has sent nothing yet."""
    claim = claims.claim_next(confirmed(record, target).connection_id)
    assert claim is not None
    return claim


def sent(record: Syncable, target: Target = Target.SIIGO) -> Status:
    batch = confirmed(record, target)
    engine.drain(batch.connection_id)
    looks.look(batch.connection_id)
    return Status(standing_of(record, target).status)


def fault(name: str, **facts: Any) -> dict[str, Any]:
    return {"fault": name, "times": 1, "seconds": 4, **facts}


def documents(simulator: Any) -> int:
    """How many documents the stand-in holds."""
    held = simulator.documents()
    return len(held.get("vouchers", held.get("movimientos", [])))


def expire(movement: Syncable) -> None:
    row = standing_of(movement)
    row.lease_until = timezone.now() - dt.timedelta(seconds=1)
    row.settles_at = timezone.now()
    row.save()


def killed_after_the_commit(movement: Syncable, simulator: Any) -> None:
    """The worker dies between the ERP's commit and the finish."""
    batch = confirmed(movement)
    claim = claims.claim_next(batch.connection_id)
    assert claim is not None
    engine.call(claim)
    expire(movement)
    sweep.sweep()


def claimed_and_lost(movement: Syncable) -> None:
    """The worker dies before the request: nothing was posted."""
    batch = confirmed(movement)
    claims.claim_next(batch.connection_id)
    expire(movement)
    sweep.sweep()
