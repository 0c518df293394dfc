"""Numbers as people write them: read right, or refused; which format, found out or asked."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.files.reading.numbers import NumberFormat, digit_pattern, is_exponent, read_number, weigh_numbers

COMMA, POINT = NumberFormat.COMMA, NumberFormat.POINT


@pytest.mark.parametrize(
    ("text", "form", "number"),
    [
        ("1.250", COMMA, "1250"),
        ("1.250", POINT, "1.250"),
        ("1.250,50", COMMA, "1250.50"),
        ("1,250.5", POINT, "1250.5"),
        ("(1.250)", COMMA, "-1250"),
        ("-1.250", COMMA, "-1250"),
        ("1.250-", COMMA, "-1250"),
        ("$ 1.250", COMMA, "1250"),
        ("COP 1.250.000", COMMA, "1250000"),
        ("1\u00a0250", COMMA, "1250"),
        ("19 %", COMMA, "19"),
        ("0,125", COMMA, "0.125"),
        ("1250", POINT, "1250"),
    ],
)
def test_a_number_is_what_its_format_says(text: str, form: NumberFormat, number: str) -> None:
    assert read_number(text, form) == Decimal(number)


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("0.125", COMMA),
        ("1.25", COMMA),
        ("1.2500", COMMA),
        ("1,25", POINT),
        ("12.50.00", POINT),
        ("1.250.00", COMMA),
        ("", COMMA),
        ("-", COMMA),
        ("$", COMMA),
        ("1 2a", COMMA),
        ("1,2,3", COMMA),
    ],
)
def test_what_is_no_number_in_a_format_is_none(text: str, form: NumberFormat) -> None:
    assert read_number(text, form) is None


def weighed(*texts: str) -> NumberFormat | None:
    return weigh_numbers((digit_pattern(text), text) for text in texts).verdict


@pytest.mark.parametrize(
    ("texts", "form"),
    [
        (("1.250,5",), COMMA),
        (("1,250.5",), POINT),
        (("1.250.000",), COMMA),
        (("1,250,000",), POINT),
        (("12,5",), COMMA),
        (("12.5",), POINT),
        (("1250.125",), POINT),
        (("1.250", "12,5"), COMMA),
        (("1.250", "12.5"), POINT),
        (("1250", "texto"), NumberFormat.PLAIN),
        (("1.250",), None),
        (("0.125",), None),
        (("(1.250)",), None),
        (("12,5", "12.5"), None),
    ],
)
def test_the_format_is_found_out_or_left_open(texts: tuple[str, ...], form: NumberFormat | None) -> None:
    assert weighed(*texts) == form


@given(st.decimals(-(10**9), 10**9, places=2))
def test_what_is_written_in_a_format_is_read_back(number: Decimal) -> None:
    english = f"{number:,.2f}"
    colombian = english.translate(str.maketrans(",.", ".,"))
    assert (read_number(english, POINT), read_number(colombian, COMMA)) == (number, number)


@given(st.text(max_size=20))
def test_whatever_the_text_it_is_a_number_or_none(text: str) -> None:
    assert all(isinstance(read_number(text, form), Decimal | None) for form in NumberFormat)


def test_a_code_that_a_spreadsheet_cut_short_is_known() -> None:
    assert [is_exponent(text) for text in ("1,23E+09", "1.23E+09", "1E9", "E9", "12")] == [
        True,
        True,
        True,
        False,
        False,
    ]
