"""A copy of the whole database in one file that only its owner reads, and its way back.

PostgreSQL by `pg_dump` and `pg_restore`, SQLite by its own way of copying what is in use. Everything
is in it but the settings: neither `.env` nor FIELD_ENCRYPTION_KEY, without which the ERPs' keys in it can't be read.
"""

import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import closing
from datetime import datetime
from pathlib import Path
from shutil import which
from typing import Any

from django.conf import settings
from django.db import connection

from integrations.errors import ConfigurationError

_NAME = "integrador-{:%Y%m%d-%H%M%S}{}"
_SQLITE = b"SQLite format 3\x00"
_POSTGRESQL = b"PGDMP"


def _database() -> dict[str, Any]:
    database: dict[str, Any] = settings.DATABASES["default"]
    return database


def _is_sqlite() -> bool:
    return str(_database()["ENGINE"]).endswith("sqlite3")


def back_up(folder: Path, keep: int, now: datetime) -> Path:
    """Copy the database to a new file in `folder`, and delete the oldest copies beyond `keep` (0: none).

    Raises: ConfigurationError where that can't be done; no half of a copy stays.
    """
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    ending = ".sqlite3" if _is_sqlite() else ".pgdump"
    file = folder / _NAME.format(now, ending)
    half = file.with_suffix(".part")
    # Made readable by its owner alone before the first byte is in it.
    half.touch(mode=0o600, exist_ok=False)
    try:
        _copy(half)
        half.rename(file)
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    copies = sorted(folder.glob(f"integrador-*{ending}"))
    for old in copies[: max(0, len(copies) - keep)] if keep else []:
        old.unlink()
    return file


def _copy(file: Path) -> None:
    if _is_sqlite():
        connection.ensure_connection()
        with closing(sqlite3.connect(file)) as copy:
            connection.connection.backup(copy)
    else:
        _run("pg_dump", ["--format=custom", "--no-owner", "--no-privileges", f"--file={file}"])


def why_not_to_restore(file: Path) -> str:
    """Why this file can't replace the database now, in Spanish; empty where it can."""
    try:
        with file.open("rb") as copy:
            begins = copy.read(16)
    except OSError as unreadable:
        return f"No se puede leer {file}: {unreadable.strerror}."
    wanted = _SQLITE if _is_sqlite() else _POSTGRESQL
    if not begins.startswith(wanted):
        return f"{file} no es una copia de {'SQLite' if _is_sqlite() else 'PostgreSQL'} hecha con «manage.py backup»."
    others = _others_at_work()
    return f"Hay {others} conexiones más a la base de datos: detenga antes todos los procesos." if others else ""


def _others_at_work() -> int:
    if _is_sqlite():
        return 0
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])


def restore(file: Path) -> None:
    """Replace everything in the database by what is in a copy. Raises: ConfigurationError; then nothing was changed."""
    if _is_sqlite():
        connection.ensure_connection()
        with closing(sqlite3.connect(f"{file.resolve().as_uri()}?mode=ro", uri=True)) as copy:
            copy.backup(connection.connection)
        return
    connection.close()
    with tempfile.NamedTemporaryFile(prefix="restaurar-", suffix=".sql") as script:
        # Whole before the first line is run: a copy that is damaged changes nothing.
        _run("pg_restore", ["--no-owner", "--no-privileges", f"--file={script.name}", str(file)])
        # What a newer version made goes too; all in one transaction.
        words = ["--single-transaction", "--set=ON_ERROR_STOP=1", "--quiet", "--no-psqlrc", "--output=/dev/null"]
        _run(
            "psql",
            [*words, "--command=DROP SCHEMA public CASCADE", "--command=CREATE SCHEMA public", f"--file={script.name}"],
        )


def _run(program: str, words: Sequence[str]) -> None:
    if which(program) is None:
        raise ConfigurationError(f"Falta el programa {program}: instale postgresql-client.")
    environment = {**os.environ, **_connection_environment(_database())}
    done = subprocess.run([program, *words], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise ConfigurationError(f"{program} no pudo terminar: {done.stderr.strip()[-500:]}")


def _connection_environment(database: Mapping[str, Any]) -> dict[str, str]:
    """What libpq reads: a password among a command's words would be seen by everybody on the machine."""
    names = {"PGDATABASE": "NAME", "PGUSER": "USER", "PGPASSWORD": "PASSWORD", "PGHOST": "HOST", "PGPORT": "PORT"}
    return {variable: str(database[name]) for variable, name in names.items() if database.get(name)}
