"""The inner XML."""

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from integrations.erp.sag.document import UNWRITABLE, XmlNode, serialise
from integrations.errors import PayloadError

MOVEMENT = XmlNode(
    "Movimiento",
    {"MovimientoId": "1", "Observaciones": 'Ñ & <"\n'},
    (XmlNode("MovimientoDetalle", {"MovimientoDetalleId": "1"}), XmlNode("MovimientoOtrosDatos")),
)


def test_attributes_keep_their_order_and_everything_is_ascii() -> None:
    assert serialise("Movimientos", [MOVEMENT]) == (
        '<Movimientos><Movimiento MovimientoId="1" Observaciones="&#209; &amp; &lt;&quot;&#10;">'
        '<MovimientoDetalle MovimientoDetalleId="1"/><MovimientoOtrosDatos/></Movimiento></Movimientos>'
    )


def test_attributes_may_travel_as_elements() -> None:
    assert serialise("clientes", [XmlNode("cliente", {"nombre1": "José", "x": ""})], as_elements=True) == (
        "<clientes><cliente><nombre1>Jos&#233;</nombre1><x/></cliente></clientes>"
    )


def test_nothing_is_an_empty_root() -> None:
    assert serialise("clientes", []) == "<clientes/>"


@settings(deadline=None)
@given(st.text())
@pytest.mark.parametrize("as_elements", [False, True])
def test_every_text_that_xml_carries_comes_back(as_elements: bool, text: str) -> None:
    if UNWRITABLE.search(text):
        with pytest.raises(PayloadError):
            serialise("r", [XmlNode("e", {"a": text})], as_elements=as_elements)
        return
    written = serialise("r", [XmlNode("e", {"a": text})], as_elements=as_elements)
    read = ET.fromstring(written)[0]
    assert written.isascii()
    assert (read[0].text or "" if as_elements else read.get("a")) == text


@pytest.mark.parametrize("text", ["\x00", "\x0b", "\ud800", "\ufffe"])
def test_a_character_that_xml_cannot_carry_names_its_field(text: str) -> None:
    with pytest.raises(PayloadError, match="«Observaciones»"):
        serialise("r", [XmlNode("e", {"Observaciones": f"a{text}"})])


@pytest.mark.parametrize("name", ["", "a b", 'a"', "1a", "a>"])
def test_a_name_that_is_none_is_refused(name: str) -> None:
    with pytest.raises(PayloadError):
        serialise("r", [XmlNode("e", {name: "x"})])
