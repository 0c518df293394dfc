"""Retiring a movement's number and giving it the next: a person's decision, with a reason, kept as evidence."""

from django.db import transaction
from django.utils import timezone

from integrations.choices import Kind, SendKind, Status, Target
from integrations.dispatch.numbering import gives_numbers, lock_series, series_key
from integrations.erp.receipts import Verdict
from integrations.errors import ConfigurationError
from integrations.models import Connection, GivenNumber, NumberSeries, SyncAttempt, SyncStanding
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
    with transaction.atomic():
        record = model_for(kind)._default_manager.get(pk=record_id)
        connection = _live(record)
        key = _key_of_numbered(record, connection)
        opened = lock_series(connection, type(record), {key})[key]
        held = transitions.locked(kind, [record_id])
        row = next(one for one in held if one.target == Target.SIIGO)
        record.refresh_from_db()
        if _key_of_numbered(record, connection) != key:
            raise ConfigurationError("El movimiento cambió mientras tanto. Ábralo de nuevo.")
        why_not = why_no_other_number(row)
        if why_not:
            raise ConfigurationError(why_not)
        old, new = int(getattr(record, record.number_column)), opened.take()
        transitions.write_numbers([record], {record.pk: new}, [row])
        told = f"Se retiró el número {old} y se dio el {new}: {reason.strip()}"
        transitions.move(row, Event.RENUMBERED, message=told[:1000], cause="", reference="", reference_key=None)
        _retire(opened.row, record, old, requester, reason.strip())
        GivenNumber.objects.create(
            series=opened.row, number=new, kind=kind, record_id=record_id, record_label=str(record)[:200]
        )
        opened.row.save(update_fields=["last_number"])
        _record_decision(row, record, connection, requester, told)
    return new


def _live(record: Syncable) -> Connection:
    found = Connection.objects.live().filter(company=record.company_id, target=Target.SIIGO).first()
    if found is None or not gives_numbers(found):
        raise ConfigurationError("La conexión con Siigo no da números: corrija el número en el movimiento.")
    return found


def _key_of_numbered(record: Syncable, connection: Connection) -> SeriesKey:
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
    if row.status == Status.CONFLICT and (
        sends.exclude(outcome__in=_NOT_WRITTEN).exists() or not sends.filter(outcome=Verdict.DUPLICATE).exists()
    ):
        return "No está probado que el documento de Siigo sea de otro: compare y decida primero."
    return ""


def _retire(series: NumberSeries, record: Syncable, old: int, requester: Requester, reason: str) -> None:
    facts = {"retired_at": timezone.now(), "retired_by": requester.user, "reason": reason[:300]}
    given = GivenNumber.objects.filter(series=series, number=old)
    if not given.update(**facts):
        # It came with the movement: it is retired all the same, so that the gap is reported.
        GivenNumber.objects.create(
            series=series, number=old, kind=record.kind, record_id=record.pk, record_label=str(record)[:200], **facts
        )


def _record_decision(
    row: SyncStanding, record: Syncable, connection: Connection, requester: Requester, told: str
) -> None:
    SyncAttempt.objects.create(
        operation=SyncAttempt.Operation.DECIDE, kind=row.kind, record_id=row.record_id,
        record_label=str(record)[:200], target=row.target, company_id=row.company_id, connection=connection,
        send_kind=SendKind.CREATE, version=row.version, life=row.life, requested_by=requester.user,
        requested_from=requester.origin, message=told, finished_at=timezone.now(),
    )  # fmt: skip
