"""An ERP that asks to wait lets the whole lane rest, for a bounded time, and pages say until when (rule 10.15)."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from integrations.choices import Status
from integrations.connections import lanes, pausing
from integrations.erp.retry_after import retry_after_seconds
from integrations.models import Connection
from integrations.selectors import lane_status
from integrations.sending import claims, engine
from tests import builders
from tests.builders import standing_of
from tests.integrations.sending.conftest import claimed, confirmed, documents, fault

pytestmark = pytest.mark.django_db(transaction=True)
ASKED = [
    (2099, 2099),
    ("2099", 2099),
    ("Thu, 01 Jan 2099 00:00:00 GMT", 3600),
    ("9" * 5000, 3600),
    ("Mon, 01 Jan 9999 00:00:00 -2300", 3600),
]
NOT_UNDERSTOOD = [None, "-5", "", "mañana", "Thu, 99 Foo 2099", "²", "1e400"]


def resting_seconds() -> float:
    until = Connection.objects.get().resting_until
    assert until is not None
    return (until - timezone.now()).total_seconds()


@pytest.mark.parametrize(("retry_after", "seconds"), ASKED, ids=lambda value: str(value)[:30])
def test_a_lane_rests_until_the_time_that_was_named_but_an_hour_at_most(
    siigo: Any, retry_after: object, seconds: int
) -> None:
    siigo.set_faults(fault("throttled_429", retry_after=retry_after))
    movement = builders.voucher()
    engine.drain(confirmed(movement).connection_id)
    row = standing_of(movement)
    assert row.status == Status.RETRYING
    assert row.due_at == Connection.objects.get().resting_until
    assert seconds - 30 < resting_seconds() <= seconds


@pytest.mark.parametrize("retry_after", NOT_UNDERSTOOD, ids=str)
def test_a_lane_rests_for_seconds_where_no_time_was_understood(siigo: Any, retry_after: object) -> None:
    siigo.set_faults(fault("throttled_429", retry_after=retry_after))
    engine.drain(confirmed(builders.voucher()).connection_id)
    assert 0 < resting_seconds() <= 60


@pytest.mark.parametrize("text", ["-5", "", "mañana", "Thu, 99 Foo 2099", "²", "nan", "inf", "-1e9", "null", "Thu,"])
def test_a_time_that_nobody_understands_is_none(text: str) -> None:
    assert retry_after_seconds({"Retry-After": text}) is None


def test_no_other_document_follows_a_429(siigo: Any) -> None:
    siigo.set_faults(fault("throttled_429", times=99, retry_after=120))
    for number in range(1, 26):
        batch = confirmed(builders.voucher(number))
    engine.drain(batch.connection_id)
    assert len([call for call in siigo.journal() if call["operation"] == "export"]) == 1


def test_the_longest_rest_is_a_setting_of_the_connection(siigo: Any) -> None:
    Connection.objects.update(longest_rest_seconds=90)
    siigo.set_faults(fault("throttled_429", retry_after=2099))
    engine.drain(confirmed(builders.voucher()).connection_id)
    assert 60 < resting_seconds() <= 90


def test_an_answer_of_a_call_in_flight_does_not_end_the_rest(siigo: Any) -> None:
    Connection.objects.update(concurrency=2)
    first, second = claimed(builders.voucher(1)), claimed(builders.voucher(2))
    siigo.set_faults(fault("throttled_429", retry_after=600))
    engine.deliver(first)
    engine.deliver(second)
    assert resting_seconds() > 500
    assert claims.claim_next(confirmed(builders.voucher(3)).connection_id) is None


def test_of_several_429_the_longest_holds(siigo: Any) -> None:
    Connection.objects.update(concurrency=2)
    first, second = claimed(builders.voucher(1)), claimed(builders.voucher(2))
    siigo.set_faults(
        fault("throttled_429", retry_after=600, match='"document_number":1'), fault("throttled_429", retry_after=5)
    )
    engine.deliver(first)
    engine.deliver(second)
    assert resting_seconds() > 500


def test_an_erp_that_cannot_be_reached_does_not_shorten_the_rest(siigo: Any) -> None:
    siigo.set_faults(fault("throttled_429", retry_after=600))
    connection_id = confirmed(builders.voucher()).connection_id
    engine.drain(connection_id)
    for _ in range(lanes.REST_AFTER_FAILURES):
        lanes.unreachable(connection_id, timezone.now())
    assert resting_seconds() > 500


def test_pages_say_until_when_a_lane_rests_and_why(siigo: Any) -> None:
    siigo.set_faults(fault("throttled_429", retry_after=600))
    engine.drain(confirmed(builders.voucher()).connection_id)
    connection = Connection.objects.get()
    assert connection.resting_until is not None
    shown = lane_status.why_closed(connection)
    assert "Siigo pidió esperar por exceso de consultas: descansa toda la conexión. Sigue el" in shown
    assert f"{timezone.localtime(connection.resting_until):%H:%M}" in shown


def test_the_lane_goes_on_after_its_rest(siigo: Any) -> None:
    siigo.set_faults(fault("throttled_429", retry_after=600))
    engine.drain(confirmed(builders.voucher(1)).connection_id)
    Connection.objects.update(resting_until=timezone.now() - timedelta(seconds=1))
    engine.drain(confirmed(builders.voucher(2)).connection_id)
    assert documents(siigo) == 1


def test_a_person_may_end_the_rest(siigo: Any) -> None:
    siigo.set_faults(fault("throttled_429", retry_after=600))
    batch = confirmed(builders.voucher(1))
    engine.drain(batch.connection_id)
    pausing.resume(batch.connection_id)
    engine.drain(confirmed(builders.voucher(2)).connection_id)
    assert documents(siigo) == 1
