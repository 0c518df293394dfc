"""A duplicate has the content of another movement and nothing that was only that one's."""

from datetime import date
from decimal import Decimal

import pytest
from django.test import Client

from integrations.choices import Status, Target
from integrations.models import Connection
from integrations.standings import transitions
from ledger.duplicating import duplicate
from ledger.models import Movement, MovementLine, MovementPayment
from tests import builders
from tests.builders import standing_of
from tests.integrations.admin.conftest import SOUND, person

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 20)


@pytest.fixture
def siigo() -> Connection:
    return builders.siigo_connection("http://127.0.0.1:9/", **SOUND)


def content(movement: Movement) -> list[tuple[object, ...]]:
    return list(movement.lines.values_list("position", "account", "side", "amount", "tax_id", "description"))


def test_the_duplicate_has_the_lines_and_totals_of_the_original(siigo: Connection) -> None:
    movement = builders.voucher()
    made = duplicate(movement, TODAY)
    assert (content(made), made.total, made.difference) == (content(movement), Decimal(119000), Decimal(0))


def test_the_duplicate_has_no_number_and_its_own_date(siigo: Connection) -> None:
    made = duplicate(builders.voucher(number2="OC-1"), TODAY)
    assert (made.number, made.number2, made.date) == (None, "", TODAY)


def test_what_the_erp_numbers_goes_on_being_numbered_by_it() -> None:
    assert duplicate(builders.order("K"), TODAY).number == 0


def test_the_duplicate_was_never_sent(siigo: Connection) -> None:
    movement = builders.voucher()
    Movement.objects.filter(pk=movement.pk).update(siigo_status=Status.SYNCED)
    movement.refresh_from_db()
    made = duplicate(movement, TODAY)
    assert (made.siigo_status, made.version, standing_of(made, Target.SIIGO).status) == (Status.NEW, 1, Status.NEW)


def test_the_due_date_moves_along_with_the_day(siigo: Connection) -> None:
    movement = builders.voucher(due_date=date(2026, 12, 3))  # thirty days after its date
    assert duplicate(movement, TODAY).due_date == date(2026, 12, 20)


def test_the_means_of_payment_are_copied_too() -> None:
    movement = builders.order("K")
    with transitions.editing(movement):
        MovementPayment.objects.create(movement=movement, position=1, method="01", amount=Decimal(5))
    assert duplicate(movement, TODAY).payments.get().method == "01"


def test_what_speaks_of_the_old_document_is_left_behind(siigo: Connection) -> None:
    movement = builders.voucher()
    MovementLine.objects.filter(movement=movement).update(siigo={"cufe": "abc", "zone_code": "5"})
    assert duplicate(movement, TODAY).lines.first().siigo == {"zone_code": "5"}  # type: ignore[union-attr]


def test_the_original_stays_as_it_was(siigo: Connection) -> None:
    movement = builders.voucher()
    before = content(movement)
    duplicate(movement, TODAY)
    movement.refresh_from_db()
    assert (content(movement), movement.number, movement.version) == (before, 1001, 1)


def test_the_page_asks_the_date_with_today_in_it(siigo: Connection) -> None:
    may = person("ledger.view_movement", "ledger.add_movement")
    page = may.get(f"/admin/ledger/movement/{builders.voucher().pk}/duplicar/")
    assert page.context["form"].initial["date"] is not None


def test_a_date_that_can_not_be_read_makes_no_duplicate(siigo: Connection) -> None:
    may: Client = person("ledger.view_movement", "ledger.add_movement")
    may.post(f"/admin/ledger/movement/{builders.voucher().pk}/duplicar/", {"date": "31/02/2026"})
    assert Movement.objects.count() == 1


def test_who_may_not_add_may_not_duplicate(siigo: Connection) -> None:
    looker = person("ledger.view_movement")
    assert looker.post(f"/admin/ledger/movement/{builders.voucher().pk}/duplicar/").status_code == 403
