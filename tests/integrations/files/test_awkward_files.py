"""Sixty and more awkward files: each comes in or is told why not, and what is refused leaves no trace."""

import csv
import json
import os
import subprocess
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command

from catalog.models import Article
from integrations.models import SyncStanding
from ledger.models import Movement
from tests import builders
from tests.integrations.files.corpus import ALL, Awkward, bomb
from tests.integrations.files.tables import HEADINGS, voucher

ROOT = Path(__file__).parents[3]
MAX_MEGABYTES = 400
LONG = 20_000_000


def test_there_are_at_least_sixty() -> None:
    assert len({one.what for one in ALL}) >= 60


@pytest.mark.django_db
@pytest.mark.parametrize("awkward", ALL, ids=[one.what for one in ALL])
def test_an_awkward_file_ends_as_it_should(
    awkward: Awkward, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    builders.company()
    path = tmp_path / awkward.name
    path.write_bytes(awkward.body())
    with suppress(SystemExit):
        call_command("import_file", str(path), "--json", *awkward.flags)
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    words = " ".join([*(error["message"] for error in told["errors"]), *told["notices"]])
    held = Movement.objects.count() + Article.objects.count()
    assert (told["created"], held) == (awkward.created, awkward.created), words
    assert awkward.told in words
    assert awkward.created or not SyncStanding.objects.exists()


@pytest.mark.slow
def test_heavy_files_stay_under_400_mb(tmp_path: Path) -> None:
    whole = {"bomba.xlsx": bomb(), "largo.json": b"[" + b"0," * LONG + b"0]", "largo.xml": b"<a>" + b"<b/>" * LONG}
    files = [_csv_of_200_mb(tmp_path), *(_whole(tmp_path, name, body) for name, body in whole.items())]
    ran = subprocess.run(
        [sys.executable, "-m", "tests.integrations.files.weighing", *map(str, files)],
        capture_output=True, text=True, check=True, cwd=ROOT,
        env={**os.environ, "DATABASE_URL": f"sqlite:///{tmp_path / 'pesado.sqlite3'}"},
    )  # fmt: skip
    told = json.loads(ran.stdout.splitlines()[-1])
    assert told["created"] == [500, 0, 0, 0]
    assert told["megabytes"] < MAX_MEGABYTES


def _csv_of_200_mb(folder: Path) -> Path:
    """Five hundred vouchers with two columns of 100,000 letters that nobody asked for."""
    path = folder / "pesado.csv"
    rows = (row for number in range(1, 501) for row in voucher(number))
    with path.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out)
        writer.writerow((*HEADINGS, "ADJUNTO", "OTRO"))
        writer.writerows([*row, "x" * 100_000, "y" * 100_000] for row in rows)
    return path


def _whole(folder: Path, name: str, body: bytes) -> Path:
    path = folder / name
    path.write_bytes(body)
    return path
