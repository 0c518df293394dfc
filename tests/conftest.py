"""What every test stands on: which services are there, and a database that behaves like production's."""

import os
import shutil
import socket
from collections.abc import Callable

import pytest
from django.conf import settings
from django.core.management.color import no_style
from django.db import connections
from django.test import TransactionTestCase

from tests.deployment.nginx_in_front import NGINX
from tests.integrations.migrated_databases import begin_run, end_run


@pytest.fixture(scope="session")
def django_db_modify_db_settings_xdist_suffix(request: pytest.FixtureRequest) -> None:
    """Each worker's SQLite stays in memory: the plugin knows only Django's own engine and would write a file."""
    worker = getattr(request.config, "workerinput", {}).get("workerid")
    test = settings.DATABASES["default"]["TEST"]
    if worker and settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        test["NAME"] = f"file:tests_{worker}?mode=memory&cache=shared"
    elif worker:
        test["NAME"] = f"test_{settings.DATABASES['default']['NAME']}_{worker}"


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
    "nginx": ("nginx y openssl", lambda: bool(NGINX and shutil.which("openssl"))),
    "browser": ("Chromium y chromedriver", lambda: bool(shutil.which("chromium") and shutil.which("chromedriver"))),
}
_PRESENT = {name: probe() for name, (_, probe) in SERVICES.items()}


_KEPT_TABLES = {"django_content_type", "auth_permission", "django_migrations"}
"""What migrations fill: the same for every test."""


def _empty_tables(test_case: TransactionTestCase) -> None:
    """Empty every table that a test may have filled.

    Django's own `flush` makes all permissions anew after each test: a third of the time of a short one.
    """
    for alias in test_case._databases_names(include_mirrors=False):  # type: ignore[attr-defined]
        connection = connections[alias]
        tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False))
        connection.ops.execute_sql_flush(connection.ops.sql_flush(no_style(), sorted(tables - _KEPT_TABLES)))


TransactionTestCase._fixture_teardown = _empty_tables  # type: ignore[attr-defined]


def pytest_configure(config: pytest.Config) -> None:
    # The hash of a password is meant to be slow, and no test is about it.
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    if begin_run():
        config.add_cleanup(end_run)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # The longest walks first: a worker that began one at the end would keep the others waiting.
    items.sort(key=lambda item: not item.nodeid.startswith("tests/protocol/"))
    for item in items:
        database = item.get_closest_marker("django_db")
        if database is not None and database.kwargs.get("transaction"):
            item.add_marker("slow")
        for name, (label, _) in SERVICES.items():
            if item.get_closest_marker(name) and not _PRESENT[name] and not REQUIRED:
                item.add_marker(pytest.mark.skip(reason=f"falta {label}"))


def pytest_runtest_setup(item: pytest.Item) -> None:
    for name, (label, _) in SERVICES.items():
        if item.get_closest_marker(name) and not _PRESENT[name]:
            pytest.fail(f"REQUIRE_SERVICES=1 y falta {label}")
