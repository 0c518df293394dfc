"""The protocol explored as a model: every order of claim, answer, lease end, reconcile, edit, cancel and person.

Hypothesis drives the real code through sequences that no list of cases would hold, and shrinks the ones that
break the promise. What the promise rests on (sync protocol, section 9) is what the rules' conditions say.
"""

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule, run_state_machine_as_test

from integrations.choices import Status
from integrations.erp.receipts import Receipt, Verdict
from integrations.simulators.sag import start_sag
from tests.protocol.world import ACCEPTED, LEASE_SECONDS, Worker, World

EXAMPLES = int(os.environ.get("MODEL_EXAMPLES", "40"))
STEPS = 25
MOST_EDITS = 3

ABSENT = frozenset({Status.NEW, Status.QUEUED, Status.RETRYING, Status.EXCLUDED})
"""States of a first send that say: the ERP does not have it."""


class OneDocument(RuleBasedStateMachine):
    """One document, any number of workers, and whatever may happen next."""

    simulator: Any = None

    def __init__(self) -> None:
        super().__init__()
        self.world = World.fresh(self.simulator)

    def _workers(self, **wanted: bool) -> list[Worker]:
        return [
            worker
            for worker in self.world.workers
            if all(getattr(worker, name) is value for name, value in wanted.items())
        ]

    # What people do. Conditions leave out what would do nothing; drawn flags make long stories short.

    def _is(self, *statuses: Status) -> bool:
        return Status(self.world.row.status) in statuses

    @precondition(lambda self: self._is(Status.NEW, Status.CHANGED, Status.REJECTED))
    @rule(claimed=st.booleans())
    def someone_sends_it(self, claimed: bool) -> None:
        self.world.request()
        if claimed:
            self.world.claim()

    @precondition(lambda self: self._is(Status.QUEUED, Status.RETRYING, Status.SENDING))
    @rule()
    def someone_cancels_the_batch(self) -> None:
        self.world.cancel()

    @precondition(lambda self: self.world.edits < MOST_EDITS)
    @rule()
    def someone_edits_it(self) -> None:
        self.world.edit()

    @precondition(lambda self: self._is(Status.NEW, Status.REJECTED))
    @rule()
    def someone_sets_it_aside(self) -> None:
        self.world.exclude()

    @precondition(lambda self: self._is(Status.EXCLUDED))
    @rule()
    def someone_takes_it_back(self) -> None:
        self.world.include()

    # What workers and the ERP do.

    @precondition(lambda self: self._is(Status.QUEUED))
    @rule(leaves=st.booleans(), commits=st.booleans())
    def a_worker_claims(self, leaves: bool, commits: bool) -> None:
        before = len(self.world.workers)
        self.world.claim()
        if leaves and len(self.world.workers) > before:
            self.world.let_it_leave(self.world.workers[-1])
            if commits and self.world.workers[-1].has_left:
                self.world.commit(self.world.workers[-1])

    @precondition(lambda self: self._workers(has_left=False, is_over=False))
    @rule(data=st.data(), commits=st.booleans())
    def its_bytes_leave(self, data: st.DataObject, commits: bool) -> None:
        worker = data.draw(st.sampled_from(self._workers(has_left=False, is_over=False)))
        self.world.let_it_leave(worker)
        if commits and worker.has_left:
            self.world.commit(worker)

    def _may_commit(self) -> list[Worker]:
        return self._workers(has_left=True, committed=False, cannot_commit=False)

    @precondition(lambda self: self._may_commit())
    @rule(data=st.data())
    def the_erp_commits(self, data: st.DataObject) -> None:
        self.world.commit(data.draw(st.sampled_from(self._may_commit())))

    @precondition(lambda self: self._workers(committed=True, is_over=False))
    @rule(data=st.data())
    def the_worker_hears_of_the_commit(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self._workers(committed=True, is_over=False)))
        self.world.finish(worker, ACCEPTED)

    def _waiting(self) -> list[Worker]:
        return self._workers(has_left=True, is_over=False)

    @precondition(lambda self: self._waiting())
    @rule(data=st.data(), verdict=st.sampled_from([Verdict.AMBIGUOUS, Verdict.REFUSED_UNPROVEN, Verdict.DUPLICATE]))
    def the_answer_tells_nothing(self, data: st.DataObject, verdict: Verdict) -> None:
        self.world.finish(data.draw(st.sampled_from(self._waiting())), Receipt(verdict, "sin prueba", http_status=200))

    def _refusable(self) -> list[Worker]:
        return self._workers(has_left=True, is_over=False, committed=False)

    @precondition(lambda self: self._refusable())
    @rule(
        data=st.data(),
        verdict=st.sampled_from([Verdict.REFUSED, Verdict.THROTTLED, Verdict.UNAUTHORIZED]),
    )
    def the_erp_refuses_for_certain(self, data: st.DataObject, verdict: Verdict) -> None:
        worker = data.draw(st.sampled_from(self._refusable()))
        worker.cannot_commit = True
        self.world.finish(worker, Receipt(verdict, "rechazado", http_status=400))
        self.world.resume()

    @precondition(lambda self: self._workers(has_left=False, is_over=False))
    @rule(data=st.data())
    def nothing_could_be_written(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self._workers(has_left=False, is_over=False)))
        self.world.finish(worker, Receipt(Verdict.NEVER_SENT, "sin conexión", cause="unreachable"))
        self.world.resume()

    @precondition(lambda self: self._workers(is_over=False))
    @rule(data=st.data())
    def the_worker_is_killed(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self._workers(is_over=False))).is_over = True

    # What time does.

    @precondition(lambda self: self._is(Status.SENDING, Status.RETRYING))
    @rule(swept=st.booleans())
    def the_leases_end(self, swept: bool) -> None:
        self.world.pass_seconds(LEASE_SECONDS + 1)
        if swept:
            self.world.sweep()

    @precondition(lambda self: self._is(Status.UNCERTAIN, Status.REJECTED, Status.SENDING))
    @rule(verified=st.booleans())
    def the_settle_windows_end(self, verified: bool) -> None:
        self.world.end_the_settle_windows()
        if verified:
            self.world.verify()

    @rule()
    def the_sweeper_comes(self) -> None:
        self.world.sweep()

    @precondition(lambda self: self._is(Status.UNCERTAIN, Status.REJECTED))
    @rule()
    def someone_verifies(self) -> None:
        self.world.verify()

    @precondition(lambda self: self._is(Status.UNCERTAIN, Status.REJECTED) and self.world.attempts_seen)
    @rule(data=st.data())
    def a_verification_asked_for_long_ago_runs(self, data: st.DataObject) -> None:
        self.world.verify(data.draw(st.sampled_from(self.world.attempts_seen)))

    # What must hold at every step.

    @invariant()
    def the_erp_holds_it_once_at_most(self) -> None:
        assert len(self.world.documents()) <= 1

    @invariant()
    def sent_means_that_the_erp_holds_this_content(self) -> None:
        if self.world.row.status == Status.SYNCED:
            assert [f"contenido {self.world.edits}" in body for body in self.world.documents()] == [True]

    @invariant()
    def changed_means_that_the_erp_holds_an_earlier_content(self) -> None:
        if self.world.row.status == Status.CHANGED:
            assert len(self.world.documents()) == 1

    @invariant()
    def not_sent_means_that_the_erp_does_not_hold_it(self) -> None:
        row = self.world.row
        if row.status in ABSENT:
            assert not self.world.documents()

    @invariant()
    def the_record_shows_what_its_standing_says(self) -> None:
        self.world.record.refresh_from_db()
        assert self.world.record.sag_status == self.world.row.status

    def teardown(self) -> None:
        self.world.settle_everything()
        row, held = self.world.row, len(self.world.documents())
        assert row.status != Status.SENDING
        assert held <= 1
        if row.status in (Status.SYNCED, Status.CHANGED):
            assert held == 1
        elif row.status not in (Status.UNCERTAIN, Status.CONFLICT):
            assert held == 0, row.status


@pytest.mark.django_db(transaction=True)
def test_no_order_of_events_posts_twice_loses_or_lies() -> None:
    with start_sag() as simulator:
        machine = type("OneDocumentOfSag", (OneDocument,), {"simulator": simulator})
        run_state_machine_as_test(
            machine,
            settings=settings(
                max_examples=EXAMPLES,
                stateful_step_count=STEPS,
                deadline=None,
                # Shrinking runs for minutes; MODEL_SHRINK=1 asks for it when a failure has to be understood.
                phases=[Phase.generate] + ([Phase.shrink] if "MODEL_SHRINK" in os.environ else []),
                suppress_health_check=list(HealthCheck),
                derandomize="MODEL_EXAMPLES" not in os.environ,
            ),
        )
