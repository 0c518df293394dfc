"""The empty database of the demonstration: migrated once for each set of migrations, and copied from then on."""

import hashlib
import shutil
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from ledger.demo.environment import DATABASE, EMPTY_DATABASES


def create_database(path: Path = DATABASE, copies: Path = EMPTY_DATABASES) -> None:
    """Create a migrated, empty database at `path`, which the settings name; a copy where there is one already."""
    stored = copies / f"{_migrations_digest()}.sqlite3"
    if not stored.exists():
        call_command("migrate", verbosity=0)
        _store(stored)
    else:
        shutil.copyfile(stored, path)


def _store(path: Path) -> None:
    """Store a copy of the database; a run that is interrupted leaves no incomplete file at `path`."""
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir()
    written = path.with_suffix(".part")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(written)])
    written.rename(path)


def _migrations_digest() -> str:
    """A hash of every migration of every installed application."""
    digest = hashlib.sha256(django.__version__.encode())
    for application in sorted(apps.get_app_configs(), key=lambda each: each.label):
        for file in sorted(Path(application.path).glob("migrations/*.py")):
            digest.update(f"{application.label}/{file.name}".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
