"""The product in processes of its own over one database, and what the tests ask of it."""

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
MOST_SECONDS = 40


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


def numbers(simulator: Any) -> list[int]:
    return sorted(int(voucher["number"]) for voucher in simulator.documents()["vouchers"])
