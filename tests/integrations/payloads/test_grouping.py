"""Several whole vouchers in one request: one call, and each its own outcome."""

import datetime as dt
from collections.abc import Iterator
from datetime import date
from typing import Any

import pytest
from django.utils import timezone

from integrations.choices import Status
from integrations.dispatch import batches
from integrations.models import Connection, SyncAttempt, SyncBatch, SyncStanding
from integrations.selectors import siigo_line_errors
from integrations.sending import claims, engine
from integrations.simulators.siigo import start_siigo
from integrations.standings.requester import Requester
from integrations.verifying import reconcile
from ledger.models import Movement
from tests import builders
from tests.builders import standing_of
from tests.integrations.payloads.test_updates import edited
from tests.integrations.sending.conftest import fault

pytestmark = pytest.mark.django_db(transaction=True)

THREE = {"vouchers_per_request": 3}
SEARCHES = {"vouchers_per_request": 8, "refused_list_writes_nothing": True}


@pytest.fixture
def siigo() -> Iterator[Any]:
    with start_siigo(ten_digit_account=True) as simulator:
        builders.siigo_connection(simulator.url, settings=THREE)
        yield simulator


@pytest.fixture
def all_or_nothing() -> Iterator[Any]:
    """A Siigo that writes nothing of a list that it refuses, and a connection that says so."""
    with start_siigo(ten_digit_account=True, whole_list=True) as simulator:
        seconds = {"read_seconds": 2.0, "deadline_seconds": 2.5, "lease_seconds": 60.0}
        builders.siigo_connection(simulator.url, settings=SEARCHES, **seconds)
        yield simulator


def vouchers(*numbers: int, **changes: Any) -> list[Movement]:
    return [builders.voucher(number, **changes) for number in numbers]


def wrong(movement: Movement) -> Movement:
    """Siigo refuses its third line."""
    movement.lines.filter(position=3).update(account="240805")
    return movement


def confirmed(*movements: Movement) -> SyncBatch:
    batch = batches.draft(
        company=movements[0].company,
        target="siigo",
        kind=movements[0].kind,
        record_ids=[one.pk for one in movements],
        requester=Requester(origin="prueba"),
    )
    return batches.confirm(batch.pk)


def sent(*movements: Movement) -> list[Status]:
    engine.drain(confirmed(*movements).connection_id)
    return [Status(standing_of(one).status) for one in movements]


def writes(simulator: Any) -> int:
    return sum(1 for call in simulator.journal() if call["operation"] == "export")


def numbers(simulator: Any) -> list[int]:
    return sorted(voucher["number"] for voucher in simulator.documents()["vouchers"])


def verified(*movements: Movement) -> list[Status]:
    ago = timezone.now() - dt.timedelta(seconds=1)
    SyncStanding.objects.update(lease_until=ago, settles_at=ago)
    reconcile.verify_many({standing_of(one).pk: None for one in movements})
    return [Status(standing_of(one).status) for one in movements]


# --- what leaves together


def test_three_vouchers_leave_in_one_request_and_all_are_synced(siigo: Any) -> None:
    assert sent(*vouchers(1, 2, 3)) == [Status.SYNCED] * 3
    assert (writes(siigo), numbers(siigo)) == (1, [1, 2, 3])


def test_each_keeps_its_own_reference_and_its_own_payload(siigo: Any) -> None:
    movements = vouchers(1, 2)
    sent(*movements)
    assert [standing_of(one).reference for one in movements] == ["F-1 1", "F-1 2"]
    assert SyncAttempt.objects.values("payload").distinct().count() == 2


def test_their_attempts_share_the_hash_of_the_request(siigo: Any) -> None:
    sent(*vouchers(1, 2))
    first, second = SyncAttempt.objects.order_by("rows_before")
    assert first.request_hash == second.request_hash != ""
    assert (first.rows_before, second.rows_before) == (0, 3)


def test_more_than_fit_leave_in_more_requests(siigo: Any) -> None:
    sent(*vouchers(1, 2, 3, 4))
    assert writes(siigo) == 2


def test_one_process_year_a_request(siigo: Any) -> None:
    movements = [*vouchers(1), *vouchers(2, date=date(2025, 11, 3))]
    assert sent(*movements) == [Status.SYNCED] * 2
    assert writes(siigo) == 2


def test_an_update_leaves_apart_from_a_creation(siigo: Any) -> None:
    first = builders.voucher(1)
    sent(first)
    edited(first)
    assert sent(first, builders.voucher(2)) == [Status.SYNCED] * 2
    assert writes(siigo) == 3


def test_a_connection_of_one_voucher_a_request_is_the_default() -> None:
    with start_siigo() as simulator:
        builders.siigo_connection(simulator.url)
        sent(*vouchers(1, 2))
        assert writes(simulator) == 2


def test_a_voucher_edited_after_the_confirmation_falls_out_of_its_group(siigo: Any) -> None:
    movements = vouchers(1, 2, 3)
    batch = confirmed(*movements)
    edited(movements[1])
    engine.drain(batch.connection_id)
    assert [standing_of(one).status for one in movements] == [Status.SYNCED, Status.NEW, Status.SYNCED]
    assert (writes(siigo), numbers(siigo)) == (1, [1, 3])


def test_a_cancelled_batch_sends_no_group(siigo: Any) -> None:
    movements = vouchers(1, 2)
    batch = confirmed(*movements)
    batches.cancel(batch.pk)
    engine.drain(batch.connection_id)
    assert (writes(siigo), standing_of(movements[0]).status) == (0, Status.NEW)


def test_the_same_task_delivered_twice_sends_a_group_once(siigo: Any) -> None:
    batch = confirmed(*vouchers(1, 2, 3))
    engine.drain(batch.connection_id)
    engine.drain(batch.connection_id)
    assert writes(siigo) == 1


def test_one_claim_takes_one_record_whatever_the_connection_says(siigo: Any) -> None:
    batch = confirmed(*vouchers(1, 2))
    assert claims.claim_next(batch.connection_id) is not None
    assert SyncStanding.objects.filter(status=Status.SENDING).count() == 1


# --- what comes of it


def test_a_group_without_an_answer_is_uncertain_one_by_one_and_read_at_once(siigo: Any) -> None:
    siigo.set_faults(fault("commit_then_reset"))
    movements = vouchers(1, 2, 3)
    assert sent(*movements) == [Status.UNCERTAIN] * 3
    assert verified(*movements) == [Status.SYNCED] * 3
    assert (writes(siigo), numbers(siigo)) == (1, [1, 2, 3])


def test_a_group_that_never_left_is_tried_again(siigo: Any) -> None:
    Connection.objects.update(endpoint="http://127.0.0.1:9/")
    assert sent(*vouchers(1, 2)) == [Status.RETRYING] * 2


def test_a_refused_list_is_to_be_verified_whole_and_one_wide_read_settles_it(siigo: Any) -> None:
    good, bad, other = vouchers(1, 2, 3)
    wrong(bad)
    assert sent(good, bad, other) == [Status.REJECTED] * 3
    assert all(standing_of(one).verify_first for one in (good, bad, other))
    assert verified(good, bad, other) == [Status.SYNCED, Status.REJECTED, Status.SYNCED]
    reads = sum(1 for call in siigo.journal() if call["operation"] == "import")
    assert (writes(siigo), reads) == (1, 2)


def test_who_was_not_at_fault_is_told_so(siigo: Any) -> None:
    good, bad = vouchers(1, 2)
    wrong(bad)
    sent(good, bad)
    assert "rechazó por otro de ellos" in standing_of(good).message
    assert "La cuenta debe tener 10 dígitos" in standing_of(bad).message


def test_a_row_of_the_list_reaches_the_line_of_its_own_voucher(siigo: Any) -> None:
    good, bad = vouchers(1, 2)
    wrong(bad)
    sent(good, bad)
    assert [one.line for one in siigo_line_errors.line_errors(bad)] == [3]
    assert siigo_line_errors.line_errors(good) == []


@pytest.mark.parametrize("guilty", range(8))
def test_where_a_refused_list_writes_nothing_the_guilty_one_is_found(all_or_nothing: Any, guilty: int) -> None:
    movements = vouchers(*range(1, 9))
    wrong(movements[guilty])
    expected = [Status.REJECTED if position == guilty else Status.SYNCED for position in range(8)]
    assert sent(*movements) == expected
    assert numbers(all_or_nothing) == [number for number in range(1, 9) if number != guilty + 1]


def test_the_search_takes_two_calls_a_halving(all_or_nothing: Any) -> None:
    movements = vouchers(*range(1, 9))
    wrong(movements[0])
    sent(*movements)
    assert writes(all_or_nothing) == 7


def test_a_search_that_has_no_time_left_leaves_the_rest_for_later_one_by_one(all_or_nothing: Any) -> None:
    Connection.objects.update(lease_seconds=2.6, deadline_seconds=2.55)
    first, second = vouchers(1, 2)
    wrong(first)
    engine_states = sent(first, second)
    assert engine_states == [Status.RETRYING, Status.RETRYING]
    assert numbers(all_or_nothing) == []
