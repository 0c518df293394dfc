"""Databases with every migration applied: migrated once in a run of the tests, and copied for each that needs one."""

import fcntl
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

import psycopg
from psycopg.sql import SQL, Identifier

ROOT = Path(__file__).resolve().parents[2]
POSTGRES = os.environ.get("TEST_POSTGRES_URL", "postgres://postgres@127.0.0.1:5432/postgres")
_RUN = "TEST_RUN"
"""The environment's name for this run: the processes that share the tests share it."""


def begin_run() -> bool:
    """Name this run of the tests. Returns whether this process is the one that began it."""
    if _RUN in os.environ:
        return False
    os.environ[_RUN] = uuid4().hex[:12]
    return True


def end_run() -> None:
    """Delete what the run kept to copy from."""
    if (_folder() / "postgres").exists():
        with psycopg.connect(POSTGRES, autocommit=True) as server:
            server.execute(SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(Identifier(_template())))
    shutil.rmtree(_folder(), ignore_errors=True)
    del os.environ[_RUN]


def create_sqlite(path: Path) -> str:
    """Create a migrated SQLite database at a path. Returns its URL."""
    kept = _folder() / "sqlite3"
    with _alone("sqlite3.lock"):
        if not kept.exists():
            _migrate(f"sqlite:///{kept.with_suffix('.part')}")
            kept.with_suffix(".part").rename(kept)
    shutil.copyfile(kept, path)
    return f"sqlite:///{path}"


@contextmanager
def postgres_database() -> Iterator[str]:
    """The URL of a migrated database on the local PostgreSQL, dropped in the end."""
    name = f"integrador_{uuid4().hex[:12]}"
    with psycopg.connect(POSTGRES, autocommit=True) as server:
        with _alone("postgres.lock"):
            if not (_folder() / "postgres").exists():
                server.execute(SQL("CREATE DATABASE {}").format(Identifier(_template())))
                _migrate(_postgres_url(_template()))
                (_folder() / "postgres").touch()
            server.execute(SQL("CREATE DATABASE {} TEMPLATE {}").format(Identifier(name), Identifier(_template())))
        yield _postgres_url(name)
        server.execute(SQL("DROP DATABASE {} WITH (FORCE)").format(Identifier(name)))


def _migrate(url: str) -> None:
    environment = {**os.environ, "DEBUG": "true", "DATABASE_URL": url}
    words = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(words, cwd=ROOT, env=environment, check=True, timeout=180)


def _folder() -> Path:
    return Path(tempfile.gettempdir()) / f"integrador-{os.environ[_RUN]}"


def _template() -> str:
    return f"integrador_empty_{os.environ[_RUN]}"


def _postgres_url(name: str) -> str:
    return f"{POSTGRES.rpartition('/')[0]}/{name}"


@contextmanager
def _alone(name: str) -> Iterator[None]:
    """One process of the run at a time."""
    _folder().mkdir(exist_ok=True)
    with (_folder() / name).open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield
