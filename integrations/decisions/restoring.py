"""After a restore from backup (sync protocol, section 8.14): what the copy says about the ERPs is doubted.

Every record gets a row of evidence to be compared with the ERP: what was last sent of it, or, of what the copy
knows as never sent, what would be sent now. Reads then prove each present or absent; a person decides the rest.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice
from typing import Any
from uuid import uuid4

from django.db import transaction

from integrations.choices import Kind, Phase, SendKind, Status
from integrations.erp.receipts import Verdict
from integrations.errors import IntegrationError
from integrations.models import Connection, NumberSeries, Syncable, SyncAttempt, SyncStanding
from integrations.models.clock import database_now
from integrations.models.record_content import content_digest
from integrations.payloads import builder
from integrations.payloads.context import PayloadContext, context_for
from integrations.standings import transitions
from integrations.standings.attempts import new_attempt, payload_columns
from integrations.standings.lifecycle import Event

REASON = "Se restauró una copia: falta leer en el ERP qué salió después de ella."
_MESSAGE = "Se restauró una copia de seguridad: hay que comprobar en el ERP si este documento ya existe."
_CHUNK = 500
_MAY_BE_AS_SENT = frozenset({Status.SENDING, Status.RETRYING, Status.UNCERTAIN, Status.CONFLICT})
"""Where what was last sent may be in the ERP, whatever the record says now."""


@dataclass(frozen=True)
class Restored:
    """How many connections were paused and how many records wait for a proof."""

    connections: int
    doubtful: int


@transaction.atomic
def after_restore() -> Restored:
    """Pause every connection and doubt every standing, with an attempt of its own and a window that starts now.

    Workers must be stopped first, and the original must never run beside the copy.
    """
    now = database_now()
    connections = list(Connection.objects.live().select_for_update(of=("self",)))
    for connection in connections:
        connection.paused_at, connection.pause_reason, connection.restored_at = now, REASON, now
        connection.save(update_fields=["paused_at", "pause_reason", "restored_at"])
    return Restored(len(connections), sum(_doubt_all(connection, now) for connection in connections))


def _doubt_all(connection: Connection, now: datetime) -> int:
    """Doubt every standing with the connection's ERP; returns how many wait for a proof."""
    doubtful = 0
    for kind in Kind:
        rows = SyncStanding.objects.with_erp_of(connection).filter(kind=kind).select_for_update()
        ids = iter(rows.order_by("pk").values_list("pk", flat=True).iterator())
        while chunk := list(islice(ids, _CHUNK)):
            doubtful += _doubt(list(rows.filter(pk__in=chunk).order_by("pk")), connection, now)
    return doubtful


def _doubt(rows: Sequence[SyncStanding], connection: Connection, now: datetime) -> int:
    """Doubt LOCKED standings of one kind; returns how many wait for a proof."""
    attempts = _attempts_to_prove(rows, connection)
    SyncAttempt.objects.bulk_create(attempts.values())
    settles_at = now + timedelta(seconds=connection.settle_seconds)
    window = {"settles_at": settles_at, "lease_until": None, "due_at": None, "connection": connection}
    doubtful = 0
    for row in rows:
        facts = {**window, **_attempt_facts(attempts.get(row.pk))}
        if transitions.allows(row, Event.RESTORED):
            transitions.move(row, Event.RESTORED, message=_MESSAGE, cause="restored", **facts)
            doubtful += 1
        else:
            # «No aplica» stays so behind a gate that a read opens; a conflict is a person's decision already.
            transitions.note(row, verify_first=row.status == Status.EXCLUDED, **facts)
    return doubtful


def _attempt_facts(attempt: SyncAttempt | None) -> dict[str, Any]:
    # Whatever answer is still on its way names another attempt from here on.
    return {"attempt": uuid4()} if attempt is None else {"attempt": attempt.pk, "version_sent": attempt.version}


def _attempts_to_prove(rows: Sequence[SyncStanding], connection: Connection) -> dict[int, SyncAttempt]:
    """Standing id → an unsaved attempt with what the ERP is compared with: what was last sent, or would be sent now.

    Without the records of which nothing was sent and nothing can be built.
    """
    last = _last_sent(rows)
    records = builder.load(rows[0].kind, [row.record_id for row in rows], connection.target)
    context = context_for(connection, list(records.values()))
    attempts = {}
    for row in rows:
        record, sent = records.get(row.record_id), last.get(row.record_id)
        label = str(record or "") or (sent.record_label if sent else "")
        if sent is not None and (row.ever_present or row.status in _MAY_BE_AS_SENT):
            columns = {name: getattr(sent, name) for name in _SENT_COLUMNS}
        else:
            columns = _columns_to_send(row, record, connection, context)
        if columns:
            columns |= {"phase": Phase.CLAIMED, "finished_at": database_now(), "message": _MESSAGE}
            attempts[row.pk] = new_attempt(row, connection, SyncAttempt.Operation.RESTORE, label, **columns)
    return attempts


_SENT_COLUMNS = ("payload", "payload_hash", "content_hash", "version", "reference", "reference_key", "series")


def _columns_to_send(
    row: SyncStanding, record: Syncable | None, connection: Connection, context: PayloadContext
) -> dict[str, Any]:
    """The columns of an attempt that would create the record now; empty where no payload can be built."""
    if record is None:
        return {}
    try:
        payload = builder.build(record, connection, row, SendKind.CREATE, context)
    except IntegrationError:
        return {}
    return {**payload_columns(payload), "content_hash": content_digest(record), "version": row.version}


def _last_sent(rows: Sequence[SyncStanding]) -> dict[int, SyncAttempt]:
    """Record id → the newest send of its life whose payload is stored; an accepted one before any other."""
    lives = {row.record_id: row.life for row in rows}
    ever_present = {row.record_id for row in rows if row.ever_present}
    sends = SyncAttempt.objects.sends().of_records(rows[0].kind, lives)
    stored = sends.filter(target=rows[0].target, payload__isnull=False).select_related("payload")
    last: dict[int, SyncAttempt] = {}
    for attempt in stored.order_by("started_at"):
        is_better = attempt.outcome == Verdict.ACCEPTED or attempt.record_id not in ever_present
        if attempt.life == lives[attempt.record_id] and (attempt.record_id not in last or is_better):
            last[attempt.record_id] = attempt
    return last


def what_is_missing(connection: Connection) -> str:
    """What has to be settled before creates go on, in Spanish; empty where nothing is."""
    count = SyncStanding.objects.filter(transitions.IN_DOUBT, connection=connection).count()
    return f"Faltan {count} por comprobar en {connection.get_target_display()}." if count else ""


def known_series(connection: Connection) -> dict[str, int]:
    """Series → the highest number in it that belongs to one of our records."""
    standings = SyncStanding.objects.filter(connection=connection, kind=Kind.MOVEMENT, attempt__isnull=False)
    attempts = SyncAttempt.objects.filter(pk__in=standings.values("attempt")).exclude(series="")
    highest: dict[str, int] = defaultdict(int)
    for series, key in attempts.values_list("series", "reference_key"):
        number = key.rpartition("/")[2]
        if number.isdigit():
            highest[series] = max(highest[series], int(number))
    for row in NumberSeries.objects.filter(connection=connection, process_year__gt=0):
        series = f"{row.process_year}/{row.voucher_type}/{row.voucher_code}"
        highest[series] = max(highest[series], row.last_number)
    return dict(highest)


def start_above(connection: Connection, series: str, number: int) -> None:
    """Let the consecutive of a series (year/type/code) give no number up to `number`: the ERP has it."""
    year, voucher_type, code = series.split("/")
    rows = NumberSeries.objects.filter(
        connection=connection, process_year__in=[0, int(year)], voucher_type=voucher_type, voucher_code=int(code)
    )
    rows.filter(last_number__lt=number).update(last_number=number)


def release(connection_id: int) -> None:
    """Let creates go on: what left after the copy is known."""
    Connection.objects.filter(pk=connection_id).update(restored_at=None, restored_note="")
