"""*Detener todos los envíos*, the drain flag, and the heartbeat: what stands above every lane."""

import time
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from integrations.choices import Status
from integrations.clock import database_now
from integrations.cluster import SENDING, running_as
from integrations.models import Connection, Heartbeat, SendingSwitch, SyncAttempt, SyncStanding
from integrations.outbox import enqueue_drain

SILENT_SECONDS = 60
"""A heartbeat older than this, with no call in flight, means that the queue does not answer."""
SILENT = "El proceso de envío no responde. Avise al administrador."
_ALIVE_EVERY_SECONDS = 5.0
_last_alive: dict[str, float] = {}


def current() -> SendingSwitch:
    """The switch as it is; never stored until somebody uses it."""
    return SendingSwitch.objects.filter(pk=SendingSwitch.ONLY).first() or SendingSwitch(pk=SendingSwitch.ONLY)


def why_stopped() -> str:
    """Why no lane may claim, in Spanish; empty while they may."""
    found = current()
    if found.stopped_at:
        return f"Todos los envíos están detenidos: {found.stop_reason or 'sin motivo escrito'}."
    return "Se espera una actualización del sistema: no sale nada nuevo." if found.draining_since else ""


def stop_all(reason: str) -> None:
    """No worker claims anything more, on any connection; what is in flight finishes."""
    _set(stopped_at=timezone.now(), stop_reason=reason[:300])


def resume_all() -> None:
    """Take back `stop_all` and the drain flag, and wake every lane. A connection's own pause stays."""
    _set(stopped_at=None, stop_reason="", draining_since=None)
    for connection in Connection.objects.filter(archived_at__isnull=True, paused_at__isnull=True):
        enqueue_drain(connection.pk, connection.concurrency)


def start_draining() -> None:
    """Before a deploy: nothing more is claimed until `resume_all`."""
    _set(draining_since=timezone.now())


def _set(**facts: Any) -> None:
    with transaction.atomic():
        # Whoever holds a connection's row is claiming: after this lock its claim is visible, or it sees the switch.
        list(Connection.objects.select_for_update(of=("self",)).order_by("pk"))
        SendingSwitch.objects.update_or_create(pk=SendingSwitch.ONLY, defaults=facts)


def in_flight() -> int:
    """Calls that hold a live lease: sends and read-backs."""
    return _live_leases(database_now())


def in_flight_until() -> datetime | None:
    """When the last live lease of a send ends; None with nothing in flight."""
    live = SyncStanding.objects.filter(status=Status.SENDING, lease_until__gt=database_now())
    return live.order_by("-lease_until").values_list("lease_until", flat=True).first()


def _live_leases(now: datetime) -> int:
    reads = SyncAttempt.objects.filter(
        Q(operation=SyncAttempt.Operation.VERIFY), finished_at__isnull=True, lease_until__gt=now
    )
    return SyncStanding.objects.filter(status=Status.SENDING, lease_until__gt=now).count() + reads.count()


def beat(cluster: str, busy_seconds: float = 0) -> None:
    """A task ran in the running cluster of this process; it may be busy, without a call, for so long."""
    now = database_now()
    busy = now + timedelta(seconds=busy_seconds) if busy_seconds else None
    facts = {"cluster": cluster, "beaten_at": now, "busy_until": busy}
    Heartbeat.objects.update_or_create(process=running_as(cluster), defaults=facts)
    Heartbeat.objects.filter(beaten_at__lt=now - timedelta(days=1)).delete()


def alive() -> None:
    """The same from inside a long task of the sending cluster, as often as it likes: it writes every few seconds."""
    now = time.monotonic()
    if now - _last_alive.get(SENDING, -_ALIVE_EVERY_SECONDS) >= _ALIVE_EVERY_SECONDS:
        _last_alive[SENDING] = now
        beat(SENDING)


def silent_seconds(process: str) -> float | None:
    """For how long a running cluster has given no sign of life; None before the first one."""
    last, now = Heartbeat.objects.filter(process=process).first(), database_now()
    return (now - last.alive_until).total_seconds() if last else None


def is_silent(cluster: str = "", seconds: float = SILENT_SECONDS) -> bool:
    """Whether no running cluster of this name gives signs of life. A live lease is one: it waits for an ERP.

    One that never beat is silent only where something has been waiting for it.
    """
    now = database_now()
    cluster = cluster or SENDING
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
    """Who holds a live lease, as `cluster.this_process` names them."""
    live = SyncAttempt.objects.filter(lease_until__gt=database_now(), finished_at__isnull=True)
    return list(live.values_list("taken_by", flat=True))
