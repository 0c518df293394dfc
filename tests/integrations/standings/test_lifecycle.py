"""The state machine, cell by cell: what the table does not list does not happen."""

import itertools

import pytest

from integrations.choices import Status
from integrations.standings.lifecycle import BY_A_PERSON, MOVES, Event, destination

CELLS = list(itertools.product(Event, Status))


@pytest.mark.parametrize(("event", "status"), CELLS)
def test_every_cell_of_the_table_is_a_known_move_or_none(event: Event, status: Status) -> None:
    goal = destination(event, status, ever_present=False, content_is_current=True)
    assert (goal is None) == (status not in MOVES[event])


def test_only_a_queued_record_can_be_claimed() -> None:
    assert set(MOVES[Event.CLAIMED]) == {Status.QUEUED}


@pytest.mark.parametrize("status", [Status.UNCERTAIN, Status.CONFLICT, Status.SENDING, Status.SYNCED])
def test_a_person_cannot_request_what_may_be_in_the_erp(status: Status) -> None:
    assert status not in MOVES[Event.REQUESTED]


def test_a_lease_that_ends_never_goes_back_to_the_queue() -> None:
    assert MOVES[Event.LEASE_ENDED] == {Status.SENDING: Status.UNCERTAIN}


def test_nothing_leaves_conflict_by_itself() -> None:
    assert {event for event in Event if Status.CONFLICT in MOVES[event]} <= BY_A_PERSON


def test_back_is_changed_for_what_was_ever_in_the_erp() -> None:
    goal = destination(Event.WITHDRAWN, Status.QUEUED, ever_present=True, content_is_current=True)
    assert goal is Status.CHANGED


def test_back_is_new_for_what_never_was_in_the_erp() -> None:
    goal = destination(Event.WITHDRAWN, Status.QUEUED, ever_present=False, content_is_current=True)
    assert goal is Status.NEW


@pytest.mark.parametrize("event", [Event.ACCEPTED, Event.FOUND_EQUAL])
def test_an_edit_during_the_send_is_never_lost(event: Event) -> None:
    for status in MOVES[event]:
        assert destination(event, status, ever_present=False, content_is_current=False) is Status.CHANGED


def test_an_excluded_record_was_new_or_refused() -> None:
    assert set(MOVES[Event.EXCLUDED]) == {Status.NEW, Status.REJECTED}
