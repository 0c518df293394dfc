"""A copy and its way back, with real databases and the commands in processes of their own."""

import stat
from pathlib import Path

import pytest

from tests.integrations.house import House, vouchers_file

pytestmark = pytest.mark.slow


def _made(house: House, folder: Path) -> Path:
    house.manage("backup", "--folder", str(folder / "copias"))
    (copy,) = (folder / "copias").iterdir()
    return copy


def _there_and_back(house: House, folder: Path) -> tuple[dict[str, int], Path, str]:
    """Two vouchers, a copy, three more, and the copy restored; counts of the end, the copy, what was said."""
    house.manage("import_file", str(vouchers_file(folder, 2)))
    copy = _made(house, folder)
    house.manage("import_file", str(vouchers_file(folder, 5)))
    said = house.manage("restore", str(copy), "--yes")
    return house.statuses(), copy, said


@pytest.fixture
def sqlite_house(tmp_path: Path) -> House:
    house = House(f"sqlite:///{tmp_path / 'prueba.sqlite3'}", "http://127.0.0.1:9/")
    house.manage("migrate", "-v0")
    house.manage("bootstrap")
    return house


def test_a_copy_of_sqlite_comes_back_whole_and_is_doubted(sqlite_house: House, tmp_path: Path) -> None:
    counts, _, said = _there_and_back(sqlite_house, tmp_path)
    assert (sum(counts.values()), "Conexiones en pausa: 1" in said) == (2, True)


@pytest.mark.postgres
def test_a_copy_of_postgresql_comes_back_whole_and_is_doubted(postgres_house: House, tmp_path: Path) -> None:
    counts, copy, said = _there_and_back(postgres_house, tmp_path)
    assert (sum(counts.values()), "Conexiones en pausa: 1" in said, copy.read_bytes()[:5]) == (2, True, b"PGDMP")


def test_only_its_owner_reads_a_copy(sqlite_house: House, tmp_path: Path) -> None:
    assert stat.S_IMODE(_made(sqlite_house, tmp_path).stat().st_mode) == 0o600


def test_the_oldest_copies_go(sqlite_house: House, tmp_path: Path) -> None:
    folder = tmp_path / "copias"
    folder.mkdir()
    for day in (1, 2, 3):
        (folder / f"integrador-2026010{day}-000000.sqlite3").touch()
    sqlite_house.manage("backup", "--folder", str(folder), "--keep", "2")
    kept = sorted(file.name for file in folder.iterdir())
    assert (len(kept), kept[0]) == (2, "integrador-20260103-000000.sqlite3")


def test_a_file_that_is_no_copy_is_refused_and_nothing_changes(sqlite_house: House, tmp_path: Path) -> None:
    (tmp_path / "otra.txt").write_text("no es una copia", encoding="utf-8")
    with pytest.raises(AssertionError, match="no es una copia de SQLite"):
        sqlite_house.manage("restore", str(tmp_path / "otra.txt"), "--yes")


def test_nothing_is_restored_without_a_yes(sqlite_house: House, tmp_path: Path) -> None:
    with pytest.raises(AssertionError, match="repita con --yes"):
        sqlite_house.manage("restore", str(_made(sqlite_house, tmp_path)))


def test_the_key_of_the_fields_is_in_no_copy(sqlite_house: House, tmp_path: Path) -> None:
    assert b"ZGVtby1kZW1vLWRlbW8tZGVtby1kZW1vLWRlbW8tZGU=" not in _made(sqlite_house, tmp_path).read_bytes()
