"""What is wrong with a connection, point by point, each with what to do. Runs in the worker or the shell."""

import platform
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from typing import Any

import django
from django.conf import settings
from django.db import connection as connection_of_database
from django.utils import timezone

from integrations.choices import Target
from integrations.connections import credentials, timeouts
from integrations.erp.receipts import Secret
from integrations.erp.sag.client import SagClient
from integrations.errors import ConfigurationError, IntegrationError, NotSentError, QueryError
from integrations.models import Company, Connection
from integrations.models.clock import database_now
from integrations.sending import gateways

MOST_CLOCK_SECONDS = 2.0


@dataclass(frozen=True)
class Point:
    """One thing that was checked. `advice` is empty where it is well."""

    connection: str
    name: str
    is_well: bool
    told: str
    advice: str = ""

    def as_data(self) -> dict[str, Any]:
        return {**asdict(self), "is_well": self.is_well}

    def line(self) -> str:
        mark = "✓" if self.is_well else "✕"
        return f"{mark} {self.connection} · {self.name}: {self.told}" + (f" → {self.advice}" if self.advice else "")


def check_connections(company: Company, target: Target | str | None = None) -> list[Point]:
    """Every point of every live connection of a company."""
    connections = Connection.objects.live().filter(company=company).select_related("company")
    if target:
        connections = connections.filter(target=target)
    return [point for connection in connections for point in _points(connection)]


def _points(connection: Connection) -> Iterator[Point]:
    name = connection.get_target_display()
    yield _configured(connection, name)
    steps = timeouts.broken_steps(connection)
    # Demonstration and tests count in seconds.
    yield Point(name, "tiempos", not steps or settings.DEBUG, steps[0] if steps else "en orden", " ".join(steps[1:]))
    if connection.endpoint.startswith("http://"):
        yield Point(
            name,
            "cifrado",
            True,
            "la dirección es http: la clave viaja sin cifrar",
            "Prefiera https si responde.",
        )
    if connection.is_paused:
        yield Point(name, "pausa", False, f"en pausa: {connection.pause_reason}", "Reanude cuando esté corregido.")
    yield _answers(connection, name)


def _configured(connection: Connection, name: str) -> Point:
    try:
        if not credentials.unseal(connection.credential):
            raise ConfigurationError("falta la clave")
    except ConfigurationError as trouble:
        return Point(name, "credencial", False, str(trouble), "Escriba la clave en la conexión.")
    return Point(name, "credencial", True, "guardada y cifrada")


def _answers(connection: Connection, name: str) -> Point:
    try:
        gateways.gateway(connection).probe()
    except QueryError as refused:
        return Point(name, "respuesta", False, str(refused), "Revise la clave y el identificador de la conexión.")
    except NotSentError as unreachable:
        advice = _only_http(connection) or "Revise la dirección y que el ERP esté encendido."
        return Point(name, "respuesta", False, str(unreachable), advice)
    except IntegrationError as failed:
        advice = _only_http(connection) or "Avise a quien administra el ERP."
        return Point(name, "respuesta", False, str(failed), advice)
    return Point(name, "respuesta", True, f"{connection.endpoint} responde y acepta la clave")


def _only_http(connection: Connection) -> str:
    """SAG's https may answer 404 where its http works (`sag-notes`, section 0.8). Asked without the token."""
    if connection.target != Target.SAG or not connection.endpoint.startswith("https://"):
        return ""
    plain = "http://" + connection.endpoint.removeprefix("https://")
    try:
        SagClient(plain, Secret(""), gateways.timeouts(connection)).probe()
    except QueryError:
        return f"Solo responde por http: use {plain}, sabiendo que el token viaja sin cifrar."
    except IntegrationError:
        return ""
    return ""


def machine_points() -> list[Point]:
    """What belongs to this installation: versions, and the database's clock against ours."""
    apart = abs((database_now() - timezone.now()).total_seconds())
    versions = f"Python {platform.python_version()}, Django {django.get_version()}, {connection_of_database.vendor}"
    told = f"la base de datos difiere {apart:.1f} s de esta máquina"
    advice = "" if apart < MOST_CLOCK_SECONDS else "Sincronice los relojes (NTP): las reservas usan el de la base."
    return [
        Point("Instalación", "versiones", True, versions),
        Point("Instalación", "reloj", apart < MOST_CLOCK_SECONDS, told, advice),
    ]
