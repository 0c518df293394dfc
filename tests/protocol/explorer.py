"""Every story of one document, up to a number of events: the real code, walked depth first over savepoints.

Stories that reach the same situation are followed once. What the promise rests on (sync protocol, section 9) is
what `events` allows: an ERP commits only what left in time and before the window's end, and staff tell the truth.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.utils import timezone

from integrations.choices import Status
from integrations.erp.receipts import Receipt, Verdict
from integrations.models import SyncAttempt
from tests.protocol.world import ACCEPTED, LEASE_SECONDS, Worker, World

MOST_EDITS = 1
MOST_WORKERS = 3
ABSENT = frozenset({Status.NEW, Status.QUEUED, Status.RETRYING, Status.EXCLUDED})

Event = tuple[str, Callable[[World], None]]
Situation = tuple[object, ...]


class BrokenPromiseError(AssertionError):
    """A story that ends in a document posted twice, lost, or in a state that lies."""


def events(world: World) -> Iterator[Event]:
    """Everything that may happen next and would change something."""
    yield from _of_people(world)
    yield from _of_deciders(world)
    for position, worker in enumerate(world.workers):
        yield from _of_worker(position, worker)
    yield from _of_time(world)


def _of_people(world: World) -> Iterator[Event]:
    status = Status(world.row.status)
    if status in (Status.NEW, Status.CHANGED, Status.REJECTED):
        yield "request", World.request
        if len(world.workers) < MOST_WORKERS:
            yield "request and claim", World.request_and_claim
    if status == Status.QUEUED and len(world.workers) < MOST_WORKERS:
        yield "claim", World.claim
    if status in (Status.QUEUED, Status.SENDING, Status.RETRYING):
        yield "cancel", World.cancel
    if status in (Status.NEW, Status.REJECTED):
        yield "exclude", World.exclude
    if status == Status.EXCLUDED:
        yield "include", World.include
    if world.edits < MOST_EDITS:
        yield "edit", World.edit


def _of_deciders(world: World) -> Iterator[Event]:
    if world.row.status in (Status.UNCERTAIN, Status.CONFLICT, Status.REJECTED):
        yield "someone adopts what a read found", World.adopt
        if not world.documents():
            # Staff tell the truth about what they saw, and when; the window is for the code to hold.
            yield "someone confirms that it is absent", World.confirm_absent


def _of_worker(position: int, worker: Worker) -> Iterator[Event]:
    def done(act: Callable[[World, Worker], None]) -> Callable[[World], None]:
        return lambda world: act(world, world.workers[position])

    name = f"worker {position + 1}"
    if worker.has_left and not worker.committed and not worker.cannot_commit:
        yield f"{name}: the ERP commits", done(World.commit)
    if worker.is_over:
        return
    yield f"{name} is killed", done(_kill)
    if not worker.has_left:
        yield f"{name} sends", done(World.let_it_leave)
        yield f"{name} could not write a byte", done(partial(_hear, verdict=Verdict.NEVER_SENT))
        return
    yield f"{name} gets an answer that tells nothing", done(partial(_hear, verdict=Verdict.AMBIGUOUS))
    yield f"{name} is refused without proof", done(partial(_hear, verdict=Verdict.REFUSED_UNPROVEN))
    if worker.committed:
        yield f"{name} hears of the commit", done(lambda world, mine: world.finish(mine, ACCEPTED))
    else:
        yield f"{name} is refused for certain", done(partial(_hear, verdict=Verdict.REFUSED))
        yield f"{name} is told to wait", done(partial(_hear, verdict=Verdict.THROTTLED))


def _kill(_world: World, worker: Worker) -> None:
    worker.is_over = True


def _hear(world: World, worker: Worker, verdict: Verdict) -> None:
    worker.cannot_commit = worker.cannot_commit or verdict in (Verdict.REFUSED, Verdict.THROTTLED)
    world.finish(worker, Receipt(verdict, "prueba", cause="prueba", http_status=None))
    world.resume()


def _of_time(world: World) -> Iterator[Event]:
    row = world.row
    if row.status in (Status.SENDING, Status.RETRYING):
        yield "the lease ends and the sweeper comes", _end_the_lease
    if row.status in (Status.UNCERTAIN, Status.REJECTED, Status.SENDING) and row.settles_at:
        yield "the settle window ends", World.end_the_settle_windows
    if world.backup is not None:
        yield "the backup of the beginning is restored", World.restore
    if row.status in (Status.UNCERTAIN, Status.REJECTED):
        yield "verify", World.verify
        yield "the settle window ends and someone verifies", World.prove_what_happened
        stale = [attempt for attempt in world.attempts_seen if attempt != row.attempt]
        if stale:
            yield "a stale verification runs", lambda world: world.verify(stale[0])


def _end_the_lease(world: World) -> None:
    world.pass_seconds(LEASE_SECONDS + 1)
    world.sweep()


def complaint(world: World) -> str:
    """What is wrong with the world as it is; empty where the promise holds."""
    row, held = world.row, world.documents()
    if len(held) > 1:
        return "the ERP holds it twice"
    if row.status in ABSENT and held:
        return f"{row.status} while the ERP holds it"
    if row.status == Status.REJECTED and held and not row.verify_first:
        return "refused for certain while the ERP holds it"
    if row.status in (Status.SYNCED, Status.CHANGED) and not held:
        return f"{row.status} while the ERP does not hold it"
    if row.status == Status.SYNCED and f"contenido {world.edits}" not in held[0]:
        return "sent, while the ERP holds other content"
    world.record.refresh_from_db(fields=["sag_status"])
    return "" if world.record.sag_status == row.status else "the record does not show what its standing says"


def final_complaint(world: World) -> str:
    """The same once every window has ended and every exit was tried."""
    world.settle_everything()
    if world.row.status == Status.SENDING:
        return "left in sending"
    return complaint(world)


def situation(world: World) -> Situation:
    """What tells two worlds apart, for what may happen from here on."""
    row, now = world.row, timezone.now()
    finished = set(SyncAttempt.objects.filter(finished_at__isnull=False).values_list("pk", flat=True))
    workers = tuple(
        (
            worker.claim.attempt.pk == row.attempt,
            worker.claim.attempt.version,
            worker.has_left,
            worker.committed,
            worker.is_over,
            worker.cannot_commit,
            worker.claim.attempt.pk in finished,
            _is_past(worker),
        )
        for worker in world.workers
    )
    return (
        row.status,
        row.verify_first,
        row.ever_present,
        row.version,
        row.version_confirmed,
        row.version_sent,
        row.batch.state if row.batch else "",
        row.settles_at is not None and row.settles_at <= now,
        world.edits,
        world.backup is None,
        workers,
        tuple(body.count(f"contenido {world.edits}") for body in world.documents()),
    )


def _is_past(worker: Worker) -> bool:
    try:
        worker.claim.check_lease()
    except Exception:  # noqa: BLE001 - whichever way the lease is lost
        return True
    return False


@dataclass
class Exploration:
    """A walk over all stories of at most `depth` events."""

    depth: int
    situations: dict[Situation, int] = field(default_factory=dict)
    events: int = 0

    def walk(self, world: World, story: tuple[str, ...] = ()) -> None:
        """Raises: BrokenPromiseError with the story that broke it."""
        left = self.depth - len(story)
        here = situation(world)
        if self.situations.get(here, -1) >= left:
            return
        if here not in self.situations:
            self._judge(world, story)
        self.situations[here] = left
        for name, happen in list(events(world)) if left else []:
            mark, copy = transaction.savepoint(), world.copy()
            self.events += 1
            happen(copy)
            self.walk(copy, (*story, name))
            transaction.savepoint_rollback(mark)

    def _judge(self, world: World, story: tuple[str, ...]) -> None:
        wrong = complaint(world)
        if not wrong:
            mark = transaction.savepoint()
            wrong = final_complaint(world.copy())
            transaction.savepoint_rollback(mark)
        if wrong:
            raise BrokenPromiseError(f"{wrong}\n" + "\n".join(f"  {n}. {name}" for n, name in enumerate(story, 1)))
