"""Each published example, by itself: imported, pushed, and there with every published attribute and value."""

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
from django.core.management import call_command

from integrations.models import Connection
from integrations.sending import engine
from integrations.simulators.sag import start_sag
from integrations.simulators.siigo import start_siigo
from integrations.standings.search_keys import FORM
from tests import builders

pytestmark = pytest.mark.django_db(transaction=True)

PUBLISHED = Path(__file__).parents[2] / "published"
MASTERS = {"sag-clients.xml": "client", "sag-articles.xml": "article"}
DOCUMENTS = [f"sag-movement-{number}.xml" for number in range(1, 6)]
RENAMED = {"Movimientold": "MovimientoId", "Dato01": "Dato1"}
RECOMMENDED = {"NumeroDocumento2", "RealizarCommit", "Descuento", "Descuento2", "LoginUsuario"}
SECOND_SPELLINGS = {"NitTercero", "Nit", "subGrupo", "CodigoCentroCosto", "CodigoCentroCostoItem"}


@pytest.fixture
def sag() -> Iterator[Any]:
    with start_sag() as simulator:
        builders.sag_connection(simulator.url, login="")
        yield simulator


def pushed(target: str, model: str, name: str, *flags: str) -> None:
    call_command("import_file", str(PUBLISHED / name))
    call_command("push", target, model, *flags)
    engine.drain(Connection.objects.get(target=target).pk)


def arrived(sag: Any) -> ET.Element:
    """The record as it left, from the journal of what SAG received."""
    (insertion,) = [entry for entry in sag.journal() if entry["operation"] == "insercionSag"]
    sent = next(ET.fromstring(insertion["body"]).iter("{http://tempuri.org/}a_s_xml"))
    assert insertion["outcome"] != "refused"
    return ET.fromstring(sent.text or "")[0]


def published(name: str) -> ET.Element:
    return ET.parse(PUBLISHED / name).getroot()[0]


def attributes(node: ET.Element) -> dict[str, str]:
    """Published attributes as they are to arrive: FechaDocumento with bars, the first of two spellings."""
    given = {RENAMED.get(name, name): value for name, value in node.attrib.items()}
    if "FechaDocumento" in given:
        given["FechaDocumento"] = given["FechaDocumento"].replace("-", "/")
    return given


def without_our_key(there: ET.Element) -> ET.Element:
    """The document without what carries our key, where its own number 2 is taken: the rest is as published."""
    for node in there.findall("MovimientoOtrosDatos"):
        ours = [name for name, value in node.attrib.items() if FORM.fullmatch(value)]
        for name in ours:
            del node.attrib[name]
        if ours and set(node.attrib) == {"MovimientoId"}:
            there.remove(node)
    return there


def compare(given: ET.Element, there: ET.Element) -> None:
    wanted = attributes(given)
    assert {name: there.attrib.get(name) for name in wanted} == wanted
    assert set(there.attrib) - set(wanted) <= RECOMMENDED | SECOND_SPELLINGS
    assert len(given) == len(there)


@pytest.mark.parametrize("name", MASTERS)
def test_each_published_master_arrives_whole(sag: Any, name: str) -> None:
    pushed("sag", MASTERS[name], name)
    compare(published(name), arrived(sag))


@pytest.mark.parametrize("name", DOCUMENTS)
def test_each_published_document_arrives_whole(sag: Any, name: str) -> None:
    pushed("sag", "movement", name)
    given, there = published(name), without_our_key(arrived(sag))
    compare(given, there)
    for part in {child.tag for child in given}:
        for wanted, found in zip(given.findall(part), there.findall(part), strict=True):
            compare(wanted, found)


@pytest.mark.parametrize("name", DOCUMENTS)
def test_what_the_project_adds_can_be_switched_off(sag: Any, name: str) -> None:
    off = {
        "fill_NumeroDocumento2": False,
        "fill_RealizarCommit": False,
        "fill_Descuento": False,
        "fill_Descuento2": False,
        "send_NitTercero": False,
        "send_CodigoCentroCosto": False,
    }
    Connection.objects.update(settings=off)
    pushed("sag", "movement", name, "--accept", "required")
    given, there = published(name), arrived(sag)
    added = set(there.attrib) - set(attributes(given))
    # A document that names its NIT only as NitTercero still gets the table's Nit.
    assert added <= {"Nit"}


def test_the_published_request_arrives_equal_and_of_the_same_json_types() -> None:
    with start_siigo() as siigo:
        builders.siigo_connection(siigo.url)
        pushed("siigo", "movement", "siigo-movements.json", "--accept", "unbalanced")
        (request,) = siigo.journal()
        assert len(siigo.documents()["vouchers"]) == 1
    text = (PUBLISHED / "siigo-movements.json").read_text(encoding="utf-8")
    (given,) = json.loads(text, parse_float=Decimal)["data"]["list"]
    (there,) = json.loads(str(request["body"]), parse_float=Decimal)["data"]["list"]
    assert len(given) == 117
    assert {name: (type(value), value) for name, value in there.items()} == {
        name: (type(value), value) for name, value in given.items()
    }
