"""Dates as people write them. Whether day or month comes first is found from all of a file's dates, or asked.

A month may have its name, whole or short, in Spanish or English. A year of two digits is asked about where numbers
alone stand beside it; `CENTURY_RULE` says which century it is (*assumed*).
"""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta, timezone
from enum import StrEnum


class DateOrder(StrEnum):
    """Whether the day or the month comes first in a date."""

    DAY_FIRST = "dmy"
    """31/12/2026"""
    MONTH_FIRST = "mdy"
    """12/31/2026"""
    YEAR_FIRST = "ymd"
    """26/12/31: asked about only where years have two digits."""
    PLAIN = "plain"
    """Year first with four digits, a month with its name, or no date at all."""


ORDER_LABELS = {
    DateOrder.DAY_FIRST: "Día, mes y año: 31/12/2026",
    DateOrder.MONTH_FIRST: "Mes, día y año: 12/31/2026",
    DateOrder.YEAR_FIRST: "Año, mes y día: 26/12/31",
}
CENTURY_RULE = "de 00 a 79 son de 2000 a 2079, y de 80 a 99, de 1980 a 1999"
_FIRST_OF_1900S = 80
_SEPARATED = re.compile(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})")
_TIME = re.compile(
    r"[ T]\d{1,2}:\d{2}(:\d{2}([.,]\d+)?)?( ?[ap]\.? ?m\.?)?(?P<zone> ?(Z|[+-]\d{2}:?\d{2}))?$", re.IGNORECASE
)
_NAMED = re.compile(r"[0-9a-z]+(?:[-/., ]+[0-9a-z]+){2}")
_OF = re.compile(r"\b(?:de|del)\b")
_WEEKDAY = re.compile(
    r"(?:lun|mar|mie|jue|vie|sab|dom|mon|tue|wed|thu|fri|sat|sun)(?:es|tes|rcoles|ves|rnes|ado|ingo|day|sday|nesday"
    r"|rsday|urday)?[., ]+(?=\S+[-/., ]+\S+[-/., ]+\S)"
)
_MONTHS = (
    ("enero", "january"),
    ("febrero", "february"),
    ("marzo", "march"),
    ("abril", "april"),
    ("mayo", "may"),
    ("junio", "june"),
    ("julio", "july"),
    ("agosto", "august"),
    ("septiembre", "setiembre", "september"),
    ("octubre", "october"),
    ("noviembre", "november"),
    ("diciembre", "december"),
)
_SHORTEST_NAME = 3
_EIGHT_DIGITS = re.compile(r"((?:19|20|21)\d{2})(\d{2})(\d{2})")
_SERIAL = re.compile(r"\d{5}([.,]\d+)?")
_FIRST_SERIAL, _LAST_SERIAL = 20_000, 73_050
"""From 1954 to the end of 2099: other numbers in a column of dates are no dates."""
_EXCEL_DAY_ZERO = date(1899, 12, 30)
_COLOMBIA = timezone(timedelta(hours=-5))
_MAX_MONTHS = 12
_YEAR_DIGITS = 4
_SHORT_YEAR_DIGITS = 2
_MOST_LETTERS = 60


@dataclass(frozen=True)
class DateEvidence:
    """Examples, as written, of dates that are sure to be day first or month first, or may be `either`.

    `short` has a year of two digits beside numbers alone; `named_short` beside the name of its month.
    """

    day_first: str = ""
    month_first: str = ""
    either: str = ""
    short: str = ""
    named_short: str = ""

    @property
    def examples(self) -> tuple[str, str]:
        """Two that contradict each other, else empty texts."""
        return (self.day_first, self.month_first) if self.day_first and self.month_first else ("", "")

    @property
    def all_examples(self) -> tuple[str, ...]:
        """One of each way in which they are written."""
        return self.day_first, self.month_first, self.short, self.either, self.named_short

    @property
    def is_contradictory(self) -> bool:
        """Whether no order fits all of them."""
        return any(self.examples)

    @property
    def verdict(self) -> DateOrder | None:
        """The order of the dates; None: nobody can tell, or they contradict each other."""
        if self.is_contradictory:
            return None
        if self.day_first or self.month_first:
            return DateOrder.DAY_FIRST if self.day_first else DateOrder.MONTH_FIRST
        return None if self.either or self.short else DateOrder.PLAIN

    def allows(self, order: DateOrder) -> bool:
        """Whether dates of another file may have told their order: nothing here speaks against it."""
        against = {DateOrder.DAY_FIRST: self.month_first, DateOrder.MONTH_FIRST: self.day_first}
        return not against.get(order, self.day_first or self.month_first)


def weigh_dates(texts: Iterable[str]) -> DateEvidence:
    """Evidence of all the dates of a file."""
    examples: dict[str, str] = {}
    for text in texts:
        examples.setdefault(_order_of(text), text)
    examples.pop("", None)
    return DateEvidence(**examples)


def _order_of(text: str) -> str:
    """The attribute of `DateEvidence` that a date is an example of; empty for what tells nothing."""
    bare = _without_time(_plain(text)) or ""
    match = _SEPARATED.fullmatch(bare)
    if match is None:
        named = _named_parts(bare)
        return "named_short" if named and len(named[0]) == _SHORT_YEAR_DIGITS else ""
    if len(match[3]) == _SHORT_YEAR_DIGITS and len(match[1]) <= _SHORT_YEAR_DIGITS:
        return "short"
    if len(match[3]) != _YEAR_DIGITS:
        return ""
    return _order_of_two(int(match[1]), int(match[2]))


def _order_of_two(first: int, second: int) -> str:
    """What the day and the month tell, as `_order_of`, before a year of four digits."""
    if first > _MAX_MONTHS or second > _MAX_MONTHS:
        return "day_first" if second <= _MAX_MONTHS else "month_first" if first <= _MAX_MONTHS else ""
    return "" if first == second else "either"


def read_date(text: str, order: DateOrder, *, short_years: bool = False) -> date | None:
    """The date in a text, its time of day left out.

    None where it is none, and where its time zone says that it is another day in Colombia. `short_years`: the person
    knows that numbers alone may end in a year of two digits.
    """
    bare = _without_time(_plain(text))
    if bare is None:
        return None
    if eight_digits := _EIGHT_DIGITS.fullmatch(bare):
        return _day(*eight_digits.groups())
    if _SERIAL.fullmatch(bare):
        return from_serial(int(bare[:5]))
    if separated := _SEPARATED.fullmatch(bare):
        is_short = len(separated[3]) == _SHORT_YEAR_DIGITS == max(len(separated[1]), _SHORT_YEAR_DIGITS)
        return _date_of_parts(order, *separated.groups()) if short_years or not is_short else None
    named = _named_parts(bare)
    return _day(*named) if named else None


def is_another_day(text: str) -> bool:
    """Whether a text is a date with a time zone in which it is another day than in Colombia."""
    return _without_time(_plain(text)) is None


def _plain(text: str) -> str:
    """A text with plain single spaces, for `31/12/2026 12:00:00 a. m.` has narrow ones."""
    return " ".join(text.split()) if len(text) <= _MOST_LETTERS else ""


def _without_time(text: str) -> str | None:
    """The text without its time of day; None where that is another day in Colombia."""
    time = _TIME.search(text)
    if time is None:
        return text
    bare = text[: time.start()]
    return bare if time["zone"] is None or _is_same_day(text, bare) else None


def _is_same_day(text: str, bare: str) -> bool:
    try:
        return datetime.fromisoformat(text).astimezone(_COLOMBIA).date().isoformat() == bare
    except (ValueError, OverflowError):
        return False


def _named_parts(text: str) -> tuple[str, str, str] | None:
    """(year, month, day) of a date with the name of its month: `31-dic-2026`, `Dec 31, 2026`; None for any other."""
    bare = unicodedata.normalize("NFKD", text.casefold())
    bare = "".join(letter for letter in bare if not unicodedata.combining(letter))
    bare = _OF.sub(" ", _WEEKDAY.sub("", bare, count=1))
    if not _NAMED.fullmatch(bare.strip()):
        return None
    first, second, third = re.split(r"[-/., ]+", bare.strip())
    month, others = (_month(first), (second, third)) if first.isalpha() else (_month(second), (first, third))
    if not month or not all(other.isdigit() for other in others):
        return None
    day, year = others
    if len(day) == _YEAR_DIGITS and not first.isalpha():
        day, year = year, day
    return (year, str(month), day) if len(day) <= _SHORT_YEAR_DIGITS else None


def _month(name: str) -> int:
    """The number of a month by its name or the first letters of it; 0 for none."""
    if len(name) < _SHORTEST_NAME:
        return 0
    return next((number for number, names in enumerate(_MONTHS, 1) if any(n.startswith(name) for n in names)), 0)


def _date_of_parts(order: DateOrder, first: str, second: str, third: str) -> date | None:
    if len(first) == _YEAR_DIGITS and len(third) <= _SHORT_YEAR_DIGITS:
        return _day(first, second, third)
    if len(first) > _SHORT_YEAR_DIGITS or len(third) not in (_YEAR_DIGITS, _SHORT_YEAR_DIGITS):
        return None
    if order is DateOrder.YEAR_FIRST:
        is_short = len(first) == len(third) == _SHORT_YEAR_DIGITS
        return _day(first, second, third) if is_short else None
    day, month = (second, first) if order is DateOrder.MONTH_FIRST else (first, second)
    return _day(third, month, day)


def _day(year: str, month: str, day: str) -> date | None:
    if len(year) not in (_YEAR_DIGITS, _SHORT_YEAR_DIGITS):
        return None
    try:
        return date(_whole_year(int(year)) if len(year) == _SHORT_YEAR_DIGITS else int(year), int(month), int(day))
    except ValueError:
        return None


def _whole_year(short: int) -> int:
    return short + (1900 if short >= _FIRST_OF_1900S else 2000)


def is_serial(text: str) -> bool:
    """Whether a text is a spreadsheet's number of a date: 46387 is 31/12/2026."""
    text = text.strip()
    return bool(_SERIAL.fullmatch(text)) and from_serial(int(text[:5])) is not None


def from_serial(days: int, *, since_1904: bool = False) -> date | None:
    """The date of a spreadsheet's day number; None out of the years that documents have."""
    days += 1462 if since_1904 else 0
    return _EXCEL_DAY_ZERO + timedelta(days=days) if _FIRST_SERIAL <= days <= _LAST_SERIAL else None
