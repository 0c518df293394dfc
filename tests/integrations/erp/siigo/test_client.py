"""The client against a server that says exactly the bytes of its script."""

import json
import logging

import pytest

from integrations.erp.receipts import Receipt, Secret, Timeouts, Verdict
from integrations.erp.siigo.client import SiigoClient
from integrations.errors import NoAnswerError
from tests.integrations.wire import (
    Script,
    WireServer,
    answers,
    drips,
    hangs_after_request,
    http,
    resets_after_request,
    unused_port,
)

KEY = "s1igo-key-that-nobody-may-see"
SUCCESS = (
    b'{"statusCode": 200, "message": "Movimientos contables insertados correctamente en Siigo Pyme", "errors": null}'
)
QUICK = Timeouts(connect=0.3, read=0.3, deadline=0.6)


def client(url: str) -> SiigoClient:
    return SiigoClient(url, Secret(KEY), QUICK)


def export(script: Script) -> Receipt:
    with WireServer(script) as server:
        return client(server.url).export(b"{}")


def test_the_documented_headers_are_sent() -> None:
    with WireServer(answers(http(SUCCESS))) as server:
        client(server.url).export(b'{"id_connection": "a"}')
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    for line in (
        "Content-Type: application/json",
        "Accept: application/json",
        f"Authorization: Bearer {KEY}",
    ):
        assert line.encode() in head.split(b"\r\n")
    assert body == b'{"id_connection": "a"}'


EXPECTED: dict[str, tuple[Script, Verdict]] = {
    "success": (answers(http(SUCCESS)), Verdict.ACCEPTED),
    "bare 200": (answers(http(b"")), Verdict.AMBIGUOUS),
    "cut": (answers(http(SUCCESS)[:-10]), Verdict.AMBIGUOUS),
    "cut where no length is told": (answers(b"HTTP/1.0 200 OK\r\n\r\n" + SUCCESS[:-10]), Verdict.AMBIGUOUS),
    "hang": (hangs_after_request, Verdict.AMBIGUOUS),
    "reset": (resets_after_request, Verdict.AMBIGUOUS),
    "drip": (drips(http(SUCCESS)), Verdict.AMBIGUOUS),
    "garbage": (answers(b"garbage\r\n\r\n"), Verdict.AMBIGUOUS),
    "500": (answers(http(SUCCESS, status="500 Error")), Verdict.AMBIGUOUS),
    "307": (answers(http(b"", status="307 x", headers=("Location: /x",))), Verdict.REDIRECTED),
    "401": (answers(http(b"", status="401 x")), Verdict.UNAUTHORIZED),
    "429": (answers(http(b"", status="429 x", headers=("Retry-After: 9",))), Verdict.THROTTLED),
    "400": (answers(http(b'{"statusCode": 400, "errors": ["x"]}', status="400 x")), Verdict.REFUSED_UNPROVEN),
}


@pytest.mark.parametrize(("script", "verdict"), EXPECTED.values(), ids=EXPECTED)
def test_each_end_of_a_call_is_the_receipt_of_the_protocol(script: Script, verdict: Verdict) -> None:
    assert export(script).verdict is verdict


def test_a_server_that_refuses_is_never_sent() -> None:
    assert client(f"http://127.0.0.1:{unused_port()}/").export(b"{}").verdict is Verdict.NEVER_SENT


def test_the_wait_of_a_header_arrives() -> None:
    assert export(EXPECTED["429"][0]).retry_after_seconds == 9


@pytest.mark.parametrize("script", [script for script, _ in EXPECTED.values()], ids=EXPECTED)
def test_no_receipt_or_log_tells_the_key(script: Script, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        receipt = export(script)
    assert KEY not in f"{receipt!r} {receipt.message} {receipt.body!r} {caplog.text} {client('http://x')!r}"


def test_an_answer_that_quotes_the_key_is_masked() -> None:
    body = json.dumps({"statusCode": 400, "message": f"Bearer {KEY}", "errors": ["x"]}).encode()
    receipt = export(answers(http(body)))
    assert KEY not in f"{receipt.message} {receipt.body!r}"


def test_movements_are_read_back() -> None:
    body = b'{"statusCode": 200, "errors": null, "data": [{"document_number": 7}]}'
    with WireServer(answers(http(body))) as server:
        assert client(server.url).read_rows(b"{}") == [{"document_number": 7}]


def test_a_cut_read_is_no_answer() -> None:
    with WireServer(answers(http(b'{"data": []}')[:-1])) as server, pytest.raises(NoAnswerError):
        client(server.url).read_rows(b"{}")
