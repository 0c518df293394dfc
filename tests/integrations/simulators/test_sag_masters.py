"""The stand-in for SAG: clientes, terceros and artículos that go in, over a real socket."""

from collections.abc import Iterator
from xml.etree.ElementTree import fromstring

import pytest

from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from tests.integrations.simulators.client import GENERALES, call, document, insert, published, select


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


def test_tipo_4_empties_what_it_sends_empty_and_takes_child_elements(sag: RunningSimulator) -> None:
    insert(sag, 3, third_party(direccion="CALLE 1", email="a@example.com"))
    xml = "<terceros><tercero><documentoActual>900123456</documentoActual><email></email></tercero></terceros>"
    insert(sag, 4, xml)
    (row,) = select(sag, "SELECT sc_direccion AS a, ss_email AS b, sc_nombre AS c FROM terceros")
    assert row == {"a": "CALLE 1", "b": "", "c": "ALMACENES DEL PUENTE SAS"}


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


def test_the_spelling_of_the_table_is_accepted(sag: RunningSimulator) -> None:
    xml = client()
    for name in ("naturaleza", "documento", "nombre"):
        xml = xml.replace(f" {name}=", f" {name.capitalize()}=")
    assert insert(sag, 1, xml)[0][0] == "OK"
