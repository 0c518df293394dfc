"""*Detener todos los envíos*, the drain flag, and the heartbeat: what stands above every lane."""

from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from integrations.choices import Status
from integrations.clock import database_now
from integrations.cluster import SENDING
from integrations.models import Connection, Heartbeat, SendingSwitch, SyncAttempt, SyncStanding
from integrations.outbox import enqueue_drain

SILENT_SECONDS = 60
"""A heartbeat older than this, with no call in flight, means that the queue does not answer."""
SILENT = "El proceso de envío no responde."


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


def beat(cluster: str) -> None:
    """A task of this cluster ran."""
    Heartbeat.objects.update_or_create(cluster=cluster, defaults={"beaten_at": database_now()})


def is_silent(cluster: str = "", seconds: float = SILENT_SECONDS) -> bool:
    """Whether a cluster has given no sign of life. A live lease is one: it waits for an ERP.

    A cluster that never beat is not silent: it may never have been started.
    """
    now = database_now()
    cluster = cluster or SENDING
    last = Heartbeat.objects.filter(cluster=cluster).first()
    if last is None or last.beaten_at > now - timedelta(seconds=seconds):
        return False
    # Only the sending cluster ever waits for an ERP.
    return cluster != SENDING or not _live_leases(now)
