"""How the numbers and dates of a file are read: shown with real values, asked where two are possible, never chosen."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from integrations.files.importing import confirmation
from integrations.models import ImportFile
from ledger.models import MovementLine
from tests import builders
from tests.integrations.admin.test_importing import answered, brought, page, staged
from tests.integrations.files.tables import HEADINGS, book_bytes, csv_bytes, line, voucher

pytestmark = pytest.mark.django_db
_State = ImportFile.State
CONTRADICTORY = ["417.690", "12.500", "$ 376,040.00"]


@pytest.fixture(autouse=True)
def _company() -> None:
    builders.company()


def contradictory() -> bytes:
    """A book whose amounts are texts with a point for thousands, and one with a point for decimals."""
    return book_bytes([line(number, 1, "D", amount) for number, amount in enumerate(CONTRADICTORY, 10)])


def checked(shown: str, name: str) -> list[str]:
    """The values of the radios with a name that are chosen beforehand."""
    radios = re.findall(r"<input type=\"radio\"[^>]*>", shown)
    return [radio for radio in radios if f'name="{name}"' in radio and "checked" in radio]


def test_of_contradictory_numbers_nothing_is_chosen_beforehand(staff: Client) -> None:
    shown = page(staff, brought(staff, contradictory(), "pos.xlsx"))
    assert 'name="numbers"' in shown
    assert checked(shown, "numbers") == []


def test_each_way_of_reading_shows_the_numbers_that_contradict_each_other(staff: Client) -> None:
    shown = " ".join(page(staff, brought(staff, contradictory(), "pos.xlsx")).split())
    assert "«417.690» se leerá como <strong>417.690</strong>" in shown
    assert "«417.690» se leerá como <strong>417,690</strong>" in shown
    assert "«$ 376,040.00» <strong>no es un número</strong>" in shown
    assert "«$ 376,040.00» se leerá como <strong>376.040,00</strong>" in shown


def test_going_on_without_choosing_says_what_to_choose(staff: Client) -> None:
    file = answered(staff, brought(staff, contradictory(), "pos.xlsx"))
    assert file.state == _State.ASKING
    assert "diga cómo se leen" in page(staff, file)


@pytest.mark.parametrize(("choice", "second"), [("mixed", "12500"), ("point", "12.5")])
def test_what_the_person_chooses_is_how_they_are_read(staff: Client, choice: str, second: str) -> None:
    file = staged(staff, contradictory(), name="pos.xlsx", numbers=choice)
    confirmation.confirm(file.pk)
    confirmation.run(file.pk)
    assert MovementLine.objects.get(movement__number=11).amount == Decimal(second)


def columns_that_differ() -> bytes:
    rows = [[*line(10, 1, "D", "1.250,50"), "2.5"], [*line(10, 2, "C", "1.250,50"), "0.5"]]
    return csv_bytes(rows, headings=(*HEADINGS, "CANTIDAD"))


def test_columns_that_contradict_each_other_are_asked_about_one_by_one(staff: Client) -> None:
    shown = page(staff, brought(staff, columns_that_differ()))
    assert "Números de «CANTIDAD»" in shown
    assert [checked(shown, name) for name in ("numbers-5", "numbers-12")] == [[], []]


def test_each_column_is_read_as_it_was_said(staff: Client) -> None:
    file = staged(staff, columns_that_differ(), **{"numbers-5": "comma", "numbers-12": "point"})
    assert (file.state, file.wrong, file.plan["number_columns"]) == (_State.REVIEW, 0, {"5": "comma", "12": "point"})


def test_a_column_that_is_mapped_later_has_its_own_say(staff: Client) -> None:
    """What the file told of its numbers is found out again: another column may speak against it."""
    headings = (*HEADINGS[:5], "Importe", *HEADINGS[6:])
    file = brought(staff, csv_bytes(voucher(10, "1.250"), headings=headings))
    assert file.plan["numbers"] == "plain"
    answered(staff, file, c5="sequence_value")
    assert (file.state, file.plan["numbers"]) == (_State.ASKING, None)
