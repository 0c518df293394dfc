"""*Detener todos los envíos* and the drain flag: what stops every lane at once."""

from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.models import Connection, SendingSwitch
from integrations.queue.outbox import enqueue_drain


def current() -> SendingSwitch:
    """The switch as it is; never stored until somebody uses it."""
    return SendingSwitch.objects.filter(pk=SendingSwitch.ONLY).first() or SendingSwitch(pk=SendingSwitch.ONLY)


def why_stopped() -> str:
    """Why no lane may claim, in Spanish; empty while they may."""
    switch = current()
    if switch.stopped_at:
        return f"Todos los envíos están detenidos: {switch.stop_reason or 'sin motivo escrito'}."
    return "Se espera una actualización del sistema: no sale nada nuevo." if switch.draining_since else ""


def stop_all(reason: str) -> None:
    """No worker claims anything more, on any connection; what is in flight finishes."""
    _set(stopped_at=timezone.now(), stop_reason=reason[:300])


def resume_all() -> None:
    """Take back `stop_all` and `start_draining`, and drain every connection that is not paused itself."""
    _set(stopped_at=None, stop_reason="", draining_since=None)
    for connection in Connection.objects.live().filter(paused_at__isnull=True):
        enqueue_drain(connection.pk, connection.concurrency)


def start_draining() -> None:
    """Before a deploy: nothing more is claimed until `resume_all`."""
    _set(draining_since=timezone.now())


@transaction.atomic
def _set(**columns: Any) -> None:
    # Whoever has locked a connection is claiming: after this lock its claim is visible, or it sees the switch.
    list(Connection.objects.select_for_update(of=("self",)).order_by("pk"))
    SendingSwitch.objects.update_or_create(pk=SendingSwitch.ONLY, defaults=columns)
