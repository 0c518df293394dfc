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
from tests.protocol.protocol_model import ACCEPTED, LEASE_SECONDS, ProtocolModel, Worker

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
        self.model = ProtocolModel.fresh(self.simulator)

    def _workers(self, **flags: bool) -> list[Worker]:
        return [
            worker
            for worker in self.model.workers
            if all(getattr(worker, name) is value for name, value in flags.items())
        ]

    # What people do. Conditions leave out what would do nothing; drawn flags make long stories short.

    def _is(self, *statuses: Status) -> bool:
        return Status(self.model.row.status) in statuses

    @precondition(lambda self: self._is(Status.NEW, Status.CHANGED, Status.REJECTED))
    @rule(claimed=st.booleans())
    def someone_sends_it(self, claimed: bool) -> None:
        self.model.request()
        if claimed:
            self.model.claim()

    @precondition(lambda self: self._is(Status.QUEUED, Status.RETRYING, Status.SENDING))
    @rule()
    def someone_cancels_the_batch(self) -> None:
        self.model.cancel()

    @precondition(lambda self: self.model.edits < MOST_EDITS)
    @rule()
    def someone_edits_it(self) -> None:
        self.model.edit()

    @precondition(lambda self: self._is(Status.NEW, Status.REJECTED))
    @rule()
    def someone_sets_it_aside(self) -> None:
        self.model.exclude()

    @precondition(lambda self: self._is(Status.EXCLUDED))
    @rule()
    def someone_takes_it_back(self) -> None:
        self.model.include()

    # What workers and the ERP do.

    @precondition(lambda self: self._is(Status.QUEUED))
    @rule(leaves=st.booleans(), commits=st.booleans())
    def a_worker_claims(self, leaves: bool, commits: bool) -> None:
        before = len(self.model.workers)
        self.model.claim()
        if leaves and len(self.model.workers) > before:
            self.model.start_sending(self.model.workers[-1])
            if commits and self.model.workers[-1].has_left:
                self.model.commit(self.model.workers[-1])

    @precondition(lambda self: self._workers(has_left=False, is_over=False))
    @rule(data=st.data(), commits=st.booleans())
    def its_bytes_leave(self, data: st.DataObject, commits: bool) -> None:
        worker = data.draw(st.sampled_from(self._workers(has_left=False, is_over=False)))
        self.model.start_sending(worker)
        if commits and worker.has_left:
            self.model.commit(worker)

    def _may_commit(self) -> list[Worker]:
        return self._workers(has_left=True, committed=False, cannot_commit=False)

    @precondition(lambda self: self._may_commit())
    @rule(data=st.data())
    def the_erp_commits(self, data: st.DataObject) -> None:
        self.model.commit(data.draw(st.sampled_from(self._may_commit())))

    @precondition(lambda self: self._workers(committed=True, is_over=False))
    @rule(data=st.data())
    def the_answer_arrives(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self._workers(committed=True, is_over=False)))
        self.model.finish(worker, ACCEPTED)

    def _waiting(self) -> list[Worker]:
        return self._workers(has_left=True, is_over=False)

    @precondition(lambda self: self._waiting())
    @rule(data=st.data(), verdict=st.sampled_from([Verdict.AMBIGUOUS, Verdict.REFUSED_UNPROVEN, Verdict.DUPLICATE]))
    def the_answer_tells_nothing(self, data: st.DataObject, verdict: Verdict) -> None:
        self.model.finish(data.draw(st.sampled_from(self._waiting())), Receipt(verdict, "sin prueba", http_status=200))

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
        self.model.finish(worker, Receipt(verdict, "rechazado", http_status=400))
        self.model.resume()

    @precondition(lambda self: self._workers(has_left=False, is_over=False))
    @rule(data=st.data())
    def nothing_could_be_written(self, data: st.DataObject) -> None:
        worker = data.draw(st.sampled_from(self._workers(has_left=False, is_over=False)))
        self.model.finish(worker, Receipt(Verdict.NEVER_SENT, "sin conexión", cause="unreachable"))
        self.model.resume()

    @precondition(lambda self: self._workers(is_over=False))
    @rule(data=st.data())
    def the_worker_is_killed(self, data: st.DataObject) -> None:
        data.draw(st.sampled_from(self._workers(is_over=False))).is_over = True

    # What time does.

    @precondition(lambda self: self._is(Status.SENDING, Status.RETRYING))
    @rule(swept=st.booleans())
    def the_leases_end(self, swept: bool) -> None:
        self.model.pass_seconds(LEASE_SECONDS + 1)
        if swept:
            self.model.sweep()

    @precondition(lambda self: self._is(Status.UNCERTAIN, Status.REJECTED, Status.SENDING))
    @rule(verified=st.booleans())
    def the_settle_windows_end(self, verified: bool) -> None:
        self.model.end_the_settle_windows()
        if verified:
            self.model.verify()

    @rule()
    def the_sweeper_comes(self) -> None:
        self.model.sweep()

    @precondition(lambda self: self._is(Status.UNCERTAIN, Status.REJECTED))
    @rule()
    def someone_verifies(self) -> None:
        self.model.verify()

    @precondition(lambda self: self._is(Status.UNCERTAIN, Status.REJECTED) and self.model.attempts_seen)
    @rule(data=st.data())
    def a_verification_asked_for_long_ago_runs(self, data: st.DataObject) -> None:
        self.model.verify(data.draw(st.sampled_from(self.model.attempts_seen)))

    # What must hold at every step.

    @invariant()
    def the_erp_holds_it_once_at_most(self) -> None:
        assert len(self.model.documents()) <= 1

    @invariant()
    def sent_means_that_the_erp_holds_this_content(self) -> None:
        if self.model.row.status == Status.SYNCED:
            assert [f"contenido {self.model.edits}" in body for body in self.model.documents()] == [True]

    @invariant()
    def changed_means_that_the_erp_holds_an_earlier_content(self) -> None:
        if self.model.row.status == Status.CHANGED:
            assert len(self.model.documents()) == 1

    @invariant()
    def not_sent_means_that_the_erp_does_not_hold_it(self) -> None:
        row = self.model.row
        if row.status in ABSENT:
            assert not self.model.documents()

    @invariant()
    def the_record_shows_what_its_standing_says(self) -> None:
        self.model.record.refresh_from_db()
        assert self.model.record.sag_status == self.model.row.status

    def teardown(self) -> None:
        self.model.settle_everything()
        row, in_erp = self.model.row, len(self.model.documents())
        assert row.status != Status.SENDING
        assert in_erp <= 1
        if row.status in (Status.SYNCED, Status.CHANGED):
            assert in_erp == 1
        elif row.status not in (Status.UNCERTAIN, Status.CONFLICT):
            assert in_erp == 0, row.status


@pytest.mark.no_cover  # measuring makes the same walk five times as long
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
