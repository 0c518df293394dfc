"""Keeps clusters pushing without a person: one that froze or died is replaced, one that waits for an ERP is not.

django-q2's processes can all be alive while nothing runs: killing one idle worker leaves the queue's read lock
with the dead. So a cluster proves itself by a task that really ran (`docs/deployment.md`).
"""

import logging
import os
import socket
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import DatabaseError, close_old_connections

from integrations.queue import heartbeat
from integrations.queue.cluster import CLUSTERS, RUNNING_AS, start_environment, start_words, this_process
from integrations.queue.outbox import enqueue_beat
from integrations.queue.processes import STOP_SECONDS, Processes
from integrations.queue.wake import wake_all

log = logging.getLogger(__name__)

_MOST_BEATS_ASKED = 30
"""Beats asked for in vain: a cluster whose workers are all busy must not fill the queue with more."""
_LOOK_SECONDS = 1.0
_STOP_LOOK_SECONDS = 0.2
_MOST_PATIENCE = 8
"""How many times longer than `silent_seconds` a cluster that keeps starting without a beat is waited for."""


@dataclass
class _WatchedCluster:
    """A cluster that the supervisor started. Moments are on `time.monotonic`; `patience` is in seconds of silence."""

    name: str
    patience: float
    started_at: float = 0.0
    beats_asked: int = 0
    beat_asked_at: float = 0.0

    @property
    def process_name(self) -> str:
        """Under which name it gives signs of life."""
        return f"{self.name}@{this_process()}"

    @property
    def environment(self) -> dict[str, str]:
        return {RUNNING_AS: self.process_name, **start_environment(self.name)}


@dataclass
class Supervisor:
    """Starts and watches clusters as children.

    In seconds: `beat_seconds`, after how much silence a beat is asked for; `silent_seconds`, how long silence may
    last; `call_seconds`, how long a cluster that is being ended may go on with the calls it is in.
    """

    processes: Processes
    clusters: tuple[str, ...] = CLUSTERS
    beat_seconds: float = 10.0
    silent_seconds: float = 40.0
    call_seconds: float = 200.0
    _watched: list[_WatchedCluster] = field(init=False)
    _latest_end_of: dict[int, float] = field(default_factory=dict)
    """Group of a replaced cluster → when it is killed at the latest, on `time.monotonic`."""

    def __post_init__(self) -> None:
        self._watched = [_WatchedCluster(name, self.silent_seconds) for name in self.clusters]

    def start(self) -> None:
        """Start every cluster."""
        for cluster in self._watched:
            self._start(cluster)

    def watch(self, report: Callable[[str], object], is_over: Callable[[], bool] = lambda: False) -> bool:
        """Replace and `report` what freezes or dies until `is_over` (True) or Ctrl-C, which ends all (False)."""
        try:
            while not is_over():
                time.sleep(min(_LOOK_SECONDS, self.beat_seconds))
                for name in self.look():
                    report(name)
        except KeyboardInterrupt:
            self.stop()
            return False
        return True

    def stop(self) -> None:
        """Ask all to end; whoever is in a call may finish it, and a frozen one is not waited for."""
        self.processes.terminate()
        asked_at = time.monotonic()
        while (waited := time.monotonic() - asked_at) < self.call_seconds and self._still_running():
            if waited >= STOP_SECONDS and not self._is_in_a_call():
                break
            time.sleep(_STOP_LOOK_SECONDS)
        self.processes.stop(0)

    def _is_in_a_call(self) -> bool:
        try:
            return bool(_groups_in_a_call() & {self.processes.group_of(cluster.name) for cluster in self._watched})
        except DatabaseError:
            return False

    def _still_running(self) -> bool:
        return not set(self.clusters) <= set(self.processes.ended())

    def look(self) -> list[str]:
        """One round; returns the clusters that were replaced. A database that does not answer changes nothing."""
        ended = self.processes.ended()
        replaced = {cluster.name: cluster for cluster in self._watched if cluster.name in ended}
        try:
            close_old_connections()
            in_a_call = _groups_in_a_call()
            replaced |= {cluster.name: cluster for cluster in self._watched if self._is_frozen(cluster, in_a_call)}
            self._kill_replaced(in_a_call)
        except DatabaseError:
            # Whether a cluster is frozen is unknown while the database is away: killing it would mend nothing.
            log.warning("the database does not answer; the clusters are left alone")
        for _, cluster in sorted(replaced.items()):
            self._replace(cluster)
        return sorted(replaced)

    def _replace(self, cluster: _WatchedCluster) -> None:
        """Start it anew. The old group ends when none of it is in a call: a frozen one at once, orphans when done."""
        log.warning("the cluster %s is replaced", cluster.name)
        # On a machine too slow to start one in that time, an impatient supervisor would replace for ever.
        cluster.patience = min(2 * cluster.patience, _MOST_PATIENCE * self.silent_seconds)
        self._latest_end_of[self.processes.release(cluster.name)] = time.monotonic() + self.call_seconds
        self._start(cluster)

    def _kill_replaced(self, in_a_call: set[int]) -> None:
        now = time.monotonic()
        for group, latest in [*self._latest_end_of.items()]:
            if group not in in_a_call or now >= latest:
                self.processes.kill_group(group)
                del self._latest_end_of[group]
                wake_all()

    def _start(self, cluster: _WatchedCluster) -> None:
        self.processes.manage(cluster.name, *start_words(cluster.name), environment=cluster.environment)
        cluster.started_at, cluster.beats_asked = time.monotonic(), 0

    def _is_frozen(self, cluster: _WatchedCluster, in_a_call: set[int]) -> bool:
        """A fresh cluster has as long to beat as a running one may be silent: the dead one's beats are not its own."""
        age = time.monotonic() - cluster.started_at
        since_beat = heartbeat.silent_seconds(cluster.process_name)
        silent = age if since_beat is None else min(age, since_beat)
        self._ask_for_a_beat(cluster, silent)
        if since_beat is not None and since_beat < age:
            cluster.patience = self.silent_seconds
        return silent >= cluster.patience and self.processes.group_of(cluster.name) not in in_a_call

    def _ask_for_a_beat(self, cluster: _WatchedCluster, silent: float) -> None:
        """Each round while it is late, because another machine's cluster may take what was asked of this one."""
        now = time.monotonic()
        if silent < self.beat_seconds:
            cluster.beats_asked = 0
        elif cluster.beats_asked < _MOST_BEATS_ASKED and now - cluster.beat_asked_at >= self.beat_seconds / 10:
            cluster.beats_asked += 1
            cluster.beat_asked_at = now
            enqueue_beat(cluster.name)


def _groups_in_a_call() -> set[int]:
    """Process groups of this machine in which a live process holds a live lease."""
    this_machine = socket.gethostname()
    holders: Iterable[tuple[str, str, str]] = (name.rpartition(":") for name in heartbeat.processes_in_a_call())
    return {group for machine, _, pid in holders if machine == this_machine and (group := _group(int(pid)))}


def _group(pid: int) -> int:
    """The group of a process; 0 for one that is gone."""
    try:
        return os.getpgid(pid)
    except ProcessLookupError:
        return 0
