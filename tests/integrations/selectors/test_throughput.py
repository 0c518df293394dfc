"""The honest estimate of a connection, and when several vouchers a request are proposed."""

import datetime as dt
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.test import Client

from integrations.dispatch import batches
from integrations.erp.receipts import Verdict
from integrations.models import Connection, SyncAttempt
from integrations.selectors.throughput import pace_of
from integrations.standings import attempts
from integrations.standings.requester import Requester
from tests import builders

pytestmark = pytest.mark.django_db

BODY = '{"data":{"list":[{"a":1},{"a":2},{"a":3}]}}'


@pytest.fixture
def siigo(db: None) -> Connection:
    return builders.siigo_connection("http://127.0.0.1:9/")


def call(connection: Connection, seconds: float = 60, **changes: Any) -> SyncAttempt:
    """A finished call that took so long."""
    given = {"kind": "movement", "record_id": 1, "target": "siigo", "outcome": Verdict.ACCEPTED} | changes
    attempt = SyncAttempt.objects.create(
        company=connection.company,
        connection=connection,
        payload=attempts.store(BODY.encode()),
        **given,
    )
    attempt.finished_at = attempt.started_at + dt.timedelta(seconds=seconds)
    attempt.save()
    return attempt


def read(connection: Connection, outcome: str = "equal") -> None:
    call(connection, operation=SyncAttempt.Operation.VERIFY, outcome=outcome)


def test_without_history_there_is_no_estimate(siigo: Connection) -> None:
    assert pace_of(siigo) is None


def test_one_slow_call_does_not_move_the_estimate(siigo: Connection) -> None:
    for seconds in (60, 60, 600):
        call(siigo, seconds)
    pace = pace_of(siigo)
    assert pace is not None
    assert (pace.seconds_a_call, pace.calls_an_hour) == (60, 60)


def test_vouchers_of_one_request_are_one_call(siigo: Connection) -> None:
    for _ in range(3):
        call(siigo, 60, request_hash="x")
    pace = pace_of(siigo)
    assert pace is not None
    assert (pace.calls, pace.documents_an_hour) == (1, 180)


def test_what_got_no_answer_says_nothing_about_the_pace(siigo: Connection) -> None:
    call(siigo, 180, outcome=Verdict.AMBIGUOUS)
    assert pace_of(siigo) is None


@pytest.mark.parametrize(("documents", "requests"), [(1, 1), (10, 1), (11, 2), (0, 0)])
def test_the_estimate_counts_requests(siigo: Connection, documents: int, requests: int) -> None:
    siigo.settings = {"vouchers_per_request": 10}
    siigo.save()
    call(siigo, 60)
    pace = pace_of(siigo)
    assert pace is not None
    assert (pace.requests_for(documents), pace.seconds_for(documents, 1)) == (requests, 60 * requests)


def proposed(connection: Connection) -> int:
    pace = pace_of(connection)
    assert pace is not None
    return pace.proposed


def test_nothing_is_proposed_before_a_read_back_worked(siigo: Connection) -> None:
    for _ in range(5):
        call(siigo)
    assert proposed(siigo) == 0
    read(siigo, "unread")
    assert proposed(siigo) == 0
    read(siigo)
    assert proposed(siigo) == 10


def test_nothing_is_proposed_while_many_are_refused(siigo: Connection) -> None:
    read(siigo)
    for _ in range(5):
        call(siigo)
    call(siigo, outcome=Verdict.REFUSED_UNPROVEN)
    assert proposed(siigo) == 0


def test_long_vouchers_travel_with_fewer_neighbours(siigo: Connection) -> None:
    read(siigo)
    lines = ",".join(['{"a":1}'] * 250)
    for _ in range(5):
        attempt = call(siigo)
        attempt.payload = attempts.store(('{"data":{"list":[' + lines + "]}}").encode())
        attempt.save()
    assert proposed(siigo) == 4


def page(path: str) -> str:
    staff = Client()
    staff.force_login(User.objects.create_superuser("ana", password="x"))
    return str(staff.get(path).content.decode())


def test_the_page_of_the_connection_tells_its_pace_and_the_proposal(siigo: Connection) -> None:
    read(siigo)
    for _ in range(5):
        call(siigo, 80)
    told = page(f"/admin/integrations/connection/{siigo.pk}/change/")
    assert "unas 45 llamadas" in told
    assert "Puede llevar hasta 10 comprobantes por petición" in told


def test_the_confirm_page_estimates_by_requests(siigo: Connection) -> None:
    siigo.settings = {"vouchers_per_request": 2}
    siigo.save()
    call(siigo, 60)
    movements = [builders.voucher(number) for number in (1, 2, 3)]
    batch = batches.draft(
        company=siigo.company,
        target="siigo",
        kind="movement",
        record_ids=[one.pk for one in movements],
        requester=Requester(),
    )
    assert "Tardará unos 2 min, en 2 peticiones de 60 s" in page(f"/admin/lote/{batch.pk}/confirmar/")
