"""Read one register of an ERP from start to end. Runs in the worker and the shell.

Each page is one transaction. Only a read that got everything, without a rejected row, moves the cursor, and only one
of the whole register says what is no longer there: whatever went wrong, the next read starts where this one did.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import asdict
from datetime import date, datetime, timedelta
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.connections import lanes
from integrations.erp.registers import RegisterReading
from integrations.errors import IntegrationError
from integrations.inbox import arrivals
from integrations.models import Connection, PullPlan, PullRun
from integrations.models.clock import database_now
from integrations.pulls import register_reader
from integrations.pulls.mirror import Mirror, RowCounts
from integrations.pulls.plans import changed_since, reading_of, today
from integrations.pulls.rows import PulledRow, RowError, RowReader
from integrations.queue.wake import wake
from integrations.standings import unblockings

MOST_ERRORS_KEPT = 200
ALL = "all"
"""Instead of a day: read everything."""
_RETRY_AFTER = timedelta(minutes=30)
_ROWS_PER_TRANSACTION = 2_500
_LATER = "Inténtelo dentro de unos minutos."
_REPEATED_KEY = "La clave viene dos veces en la misma lectura. Revise que la consulta no repita filas."
_NOW_EMPTY = (
    "El ERP respondió que no tiene ninguno, y antes los tenía. No se marcó nada como perdido: revise la consulta y la "
    "clave de la conexión, y lea de nuevo."
)

Progress = Callable[[int], None]
"""Called with the number of rows read so far."""
Pages = Iterable[list[register_reader.Row]]


class BusyError(IntegrationError):
    """Another process is reading this register, or its lane has no free slot: nothing was asked of the ERP."""


def pull(
    plan: PullPlan,
    *,
    since: date | str | None = None,
    dry_run: bool = False,
    requested_from: str = "",
    progress: Progress | None = None,
    pages: Pages | None = None,
) -> PullRun:
    """Read a register into the mirror and the records; the run says what it came to, also where it failed.

    `since` is a day, `ALL`, or None for what changed since the last read. `pages` are rows to take instead of the
    ERP's own. Raises: BusyError where it can't be read now, ConfigurationError for a plan that can't be used.
    """
    reading = reading_of(plan)
    run = _open(plan, reading, since, dry_run, requested_from)
    register_import = _RegisterImport(run, plan, reading, progress)
    try:
        register_import.take_all(register_reader.pages(plan.connection, reading, run.since) if pages is None else pages)
    except IntegrationError as failed:
        register_import.fail(f"No se terminó de leer {plan}: {failed} {_what_was_kept(register_import.counts)}")
    except BaseException:
        register_import.fail(f"La lectura de {plan} se interrumpió. Avise al administrador si se repite.")
        raise
    return run


def _what_was_kept(counts: RowCounts) -> str:
    if not counts.read:
        return "No se cambió nada aquí."
    return "Lo que alcanzó a llegar se conserva; la próxima lectura empieza donde empezó esta."


def pull_when_free(plan_id: int, since: str, requested_from: str) -> str:
    """Read a register for the worker; returns the message for staff. A read that can't start now is put off a minute.

    `since` is an ISO day, `ALL`, or "" for what changed since the last read.
    """
    plan = PullPlan.objects.select_related("connection", "connection__company").get(pk=plan_id)
    day = date.fromisoformat(since) if since and since != ALL else since or None
    try:
        return pull(plan, since=day, requested_from=requested_from).message
    except BusyError as busy:
        PullPlan.objects.filter(pk=plan_id).update(due_at=timezone.now() + timedelta(minutes=1))
        return str(busy)
    except IntegrationError as unusable:
        PullPlan.objects.filter(pk=plan_id).update(due_at=None)
        _record_refusal(plan, requested_from, str(unusable))
        return str(unusable)


def _record_refusal(plan: PullPlan, requested_from: str, message: str) -> None:
    PullRun.objects.create(
        plan=plan,
        connection=plan.connection,
        state=PullRun.State.FAILED,
        message=message,
        requested_from=requested_from[:200],
        finished_at=timezone.now(),
    )


def _open(
    plan: PullPlan, reading: RegisterReading, since: date | str | None, dry_run: bool, requested_from: str
) -> PullRun:
    """Take the register and a slot of the lane, in one committed transaction. Raises: BusyError."""
    with transaction.atomic():
        connection = lanes.lock(plan.connection_id)
        locked, now = PullPlan.objects.select_for_update().get(pk=plan.pk), database_now()
        plan.read_through = locked.read_through
        _end_interrupted(plan, now)
        if lanes.free_slots(connection, now) < 1:
            raise BusyError(f"La conexión con {connection.get_target_display()} está ocupada o en pausa. {_LATER}")
        day = changed_since(locked, reading, now) if since is None else None if since == ALL else since
        return PullRun.objects.create(
            plan=plan,
            connection=connection,
            since=day if reading.by_date else None,
            dry_run=dry_run,
            requested_from=requested_from[:200],
            lease_until=_lease_end(connection, now),
        )


def _end_interrupted(plan: PullPlan, now: datetime) -> None:
    """Mark reads whose lease ended as failed. Raises: BusyError while another is running."""
    unfinished = PullRun.objects.filter(plan=plan, finished_at__isnull=True)
    running = unfinished.filter(lease_until__gt=now).first()
    if running is not None:
        hour = timezone.localtime(running.started_at).strftime("%H:%M")
        raise BusyError(f"Ya hay una lectura de {plan} en curso, desde las {hour}. Espere a que termine.")
    message = "Se interrumpió: el proceso que la hacía terminó."
    unfinished.update(state=PullRun.State.FAILED, finished_at=now, lease_until=None, message=message)


def _lease_end(connection: Connection, now: datetime) -> datetime:
    """Long enough for one call and the page that it returns; each page renews it."""
    return now + timedelta(seconds=connection.lease_seconds)


def _rejected_rows(count: int) -> str:
    rows = "Una fila no se pudo" if count == 1 else f"{count} filas no se pudieron"
    return f"{rows} leer: corrija lo que se indica y lea de nuevo; la próxima lectura lo vuelve a pedir."


class _RegisterImport:
    """The state of one run: what it counted and rejected so far."""

    def __init__(self, run: PullRun, plan: PullPlan, reading: RegisterReading, progress: Progress | None) -> None:
        self.run, self.plan, self.reading = run, plan, reading
        self.counts = RowCounts()
        self.mirror = Mirror(plan, self.counts)
        self.reader = RowReader(reading)
        self.progress = progress
        self.errors: list[dict[str, Any]] = []
        self.started = timezone.now()
        newest = self.mirror.rows.order_by("-pk").values_list("pk", flat=True).first()
        self.newest_before = newest or 0

    def take_all(self, pages: Pages) -> None:
        """Take every page in and finish the run."""
        for page in pages:
            for start in range(0, len(page), _ROWS_PER_TRANSACTION):
                self._take(page[start : start + _ROWS_PER_TRANSACTION])
            lease_until = _lease_end(self.plan.connection, database_now())
            PullRun.objects.filter(pk=self.run.pk).update(**asdict(self.counts), lease_until=lease_until)
            if self.progress:
                self.progress(self.counts.read)
        self._conclude()

    def fail(self, message: str) -> None:
        """Finish the run as failed, with a message for staff."""
        self._finish(PullRun.State.FAILED, message)

    def _take(self, rows: list[register_reader.Row]) -> None:
        pulled = list(self._readable(rows))
        with transaction.atomic():
            self.mirror.take(pulled, self.started)
            transaction.set_rollback(self.run.dry_run)

    def _readable(self, rows: list[register_reader.Row]) -> Iterator[PulledRow]:
        """The rows that can be read, each key once; the others are counted as rejected."""
        keys: set[str] = set()
        for row in rows:
            self.counts.read += 1
            try:
                pulled = self._read_once(row, keys)
            except RowError as rejected:
                self._reject(rejected)
            else:
                yield pulled

    def _read_once(self, row: register_reader.Row, keys: set[str]) -> PulledRow:
        """Read a row and note its key. Raises: RowError, also where a row of that key was read before."""
        pulled = self.reader.read(row)
        if pulled.key in keys:
            raise RowError(pulled.key, "clave en el ERP", _REPEATED_KEY)
        keys.add(pulled.key)
        return pulled

    def _reject(self, rejected: RowError) -> None:
        self.counts.rejected += 1
        if len(self.errors) < MOST_ERRORS_KEPT:
            error = {"row": self.counts.read, "key": rejected.key, "field": rejected.name, "message": str(rejected)}
            self.errors.append(error)

    def _conclude(self) -> None:
        """Every page came: mark what is missing, unblock what waited, and finish the run."""
        if self.run.since is None and not self.counts.read and self.mirror.rows.still_there().exists():
            self.fail(_NOW_EMPTY)
        elif self.counts.rejected:
            self._finish(PullRun.State.PARTIAL, f"{self._summary()} {_rejected_rows(self.counts.rejected)}")
        else:
            with transaction.atomic():
                if self.run.since is None:
                    self.mirror.mark_missing(self.newest_before, self.started)
                    transaction.set_rollback(self.run.dry_run)
            self._finish(PullRun.State.DONE, self._summary() + self._unblocked())

    def _unblocked(self) -> str:
        """« 12 documentos desbloqueados.»; empty where this read unblocked nothing."""
        if self.run.dry_run:
            return ""
        count = arrivals.register_read(self.plan.connection, self.plan.register)
        return f" {unblockings.counted(count)}." if count else ""

    def _summary(self) -> str:
        counts = self.counts
        summary = (
            f"{self.plan}: {counts.read} leídos, {counts.created} creados, {counts.updated} actualizados, "
            f"{counts.unchanged} sin cambios, {counts.differing} con diferencias"
        )
        summary += f", {counts.missing} ya no aparecen" if counts.missing else ""
        summary += f", {counts.busy} en envío que no se tocaron" if counts.busy else ""
        return f"{'SIMULACIÓN · ' if self.run.dry_run else ''}{summary}."

    def _finish(self, state: PullRun.State, message: str) -> None:
        run = self.run
        run.state, run.message, run.errors = state, message, self.errors
        run.finished_at, run.lease_until = timezone.now(), None
        for name, count in asdict(self.counts).items():
            setattr(run, name, count)
        run.save()
        if not run.dry_run:
            self._update_plan(state)
        wake([run.connection_id])

    def _update_plan(self, state: PullRun.State) -> None:
        """Set when the next read is due and, where this one got everything, the day up to which all was read."""
        is_done = state == PullRun.State.DONE
        wait = _RETRY_AFTER if state == PullRun.State.FAILED else timedelta(hours=self.plan.interval_hours)
        changes: dict[str, Any] = {"due_at": self.started + wait if self.plan.scheduled else None}
        if is_done and self._leaves_no_gap():
            changes["read_through"] = today(self.started)
        if is_done and self.run.since is None:
            changes["whole_at"] = self.started
        PullPlan.objects.filter(pk=self.plan.pk).update(**changes)
        if is_done:
            lanes.answered(self.plan.connection_id, timezone.now())

    def _leaves_no_gap(self) -> bool:
        """Whether no day before this read stays unread, as may be where a person chose the day it starts on."""
        through = self.plan.read_through
        return self.run.since is None or (through is not None and self.run.since <= through)
