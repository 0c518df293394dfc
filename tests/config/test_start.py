"""The start: a missing or malformed value is one line that names it; secrets stay out of logs; pages are fenced."""

import logging
import os
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.fernet import Fernet
from django.core.checks import run_checks
from django.test import Client
from pytest_django import Settings

from config.csp import POLICY
from config.log_config import MaskSecrets, logging_config
from integrations.connections import credentials
from integrations.errors import ConfigurationError
from integrations.queue.cluster import retry_seconds

ROOT = Path(__file__).resolve().parents[2]


def start(**environment: str) -> subprocess.CompletedProcess[str]:
    """`manage.py check` in a process of its own, with nothing of ours in its environment."""
    kept = {"PATH": os.environ["PATH"], "DATABASE_URL": "sqlite:///:memory:"}
    return subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=ROOT,
        env=kept | environment,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize(
    ("environment", "name"),
    [
        ({}, "SECRET_KEY"),
        ({"DEBUG": "quizás"}, "DEBUG"),
        ({"DEBUG": "true", "FIELD_ENCRYPTION_KEY": "corta"}, "FIELD_ENCRYPTION_KEY"),
        ({"DEBUG": "true", "DATABASE_URL": "mysql://x/y"}, "DATABASE_URL"),
        ({"DEBUG": "true", "QUEUE_WORKERS": "dos"}, "QUEUE_WORKERS"),
        ({"DEBUG": "true", "SAG_READ_SECONDS": "-1"}, "SAG_READ_SECONDS"),
        ({"DEBUG": "true", "SAG_TOKEN_FILE": "no-existe"}, "SAG_TOKEN_FILE"),
    ],
)
def test_a_bad_environment_stops_with_one_line_that_names_it(environment: dict[str, str], name: str) -> None:
    done = start(**environment)
    assert (done.returncode, len(done.stderr.splitlines())) == (2, 1)
    assert done.stderr.startswith(f"{name}: ")


@pytest.mark.slow
def test_a_secret_may_come_from_a_file(tmp_path: Path) -> None:
    (tmp_path / "clave").write_text("una-clave-muy-larga-y-de-mentira\n", encoding="utf-8")
    done = start(SECRET_KEY_FILE=str(tmp_path / "clave"), ALLOWED_HOSTS="x.example")
    assert done.returncode == 0, done.stderr


@pytest.mark.slow
def test_the_example_environment_starts_once_its_secrets_are_filled_in() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    pairs = dict(line.split("=", 1) for line in lines if "=" in line and not line.startswith("#"))
    key = Fernet.generate_key().decode()
    done = start(**pairs | {"SECRET_KEY": "x" * 60, "FIELD_ENCRYPTION_KEY": key, "DATABASE_URL": "sqlite:///:memory:"})
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize(
    "text",
    [
        "Authorization: Bearer clave-secreta",
        "<tem:a_s_token>clave-secreta</tem:a_s_token>",
        "the key clave-secreta was refused",
        '{"api_key": "clave-secreta"}',
    ],
)
def test_no_log_line_shows_a_credential(text: str) -> None:
    record = logging.LogRecord("x", logging.INFO, "x.py", 1, "%s", (text,), None)
    MaskSecrets(["clave-secreta"]).filter(record)
    assert "clave-secreta" not in record.getMessage()


def test_no_traceback_shows_a_credential() -> None:
    try:
        raise ValueError("clave-secreta")
    except ValueError:
        record = logging.LogRecord("x", logging.ERROR, "x.py", 1, "failed", (), sys.exc_info())
    MaskSecrets(["clave-secreta"]).filter(record)
    assert "clave-secreta" not in logging.Formatter().format(record)


def test_every_handler_masks() -> None:
    made = logging_config("INFO", ["clave-secreta"])
    assert all("mask" in handler["filters"] for handler in made["handlers"].values())
    assert set(made["handlers"]) == {name for logger in made["loggers"].values() for name in logger.get("handlers", [])}


@pytest.mark.django_db
def test_every_page_carries_the_policy(client: Client) -> None:
    assert client.get("/admin/login/").headers["Content-Security-Policy"] == POLICY


@pytest.mark.django_db
def test_health_answers_without_a_login(client: Client) -> None:
    assert client.get("/salud").json() == {"vivo": True, "listo": True}


@pytest.mark.parametrize(("timeout", "workers"), [(60, 1), (300, 2), (300, 8)])
def test_the_queue_waits_longer_than_any_task_can_take(timeout: int, workers: int) -> None:
    prefetched = 2 + -(-2 // workers)
    assert retry_seconds(timeout, workers) > (timeout + 3) * prefetched


@pytest.mark.parametrize("change", [{"retry": 10}, {"max_attempts": 0}, {"ack_failures": False}, {"catch_up": True}])
def test_a_trap_of_the_queue_is_found_at_start(settings: Settings, change: dict[str, object]) -> None:
    settings.Q_CLUSTER = settings.Q_CLUSTER | change
    assert [message.id for message in run_checks() if str(message.id).startswith("integrations.E00")]


def test_a_rotated_key_still_opens_what_the_old_one_sealed(settings: Settings) -> None:
    old, new = Fernet.generate_key().decode(), Fernet.generate_key().decode()
    settings.FIELD_ENCRYPTION_KEYS = [old]
    sealed = credentials.seal("clave")
    settings.FIELD_ENCRYPTION_KEYS = [new, old]
    assert credentials.unseal(sealed).reveal() == "clave"


def test_a_lost_key_is_told_in_words(settings: Settings) -> None:
    sealed = credentials.seal("clave")
    settings.FIELD_ENCRYPTION_KEYS = [Fernet.generate_key().decode()]
    with pytest.raises(ConfigurationError, match="vuelva a escribirla"):
        credentials.unseal(sealed)
