"""After a restored backup: documents in our number series that belong to no record. Runs in the worker.

They were sent after the backup was taken, and their records were lost with the database. While there is one, or the ERP
can't tell, no document is created (sync protocol, section 8.14).
"""

from integrations.choices import Kind, Phase, Target
from integrations.connections import lanes
from integrations.decisions import restoring
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag.lookup_queries import KEY_FIELD, OTHER_KEY_FIELD
from integrations.errors import IntegrationError
from integrations.models import Connection, SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.queue.outbox import enqueue_drain
from integrations.sending import gateways
from integrations.standings import search_keys

_CANNOT_TELL = (
    "{erp} numera también lo de otros: revise allí los documentos de después de la copia, regístrelos aquí si faltan "
    "y confirme en la página de la conexión."
)
_MOST_NAMED = 5
_LABEL = "Documentos posteriores a la copia"


def find(connection_id: int) -> str:
    """Look for unknown documents and allow creates where there are none; returns what is missing, in Spanish, or ''."""
    connection = Connection.objects.get(pk=connection_id)
    if not connection.creates_are_blocked:
        return ""
    missing = restoring.what_is_missing(connection) or _read(connection)
    Connection.objects.filter(pk=connection_id).update(restored_note=missing[:300])
    if not missing:
        restoring.release(connection_id)
        enqueue_drain(connection_id, connection.concurrency)
    return missing


def _read(connection: Connection) -> str:
    """Read the ERP in a slot of the lane; returns what it holds that we do not, in Spanish."""
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
        message = (_series_above_ours if connection.target == Target.SIIGO else _keys_without_record)(connection)
    except IntegrationError as unanswered:
        message = f"No se pudo consultar el ERP: {unanswered}"
    reading.phase, reading.message, reading.finished_at = Phase.ANSWERED, message, database_now()
    reading.save()
    return message


def _series_above_ours(connection: Connection) -> str:
    """The series in which the ERP has numbers above ours, in Spanish; our next number starts above them."""
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


def _keys_without_record(connection: Connection) -> str:
    """The documents of SAG that carry a key of ours and belong to no record, in Spanish.

    What travelled without a key can't be told from what others entered: then a person looks.
    """
    gateway = gateways.SagGateway(connection)
    known = SyncStanding.objects.filter(connection=connection, kind=Kind.MOVEMENT, reference_key__isnull=False)
    keys = known.values_list("reference_key", flat=True)
    identifiers = (int(key) for key in keys if key is not None and key.isdecimal())
    found = gateway.documents_with_our_keys(max(identifiers, default=0))
    unknown = search_keys.without_record(connection.company_id, found)
    if unknown:
        names = ", ".join(str(found[key]) for key in unknown[:_MOST_NAMED])
        return f"En SAG hay {len(unknown)} documentos enviados desde aquí que aquí no están: {names}. Regístrelos."
    carries_keys = all(sag_dialect.build(connection.settings).settings[name] for name in (KEY_FIELD, OTHER_KEY_FIELD))
    return "" if carries_keys else _CANNOT_TELL.format(erp=connection.get_target_display())
