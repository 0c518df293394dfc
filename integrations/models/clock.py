"""Two clocks: the database's, on which leases are written, and one that counts suspended time."""

import time
from datetime import datetime

from django.db import connection
from django.utils import timezone


def database_now() -> datetime:
    """Now by the database: machines disagree, leases must not."""
    if connection.vendor != "postgresql":
        return timezone.now()
    with connection.cursor() as cursor:
        # now() would be the transaction's start, which may be long ago.
        cursor.execute("SELECT clock_timestamp()")
        moment: datetime = cursor.fetchone()[0]
    return moment


def elapsed_seconds() -> float:
    """Seconds that also pass while the machine is suspended; only differences mean anything."""
    boottime = getattr(time, "CLOCK_BOOTTIME", None)
    return time.clock_gettime(boottime) if boottime is not None else time.monotonic()
