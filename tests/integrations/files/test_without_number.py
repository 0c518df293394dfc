"""Documents without number: two equal ones of a file are two; one that may be here already is asked about."""

from pathlib import Path

import pytest
from django.core.management import call_command

from integrations.files import intake
from integrations.models import ImportedRecord, ImportFile
from ledger.models import Movement
from tests import builders
from tests.integrations.files.sales import brought_in, counts, messages, prices, sale, sales_file

pytestmark = pytest.mark.django_db
SHIFT_1 = (sale("CAFE"), sale("CAFE"), sale("PAN"))


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def in_shell(path: Path, *flags: str) -> None:
    try:
        call_command("import_file", str(path), "--json", *flags)
    except SystemExit:
        return


def test_two_equal_ones_of_a_file_are_two(tmp_path: Path) -> None:
    assert counts(brought_in(sales_file(tmp_path, *SHIFT_1))) == (3, 0, 0, 0)


def test_equal_ones_of_a_file_are_as_many_however_it_is_cut(tmp_path: Path) -> None:
    many = sales_file(tmp_path, *[sale()] * (intake._MAX_DOCUMENTS + 2))
    assert counts(brought_in(many)) == (intake._MAX_DOCUMENTS + 2, 0, 0, 0)


def test_a_sale_of_the_next_shift_that_equals_one_of_the_first_is_asked_about(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, *SHIFT_1))
    shift_2 = sales_file(tmp_path, sale("CAFE"), sale("JUGO"))
    result = brought_in(shift_2)
    assert counts(result) == (1, 0, 0, 1)
    assert "es igual a uno que ya está" in messages(result)[0]
    assert "--equal same|new" in messages(result)[0]


def test_it_comes_in_where_a_person_says_that_it_is_another_one(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, *SHIFT_1))
    assert counts(brought_in(sales_file(tmp_path, sale("CAFE"), sale("JUGO")), equal="new")) == (2, 0, 0, 0)


def test_of_three_equal_to_two_that_are_here_one_is_new_for_certain(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, sale(), sale()))
    assert counts(brought_in(sales_file(tmp_path, sale(), sale(), sale()))) == (1, 0, 0, 2)


def test_a_corrected_price_is_asked_about(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, *SHIFT_1))
    corrected = sales_file(tmp_path, sale("CAFE"), sale("CAFE"), sale("PAN", 3600))
    result = brought_in(corrected, equal="same")
    assert counts(result) == (0, 0, 2, 1)
    assert "se parece a uno que ya está" in messages(result)[0]
    assert counts(brought_in(corrected, equal="same", similar="update")) == (0, 1, 2, 0)
    assert prices(Movement.objects.all()) == [3500, 3500, 3600]


@pytest.mark.parametrize(
    "corrected",
    [sale("TORTA", 9), sale("PAN", tax_id="900123456"), sale("PAN", date="30/12/2026"), sale("PAN", source="FP")],
    ids=["article", "third party", "date", "fuente"],
)
def test_whatever_was_corrected_a_file_that_repeats_most_of_another_is_asked_about(
    tmp_path: Path, corrected: str
) -> None:
    in_shell(sales_file(tmp_path, *SHIFT_1))
    result = brought_in(sales_file(tmp_path, sale("CAFE"), sale("CAFE"), corrected, name="otra.csv"), equal="same")
    assert (counts(result), Movement.objects.count()) == ((0, 0, 2, 1), 3)
    assert "repite casi todo otro de antes" in messages(result)[0]


def test_one_document_is_corrected_once(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, sale()))
    result = brought_in(sales_file(tmp_path, sale(price=1), sale(price=2)), similar="update")
    assert (result.updated, result.rejected, prices(Movement.objects.all())) == (1, 1, [1])
    assert "no se cambió dos veces" in messages(result)[0]


def test_two_corrections_of_two_documents_find_one_each(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, sale(price=10), sale(price=20)))
    result = brought_in(sales_file(tmp_path, sale(price=11), sale(price=21)), similar="update")
    assert (counts(result), prices(Movement.objects.all())) == ((0, 2, 0, 0), [11, 21])


def test_what_a_file_already_brought_stays_where_it_comes_again_for_the_rest(tmp_path: Path) -> None:
    in_shell(sales_file(tmp_path, *SHIFT_1, name="turno1.csv"))
    shift_2 = sales_file(tmp_path, sale("CAFE"), sale("JUGO"))
    in_shell(shift_2)
    in_shell(shift_2, "--equal", "new")
    assert Movement.objects.count() == 5
    in_shell(shift_2, "--equal", "new")
    assert Movement.objects.count() == 5


def test_the_very_same_file_is_known_by_its_rows_whatever_was_changed_here(tmp_path: Path) -> None:
    path = sales_file(tmp_path, *SHIFT_1)
    in_shell(path)
    Movement.objects.update(tax_id="900123456", party_tax_id="900123456", date="2026-12-01")
    in_shell(path, "--equal", "new", "--similar", "new")
    assert Movement.objects.count() == 3
    in_shell(path, "--same-file", "new")
    assert Movement.objects.count() == 6


def test_one_that_was_changed_here_is_known_as_it_came(tmp_path: Path) -> None:
    brought_in(sales_file(tmp_path, sale()))
    Movement.objects.update(tax_id="900123456", party_tax_id="900123456", date="2026-12-01")
    assert counts(brought_in(sales_file(tmp_path, sale()))) == (0, 0, 0, 1)


def test_one_that_got_a_number_since_is_known(tmp_path: Path) -> None:
    path = sales_file(tmp_path, sale())
    brought_in(path)
    Movement.objects.update(number=57)
    assert counts(brought_in(path)) == (0, 0, 0, 1)


def test_one_that_was_typed_here_is_known(tmp_path: Path) -> None:
    path = sales_file(tmp_path, sale())
    brought_in(path)
    Movement.objects.update(origin="manual", external_id="a-mano")
    assert counts(brought_in(path)) == (0, 0, 0, 1)


def test_a_dry_run_says_the_same_and_keeps_nothing(tmp_path: Path) -> None:
    in_shell(sales_file(tmp_path, *SHIFT_1))
    in_shell(sales_file(tmp_path, sale("JUGO"), name="otra.csv"), "--dry-run", "--similar", "new")
    assert (Movement.objects.count(), ImportFile.objects.count(), ImportedRecord.objects.count()) == (3, 1, 3)
