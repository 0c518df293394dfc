"""The days that a text of an ERP may mean: nobody says how an installation prints its dates. Pure.

Read are ISO 8601 and its compact form, SQL Server's own (`Mar 10 2026 12:00AM`), .NET's (`/Date(1773118800000)/`), and
day and month in either order. What a text may mean decides, so that a manner of printing is never another date.
"""

import re
from datetime import UTC, date, datetime, timedelta

_YEAR_FIRST = re.compile(r"(\d{4})([-/.]?)(\d\d)\2(\d\d)(?!\d)")
_YEAR_LAST = re.compile(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})(?!\d)")
_MONTH_NAMED = re.compile(r"(?:([a-z]{3})[a-z]*\.?\s+(\d{1,2})|(\d{1,2})[\s-]([a-z]{3})[a-z]*\.?)[\s,-]+(\d{4})")
_MILLISECONDS = re.compile(r"/date\((-?\d{1,15})(?:[+-]\d{4})?\)/")
_MONTHS = {
    name: number
    for names in ("jan feb mar apr may jun jul aug sep oct nov dec", "ene feb mar abr may jun jul ago sep oct nov dic")
    for number, name in enumerate(names.split(), 1)
}
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_COLOMBIA = timedelta(hours=-5)


def days_in(text: object) -> frozenset[date]:
    """Every day that a text may mean; none where it is no date."""
    plain = "" if text is None else str(text).strip().casefold()
    return frozenset(day for day in map(_day, _parts(plain)) if day is not None)


def _parts(text: str) -> list[tuple[int, int, int]]:
    """(year, month, day) of each way to read it, possible or not."""
    if found := _YEAR_FIRST.match(text):
        return [(int(found[1]), int(found[3]), int(found[4]))]
    if found := _YEAR_LAST.match(text):
        first, second, year = int(found[1]), int(found[2]), int(found[3])
        return [(year, second, first), (year, first, second)]
    if found := _MONTH_NAMED.match(text):
        return [(int(found[5]), _MONTHS.get(found[1] or found[4], 0), int(found[2] or found[3]))]
    if found := _MILLISECONDS.fullmatch(text):
        return _of_milliseconds(int(found[1]))
    return []


def _of_milliseconds(count: int) -> list[tuple[int, int, int]]:
    """Midnight here or in Greenwich: .NET writes either."""
    try:
        moment = _EPOCH + timedelta(milliseconds=count)
        return [(each.year, each.month, each.day) for each in (moment, moment + _COLOMBIA)]
    except OverflowError:
        return []


def _day(parts: tuple[int, int, int]) -> date | None:
    try:
        return date(*parts)
    except ValueError:
        return None
