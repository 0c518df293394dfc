"""Set up the first company, its connections, groups and schedules (`bootstrap`). Safe to repeat.

What is missing is created. What is there stays as an administrator left it, and what differs is told; a part that is
named is made again as it comes.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django_q.models import Schedule

from integrations.choices import Environment, Target
from integrations.connections import credentials, timeouts
from integrations.decisions import environments
from integrations.erp import tax_ids
from integrations.errors import ConfigurationError
from integrations.management.groups import GROUPS, ShippedGroup
from integrations.models import Company, Connection, SyncAttempt
from integrations.pulls import shipped_queries
from integrations.queue.cluster import FILES, SCHEDULED, SENDING

SIIGO_SECONDS = {"read_seconds": 150.0, "deadline_seconds": 180.0}
"""Siigo is asked to take at most 2 minutes; a real call takes 50-120 s (`siigo-notes`, section 1.5)."""
SAG_SECONDS = {"read_seconds": 60.0, "deadline_seconds": 90.0}
_NOT_RESTORED = "No hay «{names}» que restaurar. Se puede: {known}."


class _Part(Protocol):
    """Something that comes with the product, under a name that may be restored."""

    name: str
    label: str

    def create(self) -> str:
        """Create it where it is missing; what was done, in Spanish, or empty where it is there."""

    def differences(self) -> Sequence[str]:
        """What is otherwise than it comes, in Spanish."""

    def restore(self) -> None:
        """Make it as it comes. Raises: ConfigurationError where that would lose something."""


@dataclass(frozen=True)
class Installation:
    """The company, and what was found or created, as lines in Spanish."""

    company: Company
    lines: list[str]


def bootstrap(restore: Collection[str] = ()) -> Installation:
    """Create what is missing of company, connections, groups and schedules; `restore` names what is made as it comes.

    Raises: ConfigurationError where the environment does not name the company, or nothing has a name to restore.
    """
    with transaction.atomic():
        company, lines = _company()
        parts: list[_Part] = [_ShippedConnection(company, target) for target in Target]
        parts += [ShippedGroup(name) for name in GROUPS]
        parts += [_ShippedSchedule(name) for name in _schedules()]
        known = [part.name for part in parts]
        if unknown := [name for name in restore if name not in known]:
            raise ConfigurationError(_NOT_RESTORED.format(names="», «".join(unknown), known=", ".join(known)))
        told = [line for part in parts for line in _set_up(part, is_restored=part.name in restore)]
        shipped_queries.ship()
    return Installation(company, [*lines, *(told or ["Conexiones, grupos, permisos y tareas programadas: al día."])])


def _set_up(part: _Part, *, is_restored: bool) -> list[str]:
    """What became of a part, in a line; nothing of one that is as it comes."""
    if created := part.create():
        return [f"{part.label}: {created}"]
    if is_restored:
        part.restore()
        return [f"{part.label}: se dejó como viene."]
    differences = part.differences()
    if not differences:
        return []
    way_back = f"Para dejarlo como viene: manage.py bootstrap --restore {_quoted(part.name)}"
    return [f"{part.label}: se conserva como está. Difiere de lo que viene en que {'; '.join(differences)}. {way_back}"]


def _quoted(name: str) -> str:
    return f'"{name}"' if " " in name else name


def _company() -> tuple[Company, list[str]]:
    if not settings.COMPANY_TAX_ID:
        if Company.objects.exists():
            return Company.objects.earliest("pk"), ["Empresa: se conserva la que hay."]
        raise ConfigurationError("Falta COMPANY_TAX_ID (y COMPANY_NAME): diga de qué empresa son los libros.")
    tax_id = tax_ids.plain(settings.COMPANY_TAX_ID)
    fault = tax_ids.fault_of(settings.COMPANY_TAX_ID)
    if fault and not Company.objects.filter(tax_id=tax_id).exists():
        raise ConfigurationError(f"COMPANY_TAX_ID: {fault}")
    company, created = Company.objects.get_or_create(tax_id=tax_id, defaults={"name": settings.COMPANY_NAME or tax_id})
    return company, [f"Empresa {company}: {'creada' if created else 'ya estaba'}."]


class _ShippedConnection:
    """The connection that the environment describes."""

    def __init__(self, company: Company, target: Target) -> None:
        self.name, self.label = target.value, f"Conexión con {target.label}"
        self._company, self._target, self._values = company, target, _from_environment(target)
        self._secret: str = self._values.pop("secret")
        self._environment = self._values.pop("environment")
        self._found = Connection.objects.live().filter(company=company, target=target).first()

    def create(self) -> str:
        if self._found is not None:
            return ""
        if not self._secret:
            return "sin credencial en el entorno, no se crea."
        environments.check_environment(self._company.pk, self._target, self._environment)
        facts = {"company": self._company, "target": self._target, "environment": self._environment}
        environments.begin_production(Connection.objects.create(**facts, **self._values))
        return f"creada hacia {self._values['endpoint']}."

    def differences(self) -> list[str]:
        if self._found is None or not self._secret:
            return []
        other = [name for name, value in self._values.items() if name != "credential" and self._is(name) != value]
        told = [f"su {_field_label(name)} es «{self._is(name)}» y no «{self._values[name]}»" for name in other]
        is_same_key = credentials.holds(self._found.credential, self._secret)
        return told if is_same_key else [*told, "su clave es otra que la del entorno"]

    def _is(self, name: str) -> Any:
        return getattr(self._found, name)

    def restore(self) -> None:
        if self._found is None or not self._secret:
            raise ConfigurationError(f"{self.label}: el entorno no trae su credencial, no hay qué restaurar.")
        if SyncAttempt.objects.filter(connection=self._found).exists() and _points_elsewhere(self._found, self._values):
            raise ConfigurationError(
                f"{self.label}: ya tiene envíos hacia {self._found.endpoint} y no se cambia de servidor ni de "
                "identificador. Archívela en Configuración › Conexiones y ejecute bootstrap de nuevo."
            )
        for name, value in self._values.items():
            setattr(self._found, name, value)
        self._found.save(update_fields=[*self._values])


def _field_label(name: str) -> str:
    return str(Connection._meta.get_field(name).verbose_name)  # type: ignore[union-attr]


def _points_elsewhere(found: Connection, values: dict[str, Any]) -> bool:
    """Whether the environment names another server or account: what was sent to one says nothing of another."""
    same_host = urlsplit(found.endpoint).hostname == urlsplit(values["endpoint"]).hostname
    return not same_host or found.account != values["account"]


def _from_environment(target: Target) -> dict[str, Any]:
    is_siigo = target == Target.SIIGO
    secret, seconds = (settings.SIIGO_API_KEY, SIIGO_SECONDS) if is_siigo else (settings.SAG_TOKEN, SAG_SECONDS)
    read_seconds = getattr(settings, f"{target.upper()}_READ_SECONDS")
    return {
        "secret": secret,
        "endpoint": getattr(settings, f"{target.upper()}_URL"),
        "account": settings.SIIGO_CONNECTION_ID if is_siigo else "",
        "login": "" if is_siigo else settings.SAG_LOGIN,
        "credential": credentials.seal(secret) if secret else "",
        "environment": Environment.TESTS if settings.DEBUG else Environment.PRODUCTION,
        **(timeouts.from_read_seconds(read_seconds) if read_seconds else seconds),
    }


class _ShippedSchedule:
    """What the queue does at its time."""

    def __init__(self, name: str) -> None:
        self.name, self.label, self._facts = name, f"Tarea programada «{name}»", _schedules()[name]

    def create(self) -> str:
        _, is_new = Schedule.objects.get_or_create(name=self.name, defaults=self._facts)
        return "se creó." if is_new else ""

    def differences(self) -> list[str]:
        found = Schedule.objects.get(name=self.name)
        is_now = {name: getattr(found, name) for name in self._facts}
        return [
            f"{name} es «{is_now[name]}» y no «{fact}»" for name, fact in self._facts.items() if is_now[name] != fact
        ]

    def restore(self) -> None:
        Schedule.objects.filter(name=self.name).update(**self._facts)


def _schedules() -> dict[str, dict[str, Any]]:
    every_minute: dict[str, Any] = {"schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1}
    each: dict[str, dict[str, Any]] = {
        "barrido": {"func": "integrations.tasks.sweep", "cluster": SCHEDULED},
        "lecturas": {"func": "integrations.tasks.pull_due", "cluster": SCHEDULED},
        "carpetas": {"func": "integrations.tasks.take_in_folders", "cluster": SCHEDULED},
        "avisos": {"func": "integrations.tasks.tell_people", "cluster": SCHEDULED},
        "latido": {"func": "integrations.tasks.beat", "args": repr((SENDING,)), "cluster": None},
        "latido de archivos": {"func": "integrations.tasks.beat", "args": repr((FILES,)), "cluster": FILES},
    }
    return {name: {**every_minute, **facts} for name, facts in each.items()}
