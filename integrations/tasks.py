"""Doors of the worker: each takes ids, calls one function, and returns what the queue may show."""

from uuid import UUID

from integrations import dispatch, engine, reconcile, sweeping, switch
from integrations.cluster import SCHEDULED
from integrations.models import SyncBatch


def drain(connection_id: int) -> int:
    """Send what is queued on a lane."""
    return engine.drain(connection_id)


def prepare_batch(batch_id: int) -> None:
    """Make the preview of a large selection."""
    dispatch.prepare(SyncBatch.objects.get(pk=batch_id))


def verify(standing_id: int, attempt: str, requested_from: str = "") -> str:
    """Look one record up in the ERP."""
    return reconcile.verify(standing_id, UUID(attempt) if attempt else None, requested_from)


def sweep() -> str:
    """What time alone settles."""
    switch.beat(SCHEDULED)
    return str(sweeping.sweep())


def beat(cluster: str) -> None:
    """A sign of life of the cluster that ran this."""
    switch.beat(cluster)
