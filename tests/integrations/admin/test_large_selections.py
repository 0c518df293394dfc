"""A large selection: frozen on the server, reviewed by the worker, shown a page at a time, sent as shown."""

import re
from datetime import date
from decimal import Decimal
from typing import Any

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from integrations.choices import BatchState, Status
from integrations.dispatch import batches
from integrations.models import Connection, SyncBatch, SyncStanding
from integrations.standings import transitions
from ledger.models import Movement, MovementLine
from tests import builders

pytestmark = pytest.mark.django_db
MANY = 1_500
"""More than the fields that Django takes in a form, and than a request reviews by itself."""
ROWS_A_PAGE = 100
MOST_QUERIES = 25


def vouchers(count: int) -> None:
    """Balanced vouchers of two lines; the last hundred lack their code."""
    company = builders.company()
    made = Movement.objects.bulk_create(
        [
            Movement(company=company, origin="prueba", external_id=f"M-{number}", voucher_type="F",
                     voucher_code=1 if number <= count - ROWS_A_PAGE else None, number=number, date=date(2026, 11, 3),
                     total=Decimal(1000), total_debit=Decimal(1000), total_credit=Decimal(1000))
            for number in range(1, count + 1)
        ],
        batch_size=500,
    )  # fmt: skip
    MovementLine.objects.bulk_create(
        [
            MovementLine(movement=one, position=position, account=account, side=side, amount=Decimal(1000),
                         tax_id="800111222", description="Prueba")
            for one in made
            for position, (account, side) in enumerate([("1305050001", "D"), ("4135050001", "C")], 1)
        ],
        batch_size=500,
    )  # fmt: skip
    for start in range(0, count, 500):
        transitions.registering(made[start : start + 500])


def choose_all(staff: Client) -> str:
    first = Movement.objects.earliest("pk")
    data = {"action": ["enviar_siigo", ""], "index": "0", "select_across": "1", "_selected_action": [str(first.pk)]}
    return str(staff.post("/admin/ledger/movement/", data)["Location"])


@pytest.fixture
def confirming(staff: Client, siigo: Connection) -> str:
    """The address of the confirm page of them all, after the worker reviewed them."""
    vouchers(MANY)
    address = choose_all(staff)
    batch = SyncBatch.objects.get()
    assert (batch.selected_count, batch.state) == (MANY, BatchState.PREPARING)
    batches.prepare(batch)
    return address


def text(response: Any) -> str:
    return str(response.content.decode())


def test_a_large_selection_is_shown_by_the_hundred_and_sent_without_carrying_ids(
    staff: Client, confirming: str, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(MOST_QUERIES):
        page = staff.get(confirming)
    last = staff.get(f"{confirming}?p={(MANY - ROWS_A_PAGE) // ROWS_A_PAGE}")
    shown = (page.context["ready"], page.context["blocked"], last.context["ready"])
    assert [len(one["rows"]) for one in shown] == [ROWS_A_PAGE] * 3
    assert f"Enviar {MANY - ROWS_A_PAGE} a Siigo" in text(page)
    hidden = re.findall(r'<input[^>]*type="hidden"[^>]*name="([^"]*)"', text(page))
    assert set(hidden) <= {"csrfmiddlewaretoken", "regla", "campo"}  # nothing that grows with the selection
    staff.post(confirming)
    assert SyncStanding.objects.filter(status=Status.QUEUED).count() == MANY - ROWS_A_PAGE
