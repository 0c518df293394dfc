"""Two values as ERPs print them: the same number in another manner is no difference, and another number is."""

import pytest

from integrations.erp.equality import decimal_or_zero, same_value, whole_number


@pytest.mark.parametrize(
    ("found", "sent"),
    [
        ("119000,50", "119000.5"),
        ("119.000,50", "119000.5"),
        ("119,000.50", "119000.5"),
        ("1.5000000000000000e+004", "15000"),
        ("15000.0000", "15000"),
        ("-2,5", "-2.50"),
        ("1234,5670", "1234.567"),
        ("  CLIENTE ", "Cliente"),
    ],
)
def test_the_same_in_another_manner_is_equal(found: str, sent: str) -> None:
    assert same_value(found, sent)


@pytest.mark.parametrize(
    ("found", "sent"),
    [("1,234", "1234"), ("1,234", "1.234"), ("1.500", "1500"), ("119.000,50", "119.5"), ("10,2", "102"), ("a,5", "5")],
)
def test_what_may_be_another_number_differs(found: str, sent: str) -> None:
    assert not same_value(found, sent)


WHOLE = {"101": 101, " 101.0 ": 101, "1.01e+2": 101, "101.5": None, "x": None, "1e999999": None, "nan": None}


@pytest.mark.parametrize(("text", "number"), WHOLE.items())
def test_a_whole_number_is_read_however_it_is_printed(text: str, number: int | None) -> None:
    assert whole_number(text) == number


def test_what_is_no_number_counts_as_nothing() -> None:
    assert [str(decimal_or_zero(value)) for value in ("mucho", None, "")] == ["0"] * 3
