"""While an ERP's success text is unknown: one document at a time, each looked for before the next (section 10.11)."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from integrations.choices import Kind, Status, Target
from integrations.erp.causes import DOUBTED_SUCCESSES
from integrations.erp.receipts import Verdict
from integrations.erp.sag.lookup_queries import OTHER_KEY_FIELD
from integrations.models import Connection, LearnedAnswer, SyncAttempt, SyncStanding

MOST_UNDECIDED = 3
"""So many documents whose success no read could settle, and the rest of their kind waits for a person."""
TRIAL_SECONDS = 3600
"""How long after an unknown text its kind leaves one document at a time."""
_FIRST_READ = "{erp} respondió con un mensaje que no se conoce: se busca el documento antes de enviar el siguiente."
_A_PERSON = (
    "{erp} dio por recibidos {count} documentos con mensajes que no se conocen y que no se pudieron comprobar: "
    "mire en {erp} si están y dígalo en «Por confirmar». Después sigue solo."
)


def undecided(connection: Connection) -> Sequence[SyncStanding]:
    """Records whose success the ERP claimed and nothing has proven yet."""
    return list(
        SyncStanding.objects.filter(connection=connection, status=Status.UNCERTAIN, cause__in=DOUBTED_SUCCESSES)
    )


def awaits_read(connection: Connection, now: datetime) -> bool:
    """Whether a record of a doubted success has not been looked for yet; never after its settle window."""
    return any(_awaits_read(row, now) for row in undecided(connection))


def _awaits_read(row: SyncStanding, now: datetime) -> bool:
    if row.settles_at is None or row.settles_at <= now or row.progressed_at is None:
        return False
    reads = SyncAttempt.objects.read_backs().of_standing(row)
    return not reads.filter(finished_at__gte=row.progressed_at).exists()


def held_kinds(connection: Connection, now: datetime) -> set[str]:
    """Kinds of records of which nothing more leaves now on a LOCKED connection."""
    rows = undecided(connection)
    if any(_awaits_read(row, now) for row in rows):
        return set(Kind.values)
    kinds = [row.kind for row in rows]
    sending = SyncStanding.objects.filter(connection=connection, status=Status.SENDING, slot_until__gt=now).order_by()
    on_their_way = sending.values_list("kind", flat=True).distinct()
    return {kind for kind in kinds if kinds.count(kind) >= MOST_UNDECIDED} | {
        kind for kind in on_their_way if _is_on_trial(connection, kind, now)
    }


def _is_on_trial(connection: Connection, kind: str, now: datetime) -> bool:
    """Whether an unknown success of this kind came lately, or none came yet where no read by key could prove it."""
    unknown = LearnedAnswer.objects.filter(
        connection=connection,
        operation__startswith=kind,
        meaning=LearnedAnswer.Meaning.STORED,
        is_known=False,
        updated_at__gt=now - timedelta(seconds=TRIAL_SECONDS),
    )
    if unknown.exists() or not _may_be_keyless(connection):
        return unknown.exists()
    accepted = SyncAttempt.objects.sends().filter(connection=connection, kind=kind, outcome=Verdict.ACCEPTED)
    return not accepted.exists()


def _may_be_keyless(connection: Connection) -> bool:
    """Whether documents may leave without a key of ours: then several in doubt are several for a person."""
    fills = connection.setting("fill_NumeroDocumento2", True)
    return connection.target == Target.SAG and not (fills and connection.setting(OTHER_KEY_FIELD, True))


def why_waiting(connection: Connection, now: datetime) -> str:
    """Why nothing, or nothing of some kind, leaves, for staff; empty where nothing waits for this."""
    rows = undecided(connection)
    erp = connection.get_target_display()
    if any(_awaits_read(row, now) for row in rows):
        return _FIRST_READ.format(erp=erp)
    kinds = [row.kind for row in rows]
    count = max((kinds.count(kind) for kind in kinds), default=0)
    return _A_PERSON.format(erp=erp, count=count) if count >= MOST_UNDECIDED else ""
