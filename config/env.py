"""The environment, read once: a missing or malformed value stops the start with one line that names it."""

import sys
from pathlib import Path
from typing import Any, NoReturn

import environ
from cryptography.fernet import Fernet

BASE_DIR = Path(__file__).resolve().parent.parent
WRONG_CONFIGURATION = 2

_env = environ.Env()


def read_file(path: Path = BASE_DIR / ".env") -> None:
    """Take what `.env` says where the process's environment says nothing."""
    if path.exists():
        environ.Env.read_env(path)


def stop(name: str, why: str) -> NoReturn:
    """One line on the error stream, exit status 2."""
    sys.stderr.write(f"{name}: {why}\n")
    raise SystemExit(WRONG_CONFIGURATION)


def text(name: str, default: str = "") -> str:
    """The value, or the default where it is missing or blank, as a copied `.env.example` leaves it."""
    return str(_env.str(name, default="")).strip() or default


def flag(name: str, *, default: bool = False) -> bool:
    said = text(name).lower()
    if not said:
        return default
    if said not in _TRUE | _FALSE:
        stop(name, "no se entiende su valor; escriba true o false.")
    return said in _TRUE


_TRUE, _FALSE = frozenset({"true", "1", "yes", "on", "si", "sí"}), frozenset({"false", "0", "no", "off"})


def whole(name: str, default: int) -> int:
    """A whole number above zero."""
    said = text(name)
    if said and not (said.isascii() and said.isdigit() and int(said) > 0):
        stop(name, "no se entiende su valor; escriba un número entero mayor que cero.")
    return int(said) if said else default


def seconds(name: str) -> float | None:
    """A positive number of seconds; None where it is not set."""
    said = text(name)
    try:
        value = float(said) if said else None
    except ValueError:
        stop(name, "no se entiende su valor; escriba un número de segundos.")
    if value is not None and not 0 < value < float("inf"):
        stop(name, "escriba un número de segundos mayor que cero.")
    return value


def words(name: str) -> list[str]:
    return [word.strip() for word in text(name).split(",") if word.strip()]


def secret(name: str, default: str = "") -> str:
    """A secret from `NAME`, or from the file that `NAME_FILE` names."""
    path = text(f"{name}_FILE")
    if not path:
        return text(name, default)
    try:
        return Path(path).read_text(encoding="utf-8").strip()
    except OSError:
        stop(f"{name}_FILE", "no se puede leer ese archivo.")


def secret_key(*, debug: bool) -> str:
    """Without one the project runs only with DEBUG."""
    key = secret("SECRET_KEY")
    if not key and not debug:
        stop("SECRET_KEY", "falta. Póngala en el entorno o en .env, o use DEBUG=true para probar.")
    return key or "solo-para-probar-con-DEBUG"


def encryption_keys(*, debug: bool, demo_key: str) -> list[str]:
    """Fernet keys: the first encrypts, all decrypt. Without one, DEBUG uses a fixed key that protects nothing."""
    keys = [key.strip() for key in secret("FIELD_ENCRYPTION_KEY").split(",") if key.strip()]
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
    try:
        return dict(_env.email_url_config(text(name, "consolemail://")))
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        stop(name, "no se entiende; por ejemplo smtp+tls://usuario:clave@servidor:587.")
