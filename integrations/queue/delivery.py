"""Handing a task to django-q2's broker.

With the database as broker the row commits with the state that it belongs to; with Redis it leaves after the commit,
and what is lost is found again by its job (`jobs.go_on`).
"""

from typing import Any

from django.conf import settings
from django.db import transaction
from django_q.brokers import get_broker
from django_q.tasks import async_task


def put(task: str, *arguments: Any, cluster: str, **options: Any) -> None:
    """Queue a task by its dotted name, for the workers of a cluster, whichever cluster's process asks.

    Ids only: its payload is a signed pickle, no place for secrets.
    """
    if settings.Q_CLUSTER.get("orm"):
        async_task(task, *arguments, cluster=cluster, **options)
    else:
        transaction.on_commit(lambda: async_task(task, *arguments, cluster=cluster, **options))


def is_queue_empty(cluster: str) -> bool:
    """Whether nothing waits in the queue of a cluster; what a worker holds in hand does not count."""
    return not get_broker(cluster).queue_size()
