"""django-q2's cluster (sync protocol, section 6): the settings that its traps dictate."""

import math
import os
import socket
from typing import Any

SENDING, SCHEDULED, FILES = "integrador", "programadas", "archivos"
"""Names of the clusters: what calls ERPs, what keeps time, and what works long on many records without an ERP: imports
and corrections. A name is its queue's key, too."""
CLUSTERS = (SENDING, SCHEDULED, FILES)
_FILES_WORKERS = 2
REAP_SECONDS = 3
"""django-q2 kills a task that overstayed its timeout this much later."""

RUNNING_AS = "QUEUE_RUNNING_AS"
"""Environment variable: the name under which a supervised cluster gives signs of life."""


def running_as(cluster: str) -> str:
    """The name of the running cluster that this process belongs to: two machines run clusters of one name."""
    return os.environ.get(RUNNING_AS) or f"{cluster}@{socket.gethostname()}"


def start_words(cluster: str) -> list[str]:
    """The words of `manage.py` that start a cluster; `start_environment` belongs to them."""
    return ["qcluster"] if cluster == SENDING else ["qcluster", "--name", cluster]


def start_environment(cluster: str) -> dict[str, str]:
    """Without it the processes of a cluster that is not the first would read the first one's settings."""
    return {} if cluster == SENDING else {"Q_CLUSTER_NAME": cluster}


def this_process() -> str:
    """`machine:pid`, as attempts and leases name their process."""
    return f"{socket.gethostname()}:{os.getpid()}"


def retry_seconds(timeout: int, workers: int, queue_limit: int = 1, bulk: int = 1) -> int:
    """When a task that was taken and never acknowledged may run again, in seconds.

    The clock starts when the pusher takes the row, and waiting in the prefetch queue counts: a shorter value
    runs one task twice at once.
    """
    return (timeout + REAP_SECONDS) * (2 + math.ceil((queue_limit + bulk) / workers)) + 1


def cluster(*, queue_url: str, workers: int, timeout: int) -> dict[str, Any]:
    """`Q_CLUSTER`. The database as broker is the outbox: state and task commit together."""
    broker: dict[str, Any] = {"redis": queue_url} if queue_url else {"orm": "default"}
    return {
        "name": SENDING,
        "label": "Cola",
        "workers": workers,
        "timeout": timeout,
        "retry": retry_seconds(timeout, workers),
        "queue_limit": 1,
        "bulk": 1,
        "max_attempts": 1,
        "ack_failures": True,
        "catch_up": False,
        # Must divide the timer evenly (0.5 or 1), or the guard drifts.
        "guard_cycle": 0.5,
        "poll": 0.2,
        "save_limit": -1,
        "compress": False,
        **broker,
        # Sweeping and heartbeats apart: a call that takes two minutes never starves them. Files apart: neither does a
        # year of vouchers starve the lanes.
        "ALT_CLUSTERS": {
            SCHEDULED: {"workers": 1, "retry": retry_seconds(timeout, 1)},
            FILES: {"workers": _FILES_WORKERS, "retry": retry_seconds(timeout, _FILES_WORKERS)},
        },
    }
