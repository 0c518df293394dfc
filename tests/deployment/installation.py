"""The product as `docs/deployment.md` installs it, in a folder of its own, and its services as children.

The commands are the units' own; only the folder differs.
"""

import os
import secrets
import shutil
import signal
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import requests
from cryptography.fernet import Fernet

from tests.deployment.unit_files import ROOT, service

_PARTS = ("config", "integrations", "catalog", "ledger", "templates", "manage.py")
_START_SECONDS = 60
USER, PASSWORD = "administradora", "una-clave-de-prueba-2026"


class Installation:
    """A copy of the product with its `.env`, and the services that were started in it."""

    def __init__(self, folder: Path, environment: Mapping[str, str]) -> None:
        self.folder = folder
        self._services: dict[str, subprocess.Popen[bytes]] = {}
        folder.mkdir(parents=True)
        for part in _PARTS:
            copy = shutil.copytree if (ROOT / part).is_dir() else shutil.copy
            copy(ROOT / part, folder / part)
        (folder / ".venv").symlink_to(ROOT / ".venv")
        self._write_environment({**_secrets(), **environment})

    def _write_environment(self, environment: Mapping[str, str]) -> None:
        file = self.folder / ".env"
        file.touch(mode=0o600)
        file.write_text("".join(f"{name}={value}\n" for name, value in environment.items()), encoding="utf-8")

    def manage(self, *words: str, **environment: str) -> str:
        """What `manage.py` prints; it may say that something needs a person. Raises: AssertionError where it fails."""
        done = subprocess.run(
            [".venv/bin/python", "manage.py", *words],
            cwd=self.folder,
            env=_bare_environment() | environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
        assert done.returncode in (0, 1), done.stderr[-2000:]
        return done.stdout

    def set_up(self) -> None:
        """What is done once, before the first start."""
        self.manage("collectstatic", "--noinput", "--verbosity", "0")
        self.manage("migrate", "--verbosity", "0")
        self.manage("bootstrap")
        words = f"createsuperuser --noinput --username {USER} --email administradora@contabilidad.example"
        self.manage(*words.split(), DJANGO_SUPERUSER_PASSWORD=PASSWORD)

    def start(self, name: str) -> subprocess.Popen[bytes]:
        """Run a service as its unit does."""
        unit = service(name, self.folder)
        with (self.folder / f"{name}.log").open("ab") as log:
            self._services[name] = subprocess.Popen(
                unit.command,
                cwd=unit.folder,
                env=_bare_environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        return self._services[name]

    def web_names(self) -> list[str]:
        return [name for name in self._services if name.startswith("integrador-web@")]

    def stop_one(self, name: str) -> int:
        """SIGTERM to one service; its exit status."""
        process = self._services.pop(name)
        process.terminate()
        return process.wait(30)

    def log_of(self, name: str) -> str:
        return (self.folder / f"{name}.log").read_text(encoding="utf-8", errors="replace")

    def stop(self, seconds: float = 30) -> None:
        """SIGTERM to all, as systemd does; whoever does not end in time is killed with its group."""
        for process in self._services.values():
            process.terminate()
        end = time.monotonic() + seconds
        for process in self._services.values():
            try:
                process.wait(max(0.1, end - time.monotonic()))
            except subprocess.TimeoutExpired:
                os.killpg(process.pid, signal.SIGKILL)
                process.wait()


def _secrets() -> dict[str, str]:
    return {
        "SECRET_KEY": secrets.token_urlsafe(64),
        "FIELD_ENCRYPTION_KEY": Fernet.generate_key().decode(),
        "DEBUG": "false",
        "LOG_LEVEL": "WARNING",
        "COMPANY_TAX_ID": "900123456",
        "COMPANY_NAME": "Comercial de Prueba S.A.S.",
    }


def _bare_environment() -> dict[str, str]:
    """As a service gets it: nothing of ours."""
    return {"PATH": os.environ["PATH"], "HOME": os.environ.get("HOME", "/"), "LANG": "C.UTF-8"}


def wait_for(address: str, certificate: Path) -> None:
    """Until something that is no 5xx answers there. Raises: TimeoutError."""
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end:
        try:
            if requests.get(address, verify=str(certificate), timeout=5, allow_redirects=False).status_code < 500:
                return
        except requests.RequestException:
            pass
        time.sleep(0.3)
    raise TimeoutError(address)
