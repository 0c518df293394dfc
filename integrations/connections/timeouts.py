"""The ladder of timeouts (sync protocol, section 4.7): each step is longer than the one before, in seconds."""

from itertools import pairwise

from django.conf import settings

from integrations.choices import Target
from integrations.models import Connection

ASKED_SECONDS = {Target.SIIGO: 120.0, Target.SAG: 0.0}
"""The time that the ERP is asked to take: Siigo's `request_config.timeout` is at least 2 minutes."""

_STEPS = (
    ("deadline_seconds", "máximos por llamada"),
    ("queue", "de la tarea en la cola (QUEUE_TIMEOUT)"),
    ("lease_seconds", "de reserva de un envío"),
    ("settle_seconds", "antes de dar por ausente"),
)


def broken_steps(connection: Connection) -> list[str]:
    """What of the ladder does not hold, in Spanish; empty where it does."""
    values = {
        "deadline_seconds": connection.deadline_seconds,
        "queue": float(settings.Q_CLUSTER["timeout"]),
        "lease_seconds": connection.lease_seconds,
        "settle_seconds": connection.settle_seconds,
    }
    said = []
    asked = _asked(connection)
    if asked >= connection.deadline_seconds:
        said.append(f"Los segundos máximos por llamada deben superar los {asked:g} que se piden al ERP.")
    if connection.read_seconds > connection.deadline_seconds:
        said.append("La espera por lectura no puede superar los segundos máximos por llamada.")
    for (lower, lower_label), (upper, upper_label) in pairwise(_STEPS):
        if values[lower] >= values[upper]:
            said.append(
                f"Los segundos {upper_label} ({values[upper]:g}) deben superar los {lower_label} ({values[lower]:g})."
            )
    return said


def _asked(connection: Connection) -> float:
    if connection.target != Target.SIIGO:
        return ASKED_SECONDS[Target.SAG]
    return 60.0 * float(connection.settings.get("timeout_minutes", 2))


def from_read_seconds(read_seconds: float) -> dict[str, float]:
    """The other steps for a read timeout given by the environment; with DEBUG the queue's step is not waited for."""
    deadline = read_seconds * 1.5
    floor = 0.0 if settings.DEBUG else float(settings.Q_CLUSTER["timeout"]) + 60
    lease = max(deadline * 2, floor)
    return {
        "read_seconds": read_seconds,
        "deadline_seconds": deadline,
        "lease_seconds": lease,
        "settle_seconds": lease * 1.5,
        "reads_apart_seconds": min(30.0, lease / 10),
    }
