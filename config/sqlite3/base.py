"""Django's SQLite that refuses what PostgreSQL refuses: a text wider than its column, a number beyond its range.

SQLite takes a declared width for a comment. What was tried out on it would then fail only where it matters.
"""

from django.db.backends.sqlite3 import base

_WIDTH = 'length("%(column)s") <= %(max_length)s'


def _between(lowest: int, bits: int) -> str:
    return f'"%(column)s" BETWEEN {lowest} AND {2 ** (bits - 1) - 1}'


class DatabaseWrapper(base.DatabaseWrapper):
    data_type_check_constraints: dict[str, str] = {
        **base.DatabaseWrapper.data_type_check_constraints,
        "CharField": _WIDTH,
        "SlugField": _WIDTH,
        "SmallIntegerField": _between(-(2**15), 16),
        "IntegerField": _between(-(2**31), 32),
        "PositiveSmallIntegerField": _between(0, 16),
        "PositiveIntegerField": _between(0, 32),
    }
