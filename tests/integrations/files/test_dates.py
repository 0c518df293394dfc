"""Days as people write them: read right, or refused; which order, found out or asked."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from integrations.files.reading.dates import DateOrder, from_serial, read_date, weigh_dates

DAY, MONTH = DateOrder.DAY_FIRST, DateOrder.MONTH_FIRST


@pytest.mark.parametrize(
    ("text", "order", "day"),
    [
        ("31/12/2026", DAY, date(2026, 12, 31)),
        ("12/31/2026", MONTH, date(2026, 12, 31)),
        ("03-04-2026", DAY, date(2026, 4, 3)),
        ("03.04.2026", MONTH, date(2026, 3, 4)),
        ("2026-04-03", MONTH, date(2026, 4, 3)),
        ("2026/4/3", DAY, date(2026, 4, 3)),
        ("20260403", DAY, date(2026, 4, 3)),
        ("03/04/2026 00:00:00", DAY, date(2026, 4, 3)),
        ("03/04/2026 12:15 p. m.", DAY, date(2026, 4, 3)),
        ("46387", DAY, date(2026, 12, 31)),
    ],
)
def test_a_day_is_what_its_order_says(text: str, order: DateOrder, day: date) -> None:
    assert read_date(text, order) == day


@pytest.mark.parametrize("text", ["31/12/26", "31/02/2026", "12/31/2026", "99999", "1", "marzo", "", "2026-13-01"])
def test_what_is_no_day_is_none(text: str) -> None:
    assert read_date(text, DAY) is None


@pytest.mark.parametrize(
    ("texts", "order"),
    [
        (("31/12/2026", "03/04/2026"), DAY),
        (("12/31/2026", "03/04/2026"), MONTH),
        (("05/05/2026", "2026-01-02", "46387"), DateOrder.PLAIN),
        (("03/04/2026",), None),
        (("31/12/2026", "12/31/2026"), None),
    ],
)
def test_the_order_is_found_out_or_left_open(texts: tuple[str, ...], order: DateOrder | None) -> None:
    assert weigh_dates(texts).verdict == order


def test_both_epochs_of_a_book_count_to_the_same_day() -> None:
    assert from_serial(46387) == from_serial(46387 - 1462, since_1904=True) == date(2026, 12, 31)


@given(st.dates(date(1960, 1, 1), date(2090, 12, 31)))
def test_what_is_written_in_an_order_is_read_back(day: date) -> None:
    assert read_date(f"{day:%d/%m/%Y}", DAY) == read_date(f"{day:%m/%d/%Y}", MONTH) == day


@given(st.text(max_size=20))
def test_whatever_the_text_it_is_a_day_or_none(text: str) -> None:
    assert all(isinstance(read_date(text, order), date | None) for order in DateOrder)
