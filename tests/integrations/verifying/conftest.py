"""Records in doubt against stand-ins on real sockets, in which the settle window is already over."""

import datetime as dt
from typing import Any

from django.utils import timezone

from integrations import sweep
from integrations.choices import Target
from integrations.dispatch import batches
from integrations.models import Syncable, SyncAttempt, SyncBatch, SyncStanding
from integrations.sending import claims, engine
from integrations.standings.requester import Requester
from integrations.verifying import looks
from tests.builders import standing_of

WHO = Requester(origin="prueba")


def confirmed(record: Syncable, target: Target) -> SyncBatch:
    batch = batches.draft(
        company=record.company, target=target, kind=record.kind, record_ids=[record.pk], requester=WHO
    )
    return batches.confirm(batch.pk)


def accepted(record: Syncable, target: Target) -> SyncStanding:
    """Sent, and answered."""
    engine.drain(confirmed(record, target).connection_id)
    return standing_of(record, target)


def sent(record: Syncable, target: Target) -> SyncStanding:
    """Sent, answered, and seen in the ERP afterwards."""
    looks.look(accepted(record, target).connection_id or 0)
    return standing_of(record, target)


def lost(record: Syncable, target: Target, *, arrived: bool) -> SyncStanding:
    """In doubt, its window over: the worker died after the call (`arrived`) or before it."""
    batch = confirmed(record, target)
    claim = claims.claim_next(batch.connection_id)
    assert claim is not None
    if arrived:
        engine.call(claim)
    ago = timezone.now() - dt.timedelta(seconds=1)
    SyncStanding.objects.filter(pk=claim.standing_id).update(lease_until=ago, settles_at=timezone.now())
    SyncAttempt.objects.filter(pk=claim.attempt.pk).update(lease_until=ago)
    sweep.sweep()
    return standing_of(record, target)


def edited(simulator: Any, sql: str, *values: Any) -> None:
    """Somebody works in the ERP itself."""
    with simulator.store.transaction() as db:
        db.execute(sql, values)


def voided(simulator: Any) -> None:
    """Somebody annuls every document in SAG."""
    edited(simulator, "UPDATE movimientos SET sc_anulado = 'S'")
