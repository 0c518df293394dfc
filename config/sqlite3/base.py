"""Django's SQLite backend with checks of the widths and ranges of columns: PostgreSQL enforces them, SQLite does not.

Without them a value that fails in production would be accepted in a trial.
"""

from django.db.backends.sqlite3 import base

_WIDTH = 'length("%(column)s") <= %(max_length)s'


def _between(lowest: int, bits: int) -> str:
    return f'"%(column)s" BETWEEN {lowest} AND {2 ** (bits - 1) - 1}'


class DatabaseWrapper(base.DatabaseWrapper):
    """Adds `CHECK` constraints to text and integer columns."""

    data_type_check_constraints: dict[str, str] = {
        **base.DatabaseWrapper.data_type_check_constraints,
        "CharField": _WIDTH,
        "SlugField": _WIDTH,
        "SmallIntegerField": _between(-(2**15), 16),
        "IntegerField": _between(-(2**31), 32),
        "PositiveSmallIntegerField": _between(0, 16),
        "PositiveIntegerField": _between(0, 32),
    }
