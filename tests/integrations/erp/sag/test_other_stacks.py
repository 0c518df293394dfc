"""Our client against a server of another SOAP stack, and our stand-in against another stack's client."""

import json
from collections.abc import Iterator
from typing import Any

import pytest
from suds.client import Client as SudsClient  # type: ignore[import-untyped]

from integrations.erp.receipts import Secret, Timeouts, Verdict
from integrations.erp.sag.client import SagClient
from integrations.erp.sag.rows import QueryMethod
from integrations.simulators.sag import start_sag
from tests.integrations.erp.sag.other_stack import other_sag

TOKEN = "t0k3n1"
XML = '<clientes><cliente nombre1="Jos&#233; &amp; c&#237;a"/></clientes>'
CLIENT = (
    '<clientes><cliente naturaleza="J" documento="800111222" nombre="ALFA Y CIA" tipoDocumento="A"'
    ' tipoTercero="C" actividadComercial="COMERCIANTE" codigoDaneCiudad="05001" direccion="Calle 1 # 2-3"'
    ' telefonoPpal="6044440000" email="compras@prueba.example" activoFijo="N" formaPago="CONTADO"'
    ' zona="MEDELLIN Y AREA METROPOLITANA" retenedor="N" iva="S" activoComercial="S" activo="S"'
    ' comisionCobros="0" descuento="0" descuentoPp="0" precioVenta="1" cupoMaximo="999999999"/></clientes>'
)


def our_client(url: str) -> SagClient:
    return SagClient(url, Secret(TOKEN), Timeouts(5, 5, 10))


def test_our_insertion_is_understood_by_another_stack() -> None:
    with other_sag() as (url, received):
        receipt = our_client(url).insert("28", XML)
    assert (receipt.verdict, receipt.reference.number) == (Verdict.ACCEPTED, "7")
    assert received == [(TOKEN, "28", XML)]


@pytest.mark.parametrize("method", ["json", "json2", "xml"])
def test_our_query_is_answered_by_another_stack(method: QueryMethod) -> None:
    query = "SELECT TOP 9 a FROM t WHERE b < 'ñ'"
    with other_sag() as (url, received):
        rows = our_client(url).query(query, method)
    assert [{name: str(value) for name, value in row.items()} for row in rows] == [
        {"Documento": "811040859", "Nombre": "PyA"}
    ]
    assert received == [(TOKEN, query)]


@pytest.fixture
def suds() -> Iterator[Any]:
    with start_sag() as simulator:
        yield SudsClient(f"{simulator.url}?wsdl", cache=None).service


def test_another_stack_inserts_in_the_stand_in_and_reads_it_back(suds: Any) -> None:
    (row,) = suds.insercionSag(TOKEN, "1", CLIENT).clsGenerales
    stored = suds.consultaSagJson(TOKEN, "SELECT n_nit, sc_nombre FROM TERCEROS WHERE n_nit = '800111222'")
    assert (str(row.s_estado), json.loads(stored)[0]["sc_nombre"].strip()) == ("OK", "ALFA Y CIA")


def test_another_stack_is_told_that_the_client_exists(suds: Any) -> None:
    suds.insercionSag(TOKEN, "1", CLIENT)
    (row,) = suds.insercionSag(TOKEN, "1", CLIENT).clsGenerales
    assert (str(row.s_estado), str(row.s_mensaje)) == ("FALLIDO", "EL CLIENTE YA EXISTE")


def test_another_stack_reads_json_of_the_stand_in(suds: Any) -> None:
    assert json.loads(suds.consultaSagJson(TOKEN, "SELECT 1 AS ok")) == [{"ok": 1}]


def test_another_stack_reads_pairs_of_the_stand_in(suds: Any) -> None:
    answer = suds.consultaSagJson2(TOKEN, "SELECT 1 AS ok")
    pair = answer.ArrayOfKeyValueOfstringanyType[0].KeyValueOfstringanyType[0]
    assert (str(pair.Key), str(pair.Value)) == ("ok", "1")


def test_another_stack_reads_a_data_set_of_the_stand_in(suds: Any) -> None:
    assert "<ok>1</ok>" in str(suds.consultaSagXml(TOKEN, "SELECT 1 AS ok"))
