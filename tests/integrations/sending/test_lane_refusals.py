"""What stops a lane and what stops only one document (rules 10.14 and 10.17)."""

from typing import Any

import pytest

from integrations.choices import Status, Target
from integrations.connections import pausing
from integrations.erp.gate_pages import is_gate_page
from integrations.models import Connection, Syncable, SyncAttempt, SyncStanding
from integrations.sending import engine, gateways
from integrations.simulators.sag import start_sag
from tests import builders
from tests.builders import standing_of
from tests.integrations.sending.conftest import confirmed, fault
from tests.integrations.wire import WireServer, answers, http

pytestmark = pytest.mark.django_db(transaction=True)
FIREWALL = "forbidden_403_html"
PAGE = b"<html><head><style>b{}</style><title>Web filter</title></head><body>Blocked: UNION\x00 SELECT</body></html>"


def drained(target: Target, *records: Syncable) -> list[SyncStanding]:
    """Queued in this order and sent; where each stands."""
    batches = [confirmed(record, target) for record in records]
    engine.drain(batches[-1].connection_id)
    return [standing_of(record, target) for record in records]


def test_a_firewall_that_dislikes_one_voucher_stops_only_that_one(siigo: Any) -> None:
    siigo.set_faults(fault(FIREWALL, times=9, match='"document_number":2,'))
    rows = drained(Target.SIIGO, *[builders.voucher(number) for number in (1, 2, 3)])
    assert [row.status for row in rows] == [Status.SYNCED, Status.REJECTED, Status.SYNCED]
    assert not Connection.objects.get().is_paused


def test_a_firewall_that_dislikes_one_order_stops_only_that_one(sag: Any) -> None:
    sag.set_faults(fault(FIREWALL, times=9, match="SELECT"))
    texts = ("uno", "SELECT dos", "tres")
    rows = drained(Target.SAG, *[builders.order(f"V-{text}", observations=text) for text in texts])
    assert [row.status for row in rows] == [Status.SYNCED, Status.REJECTED, Status.SYNCED]


def test_what_a_firewall_refused_is_verified_first_and_says_who_refused_it(sag: Any) -> None:
    sag.set_faults(fault(FIREWALL))
    (row,) = drained(Target.SAG, builders.order())
    assert (row.verify_first, row.cause) == (True, "gate_page")
    assert row.message.startswith("Algo entre nosotros y SAG bloqueó este documento.")
    assert "403 Forbidden" in row.message
    assert "Request blocked" in row.message


def test_three_different_documents_refused_in_a_row_stop_the_lane(siigo: Any) -> None:
    siigo.set_faults(fault(FIREWALL, times=99))
    rows = drained(Target.SIIGO, *[builders.voucher(number) for number in range(1, 6)])
    assert [row.status for row in rows] == [Status.REJECTED] * 3 + [Status.QUEUED] * 2
    assert Connection.objects.get().pause_reason.startswith("Tres documentos seguidos fueron bloqueados")


def test_an_answer_of_the_erp_between_them_begins_the_count_anew(siigo: Any) -> None:
    siigo.set_faults(*[fault(FIREWALL, times=9, match=f'"document_number":{number},') for number in (1, 2, 4, 5)])
    rows = drained(Target.SIIGO, *[builders.voucher(number) for number in range(1, 7)])
    assert [row.status for row in rows].count(Status.SYNCED) == 2


def test_the_same_document_refused_three_times_does_not_stop_the_lane(siigo: Any) -> None:
    siigo.set_faults(fault(FIREWALL, times=3))
    movement = builders.voucher()
    for _ in range(3):
        drained(Target.SIIGO, movement)
        # As a verification that does not find it leaves it.
        SyncStanding.objects.update(status=Status.NEW, verify_first=False)
    assert (Connection.objects.get().is_paused, Connection.objects.get().gate_pages) == (False, 1)


def test_after_a_person_let_the_lane_go_on_the_count_begins_anew(siigo: Any) -> None:
    siigo.set_faults(fault(FIREWALL, times=4))
    drained(Target.SIIGO, *[builders.voucher(number) for number in range(1, 4)])
    pausing.resume(Connection.objects.get().pk)
    drained(Target.SIIGO, builders.voucher(4))
    assert not Connection.objects.get().is_paused


@pytest.mark.parametrize("status", ["403 Forbidden", "406 Not Acceptable", "413 Too Large", "400 Bad Request"])
def test_a_page_instead_of_an_answer_never_says_that_the_key_is_wrong(status: str) -> None:
    with WireServer(answers(http(PAGE, status=status, kind="text/html"))) as server:
        builders.siigo_connection(server.url)
        (row,) = drained(Target.SIIGO, builders.voucher())
    assert (row.status, row.cause) == (Status.REJECTED, "gate_page")
    assert "«Web filter Blocked: UNION SELECT»" in row.message


@pytest.mark.parametrize(
    ("status", "body"),
    [
        ("401 Unauthorized", PAGE),
        ("401 Unauthorized", b""),
        ("403 Forbidden", b'{"statusCode": 403, "message": "Forbidden", "errors": null}'),
        ("200 OK", b'{"statusCode": 401, "message": "Unauthorized", "errors": null}'),
    ],
)
def test_a_refusal_of_the_key_by_siigo_stops_the_lane(status: str, body: bytes) -> None:
    with WireServer(answers(http(body, status=status))) as server:
        builders.siigo_connection(server.url)
        (row,) = drained(Target.SIIGO, builders.voucher())
    assert (row.status, row.cause) == (Status.QUEUED, "unauthorized")
    assert Connection.objects.get().is_paused


def test_a_401_of_sag_stops_the_lane(sag: Any) -> None:
    sag.set_faults({"fault": "unauthorized_401", "times": 9})
    drained(Target.SAG, builders.order("V-1"), builders.order("V-2"))
    assert (Connection.objects.get().is_paused, SyncAttempt.objects.sends().count()) == (True, 1)


def test_a_key_that_sag_refuses_stops_the_lane_by_its_probe() -> None:
    with start_sag() as simulator:
        builders.sag_connection(simulator.url, secret="otro-token")
        drained(Target.SAG, builders.order("V-1"), builders.order("V-2"))
    assert (Connection.objects.get().is_paused, SyncAttempt.objects.sends().count()) == (True, 1)


def test_a_query_that_a_firewall_refused_speaks_of_no_document(sag: Any) -> None:
    sag.set_faults(fault(FIREWALL))
    with pytest.raises(Exception, match="Algo entre nosotros y SAG bloqueó esta consulta"):
        gateways.gateway(Connection.objects.get()).probe()


@pytest.mark.parametrize(("status", "expected"), [(403, True), (400, False), (401, False), (429, False), (503, False)])
def test_without_a_page_only_a_403_comes_from_in_between(status: int, expected: bool) -> None:
    assert is_gate_page(status, b"") is expected


def test_a_document_that_meets_the_refusal_of_the_lane_twice_goes_to_the_end(siigo: Any) -> None:
    siigo.set_faults(fault("unauthorized_401", times=9, match='"document_number":1,'))
    movements = [builders.voucher(number) for number in (1, 2, 3)]
    drained(Target.SIIGO, *movements)
    for _ in range(2):
        pausing.resume(Connection.objects.get().pk)
        engine.drain(Connection.objects.get().pk)
    rows = [standing_of(movement) for movement in movements]
    assert [row.status for row in rows] == [Status.QUEUED, Status.SYNCED, Status.SYNCED]


def test_a_document_that_is_answered_otherwise_loses_its_refusals(siigo: Any) -> None:
    siigo.set_faults(fault("unauthorized_401"))
    movement = builders.voucher()
    assert [row.lane_refusals for row in drained(Target.SIIGO, movement)] == [1]
    pausing.resume(Connection.objects.get().pk)
    engine.drain(Connection.objects.get().pk)
    assert (standing_of(movement).status, standing_of(movement).lane_refusals) == (Status.SYNCED, 0)
