"""FUENTES of the stand-in for SAG: what its flags ask of a document."""

from collections.abc import Iterator

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from tests.integrations.simulators.client import act, document, insert, line, published, select

FLAGS = """
k_n_clase_fuente sc_tipo_dcto sc_prefijo_obl sc_vendedor_obl sc_vend_obl_item sc_ccostos_obl sc_ccosto_obl_item
sc_numero2_obl sc_ped_oc_obligatorio sc_rem_oc_obligatorio sc_tercero_det_obligatorio sc_sucursal_obligatorio
sc_moneda_obligatoria sc_retefte_obl sc_permitir_valor_cero sc_permitir_cantidad_cero
sc_permitir_cantidad_negativo nd_limite_lineas sc_duplicado sc_duplicado_dcto2_tercero nl_consecutivo ss_prefijo
sc_cobrar_pagar sc_compra_venta sc_afecta_inventario sc_signo_inventario sc_afecta_pedido sc_signo_pedido
sc_consecutivo nd_anio_consecutivo sc_inventario_negativo sc_validar_cupo sc_genera_fact_electronica
ka_ni_forma_pago_fte
""".split()  # noqa: SIM905 - a list would be a screenful of quotes
CREATED = ("OK", "DOCUMENTO CREADO CORRECTAMENTE")
EMPTY = ("FALLIDO", "CAMPOS OBLIGATORIOS VACÍOS")


@pytest.fixture
def sag() -> Iterator[RunningSimulator]:
    with start_sag() as simulator:
        yield simulator


def test_every_flag_can_be_queried(sag: RunningSimulator) -> None:
    (row,) = select(sag, "SELECT TOP 1 f.* FROM FUENTES f WITH (NOLOCK) ORDER BY f.ka_ni_fuente")
    assert set(FLAGS) <= set(row)


@pytest.mark.parametrize("flag", FLAGS)
def test_every_flag_can_be_set_and_is_read_back(sag: RunningSimulator, flag: str) -> None:
    assert act(sag, "set_source", code="PD", **{flag: 3}).json == {"fuentes": 1}
    assert str(select(sag, f"SELECT {flag} AS x FROM fuentes WHERE k_sc_codigo_fuente = 'PD'")[0]["x"]) == "3"


@pytest.mark.parametrize(
    ("flag", "attribute"),
    [
        ("sc_prefijo_obl", "Prefijo"),
        ("sc_vendedor_obl", "NitVendedor"),
        ("sc_ccostos_obl", "CentroCosto"),
        ("sc_moneda_obligatoria", "Moneda"),
        ("sc_ped_oc_obligatorio", "Pedido"),
        ("sc_rem_oc_obligatorio", "Remision"),
        ("sc_numero2_obl", "NumeroDocumento2"),
        ("sc_sucursal_obligatorio", "Otros"),
        ("sc_retefte_obl", "PorcentajeRefteManual"),
    ],
)
def test_a_flag_makes_an_attribute_of_the_header_obligatory(sag: RunningSimulator, flag: str, attribute: str) -> None:
    act(sag, "set_source", code="PD", **{flag: "S"})
    found = [insert(sag, 28, document(line(), **{attribute: value}))[0] for value in ("", "7")]
    assert found == [EMPTY, CREATED]


@pytest.mark.parametrize(
    ("flag", "attribute"),
    [
        ("sc_vend_obl_item", "NitVendedorAnticipo"),
        ("sc_ccosto_obl_item", "CodigoCentroCostoItem"),
        ("sc_tercero_det_obligatorio", "NitTercero"),
    ],
)
def test_a_flag_makes_an_attribute_of_each_line_obligatory(sag: RunningSimulator, flag: str, attribute: str) -> None:
    act(sag, "set_source", code="PD", **{flag: "S"})
    one, both = line(**{attribute: "7"}) + line(), line(**{attribute: "7"}) * 2
    assert [insert(sag, 28, document(lines))[0] for lines in (one, both)] == [EMPTY, CREATED]


@pytest.mark.parametrize(
    ("flag", "changes"),
    [
        ("sc_permitir_valor_cero", {"ValorUnitario": "0"}),
        ("sc_permitir_cantidad_cero", {"Cantidad": "0"}),
        ("sc_permitir_cantidad_negativo", {"Cantidad": "-1"}),
    ],
)
def test_a_flag_forbids_an_amount_that_is_allowed_otherwise(
    sag: RunningSimulator, flag: str, changes: dict[str, str]
) -> None:
    allowed = insert(sag, 28, document(line(**changes)))[0]
    act(sag, "set_source", code="PD", **{flag: "N"})
    refused = insert(sag, 28, document(line(**changes)))[0]
    assert (allowed, refused[0]) == (CREATED, "FALLIDO")


def test_a_document_with_more_lines_than_its_source_takes_is_refused(sag: RunningSimulator) -> None:
    act(sag, "set_source", code="PD", nd_limite_lineas=2)
    assert insert(sag, 28, document(line() * 2))[0] == CREATED
    assert insert(sag, 28, document(line() * 3)) == [("FALLIDO", "EL DOCUMENTO SUPERA 2 LÍNEAS (simulador)")]


def test_a_refused_document_takes_no_number(sag: RunningSimulator) -> None:
    act(sag, "set_source", code="PD", nl_consecutivo=500)
    insert(sag, 28, document(line(Cantidad="dos")))
    insert(sag, 28, document(line()))
    assert [found["numero"] for found in sag.documents()["movimientos"]] == [501]


def test_the_consecutive_of_a_source_moves(sag: RunningSimulator) -> None:
    for _ in range(2):
        insert(sag, 28, document(line()))
    assert select(sag, "SELECT nl_consecutivo AS n FROM fuentes WHERE k_sc_codigo_fuente = 'pd'") == [{"n": 2}]


def test_a_source_of_class_7_keeps_its_lines_with_the_transfers(sag: RunningSimulator) -> None:
    act(sag, "add_source", code="T2", name="Traslado de prueba", kind=7, document="O")
    insert(sag, 28, document(line(BodegaOrigen="A", BodegaDestino="B"), CodigoFuente="T2"))
    assert select(sag, "SELECT nd_cantidad AS n FROM movimientos_traslados") == [{"n": 2}]
    assert select(sag, "SELECT * FROM movimientos_items") == []


def test_one_code_may_be_of_two_sources_and_the_first_counts(sag: RunningSimulator) -> None:
    act(sag, "add_source", code="PD", name="Otro PD", kind=3, document="O")
    insert(sag, 28, document(line()))
    rows = select(sag, "SELECT sc_nombre AS s, nl_consecutivo AS n FROM fuentes WHERE k_sc_codigo_fuente = 'PD'")
    assert [row["n"] for row in rows] == [1, 0]


def test_a_flag_refuses_an_explicit_number_that_is_there(sag: RunningSimulator) -> None:
    act(sag, "set_source", code="PD", sc_duplicado="N")
    found = [insert(sag, 28, document(line(), NumeroDocumento=number))[0] for number in ("7", "7", "8")]
    assert found == [CREATED, ("FALLIDO", "EL DOCUMENTO YA EXISTE"), CREATED]


def test_a_prefix_that_is_not_the_sources_own_counts_by_itself(sag: RunningSimulator) -> None:
    act(sag, "set_source", code="PD", ss_prefijo="A", nl_consecutivo=40)
    for prefix in ("A", "B", "a"):
        insert(sag, 28, document(line(), Prefijo=prefix))
    assert [found["numero"] for found in sag.documents()["movimientos"]] == [41, 1, 42]


def test_flags_given_at_the_start_can_be_queried() -> None:
    with start_sag(source_flags={"PD": {"sc_vendedor_obl": "S"}}) as sag:
        rows = select(sag, "SELECT k_sc_codigo_fuente AS f FROM fuentes WHERE sc_vendedor_obl = 'S'")
        assert rows == [{"f": "PD"}]


def test_what_is_no_flag_is_refused(sag: RunningSimulator) -> None:
    answer = act(sag, "set_source", code="PD", nada="S")
    assert (answer.status, answer.json) == (400, {"error": "no columns of FUENTES: nada"})


@pytest.mark.parametrize("name", ["transfer", "accounting", "purchase_entry", "sale_with_payments", "sale"])
def test_the_flags_as_they_come_take_each_published_document(sag: RunningSimulator, name: str) -> None:
    assert insert(sag, 28, published(f"sag_{name}.xml")) == [CREATED]
