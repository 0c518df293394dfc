"""Who calls, and whether by TLS: what the proxy says is believed, what anybody else says is not."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Any

import pytest
import requests
import waitress

from integrations.management.commands.web import behind

FORGED = {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https", "X-Forwarded-Host": "otro.example"}


def _say(environment: dict[str, Any], start_response: Any) -> list[bytes]:
    """An application that tells what a page would know of its caller."""
    start_response("200 OK", [("Content-Type", "application/json")])
    names = ("REMOTE_ADDR", "wsgi.url_scheme", "HTTP_X_FORWARDED_FOR", "HTTP_X_FORWARDED_HOST")
    return [json.dumps({name: environment.get(name) for name in names}).encode()]


def _run(server: Any) -> None:
    with suppress(OSError):  # its sockets are closed under it
        server.run()


@contextmanager
def _served(proxy: str) -> Iterator[str]:
    server = waitress.create_server(_say, host="127.0.0.1", port=0, **behind(proxy))
    thread = threading.Thread(target=_run, args=(server,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.effective_port}/"
    finally:
        server.close()
        thread.join(10)


def _told(address: str, headers: dict[str, str]) -> dict[str, str | None]:
    told: dict[str, str | None] = requests.get(address, headers=headers, timeout=10).json()
    return told


def test_the_proxy_says_who_calls_and_that_it_was_by_tls() -> None:
    with _served("127.0.0.1") as address:
        told = _told(address, {"X-Forwarded-For": "203.0.113.9", "X-Forwarded-Proto": "https"})
    assert (told["REMOTE_ADDR"], told["wsgi.url_scheme"]) == ("203.0.113.9", "https")


def test_nobody_else_is_believed_and_what_he_says_is_dropped() -> None:
    with _served("192.0.2.1") as address:
        told = _told(address, FORGED)
    assert told == {
        "REMOTE_ADDR": "127.0.0.1",
        "wsgi.url_scheme": "http",
        "HTTP_X_FORWARDED_FOR": None,
        "HTTP_X_FORWARDED_HOST": None,
    }


def test_of_several_addresses_only_the_one_that_the_proxy_added_counts() -> None:
    with _served("127.0.0.1") as address:
        told = _told(address, {"X-Forwarded-For": "10.0.0.1, 198.51.100.7"})
    assert told["REMOTE_ADDR"] == "198.51.100.7"


def test_the_host_is_never_taken_from_a_header_of_a_proxy() -> None:
    with _served("127.0.0.1") as address:
        told = _told(address, FORGED)
    assert told["HTTP_X_FORWARDED_HOST"] is None


@pytest.mark.parametrize(("mode", "is_told"), [(0o644, True), (0o640, True), (0o600, False)])
def test_an_environment_that_others_may_read_is_told(tmp_path: Any, settings: Any, mode: int, is_told: bool) -> None:
    from integrations.checks import only_its_owner_reads_the_environment

    settings.BASE_DIR = tmp_path
    (tmp_path / ".env").touch(mode=0o600)
    (tmp_path / ".env").chmod(mode)
    assert bool(only_its_owner_reads_the_environment()) is is_told
