"""A month beside an ERP: every document is in one column, and the sentence says what the numbers say."""

import re
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import pytest
from django.contrib.auth.models import User
from django.db.models import QuerySet
from django.test import Client
from django.utils import timezone

from integrations.choices import Status, Target
from integrations.models import SyncAttempt, SyncStanding
from ledger.closing import close_of
from ledger.models import Movement
from tests import builders

pytestmark = pytest.mark.django_db

OCTOBER = (date(2026, 10, 1), date(2026, 10, 31))
PAGE = "/admin/ledger/movement/cierre/?month=10&year=2026&target="


def october(number: int, status: Status = Status.NEW, **changes: Any) -> Movement:
    """A voucher of October that stands so with Siigo."""
    movement = builders.voucher(number, date=changes.pop("date", date(2026, 10, 15)), **changes)
    stands(Movement.objects.filter(pk=movement.pk), status)
    return movement


def stands(movements: QuerySet[Movement], status: Status, target: str = "siigo") -> None:
    """Written past the machinery: these tests only read."""
    movements.update(**{f"{target}_status": status})
    SyncStanding.objects.filter(target=target, record_id__in=movements.values("pk")).update(
        status=status, synced_at=timezone.now()
    )


def read_back(movement: Movement) -> None:
    SyncAttempt.objects.create(
        operation=SyncAttempt.Operation.VERIFY,
        kind="movement",
        record_id=movement.pk,
        target="siigo",
        company=movement.company,
        connection=builders.siigo_connection("http://127.0.0.1:9/"),
        outcome="equal",
        version=movement.version,
        finished_at=timezone.now(),
    )


@pytest.fixture
def staff() -> Client:
    client = Client()
    client.force_login(User.objects.create_superuser("ana", password="x"))
    return client


def test_every_document_of_the_month_is_in_one_column() -> None:
    for number, status in enumerate(Status, 1):
        october(number, status)
    (line,) = close_of(builders.company(), *OCTOBER, Target.SIIGO).lines
    counts = (line.there, line.missing, line.doubtful, line.changed, line.excluded)
    assert [amount.count for amount in counts] == [1, 5, 2, 1, 1]
    assert line.here.count == len(Status)


def test_both_ends_of_the_month_are_in_it() -> None:
    for number, day in enumerate((date(2026, 9, 30), *OCTOBER, date(2026, 11, 1)), 1):
        october(number, date=day)
    assert close_of(builders.company(), *OCTOBER, Target.SIIGO).total.here.count == 2


def test_each_kind_of_voucher_has_its_line_and_its_pesos() -> None:
    october(1, amount="1000")
    october(2, amount="500")
    october(3, voucher_type="R", voucher_code=2, amount="300")
    close = close_of(builders.company(), *OCTOBER, Target.SIIGO)
    assert {line.label: (line.missing.count, line.missing.pesos) for line in close.lines} == {
        "F-1": (2, Decimal(1500)),
        "R-2": (1, Decimal(300)),
    }


def test_sag_groups_by_fuente() -> None:
    builders.order("OC-1", date=date(2026, 10, 2))
    (line,) = close_of(builders.company(), *OCTOBER, Target.SAG).lines
    assert line.label == "PD"


def test_only_a_read_of_what_was_sent_counts_as_read_back() -> None:
    movement, other = october(1, Status.SYNCED), october(2, Status.SYNCED)
    read_back(movement)
    SyncAttempt.objects.update(version=movement.version)
    close = close_of(builders.company(), *OCTOBER, Target.SIIGO)
    assert (close.total.there.count, close.total.read_back) == (2, 1)
    Movement.objects.filter(pk=movement.pk).update(version=movement.version + 1)
    assert close_of(builders.company(), *OCTOBER, Target.SIIGO).total.read_back == 0
    assert other.pk != movement.pk


def test_the_month_of_another_company_is_not_counted() -> None:
    october(1, company=builders.company(tax_id="901000001", name="Otra S.A.S."))
    assert close_of(builders.company(), *OCTOBER, Target.SIIGO).total.here.count == 0


def test_the_number_of_queries_does_not_grow_with_the_documents(django_assert_num_queries: Any) -> None:
    for number in range(1, 8):
        october(number, Status.SYNCED, voucher_code=number)
    company = builders.company()
    with django_assert_num_queries(4):
        close_of(company, *OCTOBER, Target.SIIGO)


def test_a_complete_month_says_yes(staff: Client) -> None:
    october(1, Status.SYNCED)
    october(2, Status.SYNCED)
    page = staff.get(f"{PAGE}siigo").content.decode()
    assert "Sí: los 2 movimientos de octubre de 2026 están en Siigo." in page


def test_an_incomplete_month_says_what_is_missing(staff: Client) -> None:
    for number, status in enumerate((Status.SYNCED, Status.REJECTED, Status.UNCERTAIN, Status.CHANGED), 1):
        october(number, status, amount="1000")
    page = staff.get(f"{PAGE}siigo").content.decode()
    told = (
        "No: de 4 movimientos de octubre de 2026, 1 falta ($ 1.000), 1 está en duda ($ 1.000) y 1 se modificó "
        "después de enviar ($ 1.000)."
    )
    assert told in page


def test_what_does_not_apply_is_not_missing(staff: Client) -> None:
    october(1, Status.SYNCED)
    october(2, Status.EXCLUDED)
    page = staff.get(f"{PAGE}siigo").content.decode()
    assert "Sí: el único movimiento de octubre de 2026 está en Siigo." in page


def test_a_month_without_documents_says_so(staff: Client) -> None:
    builders.company()
    assert "No hay movimientos de octubre de 2026" in staff.get(f"{PAGE}sag").content.decode()


def test_what_siigo_has_no_kind_for_is_said_and_not_missing(staff: Client) -> None:
    october(1, Status.SYNCED)
    builders.order("OC-1", date=date(2026, 10, 2))
    page: Any = staff.get(f"{PAGE}siigo")
    assert "Sí: el único movimiento" in page.content.decode()
    assert "Otro no tiene tipo de comprobante de Siigo y no se cuenta." in page.content.decode()
    assert page.context["close"].is_complete


def test_every_number_of_the_total_opens_a_list_of_as_many(staff: Client) -> None:
    for number, status in enumerate(Status, 1):
        october(number, status)
    builders.order("OC-1", date=date(2026, 10, 2))
    for cell in staff.get(f"{PAGE}siigo").context["total"]:
        listed: Any = staff.get(cell.url)
        assert (cell.heading, listed.context["cl"].result_count) == (cell.heading, cell.amount.count)


@pytest.mark.parametrize("status", Status)
def test_each_number_opens_the_list_that_it_counts(staff: Client, status: Status) -> None:
    october(1, status, voucher_code=7)
    october(2, status, voucher_code=8)
    page = staff.get(f"{PAGE}siigo").content.decode()
    links = re.findall(r'<a href="([^"]*voucher_code__exact=7[^"]*)"', page)
    assert len(links) == 2
    for link in links:
        listed: Any = staff.get(link.replace("&amp;", "&"))
        assert listed.context["cl"].result_count == 1


def test_documents_without_a_date_are_said_to_be_in_no_month(staff: Client) -> None:
    october(1)
    builders.voucher(2, date=None)
    assert "1 sin fecha" in staff.get(f"{PAGE}siigo").content.decode()


def test_the_page_opens_on_the_month_before_this_one(staff: Client) -> None:
    last_month = timezone.localdate().replace(day=1) - timedelta(days=1)
    october(1, date=last_month)
    page: Any = staff.get("/admin/ledger/movement/cierre/")
    assert page.context["close"].total.here.count == 1


def test_a_month_that_is_none_is_told(staff: Client) -> None:
    builders.company()
    assert "close" not in staff.get("/admin/ledger/movement/cierre/?month=13").context


def test_who_may_not_see_movements_does_not_see_their_close() -> None:
    client = Client()
    client.force_login(User.objects.create_user("luis", password="x", is_staff=True))
    assert client.get("/admin/ledger/movement/cierre/").status_code == 403
