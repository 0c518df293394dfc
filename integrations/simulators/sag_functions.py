"""What T-SQL has and SQLite lacks: dates, pieces of text, conversions."""

from collections.abc import Callable
from datetime import datetime, timedelta

from integrations.simulators.sag_records import now
from integrations.simulators.store import Store

FUNCTIONS = {
    "ISNULL": "IFNULL", "LEN": "LENGTH", "GETDATE": "SAG_NOW", "CONVERT": "SAG_CONVERT", "DATEADD": "SAG_DATEADD",
    "DATEDIFF": "SAG_DATEDIFF", "YEAR": "SAG_YEAR", "MONTH": "SAG_MONTH", "DAY": "SAG_DAY", "LEFT": "SAG_LEFT",
    "RIGHT": "SAG_RIGHT", "CHARINDEX": "SAG_CHARINDEX",
}  # fmt: skip
"""T-SQL's name and ours."""
NAMED_ARGUMENT = ("SAG_CONVERT", "SAG_DATEADD", "SAG_DATEDIFF")
"""Their first argument is a bare word: a type or a part of a date."""
UNITS = {"DAY": "days", "DD": "days", "D": "days", "HOUR": "hours", "HH": "hours", "MINUTE": "minutes",
         "SECOND": "seconds"}  # fmt: skip


def define_functions(store: Store) -> None:
    """Each under its name here. A NULL among the arguments gives NULL, as in T-SQL."""
    store.define_function("SAG_NOW", 0, now)
    store.define_function("SAG_CONVERT", -1, _convert)
    for name, (arguments, function) in NULLABLE.items():
        store.define_function(name, arguments, _null_through(function))


def _null_through(function: Callable[..., object]) -> Callable[..., object]:
    return lambda *arguments: None if None in arguments else function(*arguments)


def _convert(*arguments: object) -> object:
    """CONVERT(type, value[, style]): dates by style 112 (`YYYYMMDD`) or 23 (`YYYY-MM-DD`), plain casts."""
    kind, value, *style = arguments
    casts: dict[str, Callable[[str], object]] = {"INT": int, "BIGINT": int, "FLOAT": float}
    if value is None:
        return None
    if str(kind).upper() in casts:
        return casts[str(kind).upper()](str(value))
    if style == [112]:
        return str(value)[:10].replace("-", "")
    return str(value)[:10] if style == [23] or str(kind).upper() == "DATE" else str(value)


def _date_add(part: object, amount: object, value: object) -> str:
    """DATEADD of days or less."""
    shift = timedelta(**{UNITS[str(part).upper()]: float(str(amount))})
    return (datetime.fromisoformat(str(value)) + shift).isoformat()


def _date_difference(part: object, start: object, end: object) -> int:
    """DATEDIFF: the boundaries crossed, of days or less."""
    unit = timedelta(**{UNITS[str(part).upper()]: 1})
    epoch = datetime.min  # noqa: DTZ901 - the database's dates have no zone
    first, last = (
        (datetime.fromisoformat(str(moment)).replace(tzinfo=None) - epoch) // unit for moment in (start, end)
    )
    return last - first


NULLABLE: dict[str, tuple[int, Callable[..., object]]] = {
    "SAG_DATEADD": (3, _date_add),
    "SAG_DATEDIFF": (3, _date_difference),
    "SAG_YEAR": (1, lambda date: int(date[:4])),
    "SAG_MONTH": (1, lambda date: int(date[5:7])),
    "SAG_DAY": (1, lambda date: int(date[8:10])),
    "SAG_LEFT": (2, lambda text, count: str(text)[:count]),
    "SAG_RIGHT": (2, lambda text, count: str(text)[-count:] if count else ""),
    "SAG_CHARINDEX": (2, lambda part, text: str(text).upper().find(str(part).upper()) + 1),
}
"""How many arguments each takes, and what it does with none of them NULL."""
