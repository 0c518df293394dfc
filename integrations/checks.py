"""System checks: settings of the queue, of SQLite and of connections that would lose or repeat work."""

import stat
from pathlib import Path
from typing import Any

from django.conf import settings
from django.core import checks
from django.core.checks import CheckMessage, Error, register
from django.db import DatabaseError

from integrations.queue.cluster import retry_seconds

COMMANDS = "commands"
"""The tag of the checks that every command of ours makes as it starts."""
CONNECTIONS = "connections"
"""The tag of the checks of connections, which run when a command that sends starts and by `check --deploy`."""


def _finding(message: str, ident: str) -> list[CheckMessage]:
    """An error in production, a warning with DEBUG: demo and tests use seconds."""
    level = checks.WARNING if settings.DEBUG else checks.ERROR
    return [CheckMessage(level, message, id=ident)]


@register(COMMANDS)
def queue_outlives_its_tasks(**_: Any) -> list[CheckMessage]:
    cluster = settings.Q_CLUSTER
    least = retry_seconds(cluster["timeout"], cluster["workers"], cluster["queue_limit"], cluster["bulk"])
    if cluster["retry"] >= least:
        return []
    return _finding(f"Q_CLUSTER retry must be at least {least} s.", "integrations.E001")


@register(CONNECTIONS, deploy=True)
def timeouts_climb(**_: Any) -> list[CheckMessage]:
    """The ladder of timeouts of every live connection; none is checked before its tables are migrated.

    Commands that send check it when they start. The web and `migrate` do not: there a person puts it right.
    """
    from integrations.connections import timeouts
    from integrations.models import Connection

    try:
        live = list(Connection.objects.live().select_related("company"))
    except DatabaseError:
        return []
    steps = [(connection, step) for connection in live for step in timeouts.broken_steps(connection)]
    return [found for connection, step in steps for found in _finding(f"{connection}: {step}", "integrations.E005")]


@register(checks.Tags.security, deploy=True)
def only_its_owner_reads_the_environment(**_: Any) -> list[CheckMessage]:
    file = Path(settings.BASE_DIR) / ".env"
    if not file.exists() or not stat.S_IMODE(file.stat().st_mode) & (stat.S_IRWXG | stat.S_IRWXO):
        return []
    message = f"{file} holds every key and others may read it: chmod 600 {file}"
    return [CheckMessage(checks.WARNING, message, id="integrations.W006")]


@register(COMMANDS)
def queue_does_not_repeat_by_itself(**_: Any) -> list[CheckMessage]:
    wanted = {"max_attempts": 1, "ack_failures": True, "catch_up": False, "save_limit": -1}
    wrong = {name: value for name, value in wanted.items() if settings.Q_CLUSTER.get(name) != value}
    return _finding(f"Q_CLUSTER must have {wrong}.", "integrations.E002") if wrong else []


@register(COMMANDS)
def sqlite_takes_its_lock_at_once(**_: Any) -> list[CheckMessage]:
    database = settings.DATABASES["default"]
    if not database["ENGINE"].endswith("sqlite3"):
        return []
    if database.get("OPTIONS", {}).get("transaction_mode") == "IMMEDIATE":
        return []
    return [Error("SQLite needs transaction_mode IMMEDIATE.", id="integrations.E003")]


@register(COMMANDS)
def connections_are_kept(**_: Any) -> list[CheckMessage]:
    if settings.DATABASES["default"].get("CONN_MAX_AGE"):
        return []
    message = "CONN_MAX_AGE 0 makes the queue's broker reconnect at every step."
    return [CheckMessage(checks.WARNING, message, id="integrations.W004")]
