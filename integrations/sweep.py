"""What time alone settles: leases that ended, retries that fell due, lanes that nobody serves."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from integrations.choices import Status
from integrations.connections import lanes
from integrations.decisions import restoring
from integrations.inbox import arrivals
from integrations.models import Connection, SyncStanding
from integrations.models.clock import database_now
from integrations.payloads.judgement import keep_stale_verdicts, register_switched_on
from integrations.queue import jobs
from integrations.queue.job_runs import end_the_dead, run_step
from integrations.queue.outbox import enqueue_after_restore, enqueue_drain, enqueue_looks, enqueue_verifications
from integrations.queue.wake import wake
from integrations.queue.work_kinds import AFTER_RESTORE, DRAIN, LOOK, SWEEP, VERIFY_MANY
from integrations.standings import transitions
from integrations.standings.batch_rows import record_on_batch
from integrations.standings.lifecycle import Event
from integrations.verifying import looks
from integrations.verifying.due import lock_due, mark_archived

STUCK_SECONDS = 60
"""A lane with queued records and nothing in flight that has not moved for this long gets a new task."""
VERIFIED_AT_ONCE = 500
"""Records asked for in one sweep; the rest waits for the next."""
_MOST_AT_ONCE = 1_000
_BY_ITSELF = "verificación automática"
_UNANSWERED = "El envío quedó sin respuesta: el documento puede haberse creado. Verifíquelo antes de reintentar."


@dataclass(frozen=True)
class Swept:
    """How many leases ended, retries fell due and lanes were woken; in Spanish, the steps that failed."""

    uncertain: int
    due: int
    lanes: int
    failed: tuple[str, ...] = ()


def sweep(steps: "Mapping[str, Callable[[], int | None]] | None" = None) -> Swept:
    """Do what time alone makes due. Safe to run at any moment, any number of times, on any machine.

    A step that raises keeps no other from its turn: each one's failure is seen among the background jobs.
    """
    ended = {title: run_step(SWEEP, title, step) for title, step in (steps or STEPS).items()}
    failed = tuple(title for title, end in ended.items() if isinstance(end, str))
    uncertain, due, lanes = (_count(ended.get(title)) for title in (_LEASES, _RETRIES, _LANES))
    return Swept(uncertain, due, lanes, failed)


def _count(end: int | str | None) -> int:
    return end if isinstance(end, int) else 0


def _end_leases() -> int:
    """Move records whose lease ended to `uncertain`, never back to the queue."""
    ended: list[int | None] = []
    for pk in _ids(status=Status.SENDING, lease_until__lte=database_now()):
        with transaction.atomic():
            row = transitions.locked_one(pk)
            if row.status == Status.SENDING and row.lease_until and row.lease_until <= database_now():
                transitions.move(row, Event.LEASE_ENDED, message=_UNANSWERED, cause="unanswered")
                record_on_batch(row)
                ended.append(row.connection_id)
    # The lane was waiting for exactly this.
    wake(ended)
    return len(ended)


def _queue_due() -> int:
    due: list[int | None] = []
    for pk in _ids(status=Status.RETRYING, due_at__lte=database_now()):
        with transaction.atomic():
            row = transitions.locked_one(pk)
            if row.status == Status.RETRYING:
                transitions.move(row, Event.FELL_DUE, due_at=None)
                record_on_batch(row)
                due.append(row.connection_id)
    wake(due)
    return len(due)


def _verify_the_doubtful() -> None:
    """Queue the verification of records in doubt whose window is over; one task for all that one read can look for.

    None is queued again while that task may still run. A task that settles nothing sets the next time itself.
    """
    now = database_now()
    with transaction.atomic():
        due = lock_due(now, VERIFIED_AT_ONCE)
        ids = [pk for pairs in due.values() for pk, _ in pairs]
        SyncStanding.objects.filter(pk__in=ids).update(due_at=now + timedelta(seconds=settings.Q_CLUSTER["timeout"]))
        for (connection_id, _kind), pairs in due.items():
            if not jobs.rests(VERIFY_MANY, pairs, _BY_ITSELF, connection_id):
                enqueue_verifications(pairs, _BY_ITSELF, connection_id)
    mark_archived()


def _look_at_the_accepted() -> None:
    """Ask for a look on each lane that has nothing else to do; nobody asks again while the queue may run that task."""
    now = database_now()
    for connection_id in looks.idle_lanes(now):
        if jobs.rests(LOOK, connection_id):
            continue
        again = now + timedelta(seconds=settings.Q_CLUSTER["timeout"])
        looks.due(now).filter(connection=connection_id).update(look_at=again)
        enqueue_looks(connection_id)


def _end_restores() -> None:
    """Where every record of a restored backup is proven, queue the read that allows creates again."""
    for connection in Connection.objects.filter(restored_at__isnull=False, paused_at__isnull=True):
        if not jobs.rests(AFTER_RESTORE, connection.pk) and not restoring.what_is_missing(connection):
            enqueue_after_restore(connection.pk)


def _wake_lanes() -> int:
    """Queue a task for each lane that should be moving and is not."""
    stale = database_now() - timedelta(seconds=STUCK_SECONDS)
    waiting = SyncStanding.objects.filter(status=Status.QUEUED, connection__paused_at__isnull=True)
    moving = SyncStanding.objects.filter(progressed_at__gt=stale).exclude(status=Status.QUEUED)
    woken = 0
    for connection_id in waiting.values_list("connection", flat=True).distinct():
        if connection_id and _may_move(connection_id) and not moving.filter(connection_id=connection_id).exists():
            enqueue_drain(connection_id)
            woken += 1
    return woken


def _may_move(connection_id: int) -> bool:
    if jobs.rests(DRAIN, connection_id):
        return False
    connection = Connection.objects.select_related("company").get(pk=connection_id)
    return lanes.closed(connection, database_now()) is None


def _ids(**conditions: object) -> list[int]:
    return list(SyncStanding.objects.filter(**conditions).order_by("pk").values_list("pk", flat=True)[:_MOST_AT_ONCE])


_LEASES, _RETRIES, _LANES = "Lo que quedó sin respuesta", "Reintentos programados", "Conexiones detenidas sin motivo"
STEPS: dict[str, Callable[[], int | None]] = {
    _LEASES: _end_leases,
    _RETRIES: _queue_due,
    "Trabajos cuyo proceso se cerró": end_the_dead,
    "Trabajos que esperan su hora": jobs.go_on,
    "Registros de tipos activados": register_switched_on,
    "Revisiones desactualizadas": keep_stale_verdicts,
    "Documentos que esperaban algo que llegó": arrivals.release,
    "Verificaciones": _verify_the_doubtful,
    "Vistazos a lo aceptado": _look_at_the_accepted,
    "Copias restauradas": _end_restores,
    _LANES: _wake_lanes,
}
"""Spanish title → a step of the sweep, in their order."""
