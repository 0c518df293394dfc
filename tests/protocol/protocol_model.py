"""A model of one document, one ERP and any number of workers, in which time is moved by hand.

The records, the claims and the verdicts are the real ones. Two things are modelled: the documents in the ERP are a list
of bodies, written to the simulator before anyone reads it; and `pass_seconds` shifts every stored time into the past,
so that an hour costs nothing.
"""

from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any
from urllib.request import Request, urlopen
from uuid import UUID

from django.db.models import F
from django.utils import timezone

from integrations.choices import Kind, Status, Target
from integrations.decisions import DecisionRefusedError, adopt, confirm_absent, exclude, include, restoring
from integrations.dispatch import batches
from integrations.erp.payload import Payload
from integrations.erp.receipts import Receipt, Verdict
from integrations.models import (
    Connection,
    Prerequisite,
    StoredPayload,
    SyncAttempt,
    SyncBatch,
    SyncBatchItem,
    SyncStanding,
)
from integrations.models.syncable import Syncable
from integrations.sending import claims, engine, gateways
from integrations.sending.claims import Claim
from integrations.standings import search_keys, transitions
from integrations.standings.requester import Requester
from integrations.sweep import sweep as sweep_once
from integrations.verifying import reconcile
from ledger.models import Movement, MovementLine
from tests import builders

LEASE_SECONDS = 400
SETTLE_SECONDS = 600
REQUESTER = Requester(origin="prueba")
EMPTIED: tuple[type[Any], ...] = (
    Prerequisite,
    SyncStanding,
    SyncAttempt,
    SyncBatchItem,
    SyncBatch,
    StoredPayload,
    MovementLine,
    Movement,
)


ACCEPTED = Receipt(Verdict.ACCEPTED, "DOCUMENTO CREADO CORRECTAMENTE", http_status=200)


@dataclass(frozen=True)
class Backup:
    """Every row of the database at one moment."""

    rows: dict[type[Any], list[dict[str, Any]]]
    edits: int


@dataclass
class Worker:
    """A claim that a worker took: how far its call got."""

    claim: Claim
    has_left: bool = False
    """Bytes were sent: the ERP may commit until the settle window ends."""
    committed: bool = False
    """The ERP stored it, whether or not its answer arrived."""
    is_over: bool = False
    """The worker saved its outcome, or died."""
    cannot_commit: bool = False


@dataclass
class ProtocolModel:
    """One document, and everything that can happen to it."""

    simulator: Any
    connection: Connection
    record: Movement
    workers: list[Worker] = field(default_factory=list)
    attempts_seen: list[UUID] = field(default_factory=list)
    edits: int = 0
    control: SyncStanding | None = None
    backup: Backup | None = None
    is_undone: bool = False
    confirmed_hash: str = ""
    stored: tuple[Payload, ...] = ()
    """The documents in the ERP, the control first."""

    @classmethod
    def fresh(cls, simulator: Any) -> "ProtocolModel":
        """A new document in an empty database, and a control: a document known to be in the ERP."""
        for model in EMPTIED:
            model._default_manager.all().delete()
        Connection.objects.all().delete()
        connection = builders.sag_connection(
            simulator.url, concurrency=8, lease_seconds=LEASE_SECONDS, settle_seconds=SETTLE_SECONDS
        )
        control = builders.order(observations="control")
        _request(control)
        claim = claims.claim_next(connection.pk)
        assert claim is not None
        engine.finish(claim, ACCEPTED)
        record = builders.order(observations="contenido 0")
        return cls(
            simulator, connection, record, stored=(claim.payload,), control=builders.standing_of(control, Target.SAG)
        )

    def copy(self) -> "ProtocolModel":
        """The same state, to continue from it in another way; a savepoint does the same for the database."""
        workers = [replace(worker, claim=replace(worker.claim)) for worker in self.workers]
        return replace(self, workers=workers, attempts_seen=list(self.attempts_seen))

    @property
    def row(self) -> SyncStanding:
        return builders.standing_of(self.record, Target.SAG)

    def request(self) -> None:
        """A person confirms the preview; only content with its hash may leave."""
        batch = _request(self.record)
        self.confirmed_hash = batch.items.get(kind=self.record.kind, record_id=self.record.pk).payload_hash

    def request_and_claim(self) -> None:
        self.request()
        self.claim()

    def settle_and_verify(self) -> None:
        """The settle window ends and someone verifies."""
        self.end_the_settle_windows()
        self.verify()

    def cancel(self) -> None:
        if self.row.batch_id:
            batches.cancel(self.row.batch_id)

    def claim(self) -> None:
        claim = claims.claim_next(self.connection.pk)
        if claim is not None:
            assert claim.payload.sha256 == self.confirmed_hash, "not what the person confirmed"
            self.workers.append(Worker(claim))
            self.attempts_seen.append(claim.attempt.pk)

    def start_sending(self, worker: Worker) -> None:
        """The worker checks its lease and sends its first byte."""
        try:
            worker.claim.before_first_byte()
        except claims.LeaseLostError as late:
            self.finish(worker, Receipt(Verdict.NEVER_SENT, str(late), cause="lease_lost"))
        else:
            worker.has_left = True

    def commit(self, worker: Worker) -> None:
        """The ERP stores what the worker sent, whether or not its answer arrives."""
        worker.committed = True
        self.stored = (*self.stored, worker.claim.payload)

    def finish(self, worker: Worker, receipt: Receipt) -> None:
        worker.is_over = True
        engine.finish(worker.claim, receipt)

    def back_up(self) -> None:
        """Copy every row of the database."""
        self.backup = Backup({model: list(model._base_manager.values()) for model in EMPTIED}, self.edits)

    def restore(self) -> None:
        """Stop the workers, put the backup in place and run `after_restore`."""
        assert self.backup is not None
        for worker in self.workers:
            worker.is_over = True
        for model in EMPTIED:
            model._base_manager.all().delete()
        for model in reversed(EMPTIED):
            model._base_manager.bulk_create([model(**row) for row in self.backup.rows[model]])
        self.edits, self.backup, self.attempts_seen = self.backup.edits, None, []
        restoring.after_restore()
        # A person resumes the lane: each record must still be proven present or absent.
        restoring.release(self.connection.pk)
        self.resume()

    def verify(self, attempt: UUID | None = None) -> None:
        self._write_to_simulator()
        if self.control is not None:
            reconcile.verify(self.control.pk)
        reconcile.verify(self.row.pk, attempt or self.row.attempt)

    def edit(self) -> None:
        self.edits += 1
        record = Movement.objects.get(pk=self.record.pk)
        with transitions.editing(record):
            record.observations = f"contenido {self.edits}"
            record.save()

    def undo_edit(self) -> None:
        """The record says again what it said before the last edit."""
        self.edits -= 2
        self.edit()
        self.is_undone = True

    def exclude(self) -> None:
        exclude(
            kind=Kind.MOVEMENT, record_ids=[self.record.pk], target=Target.SAG, requester=REQUESTER, reason="prueba"
        )

    def include(self) -> None:
        include(kind=Kind.MOVEMENT, record_ids=[self.record.pk], target=Target.SAG)

    def adopt(self) -> None:
        with suppress(DecisionRefusedError):
            adopt(self.row.pk, self.row.attempt, REQUESTER, "prueba")

    def confirm_absent(self) -> None:
        with suppress(DecisionRefusedError):
            confirm_absent(self.row.pk, self.row.attempt, REQUESTER, "prueba", timezone.now())

    def resume(self) -> None:
        Connection.objects.update(paused_at=None, resting_until=None, failures_in_a_row=0)

    def sweep(self) -> None:
        sweep_once()

    def pass_seconds(self, seconds: float) -> None:
        """Shift every stored time that much into the past."""
        ago = timedelta(seconds=seconds)
        SyncStanding.objects.update(
            lease_until=F("lease_until") - ago,
            slot_until=F("slot_until") - ago,
            settles_at=F("settles_at") - ago,
            due_at=F("due_at") - ago,
        )
        SyncAttempt.objects.update(lease_until=F("lease_until") - ago)
        for worker in self.workers:
            worker.claim.lease_ends -= seconds
            worker.claim.start_ends -= seconds
            if worker.claim.left_at is not None:
                worker.claim.left_at -= seconds

    def end_the_settle_windows(self) -> None:
        """The premise of the promise: after its window, no ERP commits (sync protocol, section 9)."""
        self.pass_seconds(LEASE_SECONDS + SETTLE_SECONDS + 1)
        for worker in self.workers:
            # What has not left yet is stopped by its lease only.
            worker.cannot_commit = worker.cannot_commit or worker.has_left

    def documents(self) -> list[str]:
        """The bodies in the ERP with the key of our document."""
        key = f'"{search_keys.key_of(self.row)}"'
        return [payload.body for payload in self.stored if key in payload.body]

    def _write_to_simulator(self) -> None:
        if getattr(self.simulator, "written", None) == self.stored:
            return
        urlopen(Request(f"{self.simulator.root}/_sim/reset", method="POST"), timeout=5).close()
        gateway = gateways.gateway(self.connection)
        for payload in self.stored:
            gateway.send(payload, lambda: None)
        self.simulator.written = self.stored

    def settle_everything(self) -> None:
        """Let all windows end and try what is automatic: what remains waits for a person."""
        self.end_the_settle_windows()
        self.sweep()
        if self.row.status in (Status.UNCERTAIN, Status.REJECTED):
            self.verify()


def _request(record: Syncable) -> SyncBatch:
    batch = batches.draft(
        company=record.company, target=Target.SAG, kind=record.kind, record_ids=[record.pk], requester=REQUESTER
    )
    return batches.confirm(batch.pk)
