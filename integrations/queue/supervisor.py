"""Keeps clusters pushing without a person: one that froze or died is replaced, one that waits for an ERP is not.

django-q2's processes can all be alive while nothing runs: killing one idle worker leaves the queue's read lock
with the dead. So a cluster proves itself by a task that really ran (`docs/deployment.md`).
"""

import logging
import os
import socket
import time
from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import DatabaseError, close_old_connections

from integrations.queue import heartbeat
from integrations.queue.cluster import RUNNING_AS, SCHEDULED, SENDING, this_process
from integrations.queue.outbox import enqueue_beat
from integrations.queue.processes import STOP_SECONDS, Processes
from integrations.queue.wake import wake_all

log = logging.getLogger(__name__)

_MOST_ASKED = 30
"""Beats asked for in vain: a cluster whose workers are all busy must not fill the queue with more."""

_STOP_LOOK_SECONDS = 0.2
_MOST_PATIENCE = 8
"""How many times longer than `silent_seconds` a cluster that keeps starting without a beat is waited for."""


@dataclass
class Supervisor:
    """Starts and watches clusters as children. All in seconds: how often a beat is asked for, how long silence
    may last, and how long a cluster that is being ended may go on with the calls it is in."""

    processes: Processes
    clusters: tuple[str, ...] = (SENDING, SCHEDULED)
    beat_seconds: float = 10.0
    silent_seconds: float = 40.0
    call_seconds: float = 200.0
    _started: dict[str, float] = field(default_factory=dict)
    _asked_at: dict[str, float] = field(default_factory=dict)
    _asked: dict[str, int] = field(default_factory=dict)
    _patience: dict[str, float] = field(default_factory=dict)
    _dying: dict[int, float] = field(default_factory=dict)

    def start(self) -> None:
        for cluster in self.clusters:
            self._start(cluster)

    def stop(self) -> None:
        """Ask all to end; whoever is in a call may finish it, and a frozen one is not waited for."""
        self.processes.terminate()
        asked = time.monotonic()
        while (waited := time.monotonic() - asked) < self.call_seconds and self._still_running():
            if waited >= STOP_SECONDS and not self._is_in_a_call():
                break
            time.sleep(_STOP_LOOK_SECONDS)
        self.processes.stop(0)

    def _is_in_a_call(self) -> bool:
        try:
            return bool(_groups_in_a_call() & {self.processes.group_of(cluster) for cluster in self.clusters})
        except DatabaseError:
            return False

    def _still_running(self) -> bool:
        return not set(self.clusters) <= set(self.processes.ended())

    def look(self) -> list[str]:
        """One round; returns the clusters that were replaced. A database that does not answer changes nothing."""
        ended = [cluster for cluster in self.clusters if cluster in self.processes.ended()]
        in_a_call: set[int] = set()
        frozen = []
        try:
            close_old_connections()
            in_a_call = _groups_in_a_call()
            frozen = [cluster for cluster in self.clusters if self._is_frozen(cluster, in_a_call)]
            self._end_the_dying(in_a_call)
        except DatabaseError:
            # Nothing can be told of a cluster while the database is away: killing it would mend nothing.
            log.warning("the database does not answer; the clusters are left alone")
        replaced = sorted({*ended, *frozen})
        for cluster in replaced:
            self._replace(cluster)
        return replaced

    def _replace(self, cluster: str) -> None:
        """The old group ends when none of it is in a call: a frozen one at once, orphans when they are done."""
        log.warning("the cluster %s is replaced", cluster)
        # On a machine too slow to start one in that time, an impatient supervisor would replace for ever.
        patience = 2 * self._patience.get(cluster, self.silent_seconds)
        self._patience[cluster] = min(patience, _MOST_PATIENCE * self.silent_seconds)
        self._dying[self.processes.release(cluster)] = time.monotonic() + self.call_seconds
        self._start(cluster)

    def _end_the_dying(self, in_a_call: set[int]) -> None:
        now = time.monotonic()
        for group, latest in [*self._dying.items()]:
            if group not in in_a_call or now >= latest:
                self.processes.kill_group(group)
                del self._dying[group]
                wake_all()

    def _start(self, cluster: str) -> None:
        named = [] if cluster == SENDING else ["--name", cluster]
        environment = {RUNNING_AS: self._name(cluster)}
        if cluster != SENDING:
            environment["Q_CLUSTER_NAME"] = cluster
        self.processes.manage(cluster, "qcluster", *named, environment=environment)
        self._started[cluster] = time.monotonic()
        self._asked[cluster] = 0

    def _name(self, cluster: str) -> str:
        return f"{cluster}@{this_process()}"

    def _is_frozen(self, cluster: str, in_a_call: set[int]) -> bool:
        """A fresh cluster has as long to beat as a running one may be silent: the dead one's beats are not its own."""
        age = time.monotonic() - self._started[cluster]
        beaten = heartbeat.silent_seconds(self._name(cluster))
        silent = age if beaten is None else min(age, beaten)
        self._ask_for_a_beat(cluster, silent)
        if beaten is not None and beaten < age:
            self._patience[cluster] = self.silent_seconds
        if silent < self._patience.get(cluster, self.silent_seconds):
            return False
        return self.processes.group_of(cluster) not in in_a_call

    def _ask_for_a_beat(self, cluster: str, silent: float) -> None:
        """Each round while it is late, because another machine's cluster may take what was asked of this one."""
        now = time.monotonic()
        if silent < self.beat_seconds:
            self._asked[cluster] = 0
        elif self._asked[cluster] < _MOST_ASKED and now - self._asked_at.get(cluster, 0.0) >= self.beat_seconds / 10:
            self._asked[cluster] += 1
            self._asked_at[cluster] = now
            enqueue_beat(cluster)


def _groups_in_a_call() -> set[int]:
    """Process groups of this machine in which a live process holds a live lease."""
    machine = socket.gethostname()
    holders: Iterable[tuple[str, str, str]] = (name.rpartition(":") for name in heartbeat.processes_in_a_call())
    return {group for name, _, pid in holders if name == machine and (group := _group(int(pid)))}


def _group(pid: int) -> int:
    """The group of a process; 0 for one that is gone."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0
