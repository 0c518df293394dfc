"""The environment, read once: a missing or malformed value stops the start with one line that names it."""

import sys
from collections.abc import Callable
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
    return str(_env.str(name, default=default))


def flag(name: str, *, default: bool = False) -> bool:
    return bool(_read(name, _env.bool, default, "escriba true o false"))


def whole(name: str, default: int) -> int:
    return int(_read(name, _env.int, default, "escriba un número entero"))


def seconds(name: str) -> float | None:
    """A positive number of seconds; None where it is not set."""
    value = _read(name, _env.float, None, "escriba un número de segundos")
    if value is not None and value <= 0:
        stop(name, "escriba un número de segundos mayor que cero")
    return value if value is None else float(value)


def words(name: str) -> list[str]:
    return [str(word) for word in _env.list(name, default=[])]


def _read(name: str, reader: Callable[..., Any], default: Any, advice: str) -> Any:
    try:
        return reader(name, default=default)
    except (ValueError, environ.ImproperlyConfigured):
        stop(name, f"no se entiende su valor; {advice}.")


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
        parsed: dict[str, Any] = dict(_env.db_url(name, default=default))
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        stop(name, "no se entiende; por ejemplo postgres://usuario:clave@servidor:5432/base.")
    if not str(parsed.get("ENGINE", "")).endswith(("postgresql", "sqlite3")):
        stop(name, "solo PostgreSQL (postgres://…) o SQLite (sqlite:///…).")
    return parsed


def mail(name: str) -> dict[str, Any]:
    try:
        return dict(_env.email_url(name, default="consolemail://"))
    except (ValueError, KeyError, environ.ImproperlyConfigured):
        stop(name, "no se entiende; por ejemplo smtp+tls://usuario:clave@servidor:587.")
