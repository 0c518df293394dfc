"""What a queue may do to its tasks: hold them, double them, forget them. Every document is in the ERP once."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import redis

from integrations.simulators.siigo import start_siigo
from tests.integrations.house import ROOT, House, eventually, numbers, vouchers_file
from tests.integrations.migrated_databases import create_sqlite

pytestmark = pytest.mark.queue

REDIS = os.environ.get("TEST_REDIS_FLUSHED_URL", "redis://127.0.0.1:6379/13")
"""A database of Redis that these tests may empty."""

CLAIM_AND_STOP = """
import os, signal
from integrations.sending import claims, engine
from integrations.models import Connection
claim = claims.claim_next(Connection.objects.get().pk)
os.kill(os.getpid(), signal.SIGSTOP)
engine.deliver(claim)
"""
CLAIM_ALL = """
from integrations.sending import claims, engine
from integrations.models import Connection
lane = Connection.objects.get().pk
print(sum(claims.claim_next(lane) is not None for _ in range(10)))
"""
DOUBLE = """
from django_q.models import OrmQ
for row in list(OrmQ.objects.all()):
    OrmQ.objects.create(key=row.key, payload=row.payload, lock=row.lock)
"""
THREE_AT_ONCE = "from integrations.models import Connection; Connection.objects.update(concurrency=3)"


@pytest.fixture
def siigo() -> Iterator[Any]:
    with start_siigo() as simulator:
        yield simulator


def made(tmp_path: Path, siigo: Any, count: int, *, database: str = "", queue: str = "", **environment: str) -> House:
    house = House(database or create_sqlite(tmp_path / "prueba.sqlite3"), siigo.url, queue)
    house.environment |= environment
    house.manage("bootstrap")
    house.manage("import_file", str(vouchers_file(tmp_path, count)))
    return house


@pytest.fixture
def houses() -> Iterator[list[House]]:
    built: list[House] = []
    yield built
    for house in built:
        house.stop()


def running(house: House, code: str) -> subprocess.Popen[str]:
    words = [sys.executable, "manage.py", "shell", "-v0", "-c", code]
    return subprocess.Popen(words, cwd=ROOT, env=house.environment, text=True, stdout=subprocess.PIPE)


def is_stopped(process: subprocess.Popen[str]) -> bool:
    return Path(f"/proc/{process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] == "T"


def test_a_worker_suspended_past_its_lease_sends_nothing_when_it_wakes(
    tmp_path: Path, siigo: Any, houses: list[House]
) -> None:
    houses.append(house := made(tmp_path, siigo, 1, SIIGO_READ_SECONDS="0.5"))
    house.manage("push", "siigo", "movement")
    worker = running(house, CLAIM_AND_STOP)
    assert eventually(lambda: is_stopped(worker))
    eventually(lambda: house.manage("sweep") and house.statuses() == {"uncertain": 1})
    worker.send_signal(signal.SIGCONT)
    worker.communicate(timeout=30)
    assert (house.statuses(), numbers(siigo)) == ({"uncertain": 1}, [])


@pytest.mark.postgres
def test_a_lane_is_bounded_over_processes(tmp_path: Path, siigo: Any, houses: list[House], postgres_url: str) -> None:
    houses.append(house := made(tmp_path, siigo, 12, database=postgres_url, SIIGO_READ_SECONDS="60"))
    running(house, THREE_AT_ONCE).communicate(timeout=30)
    house.manage("push", "siigo", "movement")
    both = [running(house, CLAIM_ALL) for _ in range(2)]
    claimed = [int(one.communicate(timeout=60)[0]) for one in both]
    assert (sum(claimed), house.statuses()["sending"]) == (3, 3)


def test_every_task_delivered_twice_to_two_clusters_sends_once(tmp_path: Path, siigo: Any, houses: list[House]) -> None:
    houses.append(house := made(tmp_path, siigo, 10))
    house.manage("push", "siigo", "movement")
    running(house, DOUBLE).communicate(timeout=30)
    house.start_cluster()
    house.start_cluster()
    eventually(lambda: house.statuses() == {"synced": 10})
    assert (house.statuses(), numbers(siigo)) == ({"synced": 10}, list(range(1, 11)))


WHOSE = "from django_q.models import OrmQ; print(sorted({row.key for row in OrmQ.objects.all()}))"


def test_what_the_clock_queues_is_for_the_workers_that_send(tmp_path: Path, siigo: Any, houses: list[House]) -> None:
    houses.append(house := made(tmp_path, siigo, 1))
    house.manage("push", "siigo", "movement")
    running(house, "from django_q.models import OrmQ; OrmQ.objects.all().delete()").communicate(timeout=30)
    house.environment["Q_CLUSTER_NAME"] = "programadas"
    running(house, "from integrations.queue.wake import wake_all; wake_all()").communicate(timeout=30)
    assert running(house, WHOSE).communicate(timeout=30)[0].strip() == "['integrador']"


@pytest.mark.redis
def test_what_redis_forgot_the_sweep_queues_again(tmp_path: Path, siigo: Any, houses: list[House]) -> None:
    houses.append(house := made(tmp_path, siigo, 5, queue=REDIS))
    house.manage("push", "siigo", "movement")
    redis.Redis.from_url(REDIS).flushdb()
    house.start_cluster()
    eventually(lambda: house.manage("sweep") and house.statuses() == {"synced": 5})
    assert (house.statuses(), numbers(siigo)) == ({"synced": 5}, [1, 2, 3, 4, 5])


def test_rows_that_another_secret_key_signed_lose_no_document(tmp_path: Path, siigo: Any, houses: list[House]) -> None:
    houses.append(house := made(tmp_path, siigo, 3, SECRET_KEY="la-de-antes-" * 5))
    house.manage("push", "siigo", "movement")
    house.environment["SECRET_KEY"] = "la-de-ahora-" * 5
    house.start_cluster()
    eventually(lambda: house.manage("sweep") and house.statuses() == {"synced": 3})
    assert (house.statuses(), numbers(siigo)) == ({"synced": 3}, [1, 2, 3])
