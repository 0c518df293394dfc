"""The stand-in for SAG: records that go in, over a real socket."""

import json
from collections.abc import Iterator
from xml.etree.ElementTree import fromstring

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from tests.integrations.simulators.asking import GENERALES, call, document, insert, published, select

CREATED = [("OK", "DOCUMENTO CREADO CORRECTAMENTE")]
LINE = '<MovimientoDetalle MovimientoId="1" CodigoArticulo="A1" Cantidad="2" ValorUnitario="10.50" Iva="19"/>'
DOCUMENTS = ("transfer", "accounting", "purchase_entry", "sale_with_payments", "sale")


@pytest.fixture
def sag() -> Iterator[RunningSimulator]:
    with start_sag() as simulator:
        yield simulator


def client(**changes: str) -> str:
    """The published client with other attributes; one that is empty stays, empty."""
    element = fromstring(published("sag_client.xml"))[0]
    fields = " ".join(f'{name}="{value}"' for name, value in {**element.attrib, **changes}.items())
    return f"<clientes><cliente {fields}/></clientes>"


def third_party(**changes: str) -> str:
    fields = {"tipoDocumento": "A", "documentoActual": "900123456", "nombre": "ALMACENES DEL PUENTE SAS"}
    fields |= {"naturaleza": "J", "codigoDaneCiudad": "05001", **changes}
    attributes = " ".join(f'{name}="{value}"' for name, value in fields.items())
    return f"<terceros><tercero {attributes}/></terceros>"


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
    held = [kept["cabecera"], *(fields for group in groups for fields in kept[group])]
    movement = fromstring(xml)[0]
    sent = [movement.attrib, *(child.attrib for child in movement)]
    assert sorted(map(json.dumps, held)) == sorted(map(json.dumps, sent))


@pytest.mark.parametrize("tipo", [2, 6, 28])
def test_the_printed_vocabulary_is_taken_under_each_tipo(sag: RunningSimulator, tipo: int) -> None:
    assert insert(sag, tipo, document(LINE)) == CREATED


def test_the_legacy_vocabulary_is_taken_under_tipo_2(sag: RunningSimulator) -> None:
    xml = (
        '<Movimientos><movimiento movimientoId="1" n_numero_documento="0" num_doc="77" fuente="PW"'
        ' nit="900123456"'
        ' fecha="2026-03-05" d_fecha_documento="2026-03-05" vendedor="70100200" usuario="ADMON">'
        '<movimientoDetalle movimientoDetalleId="1" codigoArticulo="A1" cantidad="2" valorUnitario="5"/>'
        "</movimiento></Movimientos>"
    )
    assert insert(sag, 2, xml) == CREATED


def test_the_published_client_is_accepted_as_it_stands(sag: RunningSimulator) -> None:
    (state, _) = insert(sag, 1, published("sag_client.xml"))[0]
    assert state == "OK"


def test_a_new_client_is_identified_by_its_document(sag: RunningSimulator) -> None:
    (verdict,) = call(sag, "insercionSag", a_s_tipo="1", a_s_xml=published("sag_client.xml"))
    assert verdict.findtext(f"{GENERALES}s_identificador") == "811040859"


def test_a_client_in_child_elements_is_accepted(sag: RunningSimulator) -> None:
    element = fromstring(published("sag_client.xml"))[0]
    fields = "".join(f"<{name}>{value}</{name}>" for name, value in element.attrib.items())
    assert insert(sag, 1, f"<clientes><cliente>{fields}</cliente></clientes>")[0][0] == "OK"


def test_the_spelling_of_the_table_is_accepted(sag: RunningSimulator) -> None:
    xml = client()
    for name in ("naturaleza", "documento", "nombre"):
        xml = xml.replace(f" {name}=", f" {name.capitalize()}=")
    assert insert(sag, 1, xml)[0][0] == "OK"


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"codigoDaneCiudad": "99999"}, "CIUDAD NO EXISTE"),
        ({"nombre": ""}, "CAMPOS OBLIGATORIOS VACÍOS"),
        ({"documento": "811.040"}, "CAMPOS OBLIGATORIOS VACÍOS"),
        ({"cupoMaximo": "mucho"}, "CAMPOS OBLIGATORIOS VACÍOS"),
        ({"activoFijo": "S"}, "CAMPOS OBLIGATORIOS VACÍOS"),
        ({"tipoCliente": "OTRA COSA"}, "TIPO DE CLIENTE INVÁLIDO"),
        ({"tipoDocumento": "9"}, "TIPO DE DOCUMENTO INVÁLIDO"),
    ],
)
def test_a_client_is_refused_with_the_documented_text(
    sag: RunningSimulator, changes: dict[str, str], message: str
) -> None:
    assert insert(sag, 1, client(**changes)) == [("FALLIDO", message)]


def test_a_client_is_created_once(sag: RunningSimulator) -> None:
    insert(sag, 1, client())
    assert insert(sag, 1, client()) == [("FALLIDO", "EL CLIENTE YA EXISTE")]


@pytest.mark.parametrize("city", ["05001", "Medellín", "MEDELLIN", "Bogotá, D.C.", "05003", "05360"])
def test_a_city_goes_by_code_or_by_name(sag: RunningSimulator, city: str) -> None:
    assert insert(sag, 1, client(codigoDaneCiudad=city))[0][0] == "OK"


def test_several_records_have_a_verdict_each(sag: RunningSimulator) -> None:
    xml = client().replace("</clientes>", "") + client(documento="900123456").removeprefix("<clientes>")
    xml = xml.replace("</clientes>", client().removeprefix("<clientes>"))
    assert [state for state, _ in insert(sag, 1, xml)] == ["OK", "OK", "FALLIDO"]


@pytest.mark.parametrize("root", ["terceros", "Terceros"])
def test_both_roots_of_terceros_are_read(sag: RunningSimulator, root: str) -> None:
    assert insert(sag, 3, third_party().replace("terceros", root))[0][0] == "OK"


def test_tipo_4_changes_only_what_it_sends(sag: RunningSimulator) -> None:
    insert(sag, 3, third_party(direccion="CALLE 1"))
    insert(sag, 4, '<terceros><tercero nitActual="900123456" email="a@example.com"/></terceros>')
    (row,) = select(sag, "SELECT sc_direccion AS a, ss_email AS b FROM terceros WHERE n_nit = 900123456")
    assert row == {"a": "CALLE 1", "b": "a@example.com"}


def test_tipo_4_does_not_create(sag: RunningSimulator) -> None:
    assert insert(sag, 4, third_party()) == [("FALLIDO", "EL TERCERO NO EXISTE")]


def test_tipo_4_gives_another_document_number(sag: RunningSimulator) -> None:
    insert(sag, 3, third_party())
    insert(sag, 4, third_party(documentoActualizar="900654321"))
    assert select(sag, "SELECT n_nit FROM terceros") == [{"n_nit": 900654321}]


def test_a_tercero_known_only_from_a_document_can_be_created(sag: RunningSimulator) -> None:
    insert(sag, 28, document())
    assert insert(sag, 3, third_party())[0][0] == "OK"


def test_swapped_tipos_create_with_4() -> None:
    with start_sag(swap_third_parties=True) as sag:
        assert insert(sag, 4, third_party())[0][0] == "OK"


def test_an_article_is_created_once_unless_it_may_be_updated(sag: RunningSimulator) -> None:
    insert(sag, 5, published("sag_article.xml"))
    assert insert(sag, 5, published("sag_article.xml")) == [("FALLIDO", "EL ARTÍCULO YA EXISTE")]


def test_an_article_may_be_updated_by_switch() -> None:
    with start_sag(articles_upsert=True) as sag:
        insert(sag, 5, published("sag_article.xml"))
        insert(sag, 5, published("sag_article.xml").replace("CHAQUETA STAR", "CHAQUETA LUNA"))
        assert select(sag, "SELECT sc_detalle_articulo AS x FROM v_articulos") == [{"x": "CHAQUETA LUNA"}]


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
    insert(sag, 28, document(LINE.replace("A1", "1001").replace("10.50", "-9999999")))
    assert select(sag, "SELECT n_valor AS x FROM movimientos_items") == [{"x": 700}]


def test_a_document_without_commit_is_stored(sag: RunningSimulator) -> None:
    insert(sag, 28, document(RealizarCommit="N"))
    assert len(sag.documents()["movimientos"]) == 1


def test_a_document_without_commit_is_discarded_by_switch() -> None:
    with start_sag(store_uncommitted=False) as sag:
        assert insert(sag, 28, document(RealizarCommit="N")) == CREATED
        assert sag.documents()["movimientos"] == []


def test_the_number_is_told_by_switch() -> None:
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
    insert(sag, 28, document(LINE + LINE.replace('"2"', '"dos"')))
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
