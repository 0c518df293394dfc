"""Find out which field of SAG returns our key unchanged: one document, sent to a test company. Runs in the worker."""

from functools import partial

from django.db import transaction
from django.utils import timezone

from integrations.choices import SendKind
from integrations.connections import lanes
from integrations.dispatch.key_probe_requests import INTACT, LOST, UNREAD, ProbeRefusedError, why_not
from integrations.erp.payload import Payload
from integrations.erp.receipts import Verdict
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag.lookup_queries import KEY_FIELD, KEY_FIELDS, NUMBER2
from integrations.erp.sag.probe_document import with_marks
from integrations.erp.sag.sent_request import sent_record
from integrations.errors import IntegrationError, NotSentError
from integrations.models import Connection, KeyProbe, SyncAttempt, SyncStanding
from integrations.models.clock import elapsed_seconds
from integrations.payloads import builder
from integrations.payloads.context import context_for
from integrations.sending.gateways import SagGateway
from integrations.standings import attempts
from integrations.standings.search_keys import key_of


def run(probe_id: int) -> str:
    """Send the test document once and save the result; returns the message for staff. Repeating a call is harmless."""
    probe = KeyProbe.objects.select_related("connection").get(pk=probe_id)
    if probe.finished_at is not None:
        return probe.message
    try:
        message = _run(probe)
    except IntegrationError as refused:
        message = str(refused)
    probe.message, probe.finished_at = message, timezone.now()
    probe.save()
    return message


def _run(probe: KeyProbe) -> str:
    connection = probe.connection
    refused = why_not(connection)
    if refused:
        raise ProbeRefusedError(refused)
    payload, marks = _test_document(probe)
    attempt = _open_attempt(probe, payload)
    gateway = SagGateway(connection)
    receipt = gateway.send(payload, partial(_check_lease, elapsed_seconds() + connection.lease_seconds))
    attempts.complete(attempt.pk, receipt)
    if receipt.verdict is not Verdict.ACCEPTED:
        return f"El documento de prueba no entró: {receipt.message}"
    source = sent_record(payload.body).source
    probe.results = {field: _result_of(gateway, source, field, value) for field, value in marks.items()}
    return _choose_field(connection, probe.results)


def _check_lease(lease_ends: float) -> None:
    if elapsed_seconds() >= lease_ends:
        raise NotSentError("El turno venció antes de salir: no se envió nada.")


def _test_document(probe: KeyProbe) -> tuple[Payload, dict[str, str]]:
    """The record's document with a mark in every field that it leaves free, and field → mark."""
    connection = probe.connection
    record = builder.load(probe.kind, [probe.record_id], connection.target).get(probe.record_id)
    row = SyncStanding.objects.of_records(probe.kind, [probe.record_id]).filter(target=connection.target).first()
    if record is None or row is None:
        raise ProbeRefusedError("El documento que serviría de modelo ya no existe.")
    built = builder.build(record, connection, row, SendKind.CREATE, context_for(connection, [record]))
    tag = sag_dialect.build(connection.settings).tag("MovimientoOtrosDatos")
    body, marks = with_marks(built.body, f"ICP{probe.pk}", tuple(KEY_FIELDS), key_of(row), tag)
    return Payload(body, built.tipo, built.committed), marks


def _open_attempt(probe: KeyProbe, payload: Payload) -> SyncAttempt:
    """Take a slot of the lane. Raises: ProbeRefusedError where the probe began before, or no slot is free."""
    attempt = SyncAttempt(
        operation=SyncAttempt.Operation.PROBE,
        kind=probe.kind,
        record_id=probe.record_id,
        record_label=f"Prueba de clave {probe.pk}",
        target=probe.connection.target,
        company_id=probe.connection.company_id,
        connection=probe.connection,
        requested_by=probe.requested_by,
        payload_hash=payload.sha256,
        reference_key=f"probe/{probe.pk}",
    )
    with transaction.atomic():
        KeyProbe.objects.select_for_update().get(pk=probe.pk)
        if SyncAttempt.objects.filter(operation=attempt.operation, reference_key=attempt.reference_key).exists():
            raise ProbeRefusedError("La prueba se interrumpió: no se sabe si el documento entró. Pida otra.")
        attempt.payload = attempts.store(payload.body.encode())
        if not lanes.take_slot(attempt):
            raise ProbeRefusedError("La conexión está ocupada o en pausa: pida la prueba más tarde.")
    return attempt


def _result_of(gateway: SagGateway, source: str, field: str, value: str) -> str:
    try:
        return INTACT if gateway.key_comes_back(source, field, value) else LOST
    except IntegrationError:
        return UNREAD


def _choose_field(connection: Connection, results: dict[str, str]) -> str:
    """Send the key in the first field that returned it from now on; returns the message for staff."""
    intact = [field for field, result in results.items() if result == INTACT]
    if not intact:
        return "La clave no volvió en ningún campo: sin ella, una ausencia nunca se da por probada."
    chosen = NUMBER2 if NUMBER2 in intact else intact[0]
    with transaction.atomic():
        locked = lanes.lock(connection.pk)
        locked.settings = {key: value for key, value in locked.settings.items() if key != KEY_FIELD}
        if chosen != NUMBER2:
            locked.settings[KEY_FIELD] = chosen
        locked.save(update_fields=["settings"])
    return f"La clave vuelve intacta en {', '.join(intact)}. La conexión la llevará en {chosen}."
