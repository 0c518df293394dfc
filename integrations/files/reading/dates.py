"""Dates as people write them. Whether day or month comes first is found from all of a file's dates, or asked."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum


class DateOrder(StrEnum):
    """Whether the day or the month comes first in a date."""

    DAY_FIRST = "dmy"
    """31/12/2026"""
    MONTH_FIRST = "mdy"
    """12/31/2026"""
    PLAIN = "plain"
    """Year first, or no date at all."""


ORDER_LABELS = {
    DateOrder.DAY_FIRST: "Día, mes y año: 31/12/2026",
    DateOrder.MONTH_FIRST: "Mes, día y año: 12/31/2026",
}
_SEPARATED = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})")
_TIME = re.compile(r"[ T]\d{1,2}:\d{2}(:\d{2}(\.\d+)?)?( ?[ap]\.? ?m\.?)?$", re.IGNORECASE)
_EIGHT_DIGITS = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}(\.0+)?")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 73_050
"""From 1954 to the end of 2099: other numbers in a column of dates are no dates."""
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_MAX_MONTHS = 12
_YEAR_DIGITS = 4


@dataclass(frozen=True)
class DateEvidence:
    """Examples, as written, of dates that are sure to be day first or month first, or may be `either`."""

    day_first: str = ""
    month_first: str = ""
    either: str = ""

    @property
    def examples(self) -> tuple[str, str]:
        """(day first, month first) where one is sure, else empty."""
        return self.day_first, self.month_first

    @property
    def verdict(self) -> DateOrder | None:
        """The order of the dates; None: nobody can tell, or they contradict each other."""
        if self.day_first and self.month_first:
            return None
        if self.day_first or self.month_first:
            return DateOrder.DAY_FIRST if self.day_first else DateOrder.MONTH_FIRST
        return None if self.either else DateOrder.PLAIN


def weigh_dates(texts: Iterable[str]) -> DateEvidence:
    """Evidence of all the dates of a file."""
    examples: dict[str, str] = {}
    for text in texts:
        examples.setdefault(_order_of(text), text)
    return DateEvidence(examples.get("dmy", ""), examples.get("mdy", ""), examples.get("either", ""))


def _order_of(text: str) -> str:
    match = _SEPARATED.fullmatch(_TIME.sub("", text.strip()))
    if match is None or len(match[3]) != _YEAR_DIGITS:
        return ""
    first, second = int(match[1]), int(match[2])
    if first > _MAX_MONTHS or second > _MAX_MONTHS:
        return "dmy" if second <= _MAX_MONTHS else "mdy" if first <= _MAX_MONTHS else ""
    return "" if first == second else "either"


def read_date(text: str, order: DateOrder) -> date | None:
    """The date in a text, its time of day left out; None where it is none, or its year has two digits."""
    bare = _TIME.sub("", text.strip())
    if eight_digits := _EIGHT_DIGITS.fullmatch(bare):
        return _day(*map(int, eight_digits.groups()))
    if _SERIAL.fullmatch(bare):
        return from_serial(int(float(bare)))
    separated = _SEPARATED.fullmatch(bare)
    return _date_of_parts(order, *separated.groups()) if separated else None


def _date_of_parts(order: DateOrder, first: str, second: str, third: str) -> date | None:
    if len(first) == _YEAR_DIGITS and len(third) <= 2:
        return _day(int(first), int(second), int(third))
    if len(third) != _YEAR_DIGITS or len(first) > 2:
        return None
    day, month = (second, first) if order is DateOrder.MONTH_FIRST else (first, second)
    return _day(int(third), int(month), int(day))


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def is_serial(text: str) -> bool:
    """Whether a text is a spreadsheet's number of a date: 46387 is 31/12/2026."""
    return bool(_SERIAL.fullmatch(text.strip())) and from_serial(int(float(text))) is not None


def from_serial(days: int, *, since_1904: bool = False) -> date | None:
    """The date of a spreadsheet's day number; None out of the years that documents have."""
    days += 1462 if since_1904 else 0
    return _EXCEL_DAY_ZERO + timedelta(days=days) if _FIRST_SERIAL <= days <= _LAST_SERIAL else None
