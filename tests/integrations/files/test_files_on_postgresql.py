"""Files into PostgreSQL, where documents go in by COPY and their standings in one statement."""

import json
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from tests.integrations.files.sales import sale, sales_file
from tests.integrations.files.tables import csv_file, line
from tests.integrations.house import House

pytestmark = pytest.mark.postgres
AWKWARD = "Ñandú\t\\N «a''b»\nsegunda {línea}, 100 %"
VOUCHERS = 2_100
"""More than are saved together."""
SALES = 200


def imported(house: House, path: Path, *flags: str) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(house.manage("import_file", str(path), "--json", *flags))
    return {name: told[name] for name in ("created", "updated", "unchanged", "rejected", "differing")}


def vouchers(amount: str) -> list[list[object]]:
    both = (("D", "1305050001"), ("C", "4135050001"))
    return [
        line(number, place, side, amount, _3=account, _11=AWKWARD)
        for number in range(1, VOUCHERS + 1)
        for place, (side, account) in enumerate(both, 1)
    ]


def test_a_file_comes_in_once_and_what_it_changes_comes_in_too(postgres_house: House, tmp_path: Path) -> None:
    nothing = {"created": 0, "updated": 0, "unchanged": 0, "rejected": 0, "differing": 0}
    first = csv_file(tmp_path, vouchers("119000"))
    second = csv_file(tmp_path, [*vouchers("119000")[2:], *vouchers("120000")[:2]], "otra.csv")
    assert imported(postgres_house, first) == nothing | {"created": VOUCHERS}
    assert imported(postgres_house, first) == nothing | {"unchanged": VOUCHERS}
    assert imported(postgres_house, second) == nothing | {"updated": 1, "unchanged": VOUCHERS - 1}
    assert postgres_house.statuses() == {"new": VOUCHERS}


def test_two_imports_of_one_file_at_once_bring_each_document_once(postgres_house: House, tmp_path: Path) -> None:
    straight, reversed_ = vouchers("119000"), vouchers("119000")
    reversed_.sort(key=lambda row: -int(str(row[2])))
    files = [csv_file(tmp_path, straight), csv_file(tmp_path, reversed_, "al-reves.csv")]
    with ThreadPoolExecutor(2) as both:
        told = list(both.map(lambda path: imported(postgres_house, path), files))
    assert sum(one["created"] for one in told) == VOUCHERS
    assert sum(one["unchanged"] for one in told) == VOUCHERS
    assert postgres_house.statuses() == {"new": VOUCHERS}


def test_two_imports_at_once_of_one_file_without_numbers_bring_each_sale_once(
    postgres_house: House, tmp_path: Path
) -> None:
    path = sales_file(tmp_path, *[sale(price=price) for price in range(1, SALES + 1)])
    with ThreadPoolExecutor(2) as both:
        told = list(both.map(lambda _: imported(postgres_house, path, "--similar", "new"), range(2)))
    assert sum(one["created"] for one in told) == SALES
    assert postgres_house.statuses() == {"new": SALES}


def test_an_import_is_undone(postgres_house: House, tmp_path: Path) -> None:
    postgres_house.manage("import_file", str(csv_file(tmp_path, vouchers("119000"))))
    imported(postgres_house, csv_file(tmp_path, vouchers("120000")[:4], "otra.csv"))
    undone = json.loads(postgres_house.manage("undo_import", "2", "--json"))
    assert (undone["restored"], undone["kept"]) == (2, 0)
    undone = json.loads(postgres_house.manage("undo_import", "1", "--with-edited", "--json"))
    assert (undone["deleted"], "movement" in postgres_house.manage("sync_status", "--json")) == (VOUCHERS, False)


def test_what_came_in_goes_out_as_it_was_written(postgres_house: House, tmp_path: Path) -> None:
    imported(postgres_house, csv_file(tmp_path, vouchers("119000")[:2]))
    postgres_house.manage("export_file", "movement", str(tmp_path / "fuera.json"))
    rows = json.loads((tmp_path / "fuera.json").read_text(encoding="utf-8"))["data"]["list"]
    assert [row["sequence_description"] for row in rows] == [AWKWARD, AWKWARD]
