"""The settings that come from the environment: a missing or malformed one stops the start with a line that names it."""

import sys
from pathlib import Path
from typing import Any, NoReturn

import environ
from cryptography.fernet import Fernet

BASE_DIR = Path(__file__).resolve().parent.parent
WRONG_CONFIGURATION = 2

_env = environ.FileAwareEnv()


def read_file(path: Path = BASE_DIR / ".env") -> None:
    """Add the variables of `.env` that the process's environment does not have."""
    if path.exists():
        environ.Env.read_env(path)


def stop(name: str, why: str) -> NoReturn:
    """End the process with one line on the error stream and exit status 2."""
    sys.stderr.write(f"{name}: {why}\n")
    raise SystemExit(WRONG_CONFIGURATION)


def text(name: str, default: str = "") -> str:
    """The value of `NAME`, or the content of the file that `NAME_FILE` names; the default where it is missing or blank.

    Blank, as a copied `.env.example` leaves it. The value is taken literally: a `$` in a secret means nothing.
    """
    try:
        return str(_env.ENVIRON.get(name, "")).strip() or default
    except (OSError, ValueError):
        stop(f"{name}_FILE", "no se puede leer ese archivo.")


def flag(name: str, *, default: bool = False) -> bool:
    """A yes or no, in English or Spanish."""
    value = text(name).lower()
    if value and value not in _TRUE | _FALSE:
        stop(name, "no se entiende su valor; escriba true o false.")
    return value in _TRUE if value else default


_TRUE, _FALSE = frozenset({"true", "1", "yes", "on", "si", "sí"}), frozenset({"false", "0", "no", "off"})


def whole(name: str, default: int) -> int:
    """A whole number above zero."""
    value = text(name)
    if value and not (value.isascii() and value.isdigit() and int(value) > 0):
        stop(name, "no se entiende su valor; escriba un número entero mayor que cero.")
    return int(value) if value else default


def seconds(name: str) -> float | None:
    """A positive number of seconds; None where it is not set."""
    value = text(name)
    try:
        number = float(value) if value else None
    except ValueError:
        stop(name, "no se entiende su valor; escriba un número de segundos.")
    if number is not None and not 0 < number < float("inf"):
        stop(name, "escriba un número de segundos mayor que cero.")
    return number


def words(name: str) -> list[str]:
    """The words of a list with commas."""
    return [word.strip() for word in text(name).split(",") if word.strip()]


def secret_key(*, debug: bool) -> str:
    """`SECRET_KEY`; with DEBUG a fixed key where it is missing."""
    key = text("SECRET_KEY")
    if not key and not debug:
        stop("SECRET_KEY", "falta. Póngala en el entorno o en .env, o use DEBUG=true para probar.")
    return key or "solo-para-probar-con-DEBUG"


def encryption_keys(*, debug: bool, demo_key: str) -> list[str]:
    """Fernet keys: the first encrypts, all decrypt. Without one, DEBUG uses a fixed key that protects nothing."""
    keys = words("FIELD_ENCRYPTION_KEY")
    for key in keys:
        try:
            Fernet(key)
        except ValueError:
            stop("FIELD_ENCRYPTION_KEY", "no es una clave Fernet (32 bytes en base64 url-safe).")
    return keys or ([demo_key] if debug else [])


def database(name: str, default: str) -> dict[str, Any]:
    """A Django database from a URL; PostgreSQL or SQLite."""
    try:
        parsed: dict[str, Any] = dict(_env.db_url_config(text(name, default)))
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        stop(name, "no se entiende; por ejemplo postgres://usuario:clave@servidor:5432/base.")
    if not str(parsed.get("ENGINE", "")).endswith(("postgresql", "sqlite3")):
        stop(name, "solo PostgreSQL (postgres://…) o SQLite (sqlite:///…).")
    return parsed


def mail(name: str) -> dict[str, Any]:
    """Django's `EMAIL_…` settings from a URL; mails go to the console without one."""
    try:
        return dict(_env.email_url_config(text(name, "consolemail://")))
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        stop(name, "no se entiende; por ejemplo smtp+tls://usuario:clave@servidor:587.")
