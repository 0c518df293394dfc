"""Set up the first company, its connections, groups and schedules (`bootstrap`). Safe to repeat."""

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.contrib.auth.models import Group, Permission
from django.db import transaction
from django_q.models import Schedule

from integrations.choices import Environment, Target
from integrations.connections import credentials, timeouts
from integrations.decisions import environments
from integrations.errors import ConfigurationError
from integrations.models import Company, Connection, SyncAttempt
from integrations.pulls import shipped_queries
from integrations.queue.cluster import FILES, SCHEDULED, SENDING

SIIGO_SECONDS = {"read_seconds": 150.0, "deadline_seconds": 180.0}
"""Siigo is asked to take at most 2 minutes; a real call takes 50-120 s (`siigo-notes`, section 1.5)."""
SAG_SECONDS = {"read_seconds": 60.0, "deadline_seconds": 90.0}

GROUPS: dict[str, tuple[str, ...]] = {
    "Asistente contable": ("view", "add", "change", "import"),
    "Contador": (
        "view",
        "add",
        "change",
        "delete",
        "send",
        "resolve",
        "adopt",
        "confirm_absent",
        "mark_by_hand",
        "annul",
        "stop",
        "update_in_siigo",
        "pull",
        "query",
        "give_number",
        "export",
        "import",
    ),
    "Revisor fiscal": ("view", "export"),
}
"""Group → verbs over the records; those of `_OF_THE_BATCH` are permissions of the batch."""
_OF_THE_BATCH = ("send", "resolve", "adopt", "confirm_absent", "mark_by_hand", "annul", "update_in_siigo")
_ELSEWHERE = {
    "export": ("export_fileexport", "view_fileexport"),
    "pull": ("pull_pullrun",),
    "query": ("query_sag", "view_savedquery", "view_queryrun"),
    "stop": ("stop_sendingswitch",),
    "import": ("import_importfile",),
    "give_number": ("give_next_number", "view_numberseries"),
}
"""Verbs with permissions of their own."""
_RECORDS = ("movement", "movementline", "movementpayment", "client", "thirdparty", "article", "assignment")
_EVIDENCE = ("syncattempt", "syncbatch", "decisionrequest", "handchange", "importfile")
_PULLS = ("pullplan", "pullrun", "registerrow")


@dataclass(frozen=True)
class Installation:
    """The company, and what was found or created, as lines in Spanish."""

    company: Company
    lines: list[str]


def bootstrap() -> Installation:
    """Create or update company and connections from the environment, groups with permissions, and schedules.

    Raises: ConfigurationError where the environment does not name the company.
    """
    with transaction.atomic():
        company, lines = _company()
        lines += [_connection(company, target) for target in Target]
        _groups()
        _schedules()
        shipped_queries.ship()
    return Installation(company, [*lines, "Grupos, permisos y tareas programadas: al día."])


def _company() -> tuple[Company, list[str]]:
    if not settings.COMPANY_TAX_ID:
        if Company.objects.exists():
            return Company.objects.earliest("pk"), ["Empresa: se conserva la que hay."]
        raise ConfigurationError("Falta COMPANY_TAX_ID (y COMPANY_NAME): diga de qué empresa son los libros.")
    company, created = Company.objects.get_or_create(
        tax_id=settings.COMPANY_TAX_ID, defaults={"name": settings.COMPANY_NAME or settings.COMPANY_TAX_ID}
    )
    return company, [f"Empresa {company}: {'creada' if created else 'ya estaba'}."]


def _connection(company: Company, target: Target) -> str:
    values = _from_environment(target)
    if not values.pop("secret"):
        return f"Conexión con {target.label}: sin credencial en el entorno, no se crea."
    found = Connection.objects.live().filter(company=company, target=target).first()
    if found is None:
        environments.check_environment(company.pk, target, values["environment"])
        environments.begin_production(Connection.objects.create(company=company, target=target, **values))
        return f"Conexión con {target.label}: creada hacia {values['endpoint']}."
    values.pop("environment")
    if SyncAttempt.objects.filter(connection=found).exists() and _points_elsewhere(found, values):
        return (
            f"Conexión con {target.label}: ya tiene envíos hacia {found.endpoint} y no se cambia de servidor ni de "
            "identificador. Archívela en Configuración › Conexiones y ejecute bootstrap de nuevo."
        )
    for name, value in values.items():
        setattr(found, name, value)
    found.save()
    return f"Conexión con {target.label}: actualizada hacia {found.endpoint}."


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


def _groups() -> None:
    for name, verbs in GROUPS.items():
        group, _ = Group.objects.get_or_create(name=name)
        own = (*_OF_THE_BATCH, *_ELSEWHERE)
        codenames = [f"{verb}_{model}" for verb in verbs for model in _RECORDS if verb not in own]
        codenames += [f"view_{model}" for model in (*_EVIDENCE, *_PULLS)]
        codenames += [f"{verb}_syncbatch" for verb in verbs if verb in _OF_THE_BATCH]
        codenames += [codename for verb in verbs for codename in _ELSEWHERE.get(verb, ())]
        group.permissions.set(Permission.objects.filter(codename__in=codenames))


def _schedules() -> None:
    every_minute: dict[str, Any] = {"schedule_type": Schedule.MINUTES, "minutes": 1, "repeats": -1}
    each: dict[str, dict[str, Any]] = {
        "barrido": {"func": "integrations.tasks.sweep", "cluster": SCHEDULED},
        "lecturas": {"func": "integrations.tasks.pull_due", "cluster": SCHEDULED},
        "avisos": {"func": "integrations.tasks.tell_people", "cluster": SCHEDULED},
        "latido": {"func": "integrations.tasks.beat", "args": repr((SENDING,)), "cluster": None},
        "latido de archivos": {"func": "integrations.tasks.beat", "args": repr((FILES,)), "cluster": FILES},
    }
    for name, facts in each.items():
        Schedule.objects.update_or_create(name=name, defaults={**every_minute, **facts})
