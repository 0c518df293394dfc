"""Thousands of documents under random faults and random `kill -9`: none twice, none lost, none left hanging.

    python -m tests.protocol.soak --documents 10000 --seed 7 [--postgres URL] [--redis URL]

The stand-ins run here, on real sockets; the product's clusters and its sweeper are processes of their own. The seed
decides every fault and every kill; it is printed, and given back it makes the same plan. Ends with status 1 when
the promise is broken. A stalled run ends by itself.
"""

import argparse
import os
import random
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
FAULTS = (
    "commit_then_hang", "hang", "late_commit", "commit_then_reset", "reset_before", "commit_then_garbage",
    "commit_then_500", "bare_200", "truncated", "status_503_html", "throttled_429",
)  # fmt: skip
FAULT_EVERY = 40
"""On average one request in so many goes wrong."""
FAULT_SECONDS = 2.5
KILL_EVERY_SECONDS = (4.0, 12.0)
SECONDS = {
    "connect_seconds": 2.0,
    "read_seconds": 1.5,
    "deadline_seconds": 2.0,
    "lease_seconds": 12.0,
    "settle_seconds": 4.0,
    "reads_apart_seconds": 0.0,
    "concurrency": 4,
}
LOOK_SECONDS = 3.0
OUTAGE_SECONDS = 30.0
STALLED_SECONDS = 240.0


@dataclass
class Plan:
    """What the command line asked for."""

    documents: int
    seed: int
    database_url: str
    queue_url: str
    clusters: int
    outage: bool = False

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


def main() -> int:
    plan = _plan()
    print(f"seed {plan.seed}: {plan.documents} documents, {plan.clusters} clusters", flush=True)
    os.environ |= plan.environment
    sys.path.insert(0, str(ROOT))
    import django
    from django.core.management import call_command

    django.setup()
    call_command("migrate", verbosity=0)
    with ExitStack() as stack:
        erps = _stand_ins(stack, plan)
        _documents(plan, erps)
        started = time.monotonic()
        with _unrest(plan) as unrest:
            _push(plan)
            _wait_until_settled(unrest)
        return _told(plan, erps, time.monotonic() - started)


def _plan() -> Plan:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--documents", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=random.SystemRandom().randrange(10**6))
    parser.add_argument("--postgres", default="", metavar="URL", help="an empty database; SQLite file without it")
    parser.add_argument("--redis", default="", metavar="URL", help="the broker; the database without it")
    parser.add_argument("--clusters", type=int, default=2)
    parser.add_argument("--outage", action="store_true", help="stop the PostgreSQL database for 30 s in mid-run")
    given = parser.parse_args()
    file = Path(tempfile.mkdtemp(prefix="soak-")) / "soak.sqlite3"
    return Plan(
        given.documents, given.seed, given.postgres or f"sqlite:///{file}", given.redis, given.clusters, given.outage
    )


def _stand_ins(stack: ExitStack, plan: Plan) -> dict[str, Any]:
    from integrations.simulators.sag import start_sag
    from integrations.simulators.siigo import start_siigo

    dice = random.Random(plan.seed)
    return {
        "siigo": stack.enter_context(start_siigo(faults=_faults(dice, plan.documents))),
        "sag": stack.enter_context(start_sag(faults=_faults(dice, plan.documents))),
    }


def _faults(dice: random.Random, documents: int) -> list[dict[str, Any]]:
    """A list in order: so many requests go well, then one does not."""
    count = documents // 2 // FAULT_EVERY
    return [
        {
            "fault": dice.choice(FAULTS),
            "skip": dice.randrange(2 * FAULT_EVERY),
            "times": 1,
            "seconds": FAULT_SECONDS,
            # Reads may fail, too; only a write can be committed.
            "commit": dice.random() < 0.5,
        }
        for _ in range(count)
    ]


def _documents(plan: Plan, erps: dict[str, Any]) -> None:
    from integrations.choices import Target
    from tests import builders

    builders.siigo_connection(erps["siigo"].url, **SECONDS)
    builders.sag_connection(erps["sag"].url, **SECONDS)
    for number in range(plan.documents // 2):
        builders.voucher(1 + number)
        builders.order(f"SOAK-{number}")
    for target in Target:
        print(f"{target.label}: {plan.documents // 2} documents", flush=True)


def _push(plan: Plan) -> None:
    for target, column in (("siigo", "voucher_type"), ("sag", "source_code")):
        _manage(plan, "push", target, "movement", "--ids", ",".join(map(str, _ids(column))))


def _ids(column: str) -> list[int]:
    from ledger.models import Movement

    return list(Movement.objects.exclude(**{column: ""}).values_list("pk", flat=True))


def _manage(plan: Plan, *words: str) -> None:
    command = [sys.executable, "manage.py", *words]
    subprocess.run(command, cwd=ROOT, env=plan.environment, check=False, stdout=subprocess.DEVNULL, timeout=900)


@dataclass
class _Unrest:
    """Clusters that come and go."""

    plan: Plan
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

    def go_on(self) -> None:
        """Kill, start again, sweep; until told to end."""
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
            _manage(self.plan, "sweep")

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
        """Redis forgets everything that was queued: the sweeper is what puts it back."""
        import redis

        redis.Redis.from_url(self.plan.queue_url).flushdb()
        self.kills["flush of the broker"] += 1

    def stop_the_database(self) -> None:
        """Nobody gets in for `OUTAGE_SECONDS`, and whoever was in is thrown out: a database that went down."""
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
        """Every task that waits is delivered twice."""
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
def _unrest(plan: Plan) -> Iterator[_Unrest]:
    unrest = _Unrest(plan)
    for _ in range(plan.clusters):
        unrest.start()
    restless = threading.Thread(target=unrest.go_on)
    restless.start()
    try:
        yield unrest
    finally:
        unrest.ended.set()
        restless.join()
        unrest.stop()
        print("unrest:", dict(unrest.kills), flush=True)


def _wait_until_settled(unrest: _Unrest) -> None:
    """Until nothing is queued, in flight, waiting or in doubt, or nothing has moved for a long time."""
    from django.db import OperationalError, connection

    from integrations.choices import Status

    moving = (Status.NEW, Status.QUEUED, Status.SENDING, Status.RETRYING, Status.UNCERTAIN)
    last, since = Counter[str](), time.monotonic()
    while time.monotonic() - since < STALLED_SECONDS:
        time.sleep(LOOK_SECONDS)
        try:
            counts = _counts()
            if counts != last:
                last, since = counts, time.monotonic()
                print(f"  {dict(counts)}", flush=True)
            if not sum(counts[status] for status in moving):
                return
            _resume_and_send_again()
        except OperationalError:
            connection.close()
            continue
        if counts[Status.SYNCED] * 3 > sum(counts.values()):
            unrest.half_way.set()
    print("stalled: nothing moved any more", flush=True)


def _counts() -> Counter[str]:
    from django.db.models import Count

    from integrations.models import SyncStanding

    rows = SyncStanding.objects.filter(connection__isnull=False).order_by().values_list("status")
    return Counter(dict(rows.annotate(count=Count("pk"))))


def _resume_and_send_again() -> None:
    """What the person on duty does: let a paused lane go on, and send again what was proven absent."""
    from integrations import dispatch
    from integrations.choices import Kind, Status
    from integrations.dispatch import Requester
    from integrations.models import Connection, SyncStanding

    for connection in Connection.objects.all():
        if connection.is_paused:
            dispatch.resume(connection.pk)
        again = SyncStanding.objects.filter(connection=connection, status__in=[Status.NEW, Status.REJECTED])
        ids = list(again.filter(verify_first=False).values_list("record_id", flat=True)[:200])
        if ids:
            batch = dispatch.draft(
                company=connection.company,
                target=connection.target,
                kind=Kind.MOVEMENT,
                record_ids=ids,
                requester=Requester(origin="soak"),
            )
            dispatch.confirm(batch.pk)


def _told(plan: Plan, erps: dict[str, Any], seconds: float) -> int:
    held = Counter(str(voucher["number"]) for voucher in erps["siigo"].documents()["vouchers"])
    held += Counter(str(movement["numero2"]) for movement in erps["sag"].documents()["movimientos"])
    ours = _our_word()
    lost = [key for key, (status, _) in ours.items() if status == "synced" and not held[key]]
    unexplained = [key for key, (status, why) in ours.items() if status in _FOR_A_PERSON and not why]
    hanging = [key for key, (status, _) in ours.items() if status not in ("synced", *_FOR_A_PERSON)]
    twice = [key for key, count in held.items() if count > 1]
    absent = [key for key in ours if not held[key]]
    print(f"seed {plan.seed}: {seconds:.0f} s, {dict(_counts())}, {len(held)} documents in the ERPs")
    print(f"twice {len(twice)}, «sent» and not there {len(lost)}, not there and waiting for a person {len(absent)},")
    print(f"left without an end {len(hanging)}, waiting without a reason {len(unexplained)}")
    return int(bool(twice or lost or hanging or unexplained or len(ours) != plan.documents))


_FOR_A_PERSON = ("uncertain", "conflict", "rejected")


def _our_word() -> dict[str, tuple[str, str]]:
    """The key of each document that was asked for → its status here, and what staff are told."""
    from integrations.models import SyncStanding
    from ledger.models import Movement

    keys = {
        pk: number2 or str(number) for pk, number, number2 in Movement.objects.values_list("pk", "number", "number2")
    }
    rows = SyncStanding.objects.filter(connection__isnull=False).values_list("record_id", "status", "message")
    return {keys[record_id]: (status, message) for record_id, status, message in rows}


if __name__ == "__main__":
    sys.exit(main())
