"""What a read did not bring although it was seen in the ERP before (sync protocol, section 10.9)."""

from collections.abc import Collection

from integrations.connections.pausing import pause
from integrations.models import Connection, SyncStanding
from integrations.models.clock import database_now

MOST_MISSING = 3
"""More at once are no deletions: the read is wrong, or the ERP is another one."""
_TOO_MANY = (
    "Una consulta no trajo {count} documentos que ya se habían visto en el ERP. Puede ser otra empresa, una copia "
    "o una consulta incompleta: revise la conexión. Nada cambió de estado."
)


def report_missing(connection: Connection, standings: Collection[int]) -> str:
    """Have each missing record looked at by itself; where too many are missing, stop the lane.

    Returns, in Spanish, why nothing that the same read said may be believed; empty where nothing was missing or the
    missing ones are to be judged first.
    """
    if not standings:
        return ""
    if len(standings) > MOST_MISSING:
        message = _TOO_MANY.format(count=len(standings))
        pause(connection.pk, message)
        return message
    SyncStanding.objects.filter(pk__in=standings).update(look_at=database_now())
    return ""
