"""A watched folder: each file comes in once, wherever the process dies, and nothing but whole files of the folder."""

import os
import time
from pathlib import Path

import pytest
from django.core import mail
from django.core.management import call_command
from pytest_django import Settings as SettingsWrapper

from integrations import tasks
from integrations.choices import Kind
from integrations.files.importing import confirmation, staging, watched_folders
from integrations.models import ImportFile, WatchedFolder
from ledger.models import Movement
from tests import builders
from tests.integrations.files.tables import csv_bytes, voucher

pytestmark = pytest.mark.django_db
_State = ImportFile.State


class KilledError(BaseException):
    """The process dies here."""


@pytest.fixture
def folder(tmp_path: Path, settings: SettingsWrapper) -> WatchedFolder:
    settings.IMPORT_FOLDER_ROOT = str(tmp_path)
    (tmp_path / "caja").mkdir()
    return WatchedFolder.objects.create(
        company=builders.company(), kind=Kind.MOVEMENT, folder="caja", imports_alone=True, mail_to="ana@example.com"
    )


def drop(folder: WatchedFolder, name: str = "caja.csv", body: bytes = b"", age: int = 3600) -> Path:
    path = watched_folders.place_of(folder) / name
    path.write_bytes(body or csv_bytes(voucher(1)))
    os.utime(path, (time.time() - age, time.time() - age))
    return path


def work() -> None:
    """What the queue does between two passes."""
    for file in ImportFile.objects.filter(state=_State.STAGING):
        staging.stage(file.pk)
    for file in ImportFile.objects.filter(state=_State.RUNNING):
        confirmation.run(file.pk)


def passes(times: int = 5) -> None:
    for _ in range(times):
        watched_folders.pass_over_all()
        work()


def names(folder: WatchedFolder, below: str = "") -> list[str]:
    place = watched_folders.place_of(folder) / below
    return sorted(path.name for path in place.iterdir() if path.is_file()) if place.exists() else []


def test_a_file_comes_in_and_lies_among_those_done(folder: WatchedFolder) -> None:
    drop(folder)
    passes()
    folder.refresh_from_db()
    assert (Movement.objects.count(), names(folder), len(names(folder, "hechos"))) == (1, [], 1)
    assert "caja.csv: terminada (hechos)." in folder.told
    assert [letter.to for letter in mail.outbox] == [["ana@example.com"]]


@pytest.mark.parametrize("after", ["in", "looked", "accepted", "confirmed", "moved"])
def test_a_file_comes_in_once_wherever_the_process_dies(folder: WatchedFolder, after: str) -> None:
    drop(folder)
    died = False

    def die(step: str) -> None:
        nonlocal died
        if step == after and not died:
            died = True
            raise KilledError

    for _ in range(6):
        try:
            watched_folders.pass_over_all(die)
        except KilledError:
            continue
        work()
    assert (Movement.objects.count(), ImportFile.objects.count(), len(names(folder, "hechos"))) == (1, 1, 1)


def test_the_same_file_again_comes_in_no_second_time(folder: WatchedFolder) -> None:
    drop(folder)
    passes()
    drop(folder, "copia.csv")
    passes()
    assert (Movement.objects.count(), ImportFile.objects.count(), len(names(folder, "hechos"))) == (1, 1, 2)


def test_a_file_waits_for_a_person_where_the_company_wants_it(folder: WatchedFolder) -> None:
    WatchedFolder.objects.update(imports_alone=False)
    drop(folder)
    passes()
    assert (ImportFile.objects.get().state, len(names(folder, "por revisar"))) == (_State.REVIEW, 1)


def test_a_file_that_leaves_something_open_waits_for_a_person(folder: WatchedFolder) -> None:
    drop(folder, body=b"Esto;Aquello\n1;2\n")
    passes()
    assert (ImportFile.objects.get().state, len(names(folder, "por revisar"))) == (_State.ASKING, 1)


@pytest.mark.parametrize("name", ["~$caja.xlsx", ".oculto.csv", "caja.csv.part", "caja.tmp"])
def test_what_a_program_is_writing_stays(folder: WatchedFolder, name: str) -> None:
    drop(folder, name)
    passes()
    assert (ImportFile.objects.exists(), names(folder)) == (False, [name])


def test_a_file_that_changed_a_moment_ago_stays(folder: WatchedFolder) -> None:
    drop(folder, age=1)
    passes()
    assert not ImportFile.objects.exists()


def test_a_file_that_a_program_has_open_stays(folder: WatchedFolder) -> None:
    path = drop(folder, "caja.xlsx")
    (path.parent / "~$caja.xlsx").touch()
    passes()
    assert not ImportFile.objects.exists()


def test_a_link_is_never_followed(folder: WatchedFolder, tmp_path: Path) -> None:
    outside = tmp_path / "afuera.csv"
    outside.write_bytes(csv_bytes(voucher(1)))
    (watched_folders.place_of(folder) / "enlace.csv").symlink_to(outside)
    passes()
    assert not ImportFile.objects.exists()


@pytest.mark.parametrize("where", ["../otra", "/etc", "enlace"])
def test_a_folder_out_of_the_root_is_refused_and_told(folder: WatchedFolder, tmp_path: Path, where: str) -> None:
    (tmp_path / "enlace").symlink_to("/tmp")
    WatchedFolder.objects.update(folder=where)
    passes(1)
    folder.refresh_from_db()
    assert "por fuera" in folder.told


def test_a_folder_that_is_not_there_is_told(folder: WatchedFolder) -> None:
    WatchedFolder.objects.update(folder="falta")
    call_command("import_folder")
    folder.refresh_from_db()
    assert "falta, o el servidor no tiene permiso" in folder.told


def test_two_passes_at_once_take_each_file_once(folder: WatchedFolder) -> None:
    drop(folder)

    def meanwhile(step: str) -> None:
        if step == "in":
            watched_folders.pass_over_all()

    watched_folders.pass_over_all(meanwhile)
    passes()
    assert (Movement.objects.count(), ImportFile.objects.count()) == (1, 1)


def test_the_schedule_passes_too(folder: WatchedFolder) -> None:
    drop(folder)
    tasks.take_in_folders()
    assert ImportFile.objects.count() == 1
