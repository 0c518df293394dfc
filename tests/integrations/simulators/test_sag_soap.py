"""SOAP as the stand-in for SAG speaks it: what is refused, ignored and described."""

from collections.abc import Iterator
from typing import Any

import pytest
import zeep

from integrations.simulators.sag import start_sag
from integrations.simulators.serving import RunningSimulator
from tests.integrations.simulators.client import (
    SOAP_PATH,
    Answer,
    ask,
    document,
    envelope,
    post_soap,
    published,
)

PROBE = "<t:a_s_token>t0k3n1</t:a_s_token><t:a_s_consulta>SELECT 1 AS ok</t:a_s_consulta>"
OK = b'[{"ok":1}]'


@pytest.fixture
def sag() -> Iterator[RunningSimulator]:
    with start_sag() as simulator:
        yield simulator


def probe(sag: RunningSimulator, inner: str = PROBE, **headers: Any) -> Answer:
    return post_soap(sag, "consultaSagJson", envelope("consultaSagJson", inner), **headers)


def test_zeep_reads_the_wsdl_and_calls_the_address_in_it(sag: RunningSimulator) -> None:
    with zeep.Client(f"{sag.url}?wsdl") as client:  # type: ignore[no-untyped-call, unused-ignore]
        (verdict,) = client.service.insercionSag("t0k3n1", "28", document())
        client.transport.session.close()
    assert (verdict["s_estado"], verdict["s_num_documento"]) == ("OK", None)


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/ServiceSagWeb.svc?wsdl", 200),
        ("/ServiceSagWeb.svc?singleWsdl", 200),
        (SOAP_PATH, 400),
        ("/other", 404),
    ],
)
def test_get_describes_the_service_only(sag: RunningSimulator, path: str, status: int) -> None:
    assert ask(sag, "GET", path).status == status


def test_the_address_without_soap_takes_calls_too(sag: RunningSimulator) -> None:
    answer = ask(
        sag,
        "POST",
        "/ServiceSagWeb.svc",
        envelope("consultaSagJson", PROBE),
        Content_Type="text/xml",
        SOAPAction="http://tempuri.org/IServiceSagWeb/consultaSagJson",
    )
    assert OK in answer.body


@pytest.mark.parametrize(
    "media_type", ["application/soap+xml; charset=utf-8", "application/json", "text/xml; charset=latin-1"]
)
def test_another_media_type_is_415(sag: RunningSimulator, media_type: str) -> None:
    assert probe(sag, Content_Type=media_type).status == 415


@pytest.mark.parametrize("action", ["", "http://tempuri.org/IServiceSagWeb/other", "consultaSagJson"])
def test_an_unknown_action_is_a_fault(sag: RunningSimulator, action: str) -> None:
    answer = probe(sag, SOAPAction=action)
    assert (answer.status, b"a:ActionNotSupported" in answer.body) == (500, True)


@pytest.mark.parametrize(
    "body",
    [
        "<a>",
        "",
        "<a/>",
        '<!DOCTYPE a [<!ENTITY b "c">]>' + envelope("consultaSagJson", PROBE),
        envelope("consultaSagJson", PROBE).replace("schemas.xmlsoap.org/soap", "www.w3.org/2003/05/soap"),
    ],
)
def test_what_is_no_soap_1_1_is_a_bad_request(sag: RunningSimulator, body: str) -> None:
    assert post_soap(sag, "consultaSagJson", body).status == 400


def test_unescaped_xml_in_a_text_parameter_is_a_fault(sag: RunningSimulator) -> None:
    xml = f"<t:a_s_xml>{published('sag_client.xml')}</t:a_s_xml>"
    inner = f"<t:a_s_token>t0k3n1</t:a_s_token><t:a_s_tipo>1</t:a_s_tipo>{xml}"
    answer = post_soap(sag, "insercionSag", envelope("insercionSag", inner))
    assert (answer.status, b"a:DeserializationFailed" in answer.body) == (500, True)


def test_a_body_of_another_operation_is_a_fault(sag: RunningSimulator) -> None:
    assert post_soap(sag, "insercionSag", envelope("consultaSagJson", PROBE)).status == 500


def test_unknown_headers_are_ignored(sag: RunningSimulator) -> None:
    header = '<e:Header><w:MessageID xmlns:w="http://www.w3.org/2005/08/addressing">1</w:MessageID></e:Header>'
    body = envelope("consultaSagJson", PROBE).replace("<e:Body>", f"{header}<e:Body>")
    assert OK in post_soap(sag, "consultaSagJson", body).body


def test_unknown_parameters_are_ignored(sag: RunningSimulator) -> None:
    assert OK in probe(sag, PROBE.replace("</t:a_s_token>", "</t:a_s_token><t:a_s_bd>base</t:a_s_bd>")).body


@pytest.mark.parametrize(
    "inner",
    [
        "<t:a_s_consulta>SELECT 1 AS ok</t:a_s_consulta><t:a_s_token>t0k3n1</t:a_s_token>",
        PROBE.replace("a_s_consulta", "a_s_sql"),
        PROBE.replace("t:a_s_consulta", "a_s_consulta"),
        "<t:a_s_token>t0k3n1</t:a_s_token>",
        "",
    ],
)
def test_a_parameter_out_of_order_or_misnamed_arrives_as_null(sag: RunningSimulator, inner: str) -> None:
    assert b"Object reference not set" in probe(sag, inner).body


def test_a_wrong_token_inserts_nothing(sag: RunningSimulator) -> None:
    inner = "<t:a_s_token>x</t:a_s_token><t:a_s_tipo>28</t:a_s_tipo><t:a_s_xml>&lt;Movimientos/&gt;</t:a_s_xml>"
    answer = post_soap(sag, "insercionSag", envelope("insercionSag", inner))
    assert (answer.status, b"Object reference not set" in answer.body) == (200, True)


def test_the_journal_masks_the_token(sag: RunningSimulator) -> None:
    probe(sag)
    (entry,) = sag.journal()
    assert "t0k3n1" not in str(entry)
