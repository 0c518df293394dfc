"""zeep through our transport, against a server that says exactly the bytes of its script."""

import logging
import threading
import xml.etree.ElementTree as ET

import pytest

from integrations.erp.receipts import Receipt, Secret, Timeouts, Verdict
from integrations.erp.sag.client import SagClient, normalise_endpoint
from integrations.errors import NoAnswerError, NotSentError, PayloadError, QueryError
from tests.integrations.erp.sag.recorded import (
    FAULT,
    OBJECT_REFERENCE,
    PRINTED_FAILURE,
    PRINTED_SUCCESS,
    failed,
    json_answer,
)
from tests.integrations.wire import (
    Script,
    WireServer,
    answers,
    closes_after_request,
    drips,
    hangs_after_request,
    http,
    resets_after_request,
    unused_port,
)

TOKEN = "t0ken-that-nobody-may-see"
XML = '<clientes><cliente nombre1="Jos&#233; &amp; c&#237;a"/></clientes>'
QUICK = Timeouts(connect=0.3, read=0.3, deadline=0.6)


def client(url: str) -> SagClient:
    return SagClient(url, Secret(TOKEN), QUICK)


def xml(body: bytes, status: str = "200 OK") -> bytes:
    return http(body, status=status, kind="text/xml; charset=utf-8")


def insert(script: Script) -> Receipt:
    with WireServer(script) as server:
        return client(server.url).insert("1", XML)


def sent(server: WireServer) -> tuple[bytes, dict[str, str]]:
    """The head of the first request, and its parameters by name."""
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    operation = ET.fromstring(body)[-1][0]
    return head, {part.tag.partition("}")[2]: part.text or "" for part in operation}


def test_an_insertion_is_the_manuals_envelope() -> None:
    with WireServer(answers(xml(PRINTED_SUCCESS))) as server:
        client(server.url).insert("28", XML)
    head, parameters = sent(server)
    assert b'SOAPAction: "http://tempuri.org/IServiceSagWeb/insercionSag"' in head
    assert b"Content-Type: text/xml; charset=utf-8" in head
    assert list(parameters.items()) == [("a_s_token", TOKEN), ("a_s_tipo", "28"), ("a_s_xml", XML)]


EXPECTED: dict[str, tuple[Script, Verdict]] = {
    "success": (answers(xml(PRINTED_SUCCESS)), Verdict.ACCEPTED),
    "failure": (answers(xml(PRINTED_FAILURE)), Verdict.DUPLICATE),
    "object reference": (answers(xml(failed(OBJECT_REFERENCE))), Verdict.AMBIGUOUS),
    "bare 200": (answers(xml(b"")), Verdict.AMBIGUOUS),
    "cut": (answers(xml(PRINTED_SUCCESS)[:-50]), Verdict.AMBIGUOUS),
    "cut where no length is told": (
        answers(b"HTTP/1.0 200 OK\r\n\r\n" + PRINTED_SUCCESS[:-50]),
        Verdict.AMBIGUOUS,
    ),
    "hang": (hangs_after_request, Verdict.AMBIGUOUS),
    "reset": (resets_after_request, Verdict.AMBIGUOUS),
    "close": (closes_after_request, Verdict.AMBIGUOUS),
    "drip": (drips(xml(PRINTED_SUCCESS)), Verdict.AMBIGUOUS),
    "garbage": (answers(b"garbage\r\n\r\n"), Verdict.AMBIGUOUS),
    "fault": (answers(xml(FAULT, "500 Error")), Verdict.AMBIGUOUS),
    "503": (answers(http(b"<html/>", status="503 x", kind="text/html")), Verdict.AMBIGUOUS),
    "307": (answers(http(b"", status="307 x", headers=("Location: /x",))), Verdict.REDIRECTED),
    "401": (answers(http(b"", status="401 x")), Verdict.UNAUTHORIZED),
    "429": (answers(http(b"", status="429 x")), Verdict.THROTTLED),
}


@pytest.mark.parametrize(("script", "verdict"), EXPECTED.values(), ids=EXPECTED)
def test_each_end_of_a_call_is_the_receipt_of_the_protocol(script: Script, verdict: Verdict) -> None:
    assert insert(script).verdict is verdict


def test_a_server_that_refuses_is_never_sent() -> None:
    assert client(f"http://127.0.0.1:{unused_port()}/").insert("1", XML).verdict is Verdict.NEVER_SENT


def test_an_answer_cut_anywhere_is_never_a_success() -> None:
    for cut in range(0, len(PRINTED_SUCCESS), 50):
        head = b"HTTP/1.0 200 OK\r\nContent-Type: text/xml\r\n\r\n"
        assert insert(answers(head + PRINTED_SUCCESS[:cut])).verdict is Verdict.AMBIGUOUS


def test_the_hook_that_raises_keeps_every_byte_back() -> None:
    def ended() -> None:
        raise ValueError

    with WireServer(answers(xml(PRINTED_SUCCESS))) as server, pytest.raises(ValueError):
        client(server.url).insert("1", XML, before_first_byte=ended)
    assert server.requests == []


@pytest.mark.parametrize("script", [script for script, _ in EXPECTED.values()], ids=EXPECTED)
def test_no_receipt_or_log_tells_the_token(script: Script, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        receipt = insert(script)
    assert TOKEN not in f"{receipt!r} {receipt.message} {receipt.body!r} {caplog.text} {client('http://x')!r}"


def test_an_answer_that_quotes_the_token_is_masked() -> None:
    receipt = insert(answers(xml(failed(f"bad token {TOKEN}"))))
    assert TOKEN not in f"{receipt.message} {receipt.body!r}"


def test_no_error_of_a_query_tells_the_token() -> None:
    text = f'[{{"s_estado": "FALLIDO", "s_mensaje": "token {TOKEN}"}}]'
    with WireServer(answers(xml(json_answer(text)))) as server, pytest.raises(QueryError) as caught:
        client(server.url).query("SELECT 1")
    assert TOKEN not in str(caught.value)


def test_a_query_is_sent_and_its_rows_are_read() -> None:
    with WireServer(answers(xml(json_answer('[{"n": 1}]')))) as server:
        assert client(server.url).query("SELECT n FROM t WHERE a < 2") == [{"n": 1}]
    head, parameters = sent(server)
    assert b'SOAPAction: "http://tempuri.org/IServiceSagWeb/consultaSagJson"' in head
    assert parameters == {"a_s_token": TOKEN, "a_s_consulta": "SELECT n FROM t WHERE a < 2"}


def test_a_probe_returns_when_sag_answers() -> None:
    with WireServer(answers(xml(json_answer('[{"ok": 1}]')))) as server:
        client(server.url).probe()
    assert sent(server)[1]["a_s_consulta"] == "SELECT 1 AS ok"


def test_a_probe_of_a_bad_token_is_ambiguous() -> None:
    text = f'[{{"s_estado": "FALLIDO", "s_mensaje": "{OBJECT_REFERENCE}"}}]'
    with WireServer(answers(xml(json_answer(text)))) as server, pytest.raises(QueryError) as caught:
        client(server.url).probe()
    assert caught.value.ambiguous


def test_a_probe_that_is_answered_otherwise_proves_nothing() -> None:
    with WireServer(answers(xml(json_answer("[]")))) as server, pytest.raises(NoAnswerError):
        client(server.url).probe()


def test_a_query_that_nobody_took_is_not_sent() -> None:
    with pytest.raises(NotSentError):
        client(f"http://127.0.0.1:{unused_port()}/").query("SELECT 1")


def test_a_character_that_xml_cannot_carry_is_never_sent() -> None:
    with pytest.raises(PayloadError):
        client("http://127.0.0.1:1/").query("SELECT '\x00'")


def test_one_client_serves_several_threads() -> None:
    read: list[object] = []
    with WireServer(answers(xml(json_answer('[{"n": 1}]')))) as server:
        shared = client(server.url)
        threads = [threading.Thread(target=lambda: read.append(shared.query("SELECT 1"))) for _ in range(8)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(5)
    assert read == [[{"n": 1}]] * 8


@pytest.mark.parametrize(
    ("address", "posted"),
    [
        ("https://sag.test/ServiceSagWeb.svc?wsdl", "https://sag.test/ServiceSagWeb.svc/soap"),
        ("https://sag.test/ServiceSagWeb.svc?singleWsdl", "https://sag.test/ServiceSagWeb.svc/soap"),
        (" http://127.0.0.1:8099/ServiceSagWeb.svc ", "http://127.0.0.1:8099/ServiceSagWeb.svc/soap"),
        ("http://sag.test/ServiceSagWeb.SVC/", "http://sag.test/ServiceSagWeb.SVC/soap"),
        ("http://sag.test/ServiceSagWeb.svc/soap", "http://sag.test/ServiceSagWeb.svc/soap"),
        ("http://sag.test/other?x=1", "http://sag.test/other?x=1"),
    ],
)
def test_the_printed_address_means_its_soap_endpoint(address: str, posted: str) -> None:
    assert normalise_endpoint(address) == posted
