"""Pushing goes on without a person, whichever process of a cluster dies."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from integrations.simulators.siigo import start_siigo
from tests.integrations.house import ROOT, House, eventually, numbers, vouchers_file
from tests.integrations.migrated_databases import create_sqlite

pytestmark = pytest.mark.queue

_BOUNDED = ["--beat-seconds", "0.5", "--silent-seconds", "4", "--call-seconds", "10"]


@pytest.fixture
def siigo() -> Iterator[Any]:
    with start_siigo() as simulator:
        yield simulator


@pytest.fixture
def house(tmp_path: Path, siigo: Any) -> Iterator[House]:
    made = House(create_sqlite(tmp_path / "prueba.sqlite3"), siigo.url)
    made.manage("bootstrap")
    made.manage("import_file", str(vouchers_file(tmp_path, 3)))
    yield made
    made.stop()


@contextmanager
def supervised(house: House) -> Iterator[subprocess.Popen[str]]:
    words = ["manage.py", "supervise", "--cluster", "integrador", *_BOUNDED]
    started = subprocess.Popen([sys.executable, *words], cwd=ROOT, env=house.environment, text=True)
    try:
        eventually(lambda: len(guarded(started)) >= 3)
        yield started
    finally:
        started.send_signal(signal.SIGTERM)
        started.wait(30)


def children(pid: int) -> list[int]:
    try:
        listed = Path(f"/proc/{pid}/task/{pid}/children").read_text(encoding="ascii")
    except OSError:
        return []
    return [int(child) for child in listed.split()]


def guarded(supervisor: subprocess.Popen[str]) -> list[int]:
    """The processes under the cluster's guard: its two workers first, then monitor and pusher."""
    return [one for main in children(supervisor.pid) for guard in children(main) for one in children(guard)]


def victims(supervisor: subprocess.Popen[str], named: str) -> list[int]:
    if named == "main":
        return children(supervisor.pid)[:1]
    return guarded(supervisor)[{"an idle worker": slice(1), "all workers": slice(2), "the pusher": slice(3, 4)}[named]]


@pytest.mark.parametrize("named", ["an idle worker", "all workers", "the pusher", "main"])
def test_pushing_goes_on_when_it_is_killed(house: House, siigo: Any, named: str) -> None:
    with supervised(house) as supervisor:
        for pid in victims(supervisor, named):
            os.kill(pid, signal.SIGKILL)
        house.manage("push", "siigo", "movement")
        eventually(lambda: house.statuses() == {"synced": 3})
    assert (house.statuses(), numbers(siigo)) == ({"synced": 3}, [1, 2, 3])


def test_a_cluster_that_waits_for_an_erp_longer_than_silence_is_left_alone(house: House, siigo: Any) -> None:
    house.environment |= {"QUEUE_WORKERS": "1", "SIIGO_READ_SECONDS": "10"}
    house.manage("bootstrap", "--restore", "siigo")
    siigo.set_faults({"fault": "commit_then_hang", "times": 1, "seconds": 5})
    with supervised(house) as supervisor:
        before = children(supervisor.pid)
        house.manage("push", "siigo", "movement")
        eventually(lambda: "uncertain" in house.statuses())
        assert (children(supervisor.pid), house.statuses()) == (before, {"uncertain": 1, "queued": 2})
