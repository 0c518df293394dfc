"""The stand-in for SAG: documents that go in, over a real socket."""

import json
from collections.abc import Iterator
from xml.etree.ElementTree import fromstring

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from tests.integrations.simulators.client import GENERALES, act, call, document, insert, line, published, select

CREATED = [("OK", "DOCUMENTO CREADO CORRECTAMENTE")]
LINE = line()
DOCUMENTS = ("transfer", "accounting", "purchase_entry", "sale_with_payments", "sale")


@pytest.fixture
def sag() -> Iterator[RunningSimulator]:
    with start_sag() as simulator:
        yield simulator


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_published_document_is_accepted_as_it_stands(sag: RunningSimulator, name: str) -> None:
    assert insert(sag, 28, published(f"sag_{name}.xml")) == CREATED


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_published_attribute_is_kept(sag: RunningSimulator, name: str) -> None:
    xml = published(f"sag_{name}.xml")
    insert(sag, 28, xml)
    (kept,) = sag.documents()["movimientos"]
    groups = (
        "movimientos_items",
        "movimientos_traslados",
        "movimientos_otros_datos",
        "movimientos_medios_pagos",
    )
    stored = [kept["cabecera"], *(fields for group in groups for fields in kept[group])]
    movement = fromstring(xml)[0]
    sent = [movement.attrib, *(child.attrib for child in movement)]
    assert sorted(map(json.dumps, stored)) == sorted(map(json.dumps, sent))


@pytest.mark.parametrize("tipo", [2, 6, 28])
def test_the_printed_vocabulary_is_taken_under_each_tipo(sag: RunningSimulator, tipo: int) -> None:
    assert insert(sag, tipo, document(LINE)) == CREATED


def test_the_legacy_vocabulary_is_taken_under_tipo_2(sag: RunningSimulator) -> None:
    xml = (
        '<Movimientos><movimiento movimientoId="1" n_numero_documento="0" num_doc="77" fuente="PW"'
        ' nit="900123456"'
        ' fecha="2026-03-05" d_fecha_documento="2026-03-05" vendedor="70100200" usuario="ADMON" RealizarCommit="S">'
        '<movimientoDetalle movimientoDetalleId="1" movimientoId="1" codigoArticulo="A1" cantidad="2"'
        ' valorUnitario="5" iva="19" descuento="0"/>'
        "</movimiento></Movimientos>"
    )
    assert insert(sag, 2, xml) == CREATED


LEGACY = (
    '<Movimientos><movimiento movimientoId="1" n_numero_documento="0" num_doc="77" fuente="pw" nit="900123456"'
    ' fecha="2026-03-05" d_fecha_documento="2026-03-05" vendedor="70100200" usuario="INTEGRA" RealizarCommit="S"'
    ' dieccionEntrega="CL 1 2 3" observaciones="PEDIDO">'
    '<movimientoDetalle movimientoDetalleId="1" movimientoId="1" codigoArticulo="A1" cantidad="2" valorUnitario="5"'
    ' iva="19" descuento="0" descuento2="0" bodega="01"/><movimientosOtrosDatos movimientoId="1"/>'
    "</movimiento></Movimientos>"
)


@pytest.mark.parametrize(
    ("vocabulary", "legacy", "printed"),
    [("both", "OK", "OK"), ("legacy", "OK", "FALLIDO"), ("printed", "FALLIDO", "OK")],
)
def test_tipo_2_understands_the_vocabulary_of_its_switch(vocabulary: str, legacy: str, printed: str) -> None:
    with start_sag(tipo_2_vocabulary=vocabulary) as sag:
        found = [insert(sag, 2, xml)[0][0] for xml in (LEGACY, document(LINE))]
        assert found == [legacy, printed]


def test_the_legacy_words_land_in_the_columns_of_the_printed_ones() -> None:
    with start_sag(tipo_2_vocabulary="legacy") as sag:
        insert(sag, 2, LEGACY)
        (row,) = select(
            sag,
            "SELECT m.ss_nro_dcto AS clave, m.n_numero_documento AS numero, f.k_sc_codigo_fuente AS fuente,"
            " i.n_cantidad AS n, i.n_iva AS iva FROM movimientos m JOIN fuentes f ON f.ka_ni_fuente = m.ka_ni_fuente"
            " JOIN movimientos_items i ON i.ka_nl_movimiento = m.ka_nl_movimiento",
        )
        assert row == {"clave": "77", "numero": 1, "fuente": "PW", "n": 2, "iva": 19}


def test_the_legacy_words_are_lost_on_tipo_28(sag: RunningSimulator) -> None:
    assert insert(sag, 28, LEGACY) == [("FALLIDO", "CAMPOS OBLIGATORIOS VACÍOS")]


def test_a_switch_is_changed_while_it_serves(sag: RunningSimulator) -> None:
    act(sag, "switch", create_masters=False, articles_upsert=True)
    assert insert(sag, 28, document())[0][0] == "FALLIDO"


def test_number_0_takes_the_next_of_its_source_and_prefix(sag: RunningSimulator) -> None:
    for prefix in ("", "", "A"):
        insert(sag, 28, document(Prefijo=prefix))
    assert [found["numero"] for found in sag.documents()["movimientos"]] == [1, 2, 1]


def test_an_explicit_number_may_repeat(sag: RunningSimulator) -> None:
    insert(sag, 28, published("sag_sale_with_payments.xml"))
    assert insert(sag, 28, published("sag_sale.xml")) == CREATED


def test_an_explicit_number_is_refused_again_by_switch() -> None:
    with start_sag(refuse_duplicates=True) as sag:
        insert(sag, 28, published("sag_sale_with_payments.xml"))
        assert insert(sag, 28, published("sag_sale.xml")) == [("FALLIDO", "EL DOCUMENTO YA EXISTE")]


def test_a_flag_of_the_source_makes_a_field_obligatory() -> None:
    with start_sag(source_flags={"PD": {"sc_vendedor_obl": "S"}}) as sag:
        assert insert(sag, 28, document()) == [("FALLIDO", "CAMPOS OBLIGATORIOS VACÍOS")]


def test_a_flag_of_the_source_refuses_a_repeated_key_of_one_tercero() -> None:
    with start_sag(source_flags={"PD": {"sc_duplicado_dcto2_tercero": "N"}}) as sag:
        found = [insert(sag, 28, document(Nit=nit))[0] for nit in ("900123456", "900654321", "900123456")]
        assert [state for state, _ in found] == ["OK", "OK", "FALLIDO"]


def test_unknown_masters_are_refused_by_switch() -> None:
    with start_sag(create_masters=False) as sag:
        assert insert(sag, 28, document()) == [("FALLIDO", "TERCERO 900123456 NO EXISTE (simulador)")]


def test_the_average_cost_stands_for_its_code(sag: RunningSimulator) -> None:
    insert(sag, 5, published("sag_article.xml").replace('PV1="50000"', 'costoSTD="700"'))
    insert(sag, 28, document(line(CodigoArticulo="1001", ValorUnitario="-9999999")))
    assert select(sag, "SELECT n_valor AS x FROM movimientos_items") == [{"x": 700}]


def test_a_document_without_commit_is_stored(sag: RunningSimulator) -> None:
    insert(sag, 28, document(RealizarCommit="N"))
    assert len(sag.documents()["movimientos"]) == 1


def test_a_document_without_commit_is_discarded_by_switch() -> None:
    with start_sag(store_uncommitted=False) as sag:
        assert insert(sag, 28, document(RealizarCommit="N")) == CREATED
        assert sag.documents()["movimientos"] == []


def test_the_number_is_answered_by_switch() -> None:
    with start_sag(fill_numbers=True) as sag:
        (verdict,) = call(sag, "insercionSag", a_s_tipo="28", a_s_xml=document())
        assert verdict.findtext(f"{GENERALES}s_num_documento") == "1"


def test_the_number_is_nil_otherwise(sag: RunningSimulator) -> None:
    (verdict,) = call(sag, "insercionSag", a_s_tipo="28", a_s_xml=document())
    assert verdict.findtext(f"{GENERALES}s_num_documento") == ""


@pytest.mark.parametrize(
    "changes",
    [
        {"NumeroDocumento": "1e30"},
        {"FechaDocumento": "05/03/2026"},
        {"FechaDocumento": "2026-02-29"},
        {"CodigoFuente": ""},
        {"Nit": "9-1"},
    ],
)
def test_a_wrong_header_stores_nothing(sag: RunningSimulator, changes: dict[str, str]) -> None:
    assert insert(sag, 28, document(**changes))[0][0] == "FALLIDO"
    assert sag.documents()["movimientos"] == []


def test_a_wrong_line_leaves_no_header(sag: RunningSimulator) -> None:
    insert(sag, 28, document(LINE + line(Cantidad="dos")))
    assert sag.documents()["movimientos"] == []


@pytest.mark.parametrize(
    "xml",
    [
        "<Movimientos>",
        "no xml",
        "<otros><otro/></otros>",
        "<Movimientos/>",
        '<!DOCTYPE a [<!ENTITY b "c">]><Movimientos><Movimiento Nit="&b;"/></Movimientos>',
    ],
)
def test_broken_xml_is_one_refusal(sag: RunningSimulator, xml: str) -> None:
    assert [state for state, _ in insert(sag, 28, xml)] == ["FALLIDO"]


def test_an_unknown_tipo_is_refused(sag: RunningSimulator) -> None:
    assert insert(sag, 99, document())[0][0] == "FALLIDO"
