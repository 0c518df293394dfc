"""Signs of life of the queue's clusters, and which of their processes are in a call to an ERP."""

import time
from datetime import datetime, timedelta

from integrations.choices import Status
from integrations.models import Heartbeat, SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.queue.cluster import SENDING, running_as

SILENT_SECONDS = 60
"""A heartbeat older than this, with no call in flight, means that the queue does not answer."""
SILENT = "El proceso de envío no responde. Avise al administrador."
_ALIVE_EVERY_SECONDS = 5.0
_last_alive: dict[str, float] = {}


def in_flight() -> int:
    """How many sends and read-backs are in flight: their lease is not over."""
    return _live_leases(database_now())


def _live_leases(now: datetime) -> int:
    sends = SyncStanding.objects.filter(status=Status.SENDING, lease_until__gt=now)
    return sends.count() + SyncAttempt.objects.read_backs().in_flight(now).count()


def beat(cluster: str, busy_seconds: float = 0) -> None:
    """Record that a task ran in this process's cluster; it may be busy, without a call to an ERP, for so long."""
    now = database_now()
    busy = now + timedelta(seconds=busy_seconds) if busy_seconds else None
    columns = {"cluster": cluster, "beaten_at": now, "busy_until": busy}
    Heartbeat.objects.update_or_create(process=running_as(cluster), defaults=columns)
    Heartbeat.objects.filter(beaten_at__lt=now - timedelta(days=1)).delete()


def alive() -> None:
    """The same from inside a long task of the sending cluster, as often as wanted: it writes every few seconds."""
    now = time.monotonic()
    if now - _last_alive.get(SENDING, -_ALIVE_EVERY_SECONDS) >= _ALIVE_EVERY_SECONDS:
        _last_alive[SENDING] = now
        beat(SENDING)


def silent_seconds(process: str) -> float | None:
    """For how many seconds a running cluster has given no sign of life; None before the first one."""
    last, now = Heartbeat.objects.filter(process=process).first(), database_now()
    return (now - last.alive_until).total_seconds() if last else None


def is_silent(cluster: str = SENDING, seconds: float = SILENT_SECONDS) -> bool:
    """Whether no running cluster of this name gave a sign of life for so long. A call in flight is one.

    A cluster that never beat is silent only where something has been queued for so long.
    """
    now = database_now()
    before = now - timedelta(seconds=seconds)
    last = Heartbeat.objects.filter(cluster=cluster).order_by("-beaten_at").first()
    if last is None:
        return SyncStanding.objects.filter(status=Status.QUEUED, progressed_at__lt=before).exists()
    # Only the sending cluster ever waits for an ERP.
    return last.alive_until <= before and (cluster != SENDING or not _live_leases(now))


def has_beaten(cluster: str) -> bool:
    """Whether a cluster of this name ever ran here: one that nobody started is not missed."""
    return Heartbeat.objects.filter(cluster=cluster).exists()


def processes_in_a_call() -> list[str]:
    """The processes with a call in flight, as `cluster.this_process` names them."""
    return list(SyncAttempt.objects.in_flight(database_now()).values_list("taken_by", flat=True))
