"""The demonstration's folder and environment: nothing of it touches real settings. Imports no Django.

`begin` replaces the running process, so that settings are read once, in the environment they are meant to have.
"""

import os
import shutil
import sys
from pathlib import Path
from typing import NoReturn

from integrations.ports import free_port
from ledger.demo.company import COMPANY

_ROOT = Path(__file__).resolve().parents[2]
FOLDER = _ROOT / ".demo"
MOULDS = _ROOT / ".demo-moulds"
"""Empty migrated databases, kept from one demonstration to the next."""
DATABASE = FOLDER / "demo.sqlite3"
_MARK = "DEMO_PORTS"


def ports() -> tuple[int, ...] | None:
    """Web, Siigo and SAG, where `begin` has set the environment; None before."""
    marked = os.environ.get(_MARK)
    return tuple(map(int, marked.split(","))) if marked else None


def begin(port: int, *arguments: str) -> NoReturn:
    """Empty the folder and become `manage.py demo` with these arguments, in the demonstration's environment."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    command = [sys.executable, str(_ROOT / "manage.py"), "demo", *arguments]
    os.execve(sys.executable, command, _environment(free_port(port), free_port(4005), free_port(8099)))  # noqa: S606


def _environment(web: int, siigo: int, sag: int) -> dict[str, str]:
    # Five processes start: each would compile the whole product anew where nothing may be kept compiled.
    kept = {
        name: value
        for name, value in os.environ.items()
        if not name.endswith("_FILE") and name != "PYTHONDONTWRITEBYTECODE"
    }
    return kept | {
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
