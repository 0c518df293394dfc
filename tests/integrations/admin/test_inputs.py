"""Numbers as staff write them: what could be two numbers is asked, never guessed."""

from decimal import Decimal

import pytest
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from integrations.admin.number_date_inputs import read_number, write_number


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("1.250", "1250"),
        ("$ 1.234.567,50", "1234567.50"),
        ("1250,5", "1250.5"),
        ("1250.5", "1250.5"),
        ("-1.250", "-1250"),
        ("0,125", "0.125"),
        ("0.125", "0.125"),
        ("1000", "1000"),
    ],
)
def test_pesos_are_read_as_they_are_written(text: str, number: str) -> None:
    assert read_number(text, grouped=True) == Decimal(number)


@pytest.mark.parametrize("text", ["diecinueve", "1,2,3", "1.2.3", "", "--1", "1.25.000"])
def test_what_is_no_number_is_refused(text: str) -> None:
    with pytest.raises(ValidationError):
        read_number(text, grouped=True)


def test_a_quantity_that_could_be_two_numbers_is_asked() -> None:
    with pytest.raises(ValidationError, match="puede ser"):
        read_number("1.250", grouped=False)


@given(st.decimals(min_value=-(10**12), max_value=10**12, places=2))
def test_pesos_come_back_as_they_were_shown(amount: Decimal) -> None:
    assert read_number(write_number(amount, grouped=True, decimals=2), grouped=True) == amount


@given(st.decimals(min_value=-(10**9), max_value=10**9, places=5))
def test_quantities_come_back_as_they_were_shown(amount: Decimal) -> None:
    assert read_number(write_number(amount, grouped=False), grouped=False) == amount
