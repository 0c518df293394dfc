"""Asking for a trial document on a test company; the worker sends it (`probing`)."""

from django.db import transaction

from integrations.choices import Environment, Kind, Status, Target
from integrations.errors import IntegrationError
from integrations.models import Connection, KeyProbe, Syncable
from integrations.models.syncable import model_for
from integrations.queue.outbox import enqueue_probe
from integrations.standings.requester import Requester

INTACT, LOST, UNREAD = "intact", "lost", "unread"
"""What a probe says of a field: it came back as it was sent, it did not, or it could not be read."""
_OFFERED = 30


class ProbeRefusedError(IntegrationError):
    """The probe may not run there; the text says why, in Spanish."""


def why_not(connection: Connection) -> str:
    """Why no probe may run on a connection; empty where it may. Only a test company takes a trial document."""
    if connection.target != Target.SAG:
        return "Siigo encuentra los documentos por su número: no necesita esta prueba."
    if connection.environment != Environment.TESTS:
        return "La prueba envía un documento: solo se hace en una conexión de pruebas."
    return "La conexión está archivada." if connection.archived_at else ""


def models_for_a_trial(connection: Connection) -> list[Syncable]:
    """Documents that may serve as model: of the company, not sent yet, the newest first."""
    movements = model_for(Kind.MOVEMENT)._default_manager.filter(
        company=connection.company_id, sag_status__in=[Status.NEW, Status.REJECTED]
    )
    return [one for one in movements.order_by("-pk")[: _OFFERED * 3] if getattr(one, "source_code", "")][:_OFFERED]


def ask(connection: Connection, record_id: int, requester: Requester) -> KeyProbe:
    """Put a probe in the queue. Raises: ProbeRefusedError"""
    refused = why_not(connection)
    if refused:
        raise ProbeRefusedError(refused)
    if record_id not in {one.pk for one in models_for_a_trial(connection)}:
        raise ProbeRefusedError("Elija un documento de la lista, que no se haya enviado.")
    with transaction.atomic():
        probe = KeyProbe.objects.create(connection=connection, record_id=record_id, requested_by=requester.user)
        enqueue_probe(probe.pk)
    return probe
