"""The connection that a company uses for an ERP, and those of all companies, one by one."""

import logging
from collections.abc import Callable

from django.db import DatabaseError

from integrations.choices import Target
from integrations.errors import ConfigurationError
from integrations.models import Company, Connection

log = logging.getLogger(__name__)


def live_connection(company: Company, target: Target | str) -> Connection:
    """Return the connection of `company` with `target` that is not archived.

    Raises: ConfigurationError where there is none, in Spanish for staff.
    """
    found = Connection.objects.live().filter(company=company, target=target).first()
    if found is None:
        label = Target(target).label
        raise ConfigurationError(
            f"Falta la conexión con {label}. Un administrador debe registrarla en Configuración › Conexiones."
        )
    return found


def each_live(step: Callable[[Connection], int]) -> int:
    """Do a step for every connection that is not archived; what the steps return, added up.

    One that fails is logged and keeps no other company's from its turn. Raises: DatabaseError.
    """
    return sum(_done(step, connection) for connection in Connection.objects.live().select_related("company"))


def _done(step: Callable[[Connection], int], connection: Connection) -> int:
    """What the step returns; 0 where it failed and the log says so. Raises: DatabaseError."""
    try:
        return step(connection)
    except DatabaseError:
        raise
    except Exception:
        log.exception("%s failed in a step of the sweep", connection)
        return 0


def only_erp(company_id: int) -> str:
    """The ERP of a company that is connected to one alone; empty for none or several."""
    targets = set(Connection.objects.live().filter(company=company_id).values_list("target", flat=True))
    return str(targets.pop()) if len(targets) == 1 else ""
