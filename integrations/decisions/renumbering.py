"""Retiring a movement's number and giving it the next: a person's decision, with a reason, kept as evidence."""

from django.db import transaction
from django.utils import timezone

from integrations.choices import Kind, Status, Target
from integrations.decisions.evidence_rows import record_decision
from integrations.dispatch.numbering import OpenSeries, given_number, gives_numbers, lock_series, series_key
from integrations.erp.receipts import Verdict
from integrations.errors import ConfigurationError
from integrations.models import Connection, GivenNumber, NumberSeries, SyncAttempt, SyncStanding
from integrations.models.attempt import SyncAttemptQuerySet
from integrations.models.syncable import SeriesKey, Syncable, model_for
from integrations.standings import transitions
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester

LEAST_REASON_LETTERS = 5
_NOT_WRITTEN = frozenset(
    {
        Verdict.REFUSED,
        Verdict.REFUSED_UNPROVEN,
        Verdict.DUPLICATE,
        Verdict.NEVER_SENT,
        Verdict.UNAUTHORIZED,
        Verdict.THROTTLED,
    }
)


def give_next(*, kind: Kind | str, record_id: int, requester: Requester, reason: str) -> int:
    """Retire a movement's number and give it the next one of its series: staff also post inside Siigo.

    Raises: ConfigurationError, in words for staff, without a reason, or while the old number may be ours in Siigo.
    """
    if len(reason.strip()) < LEAST_REASON_LETTERS:
        raise ConfigurationError("Escriba el motivo del cambio de número.")
    record = model_for(kind)._default_manager.get(pk=record_id)
    connection = _connection_that_numbers(record)
    with transaction.atomic():
        key = _series_of_numbered(record, connection)
        series = lock_series(connection, type(record), {key})[key]
        rows = transitions.locked(kind, [record_id])
        row = next(row for row in rows if row.target == Target.SIIGO)
        record.refresh_from_db()
        if _series_of_numbered(record, connection) != key:
            raise ConfigurationError("El movimiento cambió mientras tanto. Ábralo de nuevo.")
        if refusal := why_no_other_number(row):
            raise ConfigurationError(refusal)
        return _renumber(record, row, series, requester, reason.strip())


def _renumber(record: Syncable, row: SyncStanding, series: OpenSeries, requester: Requester, reason: str) -> int:
    """Write the next number of a LOCKED series on a record whose standings are locked, and keep the evidence."""
    old, new = int(getattr(record, record.number_column)), series.take()
    transitions.write_numbers([record], {record.pk: new}, [row])
    message = f"Se retiró el número {old} y se dio el {new}: {reason}"
    transitions.move(row, Event.RENUMBERED, message=message[:1000], cause="", reference="", reference_key=None)
    _retire(series.row, record, old, requester, reason)
    given_number(record, series.row, new).save()
    series.row.save(update_fields=["last_number"])
    record_decision(row, requester, "", message, version=row.version)
    return new


def _connection_that_numbers(record: Syncable) -> Connection:
    """The connection with Siigo of the record's company. Raises: ConfigurationError where it gives no numbers."""
    found = Connection.objects.live().filter(company=record.company_id, target=Target.SIIGO).first()
    if found is None or not gives_numbers(found):
        raise ConfigurationError("La conexión con Siigo no da números: corrija el número en el movimiento.")
    return found


def _series_of_numbered(record: Syncable, connection: Connection) -> SeriesKey:
    """The series that numbers a record that has its number. Raises: ConfigurationError where none does."""
    number = getattr(record, record.number_column, None)
    setattr(record, record.number_column, None)
    key = series_key(record, connection)
    setattr(record, record.number_column, number)
    if not number or key is None:
        raise ConfigurationError("Aquí no hay un número de comprobante que cambiar.")
    return key


def why_no_other_number(row: SyncStanding) -> str:
    """Why a LOCKED standing must keep its number, in words for staff; empty where it may be given the next."""
    if row.ever_present:
        return "Siigo ya tiene este movimiento con su número: no se le da otro."
    if row.verify_first or row.status in (Status.UNCERTAIN, Status.SENDING):
        return "No se sabe si Siigo lo guardó con ese número: verifíquelo primero."
    if row.status not in (Status.NEW, Status.REJECTED, Status.CONFLICT):
        return f"El movimiento está «{row.get_status_display()}»: cancele el envío o espere a que termine."
    sends = SyncAttempt.objects.sends().of_life(row)
    if sends.filter(finished_at__isnull=True).exists():
        return "Un envío anterior todavía no ha terminado: espere su respuesta."
    if row.status == Status.CONFLICT and not _is_of_another(sends):
        return "No está probado que el documento de Siigo sea de otro: compare y decida primero."
    return ""


def _is_of_another(sends: SyncAttemptQuerySet) -> bool:
    """Whether these sends prove that the document with our number in Siigo is somebody else's."""
    return sends.filter(outcome=Verdict.DUPLICATE).exists() and not sends.exclude(outcome__in=_NOT_WRITTEN).exists()


def _retire(series: NumberSeries, record: Syncable, number: int, requester: Requester, reason: str) -> None:
    columns = {"retired_at": timezone.now(), "retired_by": requester.user, "reason": reason[:300]}
    if not GivenNumber.objects.filter(series=series, number=number).update(**columns):
        # It came with the movement: it is retired all the same, so that the gap is reported.
        given_number(record, series, number, **columns).save()
