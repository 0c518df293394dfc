"""Masters of the Siigo stand-in over a real socket."""

from collections.abc import Iterator

import pytest

from integrations.simulators.serving import RunningSimulator
from integrations.simulators.siigo import start_siigo
from tests.integrations.simulators.client import post_siigo

CONNECTION = "OBai6kmwKH"


@pytest.fixture
def siigo() -> Iterator[RunningSimulator]:
    with start_siigo() as running:
        yield running


def _export(resource: str, *rows: dict[str, object]) -> dict[str, object]:
    data = {"params": {"year": 2026}, "list": list(rows)}
    return {"id_connection": CONNECTION, "execution_type": "export", "resource": resource, "data": data}


def _import(resource: str, **params: object) -> dict[str, object]:
    return {"id_connection": CONNECTION, "execution_type": "import", "resource": resource, "params": params}


@pytest.mark.parametrize(
    ("resource", "row"),
    [
        ("thirds", {"identification": 900123456, "branch": 0, "name": "Ferretería"}),
        ("inventory_products", {"line": 1, "group": 2, "product": 3, "description": "Tornillo"}),
    ],
)
def test_an_exported_master_is_read_back(siigo: RunningSimulator, resource: str, row: dict[str, object]) -> None:
    assert post_siigo(siigo, _export(resource, row)).json["statusCode"] == 200
    assert post_siigo(siigo, _import(resource)).json["data"] == [row]


def test_an_import_keeps_to_its_bounds(siigo: RunningSimulator) -> None:
    post_siigo(siigo, _export("thirds", {"identification": 10, "branch": 0}, {"identification": 20, "branch": 0}))
    answer = post_siigo(siigo, _import("thirds", third_initial=11, third_final=30))
    assert [row["identification"] for row in answer.json["data"]] == [20]


@pytest.mark.parametrize("resource", ["accounting_accounts", "lines_groups", "warehouses"])
def test_other_masters_cannot_be_exported(siigo: RunningSimulator, resource: str) -> None:
    assert post_siigo(siigo, _export(resource, {"a": 1})).status == 400
    assert post_siigo(siigo, _import(resource)).json["data"] == []


@pytest.mark.parametrize(
    ("resource", "row", "missing"),
    [
        ("thirds", {"identification": 1}, ["branch"]),
        ("thirds", {"branch": 0}, ["identification"]),
        ("inventory_products", {}, ["line", "group", "product"]),
    ],
)
def test_a_master_without_an_obligatory_field_is_refused(
    siigo: RunningSimulator, resource: str, row: dict[str, object], missing: list[str]
) -> None:
    answer = post_siigo(siigo, _export(resource, row))
    assert (answer.status, [error["field"] for error in answer.json["errors"]]) == (400, missing)
