"""Asking which field of SAG carries our key back; the worker finds out by sending one document to a test company."""

from django.db import transaction

from integrations.choices import Environment, Kind, Status, Target
from integrations.errors import IntegrationError
from integrations.models import Connection, KeyProbe, Syncable
from integrations.models.syncable import model_for
from integrations.queue.outbox import enqueue_probe
from integrations.standings.requester import Requester

INTACT, LOST, UNREAD = "intact", "lost", "unread"
"""What a probe found of a field: it came back as it was sent, it did not, or it could not be read."""
_OFFERED = 30


class ProbeRefusedError(IntegrationError):
    """A probe may not run on the connection; the text says why, in Spanish."""


def why_not(connection: Connection) -> str:
    """Why no probe may run on a connection, in Spanish; empty where it may. Only a test company takes the document."""
    if connection.target != Target.SAG:
        return "Siigo encuentra los documentos por su número: no necesita esta prueba."
    if connection.environment != Environment.TESTS:
        return "La prueba envía un documento: solo se hace en una conexión de pruebas."
    return "La conexión está archivada." if connection.archived_at else ""


def sample_documents(connection: Connection) -> list[Syncable]:
    """Documents of the company that a probe may copy: not sent yet, with a fuente, the newest first."""
    movements = model_for(Kind.MOVEMENT)._default_manager.filter(
        company=connection.company_id, sag_status__in=[Status.NEW, Status.REJECTED]
    )
    newest = movements.order_by("-pk")[: _OFFERED * 3]
    return [movement for movement in newest if getattr(movement, "source_code", "")][:_OFFERED]


def request_probe(connection: Connection, record_id: int, requester: Requester) -> KeyProbe:
    """Queue a probe that copies a document. Raises: ProbeRefusedError where none may run, or that is no sample."""
    if refused := why_not(connection):
        raise ProbeRefusedError(refused)
    if record_id not in {document.pk for document in sample_documents(connection)}:
        raise ProbeRefusedError("Elija un documento de la lista, que no se haya enviado.")
    with transaction.atomic():
        probe = KeyProbe.objects.create(connection=connection, record_id=record_id, requested_by=requester.user)
        enqueue_probe(probe.pk)
    return probe
