"""The demonstration's empty database, migrated once and copied from then on: the tables change only with the code."""

import hashlib
import shutil
from pathlib import Path

import django
from django.apps import apps
from django.core.management import call_command
from django.db import connection

from ledger.demo.environment import DATABASE, MOULDS


def lay_database(path: Path = DATABASE, moulds: Path = MOULDS) -> None:
    """A migrated, empty database at `path`, which the settings name: a copy, where one of these migrations was kept."""
    kept = moulds / f"{_migrations_digest()}.sqlite3"
    if not kept.exists():
        call_command("migrate", verbosity=0)
        _keep(kept)
    else:
        shutil.copyfile(kept, path)


def _keep(path: Path) -> None:
    """Whole or not at all: a run that ends in the middle leaves no half database under the name."""
    shutil.rmtree(path.parent, ignore_errors=True)
    path.parent.mkdir()
    written = path.with_suffix(".part")
    with connection.cursor() as cursor:
        cursor.execute("VACUUM INTO %s", [str(written)])
    written.rename(path)


def _migrations_digest() -> str:
    """Of every migration of every installed application, and of what runs after them."""
    digest = hashlib.sha256(django.__version__.encode())
    for application in sorted(apps.get_app_configs(), key=lambda each: each.label):
        for file in sorted(Path(application.path).glob("migrations/*.py")):
            digest.update(f"{application.label}/{file.name}".encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()[:16]
