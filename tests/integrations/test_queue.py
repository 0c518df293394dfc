"""The real queue in processes of its own, and what a killed worker leaves behind."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import psycopg
import pytest
from psycopg.sql import SQL, Identifier

from integrations.simulators.siigo import start_siigo

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 40

pytestmark = pytest.mark.queue


class House:
    """The product in processes of its own, over one database."""

    def __init__(self, database_url: str, siigo_url: str, queue_url: str = "") -> None:
        self._running: list[subprocess.Popen[str]] = []
        self.environment = {
            **os.environ,
            "DEBUG": "true",
            "LOG_LEVEL": "ERROR",
            "DATABASE_URL": database_url,
            "QUEUE_URL": queue_url,
            "COMPANY_TAX_ID": "900123456",
            "COMPANY_NAME": "Comercial de Prueba S.A.S.",
            "SIIGO_URL": siigo_url,
            "SIIGO_API_KEY": "demo-key",
            "SIIGO_CONNECTION_ID": "OBai6kmwKH",
            "SIIGO_READ_SECONDS": "2",
        }

    def manage(self, *words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=ROOT,
            env=self.environment,
            text=True,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr
        return done.stdout

    def run(self, module: str) -> Any:
        """The JSON that a module of the tests prints, run against this house's database."""
        done = subprocess.run(
            [sys.executable, "-m", module],
            cwd=ROOT,
            env=self.environment,
            text=True,
            capture_output=True,
            timeout=MOST_SECONDS,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout)

    def start_cluster(self) -> subprocess.Popen[str]:
        cluster = subprocess.Popen(
            [sys.executable, "manage.py", "qcluster"],
            cwd=ROOT,
            env=self.environment,
            text=True,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        self._running.append(cluster)
        return cluster

    def kill(self, cluster: subprocess.Popen[str]) -> None:
        """Every process of the cluster, at once, without a word."""
        os.killpg(cluster.pid, signal.SIGKILL)
        cluster.wait()

    def stop(self) -> None:
        for cluster in self._running:
            if cluster.poll() is None:
                self.kill(cluster)

    def statuses(self) -> dict[str, int]:
        counts: dict[str, int] = json.loads(self.manage("sync_status", "--json"))["movement"]["siigo"]
        return counts


def eventually(test: Callable[[], Any]) -> Any:
    """The first true answer, within a bounded time."""
    end = time.monotonic() + MOST_SECONDS
    while time.monotonic() < end:
        answer = test()
        if answer:
            return answer
        time.sleep(0.3)
    return test()


def vouchers_file(folder: Path, count: int) -> Path:
    path = folder / "comprobantes.json"
    rows = [
        {
            "voucher_type": "F",
            "voucher_code": 1,
            "document_number": 1 + number,
            "accounting_account": 1305050001 + position,
            "debit_or_credit": side,
            "sequence_value": 1000,
            "document_year": 2026,
            "document_month": 11,
            "document_day": 3,
            "sequence": position,
        }
        for number in range(count)
        for position, side in enumerate("DC", 1)
    ]
    path.write_text(json.dumps(rows), encoding="utf-8")
    return path


@pytest.fixture
def siigo() -> Iterator[Any]:
    with start_siigo() as simulator:
        yield simulator


@pytest.fixture
def house(tmp_path: Path, siigo: Any) -> Iterator[House]:
    made = House(f"sqlite:///{tmp_path / 'prueba.sqlite3'}", siigo.url)
    made.manage("migrate", "-v0")
    made.manage("bootstrap")
    yield made
    made.stop()


def numbers(simulator: Any) -> list[int]:
    return sorted(int(voucher["number"]) for voucher in simulator.documents()["vouchers"])


def test_a_batch_goes_through_the_real_queue_once_each(house: House, siigo: Any, tmp_path: Path) -> None:
    house.manage("import_file", str(vouchers_file(tmp_path, 20)))
    house.start_cluster()
    house.manage("push", "siigo", "movement", "--wait", "30")
    assert house.statuses() == {"synced": 20}
    assert numbers(siigo) == list(range(1, 21))


def test_two_clusters_on_one_lane_send_each_document_once(house: House, siigo: Any, tmp_path: Path) -> None:
    house.manage("import_file", str(vouchers_file(tmp_path, 20)))
    house.start_cluster()
    house.start_cluster()
    house.manage("push", "siigo", "movement", "--wait", "30")
    assert (house.statuses(), numbers(siigo)) == ({"synced": 20}, list(range(1, 21)))


def test_a_cluster_killed_between_commit_and_answer_never_sends_twice_and_verifying_tells_the_truth(
    house: House, siigo: Any, tmp_path: Path
) -> None:
    house.manage("import_file", str(vouchers_file(tmp_path, 3)))
    siigo.set_faults({"fault": "commit_then_hang", "times": 1, "skip": 1, "seconds": 20})
    cluster = house.start_cluster()
    house.manage("push", "siigo", "movement")
    eventually(lambda: len(siigo.documents()["vouchers"]) == 2)
    house.kill(cluster)
    house.start_cluster()
    eventually(lambda: "uncertain" in (house.manage("sweep") and house.statuses()))
    assert house.statuses()["uncertain"] == 1
    eventually(lambda: house.manage("sweep") and house.statuses() == {"synced": 2, "uncertain": 1})
    eventually(lambda: house.manage("reconcile", "siigo") and house.statuses() == {"synced": 3})
    assert (house.statuses(), numbers(siigo)) == ({"synced": 3}, [1, 2, 3])


POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


@pytest.fixture
def postgres_url() -> Iterator[str]:
    """A database of its own on the local server."""
    name = f"integrador_{uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        server.execute(SQL("CREATE DATABASE {}").format(Identifier(name)))
        yield POSTGRES.rpartition("/")[0] + f"/{name}"
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


@pytest.mark.postgres
def test_two_clusters_on_postgresql_send_each_document_once(postgres_url: str, siigo: Any, tmp_path: Path) -> None:
    house = House(postgres_url, siigo.url)
    try:
        house.manage("migrate", "-v0")
        house.manage("bootstrap")
        house.manage("import_file", str(vouchers_file(tmp_path, 30)))
        house.start_cluster()
        house.start_cluster()
        house.manage("push", "siigo", "movement", "--wait", "30")
        assert (house.statuses(), numbers(siigo)) == ({"synced": 30}, list(range(1, 31)))
    finally:
        house.stop()


@pytest.mark.postgres
def test_many_confirmations_at_once_on_postgresql_give_each_number_once(
    postgres_url: str, siigo: Any, tmp_path: Path
) -> None:
    house = House(postgres_url, siigo.url)
    try:
        house.manage("migrate", "-v0")
        house.manage("bootstrap")
        for part in range(4):
            rows = json.loads(vouchers_file(tmp_path, 25).read_text(encoding="utf-8"))
            kept = [row | {"document_number": 1000 + part * 100 + row["document_number"]} for row in rows]
            (tmp_path / f"{part}.json").write_text(json.dumps(kept), encoding="utf-8")
            house.manage("import_file", str(tmp_path / f"{part}.json"))
        given = house.run("tests.integrations.numbering_race")
        assert given == list(range(1, 101))
    finally:
        house.stop()


@pytest.mark.redis
def test_redis_as_the_queue_sends_each_document_once(siigo: Any, tmp_path: Path) -> None:
    house = House(f"sqlite:///{tmp_path / 'prueba.sqlite3'}", siigo.url, REDIS)
    try:
        house.manage("migrate", "-v0")
        house.manage("bootstrap")
        house.manage("import_file", str(vouchers_file(tmp_path, 10)))
        house.start_cluster()
        house.manage("push", "siigo", "movement", "--wait", "30")
        assert (house.statuses(), numbers(siigo)) == ({"synced": 10}, list(range(1, 11)))
    finally:
        house.stop()
