"""What is wrong with a connection, point by point, each with what to do. Runs in the worker or the shell."""

import platform
from collections.abc import Iterator
from dataclasses import dataclass
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
"""How far the clock of the database may be from this machine's."""


@dataclass(frozen=True)
class CheckResult:
    """One thing that was checked, in Spanish. `advice` is empty where nothing need be done."""

    connection: str
    name: str
    is_well: bool
    detail: str
    advice: str = ""

    def as_data(self) -> dict[str, Any]:
        """As JSON names it."""
        return {
            "connection": self.connection,
            "name": self.name,
            "is_well": self.is_well,
            "told": self.detail,
            "advice": self.advice,
        }

    def line(self) -> str:
        """As a line of a terminal."""
        mark = "✓" if self.is_well else "✕"
        return f"{mark} {self.connection} · {self.name}: {self.detail}" + (f" → {self.advice}" if self.advice else "")


def check_connections(company: Company, target: Target | str | None = None) -> list[CheckResult]:
    """Check every connection of a company that is not archived, or those of one ERP."""
    connections = Connection.objects.live().filter(company=company).select_related("company")
    if target:
        connections = connections.filter(target=target)
    return [result for connection in connections for result in _check(connection)]


def _check(connection: Connection) -> Iterator[CheckResult]:
    name = connection.get_target_display()
    yield _configured(connection, name)
    yield _timeouts_in_order(connection, name)
    if connection.endpoint.startswith("http://"):
        plain = "la dirección es http: la clave viaja sin cifrar"
        yield CheckResult(name, "cifrado", True, plain, "Prefiera https si responde.")
    if connection.is_paused:
        yield CheckResult(
            name, "pausa", False, f"en pausa: {connection.pause_reason}", "Reanude cuando esté corregido."
        )
    yield _answers(connection, name)


def _timeouts_in_order(connection: Connection, name: str) -> CheckResult:
    steps = timeouts.broken_steps(connection)
    # The demonstration and the tests use timeouts of seconds.
    is_well = not steps or settings.DEBUG
    return CheckResult(name, "tiempos", is_well, steps[0] if steps else "en orden", " ".join(steps[1:]))


def _configured(connection: Connection, name: str) -> CheckResult:
    try:
        if not credentials.unseal(connection.credential):
            raise ConfigurationError("falta la clave")
    except ConfigurationError as trouble:
        return CheckResult(name, "credencial", False, str(trouble), "Escriba la clave en la conexión.")
    return CheckResult(name, "credencial", True, "guardada y cifrada")


def _answers(connection: Connection, name: str) -> CheckResult:
    try:
        gateways.gateway(connection).probe()
    except QueryError as refused:
        return CheckResult(name, "respuesta", False, str(refused), "Revise la clave y el identificador de la conexión.")
    except NotSentError as unreachable:
        advice = _only_http(connection) or "Revise la dirección y que el ERP esté encendido."
        return CheckResult(name, "respuesta", False, str(unreachable), advice)
    except IntegrationError as failed:
        advice = _only_http(connection) or "Avise a quien administra el ERP."
        return CheckResult(name, "respuesta", False, str(failed), advice)
    return CheckResult(name, "respuesta", True, f"{connection.endpoint} responde y acepta la clave")


def _only_http(connection: Connection) -> str:
    """Advice where SAG answers 404 over https and works over http (`sag-notes`, 0.8); asked without the token."""
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


def check_machine() -> list[CheckResult]:
    """Check this installation: its versions, and the database's clock against this machine's."""
    apart = abs((database_now() - timezone.now()).total_seconds())
    versions = f"Python {platform.python_version()}, Django {django.get_version()}, {connection_of_database.vendor}"
    clocks = f"la base de datos difiere {apart:.1f} s de esta máquina"
    advice = "" if apart < MOST_CLOCK_SECONDS else "Sincronice los relojes (NTP): las reservas usan el de la base."
    return [
        CheckResult("Instalación", "versiones", True, versions),
        CheckResult("Instalación", "reloj", apart < MOST_CLOCK_SECONDS, clocks, advice),
    ]
