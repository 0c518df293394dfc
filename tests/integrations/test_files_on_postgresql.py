"""Files into PostgreSQL, where documents go in by COPY and their standings in one statement."""

import json
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.integrations.files.tables import csv_file, line
from tests.integrations.test_queue import House, postgres_url  # noqa: F401 - a fixture

pytestmark = pytest.mark.postgres
AWKWARD = "Ñandú\t\\N «a''b»\nsegunda {línea}, 100 %"
VOUCHERS = 2_100
"""More than are saved together."""


@pytest.fixture
def house(postgres_url: str) -> Iterator[House]:  # noqa: F811 - the fixture
    made = House(postgres_url, "http://127.0.0.1:9/")
    made.manage("migrate", "-v0")
    made.manage("bootstrap")
    yield made
    made.stop()


def imported(house: House, path: Path) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(house.manage("import_file", str(path), "--json"))
    return {name: told[name] for name in ("created", "updated", "unchanged", "rejected", "differing")}


def vouchers(amount: str) -> list[list[object]]:
    both = (("D", "1305050001"), ("C", "4135050001"))
    return [
        line(number, place, side, amount, _3=account, _11=AWKWARD)
        for number in range(1, VOUCHERS + 1)
        for place, (side, account) in enumerate(both, 1)
    ]


def test_a_file_comes_in_once_and_what_it_changes_comes_in_too(house: House, tmp_path: Path) -> None:
    nothing = {"created": 0, "updated": 0, "unchanged": 0, "rejected": 0, "differing": 0}
    first = csv_file(tmp_path, vouchers("119000"))
    second = csv_file(tmp_path, [*vouchers("119000")[2:], *vouchers("120000")[:2]], "otra.csv")
    assert imported(house, first) == nothing | {"created": VOUCHERS}
    assert imported(house, first) == nothing | {"unchanged": VOUCHERS}
    assert imported(house, second) == nothing | {"updated": 1, "unchanged": VOUCHERS - 1}
    assert house.statuses() == {"new": VOUCHERS}


def test_two_imports_of_one_file_at_once_bring_each_document_once(house: House, tmp_path: Path) -> None:
    straight, reversed_ = vouchers("119000"), vouchers("119000")
    reversed_.sort(key=lambda row: -int(str(row[2])))
    files = [csv_file(tmp_path, straight), csv_file(tmp_path, reversed_, "al-reves.csv")]
    with ThreadPoolExecutor(2) as both:
        told = list(both.map(lambda path: imported(house, path), files))
    assert sum(one["created"] for one in told) == VOUCHERS
    assert sum(one["unchanged"] for one in told) == VOUCHERS
    assert house.statuses() == {"new": VOUCHERS}


def test_what_came_in_goes_out_as_it_was_written(house: House, tmp_path: Path) -> None:
    imported(house, csv_file(tmp_path, vouchers("119000")[:2]))
    house.manage("export_file", "movement", str(tmp_path / "fuera.json"))
    rows = json.loads((tmp_path / "fuera.json").read_text(encoding="utf-8"))["data"]["list"]
    assert [row["sequence_description"] for row in rows] == [AWKWARD, AWKWARD]
