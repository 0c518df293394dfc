"""What every test stands on: which services are there, and a database that behaves like production's."""

import os
import shutil
import socket
from collections.abc import Callable

import pytest

REQUIRED = os.environ.get("REQUIRE_SERVICES") == "1"


def _answers(port: int) -> bool:
    try:
        with socket.create_connection(("127.0.0.1", port), timeout=1):
            return True
    except OSError:
        return False


SERVICES: dict[str, tuple[str, Callable[[], bool]]] = {
    "postgres": ("PostgreSQL en 127.0.0.1:5432", lambda: _answers(5432)),
    "redis": ("Redis en 127.0.0.1:6379", lambda: _answers(6379)),
    "browser": ("Chromium y chromedriver", lambda: bool(shutil.which("chromium") and shutil.which("chromedriver"))),
}
_PRESENT = {name: probe() for name, (_, probe) in SERVICES.items()}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        for name, (label, _) in SERVICES.items():
            if item.get_closest_marker(name) and not _PRESENT[name] and not REQUIRED:
                item.add_marker(pytest.mark.skip(reason=f"falta {label}"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name, (label, _) in SERVICES.items():
        if item.get_closest_marker(name) and not _PRESENT[name]:
            pytest.fail(f"REQUIRE_SERVICES=1 y falta {label}")
