"""Every way an exchange can end, over real sockets."""

import logging
import ssl
import time
import traceback
from pathlib import Path

import pytest

from integrations.erp.receipts import Timeouts
from integrations.erp.transport import Exchange, Transport
from integrations.errors import ConfigurationError, NoAnswerError, NotSentError, RedirectedError
from tests.integrations.wire import (
    Line,
    Script,
    WireServer,
    answers,
    closes_after_request,
    drips,
    drips_handshake,
    hangs_after_request,
    hangs_at_once,
    http,
    make_certificate,
    resets_after_request,
    tls_garbage_after_request,
    unused_port,
)

BODY = b'{"statusCode": 200}'
TOKEN = "k3y-that-nobody-may-see"
QUICK = Timeouts(connect=0.3, read=0.3, deadline=2)
SHORT_DEADLINE = Timeouts(connect=2, read=2, deadline=0.3)


def post(
    url: str, *, timeouts: Timeouts = QUICK, transport: Transport | None = None, limit_bytes: int = 1000
) -> Exchange:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    return (transport or Transport()).exchange(url, b"{}", headers, timeouts, limit_bytes=limit_bytes)


def outcome(script: Script, *, timeouts: Timeouts = QUICK) -> NoAnswerError:
    """The NoAnswerError that posting to such a server ends in."""
    with WireServer(script) as server, pytest.raises(NoAnswerError) as caught:
        post(server.url, timeouts=timeouts)
    return caught.value


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, ssl.SSLContext]:
    return make_certificate(tmp_path_factory.mktemp("tls"))


def test_an_answer_comes_whole() -> None:
    with WireServer(answers(http(BODY, headers=("Retry-After: 7",)))) as server:
        exchange = post(server.url)
    assert (exchange.status, exchange.body, exchange.headers["retry-after"]) == (200, BODY, "7")


def test_a_status_is_not_judged_here() -> None:
    with WireServer(answers(http(BODY, status="503 Service Unavailable"))) as server:
        assert post(server.url).status == 503


def test_the_request_says_exactly_what_it_was_given() -> None:
    with WireServer(answers(http(BODY))) as server:
        post(server.url)
    head, _, body = server.requests[0].partition(b"\r\n\r\n")
    assert body == b"{}"
    assert sorted(head.split(b"\r\n")) == sorted(
        [
            b"POST /api HTTP/1.1",
            f"Host: 127.0.0.1:{server.port}".encode(),
            b"User-Agent: integrador-contable",
            b"Accept-Encoding: identity",
            f"Authorization: Bearer {TOKEN}".encode(),
            b"Connection: close",
            b"Content-Length: 2",
        ]
    )


def test_a_connection_is_never_used_twice_though_the_server_keeps_it_alive() -> None:
    def keeps_alive(line: Line) -> None:
        for _ in range(2):
            line.read_request()
            line.say(http(BODY, headers=("Connection: keep-alive",)))

    transport = Transport()
    with WireServer(keeps_alive) as server:
        post(server.url, transport=transport)
        post(server.url, transport=transport)
    assert server.connections == 2


def test_a_server_that_refuses_got_nothing() -> None:
    with pytest.raises(NotSentError):
        post(f"http://127.0.0.1:{unused_port()}/")


def test_an_unknown_name_got_nothing() -> None:
    with pytest.raises(NotSentError):
        post("http://unknown.invalid/")


def test_a_hang_in_the_handshake_got_nothing(certificate: tuple[Path, ssl.SSLContext]) -> None:
    with WireServer(hangs_at_once) as server, pytest.raises(NotSentError):
        post(f"https://127.0.0.1:{server.port}/")


def test_a_dripping_handshake_ends_at_the_deadline() -> None:
    with WireServer(drips_handshake) as server, pytest.raises(NotSentError, match=r"en 0\.3 segundos"):
        post(f"https://127.0.0.1:{server.port}/", timeouts=SHORT_DEADLINE)


def test_plain_http_where_tls_was_expected_got_nothing() -> None:
    with WireServer(answers(http(BODY))) as server, pytest.raises(NotSentError):
        post(f"https://127.0.0.1:{server.port}/")


def test_an_untrusted_certificate_got_nothing(certificate: tuple[Path, ssl.SSLContext]) -> None:
    with WireServer(answers(http(BODY)), tls=certificate[1]) as server, pytest.raises(NotSentError):
        post(server.url)
    assert server.requests == []


def test_a_trusted_certificate_is_answered_over_tls(certificate: tuple[Path, ssl.SSLContext]) -> None:
    with WireServer(answers(http(BODY)), tls=certificate[1]) as server:
        assert post(server.url, transport=Transport(ca_file=str(certificate[0]))).body == BODY


def test_tls_garbage_after_the_request_may_exist(certificate: tuple[Path, ssl.SSLContext]) -> None:
    transport = Transport(ca_file=str(certificate[0]))
    with (
        WireServer(tls_garbage_after_request, tls=certificate[1]) as server,
        pytest.raises(NoAnswerError),
    ):
        post(server.url, transport=transport)
    assert len(server.requests) == 1


def test_a_hang_over_tls_ends_at_the_deadline(certificate: tuple[Path, ssl.SSLContext]) -> None:
    transport = Transport(ca_file=str(certificate[0]))
    with (
        WireServer(hangs_after_request, tls=certificate[1]) as server,
        pytest.raises(NoAnswerError, match=r"no terminó de responder en 0\.3 segundos"),
    ):
        post(server.url, transport=transport, timeouts=SHORT_DEADLINE)


MISBEHAVIOURS: dict[str, Script] = {
    "reset": resets_after_request,
    "close": closes_after_request,
    "hang": hangs_after_request,
    "garbage": answers(b"\x00\xff not http at all\r\n\r\n"),
    "short body": answers(http(BODY)[:-1]),
    "headers only": answers(b"HTTP/1.1 200 OK\r\nContent-Length: 19\r\n\r\n"),
    "contradicting lengths": answers(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Length: 3\r\n\r\nok "),
    "chunk cut": answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nff\r\n{}"),
    "last chunk missing": answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n"),
    "chunk size garbage": answers(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n{}\r\n"),
    "false gzip": answers(http(BODY, headers=("Content-Encoding: gzip",))),
    "too large": answers(http(b"x" * 1001)),
    "endless": answers(b"HTTP/1.1 200 OK\r\n\r\n" + b"x" * 100_000),
}


@pytest.mark.parametrize("script", MISBEHAVIOURS.values(), ids=MISBEHAVIOURS)
def test_whatever_follows_the_first_byte_and_is_no_whole_answer_may_exist(script: Script) -> None:
    assert not isinstance(outcome(script), RedirectedError)


def test_the_part_that_arrived_is_kept_as_evidence() -> None:
    error = outcome(answers(http(b"x" * 500)[:-1]))
    assert (error.status, len(error.body)) == (200, 499)


@pytest.mark.parametrize("whole", [0, 17, len(http(BODY)) - 12], ids=["status line", "headers", "body"])
def test_a_drip_ends_at_the_deadline(whole: int) -> None:
    """Left alone it would end in a success: no pause is as long as the read timeout."""
    outcome(drips(http(BODY), whole=whole), timeouts=SHORT_DEADLINE)


def test_a_drip_without_a_length_that_the_deadline_cuts_is_no_answer() -> None:
    outcome(drips(b"HTTP/1.0 200 OK\r\n\r\n" + BODY, whole=21), timeouts=SHORT_DEADLINE)


def test_a_redirect_is_not_followed() -> None:
    with WireServer(answers(http(BODY))) as other:
        moved = http(BODY, status="307 Temporary Redirect", headers=(f"Location: {other.url}",))
        with WireServer(answers(moved)) as server, pytest.raises(RedirectedError) as caught:
            post(server.url)
        assert (caught.value.status, caught.value.body) == (307, BODY)
    assert other.connections == 0


@pytest.mark.parametrize("place", ["", "http://[broken", "//", "javascript:x", "\xff"])
def test_a_strange_location_is_still_a_redirect(place: str) -> None:
    moved = http(BODY, status="302 Found", headers=(f"Location: {place}",))
    assert isinstance(outcome(answers(moved)), RedirectedError)


def test_a_redirect_with_a_cut_body_is_still_a_redirect() -> None:
    moved = http(BODY, status="302 Found", headers=("Location: /",))
    assert isinstance(outcome(answers(moved[:-3])), RedirectedError)


def test_the_hook_that_raises_keeps_every_byte_back() -> None:
    class LeaseEndedError(Exception):
        pass

    def ended() -> None:
        raise LeaseEndedError

    with WireServer(answers(http(BODY))) as server, pytest.raises(LeaseEndedError):
        Transport().exchange(server.url, b"{}", {}, QUICK, before_first_byte=ended)
    assert server.requests == []


def test_the_hook_is_asked_once_and_not_when_nobody_listens() -> None:
    asked: list[str] = []
    with WireServer(answers(http(BODY))) as server:
        Transport().exchange(server.url, b"{}", {}, QUICK, before_first_byte=lambda: asked.append("up"))
    with pytest.raises(NotSentError):
        Transport().exchange(
            f"http://127.0.0.1:{unused_port()}/",
            b"{}",
            {},
            QUICK,
            before_first_byte=lambda: asked.append("down"),
        )
    assert asked == ["up"]


def test_a_hook_that_outlasts_the_deadline_keeps_every_byte_back() -> None:
    with WireServer(answers(http(BODY))) as server, pytest.raises(NotSentError):
        Transport().exchange(server.url, b"{}", {}, SHORT_DEADLINE, before_first_byte=lambda: time.sleep(0.4))
    assert server.requests == []


@pytest.mark.parametrize("url", ["", "ftp://127.0.0.1/", "http://", "http://a:b:c/", "http://[::1/", "siigo"])
def test_an_unusable_address_is_a_matter_of_configuration(url: str) -> None:
    with pytest.raises(ConfigurationError):
        post(url)


def test_a_header_that_cannot_be_sent_is_a_matter_of_configuration() -> None:
    with WireServer(answers(http(BODY))) as server, pytest.raises(ConfigurationError) as caught:
        Transport().exchange(server.url, b"{}", {"Authorization": f"Bearer {TOKEN}\nx"}, QUICK)
    assert TOKEN not in "".join(traceback.format_exception(caught.value))


def test_userinfo_in_the_address_is_refused_and_not_repeated() -> None:
    with pytest.raises(ConfigurationError) as caught:
        post(f"http://user:{TOKEN}@127.0.0.1/")
    assert TOKEN not in str(caught.value)


@pytest.mark.parametrize("script", MISBEHAVIOURS.values(), ids=MISBEHAVIOURS)
def test_no_failure_tells_the_credential(script: Script, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG):
        error = outcome(script)
    told = "".join([*traceback.format_exception(error), repr(error), repr(error.__context__), caplog.text])
    assert TOKEN not in told


def test_the_environment_is_not_asked_for_a_proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("NO_PROXY", "")
    with WireServer(answers(http(BODY))) as server:
        assert post(server.url).body == BODY


def test_a_proxy_of_the_environment_is_used_when_told(monkeypatch: pytest.MonkeyPatch) -> None:
    with WireServer(answers(http(BODY))) as proxy:
        monkeypatch.setenv("HTTP_PROXY", f"http://127.0.0.1:{proxy.port}")
        monkeypatch.setenv("NO_PROXY", "")
        post("http://erp.invalid/api", transport=Transport(trust_env=True))
    assert proxy.requests[0].startswith(b"POST http://erp.invalid/api HTTP/1.1")


def test_a_proxy_that_refuses_got_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTPS_PROXY", f"http://127.0.0.1:{unused_port()}")
    monkeypatch.setenv("NO_PROXY", "")
    with pytest.raises(NotSentError):
        post("https://erp.invalid/api", transport=Transport(trust_env=True))


def test_a_netrc_does_not_replace_the_credential(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("machine 127.0.0.1 login somebody password else\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    with WireServer(answers(http(BODY))) as server:
        post(server.url, transport=Transport(trust_env=True))
    assert f"Authorization: Bearer {TOKEN}".encode() in server.requests[0]
