"""After a restore: documents in our ranges that belong to no record. Runs in the worker.

They left after the copy was taken, and their records are gone with the database that was lost: while there is one,
or nothing can tell, no document is created (sync protocol, section 8.14).
"""

from integrations.choices import Kind, Phase, Target
from integrations.connections import lanes
from integrations.decisions import restoring
from integrations.errors import IntegrationError
from integrations.models import Connection, SyncAttempt
from integrations.models.clock import database_now
from integrations.queue.outbox import enqueue_drain
from integrations.sending import gateways

_UNTOLD = (
    "{erp} numera también lo de otros: revise allí los documentos de después de la copia, regístrelos aquí si faltan "
    "y confirme en la página de la conexión."
)
_LABEL = "Documentos posteriores a la copia"


def look_for(connection_id: int) -> str:
    """Let creates go on where the ERP shows nothing after what we know; else say what is missing, in Spanish."""
    connection = Connection.objects.get(pk=connection_id)
    if not connection.creates_are_blocked:
        return ""
    told = restoring.what_is_missing(connection) or _strangers(connection)
    Connection.objects.filter(pk=connection_id).update(restored_note=told[:300])
    if not told:
        restoring.release(connection_id)
        enqueue_drain(connection_id, connection.concurrency)
    return told


def _strangers(connection: Connection) -> str:
    if connection.target != Target.SIIGO:
        # Numbers of SAG are everybody's, and no key of ours can be asked for without its record.
        return _UNTOLD.format(erp=connection.get_target_display())
    reading = SyncAttempt(
        operation=SyncAttempt.Operation.VERIFY,
        kind=Kind.MOVEMENT,
        record_id=0,
        record_label=_LABEL,
        target=connection.target,
        company_id=connection.company_id,
        connection=connection,
    )
    if not lanes.take_slot(reading):
        return "La conexión está ocupada, en pausa o fuera de horario: se consulta sola más tarde."
    try:
        told = _above_ours(connection)
    except IntegrationError as unanswered:
        told = f"No se pudo consultar el ERP: {unanswered}"
    reading.phase, reading.message, reading.finished_at = Phase.ANSWERED, told, database_now()
    reading.save()
    return told


def _above_ours(connection: Connection) -> str:
    gateway = gateways.gateway(connection)
    found = []
    for series, ours in sorted(restoring.known_series(connection).items()):
        last = gateway.last_number(series, ours)
        if last > ours:
            restoring.start_above(connection, series, last)
            found.append(f"{series} (aquí hasta el {ours}, allí hasta el {last})")
    if not found:
        return ""
    return f"En {connection.get_target_display()} hay documentos que aquí no están: {'; '.join(found)}. Regístrelos."
