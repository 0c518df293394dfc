"""The request bodies."""

import json
from collections.abc import Callable
from datetime import date
from decimal import Decimal

import pytest

from integrations.erp.siigo.document import MOVEMENTS, Minutes, export_request, import_request, movement_filters
from integrations.errors import PayloadError

ROW = {"voucher_type": "F", "conversion_factor_value": Decimal("1.0"), "sequence_value": 10000}


def test_the_documented_envelope_is_built() -> None:
    body = export_request([ROW], id_connection="OBai6kmwKH", year=2024)
    assert json.loads(body) == {
        "id_connection": "OBai6kmwKH",
        "execution_type": "export",
        "resource": "accounting_movements",
        "data": {
            "params": {"year": 2024, "basic_invoice": "N", "modify_documents": "N"},
            "list": [{"voucher_type": "F", "conversion_factor_value": 1.0, "sequence_value": 10000}],
        },
        "request_config": {"timeout": 2, "attempts": 1, "backoff": 0.5},
    }


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (Decimal("1.0"), "1.0"),
        (Decimal("9999999999999.99"), "9999999999999.99"),
        (Decimal("1E+3"), "1000"),
        (Decimal("0.00001"), "0.00001"),
        (7, "7"),
        ("007", '"007"'),
        ("Ñandú", '"Ñandú"'),
    ],
)
def test_a_value_travels_exactly(value: object, text: str) -> None:
    assert f'"x":{text}}}'.encode() in export_request([{"x": value}], id_connection="a", year=2025)


@pytest.mark.parametrize("value", [1.5, None, True, Decimal("NaN"), [1], "\ud800"])
def test_a_value_that_is_not_exact_is_refused(value: object) -> None:
    with pytest.raises(PayloadError):
        export_request([{"x": value}], id_connection="a", year=2025)


def build(timeout: Minutes = 2, attempts: int = 1, backoff: Minutes = 1) -> bytes:
    return export_request(
        [ROW],
        id_connection="a",
        year=2025,
        timeout_minutes=timeout,
        attempts=attempts,
        backoff_minutes=backoff,
    )


def read(timeout: Minutes) -> bytes:
    filters = movement_filters(year=2025, since=date(2025, 3, 1), until=date(2025, 3, 31))
    return import_request(MOVEMENTS, filters, id_connection="a", timeout_minutes=timeout)


@pytest.mark.parametrize(
    "make",
    [
        lambda: build(timeout=2),
        lambda: build(timeout=20),
        lambda: build(attempts=3),
        lambda: build(backoff=0.5),
        lambda: build(backoff=Decimal(30)),
        lambda: read(60),
    ],
)
def test_just_inside_the_official_ranges_is_built(make: Callable[[], bytes]) -> None:
    assert make()


@pytest.mark.parametrize(
    "make",
    [
        lambda: build(timeout=1),
        lambda: build(timeout=21),
        lambda: build(attempts=0),
        lambda: build(attempts=4),
        lambda: build(backoff=0.4),
        lambda: build(backoff=31),
        lambda: read(61),
        lambda: export_request([], id_connection="a", year=2025),
        lambda: export_request([ROW], id_connection=" ", year=2025),
        lambda: export_request([ROW], id_connection="a", year=25),
        lambda: export_request([ROW], id_connection="a", year=2025, basic_invoice="X"),
        lambda: export_request([ROW], id_connection="a", year=2025, modify_documents=""),
    ],
)
def test_just_outside_the_official_ranges_is_refused(make: Callable[[], bytes]) -> None:
    with pytest.raises(PayloadError):
        make()


def test_a_read_back_carries_every_obligatory_filter() -> None:
    filters = movement_filters(
        year=2025,
        since=date(2025, 3, 1),
        until=date(2025, 4, 9),
        voucher_type="F",
        voucher_codes=(1, 1),
        numbers=(987654, 987654),
    )
    assert json.loads(import_request(MOVEMENTS, filters, id_connection="a"))["params"] == {
        "year": 2025,
        "day_initial": "01",
        "day_final": "09",
        "month_initial": "03",
        "month_final": "04",
        "voucher_type": "F",
        "voucher_code_initial": 1,
        "voucher_code_final": 1,
        "number_initial": 987654,
        "number_final": 987654,
        "basic_model": "N",
        "account_initial": 1,
        "account_final": 9999999999,
        "product_initial": 1,
        "product_final": 999999999999,
    }


@pytest.mark.parametrize("changed", [{"numbers": (2, 1)}, {"numbers": (1, 10**10)}, {"voucher_type": "f"}])
def test_a_filter_out_of_range_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(PayloadError):
        movement_filters(year=2025, since=date(2025, 3, 1), until=date(2025, 3, 1), **changed)  # type: ignore[arg-type]
