"""Dates as ERPs print them: what a text may mean, and nothing of what is no date."""

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.erp.date_texts import days_in

DAY = date(2026, 3, 10)


@pytest.mark.parametrize(
    "text",
    [
        "2026-03-10T00:00:00",
        "2026-03-10 00:00:00.000",
        "2026/03/10",
        "20260310",
        "2026-03-10T00:00:00-05:00",
        "Mar 10 2026 12:00AM",
        "10 mar. 2026",
        "10-Mar-2026",
        "/Date(1773118800000)/",
        "/Date(1773100800000-0500)/",
        datetime(2026, 3, 10, tzinfo=UTC),
        DAY,
    ],
    ids=str,
)
def test_a_date_is_read_however_it_is_printed(text: object) -> None:
    assert DAY in days_in(text)


@pytest.mark.parametrize(
    "text", [None, "", "   ", "sin fecha", "2026-02-30", "31/31/2026", "20261", "/Date(9e9)/", "0"]
)
def test_what_is_no_date_means_no_day(text: object) -> None:
    assert days_in(text) == frozenset()


def test_day_and_month_in_either_order_are_two_readings() -> None:
    assert days_in("03/10/2026") == {DAY, date(2026, 10, 3)}


@given(
    day=st.dates(min_value=date(1900, 1, 1), max_value=date(2200, 1, 1)),
    form=st.sampled_from(["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d/%m/%Y", "%m/%d/%Y", "%b %d %Y %I:%M%p", "%d-%b-%Y"]),
)
@settings(max_examples=60, deadline=None)
def test_a_printed_day_is_among_its_readings_and_no_other_year_is(day: date, form: str) -> None:
    readings = days_in(day.strftime(form))
    assert day in readings
    assert {each.year for each in readings} == {day.year}


@given(milliseconds=st.integers())
@settings(max_examples=60, deadline=None)
def test_any_count_of_milliseconds_is_read_or_is_none(milliseconds: int) -> None:
    days = days_in(f"/Date({milliseconds})/")
    assert not days or max(days) - min(days) <= timedelta(days=1)
