"""A read that the ERP asks to wait rests the whole lane, bounded as for a send (rule 10.15)."""

from collections.abc import Callable
from typing import Any

import pytest
from django.utils import timezone

from integrations.choices import Status, Target
from integrations.erp.sag.answers import read_query
from integrations.erp.siigo.answers import read_import
from integrations.errors import NoAnswerError, QueryError, ThrottledError
from integrations.models import Connection, QueryRun
from integrations.pulls import sag_queries, sag_query_worker
from integrations.selectors import lane_status
from integrations.sending import claims, gateways
from integrations.verifying import looks, reconcile
from tests import builders
from tests.builders import standing_of
from tests.integrations.verifying.conftest import accepted, confirmed, lost

pytestmark = pytest.mark.django_db(transaction=True)
READS = [
    pytest.param(lambda body, headers: read_import(503, body, "", headers), id="siigo"),
    pytest.param(lambda body, headers: read_query(503, body, "json", headers), id="sag"),
]


def throttled(operation: str, **facts: Any) -> dict[str, Any]:
    return {"fault": "throttled_429", "times": 9, "when": {"operation": operation}, "retry_after": 600} | facts


def resting_seconds() -> float:
    until = Connection.objects.get().resting_until
    return (until - timezone.now()).total_seconds() if until else 0


def test_a_verification_that_is_asked_to_wait_rests_the_lane(siigo: Any) -> None:
    movement = builders.voucher()
    row = lost(movement, Target.SIIGO, arrived=True)
    siigo.set_faults(throttled("import"))
    message = reconcile.verify(row.pk)
    assert standing_of(movement).status == Status.UNCERTAIN
    assert "pidió esperar por exceso de consultas" in message
    assert 570 < resting_seconds() <= 600


def test_nothing_is_sent_while_a_read_lets_the_lane_rest(sag: Any) -> None:
    row = lost(builders.order("A"), Target.SAG, arrived=True)
    sag.set_faults(throttled("consultaSagJson"))
    reconcile.verify(row.pk)
    assert claims.claim_next(confirmed(builders.order("B"), Target.SAG).connection_id) is None


def test_a_look_that_is_asked_to_wait_rests_the_lane_and_pages_say_so(sag: Any) -> None:
    row = accepted(builders.order("A"), Target.SAG)
    sag.set_faults(throttled("consultaSagJson"))
    assert looks.look(row.connection_id or 0) == 0
    assert "SAG pidió esperar por exceso de consultas" in lane_status.why_closed(Connection.objects.get())


def test_the_rest_that_a_read_asks_for_is_bounded_too(siigo: Any) -> None:
    Connection.objects.update(longest_rest_seconds=90)
    row = lost(builders.voucher(), Target.SIIGO, arrived=True)
    siigo.set_faults(throttled("import", retry_after="Thu, 01 Jan 2099 00:00:00 GMT"))
    reconcile.verify(row.pk)
    assert 60 < resting_seconds() <= 90


def test_a_read_that_names_no_time_rests_the_lane_for_seconds(siigo: Any) -> None:
    row = lost(builders.voucher(), Target.SIIGO, arrived=True)
    siigo.set_faults(throttled("import", retry_after=None))
    reconcile.verify(row.pk)
    assert 0 < resting_seconds() <= 60


def test_a_query_of_a_person_that_is_asked_to_wait_rests_the_lane(sag: Any) -> None:
    sag.set_faults(throttled("consultaSagJson"))
    run = sag_queries.create_run(Connection.objects.get(), "SELECT 1 AS uno", method="json", limit=10)
    sag_query_worker.perform(run.pk)
    assert "pidió esperar" in QueryRun.objects.get().error
    assert resting_seconds() > 500


def test_a_check_of_the_connection_that_is_asked_to_wait_rests_the_lane(sag: Any) -> None:
    sag.set_faults(throttled("consultaSagJson"))
    with pytest.raises(QueryError):
        gateways.gateway(Connection.objects.get()).probe()
    assert resting_seconds() > 500


@pytest.mark.parametrize("read", READS)
def test_a_server_error_on_a_read_that_names_a_time_asks_to_wait(read: Callable[..., Any]) -> None:
    with pytest.raises(ThrottledError) as told:
        read(b"<html>", {"retry-after": "120"})
    assert told.value.retry_after_seconds == 120


@pytest.mark.parametrize("read", READS)
def test_a_server_error_on_a_read_that_names_no_time_is_no_answer(read: Callable[..., Any]) -> None:
    with pytest.raises(NoAnswerError):
        read(b"<html>", {})
