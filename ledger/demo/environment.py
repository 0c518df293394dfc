"""The folder and environment of the demonstration, apart from real settings. Imports no Django.

`manage.py` calls `begin` before any setting is read; it replaces the process, so that they are read once.
"""

import os
import shutil
import sys
from argparse import ArgumentParser
from collections.abc import Sequence
from pathlib import Path

from integrations.queue.ports import free_port
from ledger.demo.company import COMPANY

_ROOT = Path(__file__).resolve().parents[2]
FOLDER = _ROOT / ".demo"
EMPTY_DATABASES = _ROOT / ".demo-moulds"
"""Empty migrated databases, for the next demonstrations."""
DATABASE = FOLDER / "demo.sqlite3"
_MARK = "DEMO_PORTS"


def ports() -> tuple[int, ...]:
    """Web, Siigo and SAG, as `begin` chose them. Raises: KeyError outside the demonstration's environment."""
    return tuple(map(int, os.environ[_MARK].split(",")))


def begin(arguments: Sequence[str]) -> None:
    """Empty the folder and become `manage.py demo` in its own environment; do nothing where that already happened."""
    if _MARK in os.environ or {"-h", "--help"} & set(arguments):
        return
    parser = ArgumentParser(add_help=False)
    parser.add_argument("--port", type=int, default=8000)
    web = parser.parse_known_args(arguments)[0].port
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    command = [sys.executable, str(_ROOT / "manage.py"), "demo", *arguments]
    os.execve(sys.executable, command, _environment(free_port(web), free_port(4005), free_port(8099)))  # noqa: S606


def _environment(web: int, siigo: int, sag: int) -> dict[str, str]:
    # Five processes start: without compiled files, each would compile the whole product again.
    inherited = {
        name: value
        for name, value in os.environ.items()
        if not name.endswith("_FILE") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return inherited | {
        _MARK: f"{web},{siigo},{sag}",
        "DEBUG": "true",
        "LOG_LEVEL": "WARNING",
        "SECRET_KEY": "clave-de-la-demostracion",
        "FIELD_ENCRYPTION_KEY": "",
        "QUEUE_URL": "",
        "DATABASE_URL": f"sqlite:///{DATABASE}",
        "COMPANY_NAME": COMPANY.name,
        "COMPANY_TAX_ID": COMPANY.tax_id,
        "SIIGO_URL": f"http://127.0.0.1:{siigo}/api/v1/siigo-pyme/send",
        "SIIGO_API_KEY": "demo-key",
        "SIIGO_CONNECTION_ID": "OBai6kmwKH",
        "SIIGO_READ_SECONDS": "5",
        "SAG_URL": f"http://127.0.0.1:{sag}/ServiceSagWeb.svc",
        "SAG_TOKEN": "t0k3n1",
        "SAG_LOGIN": "INTEGRA",
        "SAG_READ_SECONDS": "5",
    }
