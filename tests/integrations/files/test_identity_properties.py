"""Any documents in any order, in one file or two: never two records for one document, nor one for two, unasked."""

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date
from typing import NamedTuple
from xml.etree.ElementTree import Element, SubElement

import pytest
from django.db import transaction
from hypothesis import example, given, settings
from hypothesis import strategies as st

from integrations.files import sag_xml, siigo_json
from integrations.files.intake import ImportResult, import_drafts
from ledger.models import Movement
from tests import builders

pytestmark = pytest.mark.django_db
EXAMPLES = 40


class Sale(NamedTuple):
    """A document of SAG; number 0: it has none."""

    number: int
    party: str
    day: int
    article: str
    price: int

    def element(self) -> Element:
        head = {"CodigoFuente": "FV", "NumeroDocumento": str(self.number), "Nit": self.party}
        made = Element("Movimiento", head | {"FechaDocumento": f"2026/12/{self.day:02}"})
        line = {"CodigoArticulo": self.article, "Cantidad": "1", "ValorUnitario": str(self.price)}
        SubElement(made, "MovimientoDetalle", line)
        return made


class Voucher(NamedTuple):
    """A voucher of Siigo."""

    number: int
    year: int
    day: int
    party: int
    amount: int

    def request(self) -> dict[str, object]:
        row = {
            "voucher_type": "F", "voucher_code": 1, "document_number": self.number, "accounting_account": 1305050001,
            "debit_or_credit": "D", "sequence_value": self.amount, "document_year": self.year, "document_month": 11,
            "document_day": self.day, "sequence": 1, "nit": self.party,
        }  # fmt: skip
        return {"data": {"list": [row]}}


SALES = st.lists(
    st.builds(
        Sale,
        number=st.sampled_from([0, 0, 7, 8]),
        party=st.sampled_from(["900123456", "800111222"]),
        day=st.sampled_from([30, 31]),
        article=st.sampled_from(["CAFE", "PAN"]),
        price=st.sampled_from([10, 20]),
    ),
    max_size=4,
)
VOUCHERS = st.lists(
    st.builds(
        Voucher,
        number=st.sampled_from([1, 2]),
        year=st.sampled_from([2025, 2026]),
        day=st.sampled_from([3, 4]),
        party=st.sampled_from([900123456, 800111222]),
        amount=st.sampled_from([10, 20]),
    ),
    max_size=4,
)


def of_sales(sales: Iterable[Sale]) -> ImportResult:
    document = Element("Movimientos")
    document.extend(sale.element() for sale in sales)
    return import_drafts(sag_xml.read(document) if len(document) else [], company=builders.company())


def of_vouchers(vouchers: Sequence[Voucher]) -> ImportResult:
    requests = [voucher.request() for voucher in vouchers]
    return import_drafts(siigo_json.read(requests) if requests else [], company=builders.company())


def name_of(sale: Sale) -> tuple[object, ...]:
    """What only a person can tell two documents apart by: the rules in other words than the code's."""
    return (sale.number,) if sale.number else (sale.party, sale.day, sale.article)


def most(first: Sequence[Sale], second: Sequence[Sale]) -> Counter[tuple[object, ...]]:
    """Name → how many documents of that name are two for certain: those that one file has beside each other."""
    counts = Counter(map(name_of, first)) | Counter(map(name_of, second))
    return Counter({name: 1 if len(name) == 1 else count for name, count in counts.items()})


def sale_of(movement: Movement) -> Sale:
    line, day = movement.lines.get(), movement.date or date.min
    return Sale(movement.number or 0, movement.tax_id, day.day, line.article, int(line.unit_price or 0))


def told(result: ImportResult) -> int:
    return result.created + result.updated + result.unchanged + result.rejected + result.asked


CORRECTED = [Sale(0, "900123456", 31, "CAFE", 10)], [Sale(0, "900123456", 31, "CAFE", 20)]
OTHER_PARTY = [Sale(7, "900123456", 31, "CAFE", 10)], [Sale(7, "800111222", 31, "CAFE", 10)]


@settings(max_examples=EXAMPLES, deadline=None)
@given(first=SALES, second=SALES)
@example(*CORRECTED)
@example(*OTHER_PARTY)
@example(CORRECTED[0], CORRECTED[0])
def test_two_files_of_sales_make_no_second_record_of_one_nor_one_of_two(first: list[Sale], second: list[Sale]) -> None:
    with transaction.atomic():
        results = [of_sales(first), of_sales(second), of_sales(second)]
        assert [told(result) for result in results] == [len(first), len(second), len(second)]
        assert (results[2].created, results[2].updated) == (0, 0)
        kept = Counter(name_of(sale_of(movement)) for movement in Movement.objects.all())
        assert kept <= most(first, second)
        assert kept.keys() == most(first, second).keys()
        transaction.set_rollback(True)


@settings(max_examples=EXAMPLES, deadline=None)
@given(sales=SALES)
def test_what_a_file_repeats_without_number_is_as_many_documents(sales: list[Sale]) -> None:
    unnumbered = [sale for sale in sales if not sale.number]
    with transaction.atomic():
        of_sales(sales)
        kept = sorted(sale_of(movement) for movement in Movement.objects.filter(number=0))
        assert kept == sorted(unnumbered)
        transaction.set_rollback(True)


@settings(max_examples=EXAMPLES, deadline=None)
@given(first=VOUCHERS, second=VOUCHERS)
@example([Voucher(1, 2026, 3, 900123456, 10)], [Voucher(1, 2026, 4, 800111222, 10)])
def test_year_and_number_name_a_voucher_of_siigo(first: list[Voucher], second: list[Voucher]) -> None:
    with transaction.atomic():
        results = [of_vouchers(first), of_vouchers(second)]
        assert [told(result) for result in results] == [len(first), len(second)]
        assert not any(result.asked for result in results)
        kept = [(movement.number, (movement.date or date.min).year) for movement in Movement.objects.all()]
        assert sorted(kept) == sorted({(voucher.number, voucher.year) for voucher in [*first, *second]})
        transaction.set_rollback(True)
