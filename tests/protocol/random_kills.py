"""Kill clusters, deliver tasks twice, empty the broker and stop the database, at random from one seed."""

import os
import random
import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KILL_EVERY_SECONDS = (4.0, 12.0)
OUTAGE_SECONDS = 30.0


@dataclass
class SoakPlan:
    """The options of the command line."""

    documents: int
    seed: int
    database_url: str
    queue_url: str
    clusters: int
    outage: bool = False
    fault_every: int = 40

    @property
    def environment(self) -> dict[str, str]:
        return {
            **os.environ,
            "DEBUG": "true",
            "LOG_LEVEL": "CRITICAL",
            "DATABASE_URL": self.database_url,
            "QUEUE_URL": self.queue_url,
            "QUEUE_WORKERS": "2",
            # The queue's own timeout follows the calls: a killed worker's task is soon run again.
            "SIIGO_READ_SECONDS": "2",
            "SAG_READ_SECONDS": "2",
            "DJANGO_SETTINGS_MODULE": "config.settings",
        }


def manage(plan: SoakPlan, *words: str) -> None:
    command = [sys.executable, "manage.py", *words]
    subprocess.run(command, cwd=ROOT, env=plan.environment, check=False, stdout=subprocess.DEVNULL, timeout=900)


@dataclass
class RandomKills:
    """The running clusters, and what was done to them (`kills`)."""

    plan: SoakPlan
    running: list[subprocess.Popen[bytes]] = field(default_factory=list)
    ended: threading.Event = field(default_factory=threading.Event)
    half_way: threading.Event = field(default_factory=threading.Event)
    kills: Counter[str] = field(default_factory=Counter)

    def start(self) -> None:
        self.running.append(
            subprocess.Popen(
                [sys.executable, "manage.py", "qcluster"],
                cwd=ROOT,
                env=self.plan.environment,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                start_new_session=True,
            )
        )

    def run(self) -> None:
        """Kill, start again and sweep, until `ended` is set."""
        dice = random.Random(self.plan.seed + 1)
        while not self.ended.wait(dice.uniform(*KILL_EVERY_SECONDS)):
            victim = dice.choice(self.running)
            if self.plan.outage and not self.kills["database stopped"] and self.half_way.is_set():
                self.stop_the_database()
            elif dice.random() < 0.5:
                self._kill_cluster(victim)
            else:
                self._kill_a_worker(victim, dice)
            if self.plan.queue_url:
                self._flush_the_broker()
            else:
                self._deliver_again()
            manage(self.plan, "sweep")

    def _kill_cluster(self, victim: subprocess.Popen[bytes]) -> None:
        os.killpg(victim.pid, signal.SIGKILL)
        victim.wait()
        self.running.remove(victim)
        self.kills["cluster"] += 1
        self.start()

    def _kill_a_worker(self, victim: subprocess.Popen[bytes], dice: random.Random) -> None:
        children = subprocess.run(["pgrep", "-P", str(victim.pid)], capture_output=True, text=True, check=False)
        pids = [int(word) for word in children.stdout.split()]
        if pids:
            os.kill(dice.choice(pids), signal.SIGKILL)
            self.kills["process of a cluster"] += 1

    def _flush_the_broker(self) -> None:
        """Delete everything that is queued in Redis; the sweeper queues it again."""
        import redis

        redis.Redis.from_url(self.plan.queue_url).flushdb()
        self.kills["flush of the broker"] += 1

    def stop_the_database(self) -> None:
        """Refuse and end every connection to the database for `OUTAGE_SECONDS`."""
        import psycopg

        name = self.plan.database_url.rsplit("/", 1)[1]
        with psycopg.connect(self.plan.database_url.rsplit("/", 1)[0] + "/postgres", autocommit=True) as outside:
            outside.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS false')
            end = time.monotonic() + OUTAGE_SECONDS
            while time.monotonic() < end:
                outside.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", [name])
                time.sleep(0.5)
            outside.execute(f'ALTER DATABASE "{name}" WITH ALLOW_CONNECTIONS true')
        self.kills["database stopped"] += 1

    def _deliver_again(self) -> None:
        """Deliver every queued task twice."""
        from django.db import connection
        from django_q.models import OrmQ

        OrmQ.objects.bulk_create([OrmQ(key=row.key, payload=row.payload, lock=row.lock) for row in OrmQ.objects.all()])
        self.kills["task delivered twice"] += 1
        connection.close()

    def stop(self) -> None:
        self.ended.set()
        for cluster in self.running:
            os.killpg(cluster.pid, signal.SIGKILL)
            cluster.wait()


@contextmanager
def random_kills(plan: SoakPlan) -> Iterator[RandomKills]:
    """Start the clusters, and kill at random until the block ends."""
    kills = RandomKills(plan)
    for _ in range(plan.clusters):
        kills.start()
    killer = threading.Thread(target=kills.run)
    killer.start()
    try:
        yield kills
    finally:
        kills.ended.set()
        killer.join()
        kills.stop()
        print("kills:", dict(kills.kills), flush=True)
