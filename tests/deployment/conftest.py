"""One installation behind nginx and TLS for the whole folder: two processes of the web, as the units start them."""

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.deployment.installation import Installation, wait_for
from tests.deployment.nginx_in_front import Nginx, free_ports


@pytest.fixture(scope="session")
def installed() -> Iterator[Installation]:
    # Not pytest's folder, which it keeps for the next three runs: a copy of the product is large.
    folder = Path(tempfile.mkdtemp(prefix="integrador-"))
    made = Installation(
        folder / "srv" / "integrador",
        {"DATABASE_URL": f"sqlite:///{folder / 'prueba.sqlite3'}", "ALLOWED_HOSTS": "localhost"},
    )
    try:
        made.set_up()
        yield made
    finally:
        made.stop()
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def entrance(installed: Installation, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nginx]:
    """nginx with TLS; what is behind it answers."""
    first, second, http, https = free_ports(4)
    nginx = Nginx(tmp_path_factory.mktemp("tls") / "nginx", [first, second], http, https)
    nginx.start()
    try:
        for port in (first, second):
            installed.start(f"integrador-web@{port}")
        for port in (first, second):
            wait_for(f"http://127.0.0.1:{port}/salud", nginx.certificate)
        wait_for(f"{nginx.address}/salud", nginx.certificate)
        yield nginx
    finally:
        nginx.stop()
