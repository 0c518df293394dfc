"""Odd reads of the stand-ins: columns in capitals or missing, padded texts, documents left out, other key fields."""

from collections.abc import Iterator
from typing import Any

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from integrations.simulators.siigo import start_siigo
from tests.integrations.simulators.client import (
    call,
    document,
    export,
    insert,
    line,
    post_siigo,
    read_back,
    row,
    select,
)

KEYS = ("A-1", "B-2", "C-3")
HEADERS = "SELECT m.ka_nl_movimiento AS movimiento, m.ss_nro_dcto AS clave FROM MOVIMIENTOS m WITH (NOLOCK)"
BY_DATUM = """SELECT m.ka_nl_movimiento AS movimiento, o.ss_dato{0} AS clave FROM MOVIMIENTOS m WITH (NOLOCK)
LEFT JOIN movimientos_otros_datos o WITH (NOLOCK) ON o.ka_nl_movimiento = m.ka_nl_movimiento
WHERE o.ss_dato{0} IN ('K-{0}', 'K-0')"""


@pytest.fixture
def sag() -> Iterator[RunningSimulator]:
    """Three orders of one line, with a datum each."""
    with start_sag() as simulator:
        for key in KEYS:
            data = f'<MovimientoOtrosDatos MovimientoId="1" Dato30="D-{key}"/>'
            insert(simulator, 28, document(line() + data, NumeroDocumento2=key))
        yield simulator


@pytest.fixture
def siigo() -> Iterator[RunningSimulator]:
    with start_siigo() as simulator:
        for number in (1, 2, 3):
            post_siigo(simulator, export(row(document_number=number)))
        yield simulator


def keys(sag: RunningSimulator, **fault: Any) -> list[str]:
    """The keys that a read under a fault shows."""
    sag.set_faults(fault)
    return [found["clave"] for found in select(sag, HEADERS)]


def numbers(siigo: RunningSimulator, **fault: Any) -> list[int]:
    siigo.set_faults(fault)
    return [found["document_number"] for found in post_siigo(siigo, read_back()).json["data"]]


def test_sag_answers_columns_in_capitals(sag: RunningSimulator) -> None:
    sag.set_faults({"fault": "upper_case_columns"})
    assert set(select(sag, HEADERS)[0]) == {"MOVIMIENTO", "CLAVE"}


def test_siigo_answers_columns_in_capitals(siigo: RunningSimulator) -> None:
    siigo.set_faults({"fault": "upper_case_columns"})
    assert set(post_siigo(siigo, read_back()).json["data"][0]) == {name.upper() for name in row()}


@pytest.mark.parametrize(("column", "left"), [("clave", "movimiento"), ("CLAVE", "movimiento"), ("", "clave")])
def test_sag_leaves_out_a_column(sag: RunningSimulator, column: str, left: str) -> None:
    sag.set_faults({"fault": "missing_column", "column": column})
    assert {*map(tuple, select(sag, HEADERS))} == {(left,)}


def test_siigo_leaves_out_a_column(siigo: RunningSimulator) -> None:
    siigo.set_faults({"fault": "missing_column", "column": "document_number"})
    assert set(row()) - set(post_siigo(siigo, read_back()).json["data"][0]) == {"document_number"}


def test_a_column_is_missing_in_the_xml_of_a_query_too(sag: RunningSimulator) -> None:
    sag.set_faults({"fault": "missing_column", "column": "clave"})
    assert "<clave>" not in (call(sag, "consultaSagXml", a_s_consulta=HEADERS).text or "")


def test_texts_come_padded_and_numbers_do_not(sag: RunningSimulator) -> None:
    sag.set_faults({"fault": "padded_columns", "width": 6})
    assert select(sag, HEADERS)[0] == {"movimiento": 1, "clave": "A-1   "}


def test_texts_of_siigo_come_padded(siigo: RunningSimulator) -> None:
    siigo.set_faults({"fault": "padded_columns", "width": 3})
    assert post_siigo(siigo, read_back()).json["data"][0] == {**row(), "voucher_type": "F  ", "debit_or_credit": "D  "}


@pytest.mark.parametrize(
    ("without", "left"),
    [(["B-2"], ["A-1", "C-3"]), (["D-A-1", "C-3"], ["B-2"]), ([2], ["A-1", "C-3"]), (["it's"], [*KEYS])],
)
def test_a_partial_read_of_sag_leaves_out_given_documents(
    sag: RunningSimulator, without: list[str], left: list[str]
) -> None:
    assert keys(sag, fault="partial_read", without=without) == left


def test_a_partial_read_leaves_out_the_lines_too(sag: RunningSimulator) -> None:
    sag.set_faults({"fault": "partial_read", "without": ["B-2"]})
    assert select(sag, "SELECT COUNT(*) AS n FROM movimientos_items") == [{"n": 2}]


def test_a_partial_read_leaves_out_a_tercero(sag: RunningSimulator) -> None:
    sag.set_faults({"fault": "partial_read", "without": ["900123456"]})
    assert select(sag, "SELECT COUNT(*) AS n FROM terceros") == [{"n": 0}]


@pytest.mark.parametrize("without", [[2], ["F-001-2"]])
def test_a_partial_read_of_siigo_leaves_out_given_vouchers(siigo: RunningSimulator, without: list[object]) -> None:
    assert numbers(siigo, fault="partial_read", without=without) == [1, 3]


@pytest.mark.parametrize(("documents", "left"), [(1, 2), (2, 1), (9, 0)])
def test_a_stale_read_shows_the_state_of_some_documents_ago(
    sag: RunningSimulator, siigo: RunningSimulator, documents: int, left: int
) -> None:
    assert keys(sag, fault="stale_read", documents=documents) == [*KEYS[:left]]
    assert numbers(siigo, fault="stale_read", documents=documents) == [1, 2, 3][:left]


def test_an_odd_read_is_over_after_its_times(sag: RunningSimulator) -> None:
    assert (keys(sag, fault="stale_read", documents=1, times=1), keys(sag, fault="hang", times=0)) == (
        [*KEYS[:2]],
        [*KEYS],
    )


@pytest.mark.parametrize("number", range(1, 31))
def test_movements_are_found_by_any_of_their_data(number: int) -> None:
    with start_sag() as sag:
        for key in ("other", f"K-{number}"):
            data = f'<MovimientoOtrosDatos MovimientoId="1" Dato{number}="{key}"/>'
            insert(sag, 28, document(line() + data, NumeroDocumento2="OC-55"))
        assert select(sag, BY_DATUM.format(number)) == [{"movimiento": 2, "clave": f"K-{number}"}]


def test_movements_are_found_by_the_form_of_a_key(sag: RunningSimulator) -> None:
    found = select(sag, f"{HEADERS} WHERE m.ss_nro_dcto LIKE 'B%'")
    assert found == [{"movimiento": 2, "clave": "B-2"}]


def test_a_movement_is_found_again_by_its_reference(sag: RunningSimulator) -> None:
    assert select(sag, f"{HEADERS} WHERE m.ka_nl_movimiento IN (3, 9)") == [{"movimiento": 3, "clave": "C-3"}]
