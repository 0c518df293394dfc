"""From the version before to this one, with data in the tables."""

from pathlib import Path

import pytest

from tests.integrations.house import House

pytestmark = pytest.mark.slow


def _upgraded(house: House) -> tuple[dict[str, int], str]:
    house.run("tests.integrations.management.database_of_0_1_0")
    house.manage("migrate", "-v0")
    return house.statuses(), house.manage("bootstrap")


def test_a_database_of_0_1_0_keeps_its_documents_and_its_connection(tmp_path: Path) -> None:
    counts, told = _upgraded(House(f"sqlite:///{tmp_path / 'prueba.sqlite3'}", "http://127.0.0.1:9/"))
    assert (counts, "Empresa Comercial S.A.S." in told and "ya estaba" in told) == ({"synced": 1}, True)


@pytest.mark.postgres
def test_a_database_of_0_1_0_on_postgresql_keeps_them_too(postgres_url: str) -> None:
    counts, _ = _upgraded(House(postgres_url, "http://127.0.0.1:9/"))
    assert counts == {"synced": 1}
