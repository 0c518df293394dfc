"""The lane moves on (rule 10.16): what was answered frees its slot, and what was not frees it by itself."""

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone
from django_q.models import Schedule

from integrations.choices import Status, Target
from integrations.connections import lanes, timeouts
from integrations.models import Connection, SyncStanding
from integrations.models.clock import elapsed_seconds
from integrations.sending import claims, engine
from integrations.simulators.sag import start_sag
from tests import builders
from tests.builders import standing_of
from tests.integrations.sending.conftest import claimed, confirmed, documents, fault

pytestmark = pytest.mark.django_db(transaction=True)
SLOW = {"read_seconds": 30.0, "deadline_seconds": 60.0, "lease_seconds": 400.0, "start_slack_seconds": 10.0}


@pytest.fixture
def quick_sag() -> Iterator[Any]:
    """A lane of one whose calls have one second, and whose leases and windows are those of every day."""
    with start_sag() as simulator:
        seconds = {"connect_seconds": 1.0, "read_seconds": 1.0, "deadline_seconds": 1.0, "start_slack_seconds": 10.0}
        builders.sag_connection(simulator.url, **seconds, lease_seconds=420.0, settle_seconds=600.0)
        yield simulator


def test_ten_documents_of_which_seven_get_no_clear_answer_do_not_stop_the_lane(quick_sag: Any) -> None:
    odd = ("hang", "commit_then_hang", "commit_then_reset", "commit_then_garbage", "truncated", "dripping", "hang")
    quick_sag.set_faults(*[fault(name, seconds=3, commit=True, operation="insercionSag") for name in odd])
    orders = [builders.order(f"V-{number}") for number in range(10)]
    connection_id = [confirmed(order, Target.SAG).connection_id for order in orders][-1]
    started = time.monotonic()
    engine.drain(connection_id)
    rows = [standing_of(order, Target.SAG) for order in orders]
    assert [row.status for row in rows].count(Status.UNCERTAIN) >= 7
    assert all(row.status == Status.SYNCED or (row.status == Status.UNCERTAIN and row.message) for row in rows)
    assert time.monotonic() - started < 3 * 10 * 1.0


@pytest.mark.parametrize("name", ["commit_then_500", "status_503_html", "bare_200", "soap_fault", "empty_result"])
def test_a_call_that_was_answered_frees_its_slot_whatever_the_answer(sag: Any, name: str) -> None:
    Connection.objects.update(**SLOW)
    sag.set_faults(fault(name))
    first = claimed(builders.order("V-1"), Target.SAG)
    engine.deliver(first)
    assert SyncStanding.objects.get(pk=first.standing_id).status == Status.UNCERTAIN
    assert claimed(builders.order("V-2"), Target.SAG)


def test_a_cut_answer_occupies_its_slot_for_one_deadline_from_the_first_byte(sag: Any) -> None:
    Connection.objects.update(**SLOW)
    sag.set_faults(fault("commit_then_reset"))
    movement = builders.order("V-1")
    engine.deliver(claimed(movement, Target.SAG))
    until = standing_of(movement, Target.SAG).slot_until
    assert until is not None
    assert 50 < (until - timezone.now()).total_seconds() <= 60


def test_the_call_of_a_dead_worker_occupies_its_slot_for_slack_and_deadline(siigo: Any) -> None:
    Connection.objects.update(**SLOW)
    movement = builders.voucher(1)
    claimed(movement)
    until = standing_of(movement).slot_until
    assert until is not None
    assert 60 < (until - timezone.now()).total_seconds() <= 70


def test_a_slot_that_ended_lets_the_next_document_leave_without_the_sweeper(siigo: Any) -> None:
    Connection.objects.update(**SLOW)
    claimed(builders.voucher(1))
    SyncStanding.objects.update(slot_until=timezone.now())
    assert claimed(builders.voucher(2))


def test_the_lane_of_sixteen_counts_what_was_not_answered(siigo: Any) -> None:
    Connection.objects.update(concurrency=2, **SLOW)
    SyncStanding.objects.filter(pk=claimed(builders.voucher(1)).standing_id).update(status=Status.UNCERTAIN)
    batch = confirmed(builders.voucher(2))
    confirmed(builders.voucher(3))
    assert claims.claim_next(batch.connection_id)
    assert claims.claim_next(batch.connection_id) is None


def test_what_did_not_leave_in_time_does_not_leave(siigo: Any) -> None:
    movement = builders.voucher()
    claim = claimed(movement)
    engine.deliver(replace(claim, start_ends=elapsed_seconds()))
    assert (documents(siigo), standing_of(movement).status) == (0, Status.RETRYING)


def test_a_drain_waits_for_the_slot_of_a_call_without_an_answer(siigo: Any) -> None:
    lost = claimed(builders.voucher(1))
    soon = timezone.now() + timedelta(seconds=0.5)
    SyncStanding.objects.filter(pk=lost.standing_id).update(status=Status.UNCERTAIN, slot_until=soon)
    movement = builders.voucher(2)
    engine.drain(confirmed(movement).connection_id, budget_seconds=10)
    assert standing_of(movement).status == Status.SYNCED


@pytest.mark.parametrize("status", [Status.UNCERTAIN, Status.SENDING])
def test_a_slot_beyond_the_budget_leaves_a_task_for_when_it_is_free(siigo: Any, status: Status) -> None:
    """The same where another worker may still be at work: it may be dead."""
    Connection.objects.update(**SLOW)
    lost = claimed(builders.voucher(1))
    SyncStanding.objects.filter(pk=lost.standing_id).update(status=status)
    started = time.monotonic()
    engine.drain(confirmed(builders.voucher(2)).connection_id, budget_seconds=5)
    until = SyncStanding.objects.get(pk=lost.standing_id).slot_until
    assert [(task.args, task.next_run) for task in Schedule.objects.filter(func="integrations.tasks.drain")] == [
        (str(lost.connection.pk), until)
    ]
    assert time.monotonic() - started < 4


def test_a_worker_whose_call_was_not_answered_waits_for_its_slot_while_others_are_at_work(siigo: Any) -> None:
    Connection.objects.update(concurrency=2, **SLOW)
    lost = claimed(builders.voucher(1))
    claimed(builders.voucher(2))
    soon = timezone.now() + timedelta(seconds=0.5)
    SyncStanding.objects.filter(pk=lost.standing_id).update(status=Status.UNCERTAIN, slot_until=soon)
    movement = builders.voucher(3)
    engine.drain(confirmed(movement).connection_id, budget_seconds=10)
    assert standing_of(movement).status == Status.SYNCED


def test_a_lane_with_nothing_queued_leaves_no_task(siigo: Any) -> None:
    Connection.objects.update(**SLOW)
    lanes.wait_to_start(claimed(builders.voucher(1)).connection.pk, 5)
    assert not Schedule.objects.filter(func="integrations.tasks.drain").exists()


def test_the_lease_is_longer_than_slack_and_deadline_together(siigo: Any) -> None:
    connection = Connection(deadline_seconds=90, lease_seconds=420, settle_seconds=600, start_slack_seconds=330)
    assert any("tiene para salir" in step for step in timeouts.broken_steps(connection))
    connection.start_slack_seconds = 329
    assert not any("tiene para salir" in step for step in timeouts.broken_steps(connection))
