"""An empty database for a benchmark, and figures as ratios: absolute ones of this machine say little."""

import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def prepare() -> None:
    """Django on a fresh SQLite file with production's settings for it."""
    prepare_on(f"sqlite:///{tempfile.mkdtemp(prefix='bench-')}/bench.sqlite3")


def prepare_on(database_url: str) -> None:
    """Django on an empty database."""
    sys.path.insert(0, str(ROOT))
    os.environ |= {
        "DEBUG": "true",
        "LOG_LEVEL": "ERROR",
        "DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "config.settings",
    }
    import django
    from django.conf import settings
    from django.core.management import call_command

    django.setup()
    # DEBUG is there for its keys; Django would also keep the text of every query.
    settings.DEBUG = False
    call_command("migrate", verbosity=0)


def fresh_postgres(name: str) -> str:
    """The address of an empty database on the PostgreSQL at 127.0.0.1:5432. Raises: psycopg.OperationalError."""
    import psycopg
    from psycopg import sql

    server = "postgresql://postgres@127.0.0.1:5432/postgres"
    with psycopg.connect(server, autocommit=True, connect_timeout=2) as db:
        db.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))
        db.execute(sql.SQL("CREATE DATABASE {}").format(sql.Identifier(name)))
    return f"postgres://postgres@127.0.0.1:5432/{name}"


def seconds(work: Callable[[], object]) -> float:
    """How long a call takes."""
    started = time.perf_counter()
    work()
    return time.perf_counter() - started


def report(claim: str, *, ours: list[float], baseline: list[float], count: int) -> None:
    """One line: the medians as rates and their ratio (ours / baseline, above 1 is faster than the baseline)."""
    rate, baseline_rate = count / statistics.median(ours), count / statistics.median(baseline)
    print(f"{claim}: {rate:,.0f}/s against {baseline_rate:,.0f}/s: ratio {rate / baseline_rate:.2f}")


def most_megabytes() -> float:
    """The most memory this program has used: `ru_maxrss` also counts the process that it was forked from."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(next(line for line in status.splitlines() if line.startswith("VmHWM:")).split()[1]) / 1024
