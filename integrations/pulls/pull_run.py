"""One read of a register, from the lock to the last count. Runs in the worker and the shell.

Each page is one transaction. Only a read that got everything, without a row refused, moves the cursor, and
only a whole one says what is no longer there: whatever went wrong, the next read starts where this one did.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.connections import lanes
from integrations.erp.registers import Reading
from integrations.errors import IntegrationError
from integrations.inbox import arrivals
from integrations.models import Connection, PullPlan, PullRun
from integrations.models.clock import database_now
from integrations.pulls.mirror import Counts, Mirror
from integrations.pulls.plans import changed_since, reading_of, today
from integrations.pulls.register_reader import Row, pages
from integrations.pulls.rows import PulledRow, RowError, RowReader
from integrations.queue.outbox import enqueue_drain
from integrations.standings import unblockings

MOST_ERRORS_KEPT = 200
ALL = "all"
"""Instead of a day: read everything."""
_RETRY_MINUTES = 30
_CHUNK_ROWS = 2_500

Progress = Callable[[int], None]
Pages = Iterable[list[Row]]


class BusyError(IntegrationError):
    """Somebody else is reading this, or the lane has no room now: nothing was asked."""


def pull(
    plan: PullPlan,
    *,
    since: date | str | None = None,
    dry_run: bool = False,
    requested_from: str = "",
    progress: Progress | None = None,
    given: Pages | None = None,
) -> PullRun:
    """Read a register and bring it in; the run tells what it came to, also where it failed.

    `since` is a day, `ALL`, or None for what changed since the last read. `given` are pages instead of the
    ERP's own, for who has them.
    Raises: BusyError where it can't be read now, ConfigurationError for a plan that can't be used.
    """
    reading = reading_of(plan)
    run = _open(plan, reading, since, dry_run, requested_from)
    bringing = _Bringing(run, plan, reading, progress)
    try:
        bringing.all_of(given if given is not None else pages(plan.connection, reading, run.since))
    except IntegrationError as failed:
        bringing.failed(f"No se terminó de leer {plan}: {failed} {_standing_still(bringing.counts)}")
    except BaseException:
        bringing.failed(f"La lectura de {plan} se interrumpió. Avise al administrador si se repite.")
        raise
    return run


def _standing_still(counts: Counts) -> str:
    if not counts.read:
        return "No se cambió nada aquí."
    return "Lo que alcanzó a llegar se conserva; la próxima lectura empieza donde empezó esta."


def pull_when_free(plan_id: int, since: str, requested_from: str) -> str:
    """The worker's: what can't be read now is put off, not lost."""
    plan = PullPlan.objects.select_related("connection", "connection__company").get(pk=plan_id)
    try:
        run = pull(plan, since=date.fromisoformat(since) if since and since != ALL else since or None,
                   requested_from=requested_from)  # fmt: skip
    except BusyError as busy:
        soon = timezone.now() + timedelta(minutes=1)
        PullPlan.objects.filter(pk=plan_id).update(due_at=soon)
        return str(busy)
    except IntegrationError as unusable:
        PullPlan.objects.filter(pk=plan_id).update(due_at=None)
        _record_refusal(plan, requested_from, str(unusable))
        return str(unusable)
    return run.message


def _record_refusal(plan: PullPlan, requested_from: str, message: str) -> None:
    PullRun.objects.create(plan=plan, connection=plan.connection, state=PullRun.State.FAILED, message=message,
                           requested_from=requested_from[:200], finished_at=timezone.now())  # fmt: skip


def _open(plan: PullPlan, reading: Reading, since: date | str | None, dry_run: bool, requested_from: str) -> PullRun:
    """Take the register and a slot of the lane, in one committed transaction."""
    with transaction.atomic():
        connection = lanes.lock(plan.connection_id)
        held = PullPlan.objects.select_for_update().get(pk=plan.pk)
        plan.read_through, now = held.read_through, database_now()
        running = PullRun.objects.filter(plan=held, finished_at__isnull=True)
        other = running.filter(lease_until__gt=now).first()
        if other is not None:
            hour = timezone.localtime(other.started_at).strftime("%H:%M")
            raise BusyError(f"Ya hay una lectura de {plan} en curso, desde las {hour}. Espere a que termine.")
        if lanes.free_slots(connection, now) < 1:
            raise BusyError(f"La conexión con {connection.get_target_display()} está ocupada o en pausa. {_LATER}")
        running.update(state=PullRun.State.FAILED, finished_at=now, lease_until=None,
                       message="Se interrumpió: el proceso que la hacía terminó.")  # fmt: skip
        day = changed_since(held, reading, now) if since is None else None if since == ALL else since
        return PullRun.objects.create(
            plan=plan,
            connection=connection,
            since=day if reading.by_date else None,
            dry_run=dry_run,
            requested_from=requested_from[:200],
            lease_until=_lease(connection, now),
        )


_LATER = "Inténtelo dentro de unos minutos."


def _lease(connection: Connection, now: datetime) -> datetime:
    """Long enough for one call and what it brings; each page renews it."""
    return now + timedelta(seconds=connection.lease_seconds)


def _refused(count: int) -> str:
    rows = "Una fila no se pudo" if count == 1 else f"{count} filas no se pudieron"
    return f"{rows} leer: corrija lo que se indica y lea de nuevo; la próxima lectura lo vuelve a pedir."


class _Bringing:
    """What one run is doing."""

    def __init__(self, run: PullRun, plan: PullPlan, reading: Reading, progress: Progress | None) -> None:
        self.run, self.plan, self.reading = run, plan, reading
        self.counts = Counts()
        self.mirror = Mirror(plan, self.counts)
        self.reader = RowReader(reading)
        self.progress = progress
        self.errors: list[dict[str, Any]] = []
        self.started = timezone.now()
        newest = self.mirror.rows.order_by("-pk").values_list("pk", flat=True).first()
        self.newest_before = newest or 0

    def all_of(self, arriving: Pages) -> None:
        for page in arriving:
            for start in range(0, len(page), _CHUNK_ROWS):
                self._page(page[start : start + _CHUNK_ROWS])
            PullRun.objects.filter(pk=self.run.pk).update(
                **asdict(self.counts), lease_until=_lease(self.plan.connection, database_now())
            )
            if self.progress:
                self.progress(self.counts.read)
        self._close()

    def _page(self, rows: list[Row]) -> None:
        pulled = list(self._readable(rows))
        with transaction.atomic():
            self.mirror.take(pulled, self.started)
            transaction.set_rollback(self.run.dry_run)

    def _readable(self, rows: list[Row]) -> Iterator[PulledRow]:
        keys: set[str] = set()
        for row in rows:
            self.counts.read += 1
            try:
                pulled = self.reader.read(row)
                if pulled.key in keys:
                    raise RowError(pulled.key, "clave en el ERP", "La clave viene dos veces en la misma lectura. "
                                   "Revise que la consulta no repita filas.")  # fmt: skip
            except RowError as refused:
                self._refuse(refused)
            else:
                keys.add(pulled.key)
                yield pulled

    def _refuse(self, refused: RowError) -> None:
        self.counts.rejected += 1
        if len(self.errors) < MOST_ERRORS_KEPT:
            told = {"row": self.counts.read, "key": refused.key, "field": refused.name, "message": str(refused)}
            self.errors.append(told)

    # --- the end

    def _close(self) -> None:
        whole = self.run.since is None
        if whole and not self.counts.read and self.mirror.rows.still_there().exists():
            self.failed("El ERP respondió que no tiene ninguno, y antes los tenía. No se marcó nada como perdido: "
                        "revise la consulta y la clave de la conexión, y lea de nuevo.")  # fmt: skip
            return
        if self.counts.rejected:
            self._finish(PullRun.State.PARTIAL, f"{self._told()} {_refused(self.counts.rejected)}")
            return
        with transaction.atomic():
            if whole:
                self.mirror.mark_missing(self.newest_before, self.started)
                transaction.set_rollback(self.run.dry_run)
        self._finish(PullRun.State.DONE, self._told() + self._unblocked())

    def _unblocked(self) -> str:
        """« 12 documentos desbloqueados.»; nothing where this read let nothing go."""
        if self.run.dry_run:
            return ""
        count = arrivals.register_read(self.plan.connection, self.plan.register)
        return f" {unblockings.counted(count)}." if count else ""

    def _told(self) -> str:
        counts = self.counts
        told = (
            f"{self.plan}: {counts.read} leídos, {counts.created} creados, {counts.updated} actualizados, "
            f"{counts.unchanged} sin cambios, {counts.differing} con diferencias"
        )
        told += f", {counts.missing} ya no aparecen" if counts.missing else ""
        told += f", {counts.busy} en envío que no se tocaron" if counts.busy else ""
        return f"{'SIMULACIÓN · ' if self.run.dry_run else ''}{told}."

    def failed(self, message: str) -> None:
        self._finish(PullRun.State.FAILED, message)

    def _finish(self, state: PullRun.State, message: str) -> None:
        run = self.run
        run.state, run.message, run.errors = state, message, self.errors
        run.finished_at, run.lease_until = timezone.now(), None
        for name, count in asdict(self.counts).items():
            setattr(run, name, count)
        run.save()
        if not run.dry_run:
            self._move_on(state)
        enqueue_drain(run.connection_id)

    def _move_on(self, state: PullRun.State) -> None:
        """The cursor of a read that got everything, and when the next one is."""
        done = state == PullRun.State.DONE
        failed = state == PullRun.State.FAILED
        wait = timedelta(minutes=_RETRY_MINUTES) if failed else timedelta(hours=self.plan.interval_hours)
        news: dict[str, Any] = {"due_at": self.started + wait if self.plan.scheduled else None}
        if done and self._leaves_no_gap():
            news["read_through"] = today(self.started)
        if done and self.run.since is None:
            news["whole_at"] = self.started
        PullPlan.objects.filter(pk=self.plan.pk).update(**news)
        if done:
            lanes.answered(self.plan.connection_id, timezone.now())

    def _leaves_no_gap(self) -> bool:
        """A read from a day that a person chose may leave days unread before it."""
        through = self.plan.read_through
        return self.run.since is None or (through is not None and self.run.since <= through)
