"""What each answer, and each fault, of an ERP makes of a record."""

from decimal import Decimal
from typing import Any

import pytest

from integrations.choices import Status, Target
from integrations.models import Connection, SyncAttempt
from integrations.payloads.judgement import why_not_now
from integrations.sending import engine
from integrations.simulators.sag import start_sag
from integrations.simulators.siigo import start_siigo
from integrations.standings import transitions
from tests import builders
from tests.builders import standing_of
from tests.integrations.sending.conftest import confirmed, fault, sent

pytestmark = pytest.mark.django_db(transaction=True)


def test_an_accepted_voucher_is_synced_with_its_number(siigo: Any) -> None:
    movement = builders.voucher()
    assert sent(movement) is Status.SYNCED
    assert standing_of(movement).reference == "F-1 1001"


def test_the_record_shows_the_status_of_its_standing(siigo: Any) -> None:
    movement = builders.voucher()
    sent(movement)
    movement.refresh_from_db()
    assert movement.siigo_status == Status.SYNCED


def test_an_order_reaches_sag_with_a_key_to_find_it_by(sag: Any) -> None:
    movement = builders.order()
    assert sent(movement, Target.SAG) is Status.SYNCED
    attempt = SyncAttempt.objects.sends().get()
    assert attempt.payload is not None
    assert b'NumeroDocumento2="IC' in attempt.payload.body


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("commit_then_hang", Status.UNCERTAIN),
        ("commit_then_reset", Status.UNCERTAIN),
        ("commit_then_garbage", Status.UNCERTAIN),
        ("commit_then_500", Status.UNCERTAIN),
        ("status_503_html", Status.UNCERTAIN),
        ("redirect_307", Status.UNCERTAIN),
        ("dripping", Status.UNCERTAIN),
        ("truncated", Status.UNCERTAIN),
        ("bare_200", Status.UNCERTAIN),
        ("reset_before", Status.UNCERTAIN),
        ("unauthorized_401", Status.QUEUED),
        ("throttled_429", Status.RETRYING),
    ],
)
def test_each_fault_of_siigo_ends_where_the_protocol_says(siigo: Any, name: str, expected: Status) -> None:
    siigo.set_faults(fault(name))
    assert sent(builders.voucher()) is expected


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("commit_then_hang", Status.UNCERTAIN),
        ("commit_then_reset", Status.UNCERTAIN),
        ("commit_then_garbage", Status.UNCERTAIN),
        ("truncated", Status.UNCERTAIN),
        ("empty_result", Status.UNCERTAIN),
        ("soap_fault", Status.UNCERTAIN),
        ("object_reference", Status.UNCERTAIN),
        ("redirect_307", Status.UNCERTAIN),
        ("bare_200", Status.UNCERTAIN),
    ],
)
def test_each_fault_of_sag_ends_where_the_protocol_says(sag: Any, name: str, expected: Status) -> None:
    sag.set_faults(fault(name))
    assert sent(builders.order(), Target.SAG) is expected


def test_a_refused_connection_is_retried_because_nothing_left() -> None:
    builders.siigo_connection("http://127.0.0.1:9/api/v1/siigo-pyme/send")
    movement = builders.voucher()
    assert sent(movement) is Status.RETRYING
    assert standing_of(movement).due_at is not None


def test_three_failures_in_a_row_let_the_lane_rest_without_spending_tries() -> None:
    connection = builders.siigo_connection("http://127.0.0.1:9/api/v1/siigo-pyme/send")
    for number in range(1, 6):
        confirmed(builders.voucher(number))
    engine.drain(connection.pk)
    assert SyncAttempt.objects.count() == 3


@pytest.mark.parametrize("name", ["unauthorized_401", "redirect_307"])
def test_bad_credentials_or_address_pause_the_lane_at_the_first_record(siigo: Any, name: str) -> None:
    siigo.set_faults({"fault": name, "times": 99})
    first, second = builders.voucher(1), builders.voucher(2)
    confirmed(first)
    batch = confirmed(second)
    engine.drain(batch.connection_id)
    assert SyncAttempt.objects.count() == 1
    assert Connection.objects.get().is_paused


def test_a_wrong_sag_token_stops_the_lane_before_a_second_document_leaves() -> None:
    with start_sag() as simulator:
        connection = builders.sag_connection(simulator.url, secret="otro-token")
        confirmed(builders.order("V-1"), Target.SAG)
        confirmed(builders.order("V-2"), Target.SAG)
        engine.drain(connection.pk)
    assert SyncAttempt.objects.count() == 1


@pytest.mark.parametrize("kept", [True, False])
def test_a_crash_of_sag_leaves_its_document_in_doubt_and_the_lane_running(sag: Any, kept: bool) -> None:
    sag.set_faults(fault("object_reference", operation="insercionSag", commit=kept))
    first, second = builders.order("V-1"), builders.order("V-2")
    confirmed(first, Target.SAG)
    engine.drain(confirmed(second, Target.SAG).connection_id)
    statuses = {standing_of(one, Target.SAG).status for one in (first, second)}
    assert statuses == {Status.UNCERTAIN, Status.SYNCED}
    assert not Connection.objects.get().is_paused


def test_a_wrong_sag_token_leaves_one_record_in_doubt_and_pauses_the_lane() -> None:
    with start_sag() as simulator:
        builders.sag_connection(simulator.url, secret="otro-token")
        movement = builders.order()
        assert sent(movement, Target.SAG) is Status.UNCERTAIN
        assert Connection.objects.get().is_paused


def test_a_documented_refusal_is_rejected_and_may_be_sent_again(sag: Any) -> None:
    client = builders.client(city="99999")
    assert sent(client, Target.SAG) is Status.REJECTED
    row = standing_of(client, Target.SAG)
    assert (row.cause, row.verify_first) == ("city_missing", False)


def test_a_refusal_that_proves_nothing_has_to_be_verified_first(siigo: Any) -> None:
    sent(builders.voucher(7))
    again = builders.voucher(8)
    with transitions.editing(again):
        again.number = 8
        again.save()
    siigo.set_faults()
    with start_siigo(balance=True) as strict:
        Connection.objects.update(endpoint=strict.url)
        movement = builders.voucher(9)
        with transitions.editing(movement):
            line = movement.lines.get(position=1)
            line.amount = Decimal(1)
            line.save()
        batch = confirmed(movement, accepted=("unbalanced",))
        engine.drain(batch.connection_id)
    assert standing_of(movement).verify_first
    assert "verifíquelo primero" in why_not_now(standing_of(movement), movement)


def test_a_client_that_sag_already_has_equal_is_synced(sag: Any) -> None:
    sent(builders.client(), Target.SAG)
    other = builders.client(company=builders.company(tax_id="900999999"))
    builders.sag_connection(sag.url, company=other.company)
    assert sent(other, Target.SAG) is Status.SYNCED


def test_a_client_that_sag_has_with_another_name_needs_a_person(sag: Any) -> None:
    sent(builders.client(), Target.SAG)
    other = builders.client(company=builders.company(tax_id="900999999"), name="OTRO NOMBRE S.A.S.")
    builders.sag_connection(sag.url, company=other.company)
    assert sent(other, Target.SAG) is Status.CHANGED


def test_a_document_that_asked_not_to_commit_waits_to_be_confirmed(sag: Any) -> None:
    movement = builders.order(sag={"RealizarCommit": "N"})
    assert sent(movement, Target.SAG) is Status.UNCERTAIN
