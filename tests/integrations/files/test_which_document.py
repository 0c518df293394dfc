"""What a document is when it comes again: by its number, or asked about; never a second one in silence."""

from datetime import date
from pathlib import Path

import pytest

from ledger.models import Movement
from tests import builders
from tests.integrations.files.sales import brought_in, counts, messages, prices, sale, sales_file
from tests.integrations.files.tables import csv_file, line

pytestmark = pytest.mark.django_db
OTHER_PARTY = "900123457"


def voucher_file(folder: Path, day: int = 3, *, number: int = 10, tax_id: str = "800111222", year: int = 2026) -> Path:
    both = (("D", "1305050001"), ("C", "4135050001"))
    rows = [
        line(number, place, side, 119000, _3=account, _6=year, _8=day, _10=tax_id)
        for place, (side, account) in enumerate(both, 1)
    ]
    return csv_file(folder, rows)


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def test_a_voucher_of_siigo_with_its_date_corrected_is_the_same_voucher(tmp_path: Path) -> None:
    brought_in(voucher_file(tmp_path, 3))
    assert counts(brought_in(voucher_file(tmp_path, 4))) == (0, 1, 0, 0)
    assert Movement.objects.get().date == date(2026, 11, 4)


def test_a_voucher_of_siigo_with_its_third_party_corrected_is_the_same_voucher(tmp_path: Path) -> None:
    brought_in(voucher_file(tmp_path))
    assert counts(brought_in(voucher_file(tmp_path, tax_id=OTHER_PARTY))) == (0, 1, 0, 0)


def test_a_voucher_of_siigo_with_the_number_of_another_year_is_another_one(tmp_path: Path) -> None:
    brought_in(voucher_file(tmp_path))
    assert counts(brought_in(voucher_file(tmp_path, year=2025))) == (1, 0, 0, 0)


def test_two_dates_of_one_voucher_in_a_file_are_told(tmp_path: Path) -> None:
    rows = [line(10, 1, "D", 5, _8=3), line(10, 1, "D", 5, _8=4)]
    result = brought_in(csv_file(tmp_path, rows))
    assert (result.created, result.rejected) == (1, 1)
    assert "está dos veces en el archivo (filas 2 y 3)" in messages(result)[0]


def test_a_number_of_sag_and_its_third_party_are_one_document(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, sale(number=700)))
    assert counts(brought_in(sales_file(tmp_path, sale(number=700, date="30/12/2026", price=9)))) == (0, 1, 0, 0)


def test_a_number_of_sag_with_another_third_party_is_asked_about(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, sale(number=700)))
    result = brought_in(sales_file(tmp_path, sale(number=700, tax_id=OTHER_PARTY)))
    assert (counts(result), Movement.objects.count()) == ((0, 0, 0, 1), 1)
    assert "de otro tercero" in messages(result)[0]
    assert "--number-again update|new" in messages(result)[0]


@pytest.mark.parametrize(("said", "expected"), [("update", (0, 1, 0, 0)), ("new", (1, 0, 0, 0))])
def test_a_person_says_what_a_number_with_another_third_party_is(
    tmp_path: Path, said: str, expected: tuple[int, ...]
) -> None:
    brought_in(sales_file(tmp_path, sale(number=700)))
    corrected = sales_file(tmp_path, sale(number=700, tax_id=OTHER_PARTY))
    assert counts(brought_in(corrected, number_again=said)) == expected
    assert counts(brought_in(corrected)) == (0, 0, 1, 0)


def test_one_number_for_two_third_parties_in_a_file_is_asked_about(tmp_path: Path) -> None:
    both = sales_file(tmp_path, sale(number=700), sale(number=700, date="30/12/2026", tax_id=OTHER_PARTY))
    assert counts(brought_in(both)) == (1, 0, 0, 1)
    assert counts(brought_in(both, number_again="update")) == (0, 0, 1, 1)
    assert counts(brought_in(both, number_again="new")) == (1, 0, 1, 0)


def test_a_document_that_the_file_names_is_corrected_by_no_other_one_of_it(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, sale(number=700)))
    other_first = sales_file(tmp_path, sale(number=700, date="30/12/2026", tax_id=OTHER_PARTY), sale(number=700))
    result = brought_in(other_first, number_again="update")
    assert (counts(result), Movement.objects.get().tax_id) == ((0, 0, 1, 1), "222222222222")


def test_a_number_that_was_changed_here_is_asked_about(tmp_path: Path) -> None:
    path = voucher_file(tmp_path)
    brought_in(path)
    Movement.objects.update(number=11)
    result = brought_in(path)
    assert (counts(result), "aquí se le cambió" in messages(result)[0]) == ((0, 0, 0, 1), True)
    assert counts(brought_in(path, number_again="new")) == (1, 0, 0, 0)


def test_a_number_that_came_before_ids_were_made_anew_is_the_same_document(tmp_path: Path) -> None:
    path = voucher_file(tmp_path)
    brought_in(path)
    Movement.objects.update(external_id="F/1//10/2026-11-03/")
    assert counts(brought_in(path)) == (0, 0, 1, 0)


def test_one_number_of_two_companies_is_two_documents(tmp_path: Path) -> None:
    path = sales_file(tmp_path, sale(number=700), sale())
    brought_in(path)
    other = builders.company(name="Otra S.A.S.", tax_id="800333444")
    assert counts(brought_in(path, other)) == (2, 0, 0, 0)
    assert counts(brought_in(path, other, equal="same")) == (0, 0, 2, 0)


def test_a_number_2_identifies_nothing_by_itself(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, sale(number2="OC-400")))
    result = brought_in(sales_file(tmp_path, sale("PAN", 9, number2="OC-400", date="30/12/2026")))
    assert (counts(result), prices(Movement.objects.all())) == ((0, 0, 0, 1), [3500])
    assert "el mismo número 2" in messages(result)[0]
    assert "--number2-identifies" in messages(result)[0]


def test_a_number_2_identifies_where_a_person_says_so(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, sale(number2="OC-400")))
    again = sales_file(tmp_path, sale("PAN", 9, number2="OC-400"))
    assert counts(brought_in(again, number2_identifies=True)) == (0, 1, 0, 0)


def test_a_number_2_identifies_where_the_company_says_so(tmp_path: Path) -> None:
    company = builders.company()
    company.number2_identifies = True
    company.save()
    path = sales_file(tmp_path, sale(number2="OC-400"))
    brought_in(path, company)
    assert counts(brought_in(path, company)) == (0, 0, 1, 0)
    assert counts(brought_in(sales_file(tmp_path, sale("PAN", 9, number2="OC-400")), company)) == (0, 1, 0, 0)


def test_a_number_2_that_identifies_stands_once_in_a_file(tmp_path: Path) -> None:
    both = sales_file(tmp_path, sale(number2="OC-400"), sale(number2="OC-400", date="30/12/2026"))
    result = brought_in(both, number2_identifies=True)
    assert (result.created, result.rejected) == (1, 1)


def test_another_number_2_is_another_document(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, sale(number2="OC-400")))
    assert counts(brought_in(sales_file(tmp_path, sale(number2="OC-401", price=9)))) == (1, 0, 0, 0)
