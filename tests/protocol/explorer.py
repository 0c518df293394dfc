"""Every sequence of events of one document, up to a depth: the real code, walked depth first over savepoints.

Sequences that reach the same state are followed once. `events` allows what the protocol assumes (sync protocol,
section 9): an ERP commits only what left in time and before the window's end, and staff tell the truth.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import partial

from django.db import transaction
from django.utils import timezone

from integrations.choices import Status
from integrations.erp.receipts import Receipt, Verdict
from integrations.models import SyncAttempt
from tests.protocol.protocol_model import ACCEPTED, LEASE_SECONDS, ProtocolModel, Worker

MOST_EDITS = 1
MOST_WORKERS = 3
ABSENT = frozenset({Status.NEW, Status.QUEUED, Status.RETRYING, Status.EXCLUDED})

Event = tuple[str, Callable[[ProtocolModel], None]]
Situation = tuple[object, ...]


class BrokenPromiseError(AssertionError):
    """A sequence that ends in a document posted twice, lost, or in a false state."""


def events(model: ProtocolModel) -> Iterator[Event]:
    """Everything that may happen next and would change something."""
    yield from _of_people(model)
    yield from _of_deciders(model)
    for position, worker in enumerate(model.workers):
        yield from _of_worker(position, worker)
    yield from _of_time(model)


def _of_people(model: ProtocolModel) -> Iterator[Event]:
    status = Status(model.row.status)
    if status in (Status.NEW, Status.CHANGED, Status.REJECTED):
        yield "request", ProtocolModel.request
        if len(model.workers) < MOST_WORKERS:
            yield "request and claim", ProtocolModel.request_and_claim
    if status == Status.QUEUED and len(model.workers) < MOST_WORKERS:
        yield "claim", ProtocolModel.claim
    if status in (Status.QUEUED, Status.SENDING, Status.RETRYING):
        yield "cancel", ProtocolModel.cancel
    if status in (Status.NEW, Status.REJECTED):
        yield "exclude", ProtocolModel.exclude
    if status == Status.EXCLUDED:
        yield "include", ProtocolModel.include
    if not model.is_undone:
        yield ("edit", ProtocolModel.edit) if model.edits < MOST_EDITS else ("undo the edit", ProtocolModel.undo_edit)


def _of_deciders(model: ProtocolModel) -> Iterator[Event]:
    if model.row.status in (Status.UNCERTAIN, Status.CONFLICT, Status.REJECTED):
        yield "someone adopts what a read found", ProtocolModel.adopt
        if not model.documents():
            # Staff tell the truth about what they saw, and when; the code has to enforce the window.
            yield "someone confirms that it is absent", ProtocolModel.confirm_absent


def _of_worker(position: int, worker: Worker) -> Iterator[Event]:
    def act_on_worker(act: Callable[[ProtocolModel, Worker], None]) -> Callable[[ProtocolModel], None]:
        return lambda model: act(model, model.workers[position])

    name = f"worker {position + 1}"
    if worker.has_left and not worker.committed and not worker.cannot_commit:
        yield f"{name}: the ERP commits", act_on_worker(ProtocolModel.commit)
    if worker.is_over:
        return
    yield f"{name} is killed", act_on_worker(_kill)
    if not worker.has_left:
        yield f"{name} sends", act_on_worker(ProtocolModel.start_sending)
        yield f"{name} could not write a byte", act_on_worker(partial(_answer, verdict=Verdict.NEVER_SENT))
        return
    yield f"{name} gets an answer that tells nothing", act_on_worker(partial(_answer, verdict=Verdict.AMBIGUOUS))
    yield f"{name} is refused without proof", act_on_worker(partial(_answer, verdict=Verdict.REFUSED_UNPROVEN))
    if worker.committed:
        yield f"{name} hears of the commit", act_on_worker(lambda model, worker: model.finish(worker, ACCEPTED))
    else:
        yield f"{name} is refused for certain", act_on_worker(partial(_answer, verdict=Verdict.REFUSED))
        yield f"{name} is told to wait", act_on_worker(partial(_answer, verdict=Verdict.THROTTLED))


def _kill(_model: ProtocolModel, worker: Worker) -> None:
    worker.is_over = True


def _answer(model: ProtocolModel, worker: Worker, verdict: Verdict) -> None:
    worker.cannot_commit = worker.cannot_commit or verdict in (Verdict.REFUSED, Verdict.THROTTLED)
    model.finish(worker, Receipt(verdict, "prueba", cause="prueba", http_status=None))
    model.resume()


def _of_time(model: ProtocolModel) -> Iterator[Event]:
    row = model.row
    if row.status in (Status.SENDING, Status.RETRYING):
        yield "the lease ends and the sweeper comes", _end_the_lease
    if row.status in (Status.UNCERTAIN, Status.REJECTED, Status.SENDING) and row.settles_at:
        yield "the settle window ends", ProtocolModel.end_the_settle_windows
    if model.backup is not None:
        yield "the backup of the beginning is restored", ProtocolModel.restore
    if row.status in (Status.UNCERTAIN, Status.REJECTED):
        yield "verify", ProtocolModel.verify
        yield "the settle window ends and someone verifies", ProtocolModel.settle_and_verify
        stale = [attempt for attempt in model.attempts_seen if attempt != row.attempt]
        if stale:
            yield "a stale verification runs", lambda model: model.verify(stale[0])


def _end_the_lease(model: ProtocolModel) -> None:
    model.pass_seconds(LEASE_SECONDS + 1)
    model.sweep()


def violation(model: ProtocolModel) -> str:
    """What breaks the promise in the state as it is; empty where nothing does."""
    row, in_erp = model.row, model.documents()
    if len(in_erp) > 1:
        return "the ERP holds it twice"
    if row.status in ABSENT and in_erp:
        return f"{row.status} while the ERP holds it"
    if row.status == Status.REJECTED and in_erp and not row.verify_first:
        return "refused for certain while the ERP holds it"
    if row.status in (Status.SYNCED, Status.CHANGED) and not in_erp:
        return f"{row.status} while the ERP does not hold it"
    if row.status == Status.SYNCED and f"contenido {model.edits}" not in in_erp[0]:
        return "sent, while the ERP holds other content"
    model.record.refresh_from_db(fields=["sag_status"])
    return "" if model.record.sag_status == row.status else "the record does not show what its standing says"


def final_violation(model: ProtocolModel) -> str:
    """The same once every window has ended and what is automatic was tried."""
    model.settle_everything()
    if model.row.status == Status.SENDING:
        return "left in sending"
    if model.row.status == Status.CHANGED and f"contenido {model.edits}" in "".join(model.documents()):
        return "changed for good, although the ERP holds its content"
    return violation(model)


def situation(model: ProtocolModel) -> Situation:
    """All that decides what may happen from here on: two models with equal situations are followed once."""
    row, now = model.row, timezone.now()
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
        for worker in model.workers
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
        model.edits,
        model.is_undone,
        model.backup is None,
        workers,
        tuple(body.count(f"contenido {model.edits}") for body in model.documents()),
    )


def _is_past(worker: Worker) -> bool:
    try:
        worker.claim.check_lease()
    except Exception:  # noqa: BLE001 - whichever way the lease is lost
        return True
    return False


@dataclass
class Exploration:
    """A walk over all sequences of at most `depth` events."""

    depth: int
    situations: dict[Situation, int] = field(default_factory=dict)
    events: int = 0

    def walk(self, model: ProtocolModel, sequence: tuple[str, ...] = ()) -> None:
        """Raises: BrokenPromiseError with the sequence that broke it."""
        left = self.depth - len(sequence)
        here = situation(model)
        if self.situations.get(here, -1) >= left:
            return
        if here not in self.situations:
            self._judge(model, sequence)
        self.situations[here] = left
        for name, apply in list(events(model)) if left else []:
            mark, copy = transaction.savepoint(), model.copy()
            self.events += 1
            apply(copy)
            self.walk(copy, (*sequence, name))
            transaction.savepoint_rollback(mark)

    def _judge(self, model: ProtocolModel, sequence: tuple[str, ...]) -> None:
        wrong = violation(model)
        if not wrong:
            mark = transaction.savepoint()
            wrong = final_violation(model.copy())
            transaction.savepoint_rollback(mark)
        if wrong:
            raise BrokenPromiseError(f"{wrong}\n" + "\n".join(f"  {n}. {name}" for n, name in enumerate(sequence, 1)))
