"""Days as people write them: read right, or refused; which order, found out or asked."""

from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.files.reading.dates import DateOrder, from_serial, is_another_day, read_date, weigh_dates

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
        ("46387.75", DAY, date(2026, 12, 31)),
        ("31-dic-2026", MONTH, date(2026, 12, 31)),
        ("31-Dec-2026", MONTH, date(2026, 12, 31)),
        ("05-ene.-2026", DAY, date(2026, 1, 5)),
        ("1 sept. 2026", DAY, date(2026, 9, 1)),
        ("1/set/2026", DAY, date(2026, 9, 1)),
        ("31 de diciembre de 2026", DAY, date(2026, 12, 31)),
        ("Diciembre 31 de 2026", DAY, date(2026, 12, 31)),
        ("jueves, 31 de diciembre de 2026", DAY, date(2026, 12, 31)),
        ("Dec 31, 2026", DAY, date(2026, 12, 31)),
        ("dic 31/26", DAY, date(2026, 12, 31)),
        ("31-dic-26", DAY, date(2026, 12, 31)),
        ("2026-dic-31", DAY, date(2026, 12, 31)),
        ("31/12/2026 12:00:00\u202fa.\u00a0m.", DAY, date(2026, 12, 31)),
        ("31/12/2026\u00a010:45:07\u202fp. m.", DAY, date(2026, 12, 31)),
        ("2026-12-31T00:00:00", DAY, date(2026, 12, 31)),
        ("2026-12-31T05:00:00.000Z", DAY, date(2026, 12, 31)),
        ("2026-12-31T23:00:00-05:00", DAY, date(2026, 12, 31)),
    ],
)
def test_a_day_is_what_its_order_says(text: str, order: DateOrder, day: date) -> None:
    assert read_date(text, order) == day


@pytest.mark.parametrize(
    "text",
    [
        "31/12/26",
        "31/02/2026",
        "12/31/2026",
        "99999",
        "1",
        "marzo",
        "",
        "2026-13-01",
        "03-mar",
        "dic 2026",
        "2026-12-31T02:00:00Z",
        "31-xyz-2026",
        "32 de enero de 2026",
        "31/12/026",
    ],
)
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
        (("31/12/26",), None),
        (("31/12/2026", "31/12/26"), DAY),
        (("31-dic-26", "05-ene-2027"), DateOrder.PLAIN),
    ],
)
def test_the_order_is_found_out_or_left_open(texts: tuple[str, ...], order: DateOrder | None) -> None:
    assert weigh_dates(texts).verdict == order


def test_both_epochs_of_a_book_count_to_the_same_day() -> None:
    assert from_serial(46387) == from_serial(46387 - 1462, since_1904=True) == date(2026, 12, 31)


def test_a_short_year_is_read_where_somebody_said_the_order() -> None:
    assert [read_date("01/02/03", order, short_years=True) for order in (DAY, MONTH, DateOrder.YEAR_FIRST)] == [
        date(2003, 2, 1),
        date(2003, 1, 2),
        date(2001, 2, 3),
    ]


@pytest.mark.parametrize(("text", "year"), [("1-ene-79", 2079), ("1-ene-80", 1980)])
def test_a_short_year_is_of_the_stated_century(text: str, year: int) -> None:
    assert read_date(text, DAY) == date(year, 1, 1)


def test_a_moment_of_another_day_in_colombia_is_said_to_be_one() -> None:
    assert [is_another_day(text) for text in ("2026-12-31T02:00:00Z", "2026-12-31T12:00:00Z", "31/12/2026")] == [
        True,
        False,
        False,
    ]


SHORT = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sept", "oct", "nov", "dic")
WHOLE = ("enero", "febrero", "marzo", "abril", "mayo", "junio", "julio", "agosto", "septiembre", "octubre", "noviembre",
         "diciembre")  # fmt: skip
ENGLISH = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def _written(day: date) -> list[tuple[str, DateOrder]]:
    """A day in every notation, with an order in which it may be read."""
    short, whole, english = SHORT[day.month - 1], WHOLE[day.month - 1], ENGLISH[day.month - 1]
    return [
        (f"{day:%d/%m/%Y}", DAY),
        (f"{day:%m/%d/%Y}", MONTH),
        (f"{day:%d/%m/%Y} 12:00:00\u202fa.\u00a0m.", DAY),
        (f"{day:%Y-%m-%d}T00:00:00", MONTH),
        (f"{day:%Y%m%d}", DAY),
        (f"{day.day}-{short}-{day.year}", MONTH),
        (f"{day.day:02}-{short.upper()}.-{day.year}", DAY),
        (f"{day.day} de {whole} de {day.year}", DAY),
        (f"{whole.title()} {day.day} de {day.year}", DAY),
        (f"{day.day:02}-{english}-{day.year}", MONTH),
        (f"{english} {day.day}, {day.year}", DAY),
        (str((day - date(1899, 12, 30)).days), DAY),
    ]


@settings(max_examples=60, deadline=None)
@given(st.dates(date(1960, 1, 1), date(2090, 12, 31)))
def test_a_day_in_any_notation_is_read_back(day: date) -> None:
    assert [(text, read_date(text, order)) for text, order in _written(day)] == [
        (text, day) for text, _ in _written(day)
    ]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.dates(date(2000, 1, 1), date(2079, 12, 31)), min_size=1),
    st.sampled_from(["%d/%m/%Y", "%m-%d-%Y", "%d/%m/%y"]),
)
def test_days_of_one_writer_are_read_back_or_asked_about(days: list[date], how: str) -> None:
    texts = [day.strftime(how) for day in days]
    order = weigh_dates(texts).verdict
    assert order is None or [read_date(text, order) for text in texts] == days


@given(st.text(max_size=20))
def test_whatever_the_text_it_is_a_day_or_none(text: str) -> None:
    assert all(isinstance(read_date(text, order), date | None) for order in DateOrder)
