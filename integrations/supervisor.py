"""Keeps clusters pushing without a person: one that froze or died is replaced, one that waits for an ERP is not.

django-q2's processes can all be alive while nothing runs: killing one idle worker leaves the queue's read lock
with the dead. So a cluster proves itself by a task that really ran (`docs/deployment.md`).
"""

import logging
import time
from dataclasses import dataclass, field

from django.db import DatabaseError, close_old_connections

from integrations import switch
from integrations.cluster import SCHEDULED, SENDING
from integrations.outbox import enqueue_beat
from integrations.processes import Processes

log = logging.getLogger(__name__)


@dataclass
class Supervisor:
    """Starts and watches clusters as children. Seconds: how often a beat is asked for, how long silence may last."""

    processes: Processes
    clusters: tuple[str, ...] = (SENDING, SCHEDULED)
    beat_seconds: float = 10.0
    silent_seconds: float = 40.0
    _started: dict[str, float] = field(default_factory=dict)
    _asked: float = 0.0

    def start(self) -> None:
        for cluster in self.clusters:
            self._start(cluster)

    def look(self) -> list[str]:
        """One round; returns the clusters that were replaced. A database that does not answer changes nothing."""
        ended = [cluster for cluster in self.clusters if cluster in self.processes.ended()]
        try:
            close_old_connections()
            self._ask_for_beats()
            frozen = [cluster for cluster in self.clusters if self._is_frozen(cluster)]
        except DatabaseError:
            # Nothing can be told of a cluster while the database is away: killing it would mend nothing.
            log.warning("the database does not answer; the clusters are left alone")
            frozen = []
        replaced = sorted({*ended, *frozen})
        for cluster in replaced:
            self._replace(cluster)
        return replaced

    def _replace(self, cluster: str) -> None:
        log.warning("the cluster %s is replaced", cluster)
        self.processes.kill(cluster)
        self._start(cluster)

    def _start(self, cluster: str) -> None:
        named = [] if cluster == SENDING else ["--name", cluster]
        environment = {} if cluster == SENDING else {"Q_CLUSTER_NAME": cluster}
        self.processes.manage(cluster, "qcluster", *named, environment=environment)
        self._started[cluster] = time.monotonic()

    def _ask_for_beats(self) -> None:
        if time.monotonic() - self._asked < self.beat_seconds:
            return
        for cluster in self.clusters:
            enqueue_beat(cluster)
        self._asked = time.monotonic()

    def _is_frozen(self, cluster: str) -> bool:
        """A fresh cluster has as long to beat as a running one may be silent."""
        is_young = time.monotonic() - self._started[cluster] < self.silent_seconds
        return not is_young and switch.is_silent(cluster, self.silent_seconds)
