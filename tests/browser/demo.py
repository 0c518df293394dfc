"""The demo as a place for pictures: started if none runs, and its database at hand."""

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
USER, PASSWORD = "demo", "demo"
_PORT = 8190
_READY = re.compile(r"Abra (\S+)")


@contextmanager
def running(address: str = "") -> Iterator[str]:
    """The address of the administration of a demo in this folder, with Django set up over its database."""
    started = None if address else _start()
    try:
        address = address or _said(started)
        _set_up()
        yield address
    finally:
        if started is not None:
            started.terminate()  # it takes its own processes along
            started.wait(timeout=60)


def _start() -> "subprocess.Popen[str]":
    command = [sys.executable, "-u", "manage.py", "demo", "--port", str(_PORT)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)


def _said(started: "subprocess.Popen[str] | None") -> str:
    assert started is not None
    assert started.stdout is not None
    for line in started.stdout:
        if found := _READY.search(line):
            return found.group(1)
    raise SystemExit("La demostración no empezó.")


def _set_up() -> None:
    os.environ["DATABASE_URL"] = f"sqlite:///{ROOT / '.demo' / 'demo.sqlite3'}"
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
