"""The real queue in processes of its own, and what a killed worker leaves behind."""

import json
import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from integrations.simulators.siigo import start_siigo
from tests.integrations.house import House, eventually, numbers, vouchers_file
from tests.integrations.migrated_databases import create_sqlite

pytestmark = pytest.mark.queue


@pytest.fixture
def siigo() -> Iterator[Any]:
    with start_siigo() as simulator:
        yield simulator


@pytest.fixture
def house(tmp_path: Path, siigo: Any) -> Iterator[House]:
    made = House(create_sqlite(tmp_path / "prueba.sqlite3"), siigo.url)
    made.manage("bootstrap")
    yield made
    made.stop()


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
    # What was in hand goes on at once: the doubt may be over before anybody asks a second time.
    assert eventually(lambda: house.manage("sweep") and house.statuses().get("uncertain") == 1)
    eventually(lambda: house.manage("reconcile", "siigo") and house.statuses() == {"synced": 3})
    assert (house.statuses(), numbers(siigo)) == ({"synced": 3}, [1, 2, 3])


REDIS = os.environ.get("TEST_REDIS_URL", "redis://127.0.0.1:6379/15")


@pytest.mark.postgres
def test_two_clusters_on_postgresql_send_each_document_once(postgres_url: str, siigo: Any, tmp_path: Path) -> None:
    house = House(postgres_url, siigo.url)
    try:
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
        house.manage("bootstrap")
        for part in range(4):
            rows = json.loads(vouchers_file(tmp_path, 25).read_text(encoding="utf-8"))
            kept = [row | {"document_number": 1000 + part * 100 + row["document_number"]} for row in rows]
            (tmp_path / f"{part}.json").write_text(json.dumps(kept), encoding="utf-8")
            house.manage("import_file", str(tmp_path / f"{part}.json"))
        given = house.run("tests.integrations.dispatch.numbering_race")
        assert given == list(range(1, 101))
    finally:
        house.stop()


@pytest.mark.redis
def test_redis_as_the_queue_sends_each_document_once(siigo: Any, tmp_path: Path) -> None:
    house = House(create_sqlite(tmp_path / "prueba.sqlite3"), siigo.url, REDIS)
    try:
        house.manage("bootstrap")
        house.manage("import_file", str(vouchers_file(tmp_path, 10)))
        house.start_cluster()
        house.manage("push", "siigo", "movement", "--wait", "30")
        assert (house.statuses(), numbers(siigo)) == ({"synced": 10}, list(range(1, 11)))
    finally:
        house.stop()
