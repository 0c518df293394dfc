"""The switches of the stand-in for Siigo: what it refuses, what a bad list leaves, and two requests at once."""

import threading
from collections.abc import Iterator
from typing import Any

import pytest

from integrations.simulators.serving import RunningSimulator
from integrations.simulators.siigo import start_siigo
from tests.integrations.simulators.client import Answer, act, export, post_siigo, read_back, row

CONNECTION = "OBai6kmwKH"
OTHER = "another"
UNBALANCED = (row(), row(sequence=2, debit_or_credit="C", sequence_value=40), row(sequence=3))
CROSSED = {"cross_voucher_type": 1, "cross_document_number": 1}
CHART = [{"group": 13, "account": 5, "sub_account": 5, "auxiliary": 0, "sub_auxiliary": 0}]


@pytest.fixture
def siigo() -> Iterator[RunningSimulator]:
    with start_siigo() as simulator:
        yield simulator


def codes(answer: Answer) -> list[str]:
    return [error["code"] for error in answer.json["errors"]]


def stored_vouchers(simulator: RunningSimulator) -> list[tuple[int, int]]:
    """Number and lines of each voucher."""
    return [(voucher["number"], len(voucher["rows"])) for voucher in simulator.documents()["vouchers"]]


@pytest.mark.parametrize("letter", ["V", "Y", "Z"])
def test_a_letter_that_is_no_voucher_is_refused_unless_switched(siigo: RunningSimulator, letter: str) -> None:
    refused = post_siigo(siigo, export(row(voucher_type=letter)))
    act(siigo, "switch", refused_types="")
    taken = post_siigo(siigo, export(row(voucher_type=letter)))
    assert (codes(refused), taken.status) == (["invalid_voucher_type"], 200)


@pytest.mark.parametrize(
    ("off", "rows"),
    [
        ({"max_lines": False}, [row(sequence=number) for number in range(1, 252)]),
        ({"unique_sequence": False}, [row(), row()]),
        ({"one_date": False}, [row(), row(sequence=2, document_day=6)]),
    ],
)
def test_a_rule_may_be_switched_off_while_it_serves(
    siigo: RunningSimulator, off: dict[str, Any], rows: list[Any]
) -> None:
    before = post_siigo(siigo, export(*rows)).status
    act(siigo, "switch", **off)
    assert (before, post_siigo(siigo, export(*rows)).status) == (400, 200)


def test_a_period_is_closed_while_it_serves(siigo: RunningSimulator) -> None:
    act(siigo, "switch", closed_periods=["2026-03"])
    assert codes(post_siigo(siigo, export(row()))) == ["closed_period"]


@pytest.mark.parametrize(
    "wrong", [{"nothing": True}, {"atomicity": "half"}, {"at_once": "never"}, {"error_style": "poem"}]
)
def test_a_switch_or_a_choice_that_does_not_exist_is_refused(siigo: RunningSimulator, wrong: dict[str, Any]) -> None:
    assert act(siigo, "switch", **wrong).status == 400
    assert post_siigo(siigo, export(row())).status == 200


def test_an_account_must_be_in_the_companys_chart_by_switch() -> None:
    with start_siigo(strict_chart=True) as siigo:
        before = post_siigo(siigo, export(row()))
        act(siigo, "keep", connection=CONNECTION, resource="accounting_accounts", rows=CHART)
        assert (codes(before), post_siigo(siigo, export(row())).status) == (["unknown_account"], 200)


def test_a_chart_may_be_given_at_the_start() -> None:
    with start_siigo(chart_of_accounts=[1305050000]) as siigo:
        found = [post_siigo(siigo, export(row(accounting_account=account))).status for account in (4135, 1305050000)]
        assert found == [400, 200]


@pytest.mark.parametrize(
    ("account", "changes", "status"),
    [(1305050000, {}, 400), (1305050000, CROSSED, 200), (4135050000, {}, 200)],
)
def test_an_account_with_due_dates_needs_a_cross_document_by_switch(
    account: int, changes: dict[str, object], status: int
) -> None:
    with start_siigo(due_date_accounts=["1305", "2205"]) as siigo:
        assert post_siigo(siigo, export(row(accounting_account=account, **changes))).status == status


@pytest.mark.parametrize(
    ("atomicity", "left"),
    [("list", []), ("voucher", [(2, 1)]), ("row", [(1, 2), (2, 1)])],
)
def test_what_a_voucher_that_does_not_balance_leaves_of_its_list(atomicity: str, left: list[tuple[int, int]]) -> None:
    with start_siigo(balance=True, atomicity=atomicity) as siigo:
        good = row(document_number=2, sequence_value=0)
        assert codes(post_siigo(siigo, export(*UNBALANCED, good))) == ["unbalanced"]
        assert stored_vouchers(siigo) == left


@pytest.mark.parametrize(
    ("rows", "left"),
    [
        ([row(), row(sequence=2, debit_or_credit="X"), row(sequence=3)], [(1, 1)]),
        ([row(debit_or_credit="X"), row(sequence=2)], []),
        ([row(), row(sequence=2), row(sequence=2)], [(1, 2)]),
        ([row(sequence=number) for number in range(1, 252)], [(1, 250)]),
    ],
)
def test_row_by_row_a_voucher_is_left_half_written(rows: list[Any], left: list[tuple[int, int]]) -> None:
    with start_siigo(atomicity="row") as siigo:
        assert post_siigo(siigo, export(*rows)).status == 400
        assert stored_vouchers(siigo) == left


def test_a_voucher_left_half_written_exists(siigo: RunningSimulator) -> None:
    act(siigo, "switch", atomicity="row")
    post_siigo(siigo, export(row(), row(sequence=2, debit_or_credit="X")))
    assert codes(post_siigo(siigo, export(row(), row(sequence=2)))) == ["exists"]


def test_a_list_that_is_refused_whole_leaves_the_voucher_it_would_have_replaced() -> None:
    with start_siigo(balance=True, atomicity="list") as siigo:
        post_siigo(siigo, export(row(sequence_value=0)))
        post_siigo(siigo, export(row(sequence_value=0), row(document_number=2), modify="S"))
        assert stored_vouchers(siigo) == [(1, 1)]


def test_a_second_request_is_refused_while_the_connection_is_at_work() -> None:
    with start_siigo(at_once="409") as siigo:
        act(siigo, "hold", connection=CONNECTION)
        busy = [post_siigo(siigo, request).status for request in (export(row()), read_back())]
        act(siigo, "release", connection=CONNECTION)
        assert (busy, stored_vouchers(siigo), post_siigo(siigo, export(row())).status) == ([409, 409], [], 200)


def test_another_connection_is_not_held_up() -> None:
    with start_siigo(at_once="409", connections=(CONNECTION, OTHER)) as siigo:
        act(siigo, "hold", connection=OTHER)
        assert post_siigo(siigo, export(row())).status == 200


def test_a_second_request_waits_for_its_turn_by_switch() -> None:
    with start_siigo(at_once="queue") as siigo:
        act(siigo, "hold", connection=CONNECTION)
        answers: list[int] = []
        waiting = threading.Thread(target=lambda: answers.append(post_siigo(siigo, export(row())).status))
        waiting.start()
        while not siigo.journal():
            pass
        before = (list(answers), stored_vouchers(siigo))
        act(siigo, "release", connection=CONNECTION)
        waiting.join()
        assert (before, answers, stored_vouchers(siigo)) == (([], []), [200], [(1, 1)])


def test_a_connection_at_work_holds_nobody_up_as_it_comes(siigo: RunningSimulator) -> None:
    act(siigo, "hold", connection=CONNECTION)
    assert post_siigo(siigo, export(row())).status == 200


def test_what_is_not_held_cannot_be_released(siigo: RunningSimulator) -> None:
    assert act(siigo, "release", connection=CONNECTION).status == 400


def test_many_vouchers_are_seeded_at_once(siigo: RunningSimulator) -> None:
    act(siigo, "seed", connection=CONNECTION, vouchers=10_000)
    assert len(post_siigo(siigo, read_back()).json["data"]) == 10_000
