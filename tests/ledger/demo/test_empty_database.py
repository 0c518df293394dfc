"""The demonstration's database: migrated once, copied from then on."""

import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[3]
LAY = """
import sys, django
django.setup()
from pathlib import Path
from ledger.demo.empty_database import create_database
create_database(Path(sys.argv[1]), Path(sys.argv[2]))
"""


@pytest.fixture(scope="module")
def laid(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """Two databases laid one after the other, the second over what the first one kept."""
    folder = tmp_path_factory.mktemp("moulds")
    paths = folder / "first.sqlite3", folder / "second.sqlite3"
    for path in paths:
        python("-c", LAY, str(path), str(folder / "moulds"), database=path)
    return paths


@pytest.mark.slow
def test_a_copied_database_has_every_migration(laid: tuple[Path, Path]) -> None:
    assert python("manage.py", "migrate", "--check", database=laid[1]) == ""


def test_a_copied_database_is_the_migrated_one(laid: tuple[Path, Path]) -> None:
    first, second = (sorted(sqlite3.connect(path).iterdump()) for path in laid)
    assert first == second


def python(*arguments: str, database: Path) -> str:
    environment = {
        **os.environ,
        "DEBUG": "true",
        "DJANGO_SETTINGS_MODULE": "config.settings",
        "DATABASE_URL": f"sqlite:///{database}",
    }
    ran = subprocess.run(
        [sys.executable, *arguments],
        cwd=ROOT,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout
