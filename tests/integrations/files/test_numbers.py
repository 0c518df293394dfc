"""Numbers as people write them: read right, or refused; which format, found out or asked."""

from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.files.reading.numbers import NumberFormat, digit_pattern, is_exponent, read_number, weigh_numbers

COMMA, POINT, MIXED = NumberFormat.COMMA, NumberFormat.POINT, NumberFormat.MIXED


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
        ("$ -", COMMA, "0"),
        ("$ -   ", POINT, "0"),
        ("1'250.000,00", COMMA, "1250000"),
        ("$1’250.000", COMMA, "1250000"),
        ("1'250,000.50", POINT, "1250000.50"),
        ("(1.250,00)", COMMA, "-1250"),
        ("$ (1.250,00)", COMMA, "-1250"),
        ("$ -1.250", COMMA, "-1250"),
        ("−1.250", COMMA, "-1250"),
        ("1\u202f250\u202f000", POINT, "1250000"),
        ("1 250 000,5", COMMA, "1250000.5"),
        ("1.250.000 COP", COMMA, "1250000"),
        ("417.690", MIXED, "417690"),
        ("$ 376,040.00", MIXED, "376040"),
        ("1.250,5", MIXED, "1250.5"),
        ("0.125", MIXED, "0.125"),
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
        ("1 2", COMMA),
        ("12 500 3", COMMA),
        ("(-5)", COMMA),
        ("--5", COMMA),
        ("USD 5", COMMA),
        ("1'25", COMMA),
        ("$ " + "1" * 101, COMMA),
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
        (("1.250", "12.5"), None),
        (("1.250", "1250.125"), POINT),
        (("417.690", "12.500", "$ 376,040.00"), None),
        (("417,690", "12,500", "$ 376.040,00"), None),
        (("1,250", "1250,125"), COMMA),
        (("417.690", "1'250.000"), COMMA),
        (("1250", "texto"), NumberFormat.PLAIN),
        (("1.250",), None),
        (("0.125",), None),
        (("(1.250)",), None),
        (("12,5", "12.5"), None),
    ],
)
def test_the_format_is_found_out_or_left_open(texts: tuple[str, ...], form: NumberFormat | None) -> None:
    assert weighed(*texts) == form


def written(number: Decimal, form: NumberFormat, thousands: str, negative: str, around: str) -> str:
    """A number as some program or person writes it."""
    text = f"{abs(number):,.2f}".replace(",", "\0").replace(".", "," if form is COMMA else ".")
    text = around.replace("n", text.replace("\0", thousands))
    return negative.replace("n", text) if number < 0 else text


NOTATIONS = st.tuples(
    st.sampled_from([COMMA, POINT]),
    st.sampled_from(["", "mark", "'", "\u00a0", "\u202f", " "]),
    st.sampled_from(["-n", "n-", "(n)", "−n", "- n"]),
    st.sampled_from(["n", "$ n", "$n", "COP n", "n COP", "\u00a0n\u00a0", "n %"]),
)


@settings(max_examples=60, deadline=None)
@given(st.decimals(-(10**9), 10**9, places=2), NOTATIONS)
def test_a_number_in_any_notation_is_read_back_exactly(
    number: Decimal, how: tuple[NumberFormat, str, str, str]
) -> None:
    form, thousands, negative, around = how
    mark = {COMMA: ".", POINT: ","}[form] if thousands == "mark" else thousands
    text = written(number, form, mark, negative, around)
    assert read_number(text, form) == number
    assert weighed(text) in (form, None)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 10**9), st.sampled_from(["{:,}", "{:,.2f}", "{:,.1f}"])), min_size=1),
    st.booleans(),
)
def test_numbers_of_one_writer_are_read_back_or_asked_about(values: list[tuple[int, str]], is_colombian: bool) -> None:
    """Whatever the column holds, a format that is not asked about is the one in which it was written."""
    texts = [how.format(number) for number, how in values]
    if is_colombian:
        texts = [text.translate(str.maketrans(",.", ".,")) for text in texts]
    found = weighed(*texts)
    assert found is None or [read_number(text, found) for text in texts] == [Decimal(number) for number, _ in values]


@settings(max_examples=60, deadline=None)
@given(st.lists(st.sampled_from(["417.690", "12,500", "1.250,50", "1,250.50", "3", "12,5", "0.5", "1'250.000"])))
def test_a_column_that_contradicts_itself_is_asked_about(texts: list[str]) -> None:
    """No text that a verdict leaves readable may be a thousandth, or a thousand times, of another reading unasked."""
    found = weighed(*texts)
    if found in (COMMA, POINT):
        mark = "," if found is COMMA else "."
        assert all(len(text.rpartition(mark)[2]) != 3 for text in texts if text.count(mark) == 1 and len(text) > 4)


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
