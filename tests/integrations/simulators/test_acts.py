"""What people do in the ERP past the integration; reads and restarts that go wrong."""

import http.client
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from integrations.simulators.siigo import start_siigo
from tests.integrations.simulators.client import (
    act,
    ask,
    document,
    export,
    insert,
    line,
    post_siigo,
    published,
    read_back,
    row,
    select,
)

LINE = line()
KEY = {"type": "F", "code": 1, "number": 1}
LONG_SECONDS = 3600
ATTEMPTS = 100_000
"""Connections refused while it is down cost next to nothing."""


@pytest.fixture
def sag() -> Iterator[RunningSimulator]:
    with start_sag() as simulator:
        insert(simulator, 28, document(LINE))
        yield simulator


@pytest.fixture
def siigo() -> Iterator[RunningSimulator]:
    with start_siigo() as simulator:
        post_siigo(simulator, export(row()))
        yield simulator


def test_a_document_is_annulled_in_the_erp(sag: RunningSimulator) -> None:
    act(sag, "annul", numero2="BO-1")
    assert select(sag, "SELECT sc_anulado AS x FROM movimientos") == [{"x": "S"}]


def test_an_annulled_document_owes_nothing(sag: RunningSimulator) -> None:
    insert(sag, 28, document(LINE, CodigoFuente="FV", NumeroDocumento2="FV-1"))
    act(sag, "annul", numero2="FV-1")
    assert select(sag, "SELECT n_saldo_actual FROM saldos_facturas") == []


def test_a_document_is_typed_again_by_hand_with_its_lines(sag: RunningSimulator) -> None:
    assert act(sag, "duplicate", numero2="BO-1").json == {"movimiento": 2, "numero": 2}
    rows = select(
        sag,
        "SELECT m.n_numero_documento AS numero, m.ss_nro_dcto AS clave, i.n_cantidad AS n FROM movimientos m"
        " JOIN movimientos_items i ON i.ka_nl_movimiento = m.ka_nl_movimiento ORDER BY m.ka_nl_movimiento",
    )
    assert rows == [{"numero": 1, "clave": "BO-1", "n": 2}, {"numero": 2, "clave": "BO-1", "n": 2}]


def test_the_header_of_a_document_is_changed_by_hand(sag: RunningSimulator) -> None:
    act(sag, "change", movement=1, values={"sv_observaciones": "Corregido"})
    assert select(sag, "SELECT sv_observaciones AS x FROM movimientos") == [{"x": "Corregido"}]


def test_the_lines_of_a_document_are_changed_by_hand(sag: RunningSimulator) -> None:
    assert act(sag, "change_lines", numero2="BO-1", values={"n_cantidad": 9}).json == {"movimiento": 1, "lines": 1}
    assert select(sag, "SELECT n_cantidad AS x FROM movimientos_items") == [{"x": 9}]


def test_a_document_is_deleted_with_its_lines_and_its_number_is_not_given_again(sag: RunningSimulator) -> None:
    act(sag, "delete", numero2="BO-1")
    assert select(sag, "SELECT COUNT(*) AS n FROM movimientos_items") == [{"n": 0}]
    insert(sag, 28, document(LINE))
    assert select(sag, "SELECT n_numero_documento AS x, ka_nl_movimiento AS k FROM movimientos") == [{"x": 2, "k": 2}]


def test_a_client_is_deleted(sag: RunningSimulator) -> None:
    insert(sag, 1, published("sag_client.xml"))
    assert act(sag, "delete_third_party", tax_id=811040859).json == {"deleted": 1}
    assert select(sag, "SELECT * FROM v_clientes") == []


def test_an_article_is_deleted(sag: RunningSimulator) -> None:
    assert act(sag, "delete_article", code="A1").json == {"deleted": 1}
    assert select(sag, "SELECT * FROM articulos") == []


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("nothing", {}),
        ("delete", {"movement": 99}),
        ("change_lines", {"movement": 1, "values": {"nada": 1}}),
        ("annul", {"movement": 99}),
        ("annul", {"other": 1}),
        ("change", {"movement": 1, "values": {"nada": 1}}),
        ("change", {"movement": 1, "values": 7}),
        ("change", {"movement": 1, "values": {"ss_pedido": ["x"]}}),
        ("switch", {"tipo_2_vocabulary": "latin"}),
    ],
)
def test_an_act_that_cannot_be_done_is_a_bad_request(
    sag: RunningSimulator, name: str, options: dict[str, object]
) -> None:
    assert act(sag, name, **options).status == 400


def test_a_body_that_is_no_object_is_a_bad_request(sag: RunningSimulator) -> None:
    assert [ask(sag, "POST", "/_sim/act/annul", body).status for body in ("[]", "{")] == [400, 400]


def test_acts_are_done_from_the_same_process_too(sag: RunningSimulator) -> None:
    assert sag.act("annul", movement=1) == {"movimiento": 1, "anulado": "S"}


def test_a_stale_read_misses_what_is_new_and_the_next_finds_it(sag: RunningSimulator) -> None:
    sag.set_faults({"fault": "stale_read", "seconds": LONG_SECONDS, "when": {"operation": "consultaSagJson"}})
    sql = "SELECT m.ss_nro_dcto AS x FROM movimientos m WITH (NOLOCK) WHERE m.ss_nro_dcto = 'BO-1'"
    assert [select(sag, sql), select(sag, sql)] == [[], [{"x": "BO-1"}]]


@pytest.mark.parametrize("table", ["movimientos_items", "terceros"])
def test_a_stale_read_misses_lines_too(sag: RunningSimulator, table: str) -> None:
    sag.set_faults({"fault": "stale_read", "seconds": LONG_SECONDS})
    assert select(sag, f"SELECT COUNT(*) AS n FROM {table} WHERE sv_recibido <> '{{}}'") == [{"n": 0}]


def test_a_stale_read_finds_what_is_old_enough(sag: RunningSimulator) -> None:
    sag.act("change", movement=1, values={"ddt_fecha_new": "2020-01-01T00:00:00"})
    sag.set_faults({"fault": "stale_read", "seconds": LONG_SECONDS})
    assert select(sag, "SELECT COUNT(*) AS n FROM movimientos") == [{"n": 1}]


def test_a_stale_read_of_siigo_misses_what_is_new(siigo: RunningSimulator) -> None:
    siigo.set_faults({"fault": "stale_read", "seconds": LONG_SECONDS, "when": {"operation": "import"}})
    assert [len(post_siigo(siigo, read_back()).json["data"]) for _ in range(2)] == [0, 1]


def test_a_write_under_a_stale_read_is_stored(siigo: RunningSimulator) -> None:
    siigo.set_faults({"fault": "stale_read", "seconds": LONG_SECONDS})
    post_siigo(siigo, export(row(document_number=2)))
    assert [voucher["number"] for voucher in siigo.documents()["vouchers"]] == [1, 2]


def test_a_voucher_is_annulled_in_the_erp(siigo: RunningSimulator) -> None:
    act(siigo, "annul", **KEY)
    assert post_siigo(siigo, read_back()).json["data"][0]["canceled_voucher"] == "S"


def test_a_voucher_is_typed_again_by_hand(siigo: RunningSimulator) -> None:
    assert act(siigo, "duplicate", **KEY).json == {"number": 2}
    assert [found["document_number"] for found in post_siigo(siigo, read_back()).json["data"]] == [1, 2]


def test_a_deleted_voucher_frees_its_number(siigo: RunningSimulator) -> None:
    act(siigo, "delete", **KEY)
    assert post_siigo(siigo, export(row())).status == 200


def test_masters_are_typed_by_hand(siigo: RunningSimulator) -> None:
    rows = [{"warehouse_code": 1, "warehouse_description": "Principal"}]
    act(siigo, "keep", connection="OBai6kmwKH", resource="warehouses", rows=rows)
    request = {"id_connection": "OBai6kmwKH", "execution_type": "import", "resource": "warehouses", "params": {}}
    assert post_siigo(siigo, request).json["data"] == rows


def test_a_restart_keeps_the_port_and_what_was_stored(sag: RunningSimulator) -> None:
    url = sag.url
    sag.restart()
    assert (sag.url, select(sag, "SELECT COUNT(*) AS n FROM movimientos")) == (url, [{"n": 1}])


def test_a_restart_keeps_faults_and_journal(sag: RunningSimulator) -> None:
    sag.set_faults({"fault": "reset_before"})
    sag.restart()
    with pytest.raises((http.client.HTTPException, OSError)):
        insert(sag, 28, document(LINE))
    assert [entry["number"] for entry in sag.journal()] == [1, 2]


def test_a_restart_ends_the_connections_that_were_open(sag: RunningSimulator) -> None:
    sag.set_faults({"fault": "hang", "seconds": LONG_SECONDS})
    connection = http.client.HTTPConnection("127.0.0.1", sag.port, timeout=10)
    connection.request("POST", "/ServiceSagWeb.svc/soap", b"x")
    while len(sag.journal()) < 2:
        pass
    sag.restart()
    with pytest.raises((http.client.HTTPException, OSError)):
        connection.getresponse()
    connection.close()


def test_a_restart_asked_for_over_http_is_answered_and_done(sag: RunningSimulator) -> None:
    assert ask(sag, "POST", "/_sim/restart", '{"seconds": 0}').json == {"restart": 0}
    for _ in range(ATTEMPTS):
        with suppress(http.client.HTTPException, OSError):
            assert select(sag, "SELECT COUNT(*) AS n FROM movimientos") == [{"n": 1}]
            return
    pytest.fail("it never came back")


def test_a_restart_that_is_not_understood_is_a_bad_request(sag: RunningSimulator) -> None:
    assert ask(sag, "POST", "/_sim/restart", '"x"').status == 400


def test_a_file_of_an_earlier_version_gets_the_columns_it_lacks(tmp_path: Path) -> None:
    path = tmp_path / "sim.sqlite3"
    with start_sag(store=path) as sag, sag.store.transaction() as db:
        db.execute("ALTER TABLE fuentes DROP COLUMN sc_retefte_obl")
    with start_sag(store=path) as sag:
        assert select(sag, "SELECT DISTINCT sc_retefte_obl AS x FROM fuentes") == [{"x": "N"}]
