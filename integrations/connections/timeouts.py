"""The ladder of timeouts (sync protocol, section 4.7): each step is longer than the one before, in seconds."""

import math
from itertools import pairwise

from django.conf import settings

from integrations.choices import Target
from integrations.models import Connection

ASKED_SECONDS = {Target.SIIGO: 120.0, Target.SAG: 0.0}
"""Seconds that a request gives the ERP to answer: Siigo's `request_config.timeout` is at least 2 minutes."""

_QUEUE = "queue"
_STEPS = (
    ("deadline_seconds", "máximos por llamada"),
    (_QUEUE, "de la tarea en la cola (QUEUE_TIMEOUT)"),
    ("lease_seconds", "de reserva de un envío"),
    ("settle_seconds", "antes de dar por ausente"),
)


def broken_steps(connection: Connection) -> list[str]:
    """Which steps of the ladder are not longer than the one before, in Spanish; empty where all are."""
    steps = {name: float(getattr(connection, name)) for name, _ in _STEPS if name != _QUEUE}
    steps[_QUEUE] = float(settings.Q_CLUSTER["timeout"])
    broken = []
    in_request = _seconds_in_request(connection)
    if in_request >= connection.deadline_seconds:
        broken.append(f"Los segundos máximos por llamada deben superar los {in_request:g} que se piden al ERP.")
    if connection.read_seconds > connection.deadline_seconds:
        broken.append("La espera por lectura no puede superar los segundos máximos por llamada.")
    slot_seconds = connection.start_slack_seconds + connection.deadline_seconds
    if slot_seconds >= connection.lease_seconds:
        broken.append(
            f"Los segundos de reserva de un envío ({connection.lease_seconds:g}) deben superar los que tiene para "
            f"salir más los máximos por llamada ({slot_seconds:g})."
        )
    return broken + [
        f"Los segundos {upper_label} ({steps[upper]:g}) deben superar los {lower_label} ({steps[lower]:g})."
        for (lower, lower_label), (upper, upper_label) in pairwise(_STEPS)
        if steps[lower] >= steps[upper]
    ]


def why_not_to_call(connection: Connection) -> str:
    """Why this connection may call nobody until its times are put right, in Spanish; empty where it may."""
    broken = broken_steps(connection) if settings.TIMEOUTS_MUST_CLIMB else []
    return f"Los tiempos de la conexión se contradicen: {broken[0]} Corríjalos en Conexiones." if broken else ""


def _seconds_in_request(connection: Connection) -> float:
    """Infinite where the setting is no number: then no deadline is longer."""
    if connection.target != Target.SIIGO:
        return ASKED_SECONDS[Target.SAG]
    try:
        return 60.0 * float(connection.settings.get("timeout_minutes", 2))
    except (TypeError, ValueError):
        return math.inf


def _shortest_lease() -> float:
    """A minute more than a task of the queue may take, in seconds."""
    return 0.0 if settings.DEBUG else float(settings.Q_CLUSTER["timeout"]) + 60


def from_read_seconds(read_seconds: float) -> dict[str, float]:
    """All steps, as columns of a connection, for a read timeout in seconds; with DEBUG the queue's step is ignored."""
    deadline = read_seconds * 1.5
    lease = max(deadline * 2, _shortest_lease())
    return {
        "read_seconds": read_seconds,
        "deadline_seconds": deadline,
        "start_slack_seconds": min(10.0, deadline / 2),
        "lease_seconds": lease,
        "settle_seconds": lease * 1.5,
        "reads_apart_seconds": min(30.0, lease / 10),
    }
