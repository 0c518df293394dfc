"""After a restore from backup (sync protocol, section 8.14): what the copy says about the ERPs is doubted.

Every record gets a row of evidence to be compared with the ERP: what was last sent of it, or, of what the copy
knows as never sent, what would be sent now. Reads then prove each present or absent; a person decides the rest.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from uuid import uuid4

from django.db import transaction

from integrations.choices import Kind, Phase, SendKind, Status
from integrations.erp.payload import Payload
from integrations.erp.receipts import Verdict
from integrations.errors import IntegrationError
from integrations.models import Connection, NumberSeries, SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.payloads import builder
from integrations.payloads.context import context_for
from integrations.standings import transitions
from integrations.standings.attempts import new_attempt, store
from integrations.standings.lifecycle import Event

REASON = "Se restauró una copia: falta leer en el ERP qué salió después de ella."
_MESSAGE = "Se restauró una copia de seguridad: hay que comprobar en el ERP si este documento ya existe."
_CHUNK = 500
_LAST_SENT_COUNTS = frozenset({Status.SENDING, Status.RETRYING, Status.UNCERTAIN, Status.CONFLICT})
"""Where what was last sent may be in the ERP, whatever the record says now."""


@dataclass(frozen=True)
class Restored:
    """How many connections were paused and how many records wait for a proof."""

    connections: int
    doubtful: int


def after_restore() -> Restored:
    """Pause every connection and doubt every standing, with an attempt of its own and a window that starts now.

    Workers must be stopped first, and the original must never run beside the copy.
    """
    now = database_now()
    with transaction.atomic():
        connections = list(Connection.objects.live().select_for_update(of=("self",)))
        for connection in connections:
            connection.paused_at, connection.pause_reason, connection.restored_at = now, REASON, now
            connection.save(update_fields=["paused_at", "pause_reason", "restored_at"])
        return Restored(len(connections), sum(_doubt_all(connection, now) for connection in connections))


def _doubt_all(connection: Connection, now: datetime) -> int:
    doubted = 0
    for kind in Kind:
        rows = SyncStanding.objects.with_erp_of(connection).filter(kind=kind).select_for_update()
        ids = iter(rows.order_by("pk").values_list("pk", flat=True).iterator())
        while some := list(islice(ids, _CHUNK)):
            doubted += _doubt(list(rows.filter(pk__in=some).order_by("pk")), connection, now)
    return doubted


def _doubt(rows: Sequence[SyncStanding], connection: Connection, now: datetime) -> int:
    doubted = 0
    judged = dict(_evidence(rows, connection))
    SyncAttempt.objects.bulk_create(judged.values())
    for row in rows:
        # Whatever answer is still on its way names another attempt from here on.
        facts = {
            "attempt": judged[row.pk].pk if row.pk in judged else uuid4(),
            "version_sent": judged[row.pk].version if row.pk in judged else row.version_sent,
            "settles_at": now + timedelta(seconds=connection.settle_seconds),
            "lease_until": None,
            "due_at": None,
            "connection": connection,
        }
        if transitions.allows(row, Event.RESTORED):
            transitions.move(row, Event.RESTORED, message=_MESSAGE, cause="restored", **facts)
            doubted += 1
        else:
            # «No aplica» stays so behind a gate that a read opens; a conflict is a person's decision already.
            transitions.note(row, verify_first=row.status == Status.EXCLUDED, **facts)
    return doubted


def _evidence(rows: Sequence[SyncStanding], connection: Connection) -> Iterator[tuple[int, SyncAttempt]]:
    """Standing id → what the ERP is compared with; without records of which nothing can be built."""
    last = _last_sent(rows)
    records = builder.load(rows[0].kind, [row.record_id for row in rows], connection.target)
    context = context_for(connection, list(records.values()))
    for row in rows:
        record, sent = records.get(row.record_id), last.get(row.record_id)
        label = str(record or "") or (sent.record_label if sent else "")
        made = new_attempt(row, connection, SyncAttempt.Operation.RESTORE, label)
        made.phase, made.finished_at, made.message = Phase.CLAIMED, database_now(), _MESSAGE
        if sent is not None and (row.ever_present or row.status in _LAST_SENT_COUNTS):
            made.payload, made.payload_hash, made.version = sent.payload, sent.payload_hash, sent.version
            made.reference, made.reference_key, made.series = sent.reference, sent.reference_key, sent.series
            yield row.pk, made
            continue
        try:
            built = builder.build(record, connection, row, SendKind.CREATE, context) if record else None
        except IntegrationError:
            built = None
        if built is not None:
            _fill(made, built)
            made.version = row.version
            yield row.pk, made


def _fill(made: SyncAttempt, built: Payload) -> None:
    made.payload, made.payload_hash = store(built.body.encode()), built.sha256
    made.reference, made.reference_key = built.reference.number[:80], built.reference.identifier[:120]
    made.series = built.reference.series[:60]


def _last_sent(rows: Sequence[SyncStanding]) -> dict[int, SyncAttempt]:
    """Record id → the newest attempt of its life whose bytes are kept; an accepted one before any other."""
    lives = {row.record_id: row.life for row in rows}
    ever_present = {row.record_id for row in rows if row.ever_present}
    sends = SyncAttempt.objects.sends().of_records(rows[0].kind, lives)
    attempts = sends.filter(target=rows[0].target, payload__isnull=False).select_related("payload")
    found: dict[int, SyncAttempt] = {}
    for one in attempts.order_by("started_at"):
        held = found.get(one.record_id)
        is_better = one.outcome == Verdict.ACCEPTED or one.record_id not in ever_present
        if one.life == lives[one.record_id] and (held is None or is_better):
            found[one.record_id] = one
    return found


def what_is_missing(connection: Connection) -> str:
    """What has to be settled before creates go on, in Spanish; empty where nothing is."""
    mine = SyncStanding.objects.filter(connection=connection)
    left = mine.filter(transitions.IN_DOUBT).count()
    return f"Faltan {left} por comprobar en {connection.get_target_display()}." if left else ""


def known_series(connection: Connection) -> dict[str, int]:
    """Series → the highest number in it that belongs to one of our records."""
    held = SyncStanding.objects.filter(connection=connection, kind=Kind.MOVEMENT, attempt__isnull=False)
    attempts = SyncAttempt.objects.filter(pk__in=held.values("attempt")).exclude(series="")
    highest: dict[str, int] = {}
    for series, key in attempts.values_list("series", "reference_key"):
        number = key.rpartition("/")[2]
        if number.isdigit():
            highest[series] = max(highest.get(series, 0), int(number))
    for one in NumberSeries.objects.filter(connection=connection, process_year__gt=0):
        series = f"{one.process_year}/{one.voucher_type}/{one.voucher_code}"
        highest[series] = max(highest.get(series, 0), one.last_number)
    return highest


def start_above(connection: Connection, series: str, number: int) -> None:
    """The consecutive of a series gives no number up to `number`: the ERP has it."""
    year, voucher_type, code = series.split("/")
    rows = NumberSeries.objects.filter(
        connection=connection, process_year__in=[0, int(year)], voucher_type=voucher_type, voucher_code=int(code)
    )
    rows.filter(last_number__lt=number).update(last_number=number)


def release(connection_id: int) -> None:
    """What left after the copy is known: creates may go on."""
    Connection.objects.filter(pk=connection_id).update(restored_at=None, restored_note="")
