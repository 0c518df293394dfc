"""One HTTP exchange: a POST and its whole answer, or an error that says whether a request byte was written.

What an ERP may have done with a request that failed depends on one fact only: whether the first byte of
that request was handed to a socket. The classes of requests and urllib3 do not tell it (a `ConnectionError`
may be either), so our own connection raises a marker right before that byte (`_Marked.send`), and the
marker alone decides between `NotSentError` and `NoAnswerError` (sync protocol, section 3).

A fresh TCP connection is made for every call, on purpose. On a kept-alive one that the server has closed
meanwhile, the request is written before the close is noticed: a harmless close would become "it may exist".
"""

import ssl
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from http.client import HTTPException
from typing import Any
from urllib.parse import urlsplit

import requests
from requests import exceptions as failed
from requests.adapters import HTTPAdapter
from requests.utils import DEFAULT_CA_BUNDLE_PATH
from urllib3.exceptions import HTTPError, NameResolutionError

from integrations.erp.receipts import NO_SECRET, Secret, Timeouts
from integrations.erp.sockets import Call, DeadlineError, VetoError, fresh_pools
from integrations.erp.unpacking import TooLargeError, unpacked
from integrations.errors import (
    ConfigurationError,
    NoAnswerError,
    NotSentError,
    RedirectedError,
)

WRITE_LIMIT_BYTES = 10 * 1024 * 1024
"""Largest answer taken for a write: a verdict is a few hundred bytes."""
READ_LIMIT_BYTES = 512 * 1024 * 1024
"""Largest answer taken for a query: SAG has no paging (notes, 2.2: 125 thousand rows in one answer)."""
_PIECE_BYTES = 64 * 1024
_EVIDENCE_PIECES = 16
"""What is kept of an answer that is too large."""

_FAILURES = (requests.RequestException, HTTPError, HTTPException, OSError, ValueError, VetoError)


@dataclass(frozen=True, slots=True)
class Exchange:
    """A complete answer. Its status is not judged here, except 3xx, which never gets this far."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    """Case-insensitive."""
    body: bytes = field(repr=False)
    seconds: float


class EnoughError(Exception):
    """Raised by who takes an answer piece by piece: the rest is not wanted, and the connection is closed."""


TakePiece = Callable[[int, bytes], None]
"""Takes the status and a piece of the body as it arrives."""


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
        """Never: a redirect would post again, token included, and requests would read its body unbounded."""
        return None


class _Adapter(HTTPAdapter):
    """Plugs the call's own connections in, and the one TLS context that verifies."""

    def __init__(self, call: Call, context: ssl.SSLContext) -> None:
        self._pools = fresh_pools(call)
        self._context = context
        super().__init__(max_retries=0)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs, ssl_context=self._context)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **kwargs, ssl_context=self._context)
        manager.pool_classes_by_scheme = self._pools
        return manager

    def cert_verify(self, conn: Any, url: Any, verify: Any, cert: Any) -> None:
        """Nothing to do: the context already holds the authorities, read once and not at every call."""


class Transport:
    """Makes exchanges; safe to share between threads, since nothing of a call outlives it.

    `trust_env` lets the environment name a proxy (through one, the proxy's CONNECT counts as the first
    byte: the cautious side). `ca_file` replaces the public authorities, for an ERP behind a private one.
    Verification can't be turned off.
    """

    def __init__(self, *, trust_env: bool = False, ca_file: str | None = None) -> None:
        self._trust_env = trust_env
        self._context = ssl.create_default_context(cafile=ca_file or DEFAULT_CA_BUNDLE_PATH)

    def exchange(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        timeouts: Timeouts,
        *,
        secret: Secret = NO_SECRET,
        limit_bytes: int = WRITE_LIMIT_BYTES,
        before_first_byte: Callable[[], None] | None = None,
        take: TakePiece | None = None,
    ) -> Exchange:
        """POST `body` and return the whole answer, within `timeouts.deadline` seconds of being called.

        `before_first_byte` is called once, connected and right before anything of the request is written;
        what it raises propagates as it is, and nothing was written. Name resolution can't be interrupted:
        it may outlast the deadline, and then nothing is sent. `secret` is masked in the answer. With `take` its body
        goes there, unmasked; EnoughError ends it as if it were whole.

        Raises ConfigurationError (unusable address or headers), NotSentError (no request byte was written),
        RedirectedError (3xx) or NoAnswerError (anything else).
        """
        host = _host(url)
        with Call(timeouts, before_first_byte) as call:
            answer = _Answer(limit_bytes, secret, take)
            error = self._attempt(call, answer, url, body, headers)
            # Outside the except block, so that not even __context__ carries texts that quote url or headers.
            if (failure := _failure(call, answer, error, host)) is not None:
                raise failure
            return Exchange(answer.status, answer.headers, answer.body, time.monotonic() - call.started)

    def _attempt(
        self, call: Call, answer: "_Answer", url: str, body: bytes, headers: Mapping[str, str]
    ) -> Exception | None:
        try:
            with self._session(call) as session:
                _post(session, call.timeouts, answer, url, body, headers)
        except Exception as error:
            if not call.wrote and not isinstance(error, _FAILURES):
                raise
            return error
        return None

    def _session(self, call: Call) -> _Session:
        session = _Session()
        session.trust_env = self._trust_env
        session.headers.clear()
        session.auth = _keep_headers
        for scheme in ("http://", "https://"):
            session.mount(scheme, _Adapter(call, self._context))
        return session


class _Answer:
    """What has arrived so far; evidence even when the rest never does."""

    def __init__(self, limit_bytes: int, secret: Secret, take: TakePiece | None = None) -> None:
        self.status = 0
        self.headers: Mapping[str, str] = {}
        self._take = take
        self._limit_bytes = limit_bytes
        self._secret = secret
        self._pieces: list[bytes] = []
        self._size = 0

    def add(self, piece: bytes) -> None:
        """Keep or hand over a piece."""
        self._size += len(piece)
        if self._size > self._limit_bytes:
            del self._pieces[_EVIDENCE_PIECES:]
            raise TooLargeError
        if self._take is None:
            self._pieces.append(piece)
        else:
            self._take(self.status, piece)

    @property
    def body(self) -> bytes:
        """An answer may quote the request: its secret must not reach what is stored."""
        return self._secret.mask(b"".join(self._pieces))


_HEADERS = {"User-Agent": "integrador-contable", "Accept-Encoding": "identity"}


def _post(
    session: _Session, timeouts: Timeouts, answer: _Answer, url: str, body: bytes, headers: Mapping[str, str]
) -> None:
    headers = {**_HEADERS, **headers, "Connection": "close"}
    pauses = (min(timeouts.connect, timeouts.deadline), min(timeouts.read, timeouts.deadline))
    with session.post(url, data=body, headers=headers, timeout=pauses, allow_redirects=False, stream=True) as response:
        answer.status, answer.headers = response.status_code, response.headers
        # Without decoding, urllib3 hands over what came before a cut: evidence.
        pieces = response.raw.stream(_PIECE_BYTES, decode_content=False)
        for piece in unpacked(pieces, response.headers.get("Content-Encoding", "")):
            answer.add(piece)


def _keep_headers(request: requests.PreparedRequest) -> requests.PreparedRequest:
    """An auth that adds nothing, so that neither the address nor a .netrc replaces our Authorization."""
    return request


_NO_ADDRESS = (
    "La dirección de la conexión no es válida: debe comenzar por http:// o https:// "
    "y nombrar el servidor. Corríjala en Conexiones."
)


def _host(url: str) -> str:
    """Host and port, for messages. Raises ConfigurationError for what is no address or has userinfo."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host, port, parts = None, None, urlsplit("")
    if not host or parts.scheme not in ("http", "https"):
        raise ConfigurationError(_NO_ADDRESS)
    if parts.username is not None or parts.password is not None:
        raise ConfigurationError("La dirección de la conexión no debe llevar usuario ni clave. Quítelos en Conexiones.")
    return f"{host}:{port}" if port else host


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An error and what it wraps, however requests and urllib3 nested it."""
    waiting, seen = [error], set[int]()
    while waiting:
        current = waiting.pop(0)
        if not isinstance(current, BaseException) or id(current) in seen:
            continue
        seen.add(id(current))
        yield current
        waiting += [*current.args, getattr(current, "reason", None), current.__cause__, current.__context__]


def _is(error: Exception, *classes: type[BaseException]) -> bool:
    return any(isinstance(cause, classes) for cause in _chain(error))


def _failure(call: Call, answer: _Answer, error: Exception | None, host: str) -> Exception | None:
    """What the caller gets to know of a call that did not end in a whole answer; None where it did."""
    if call.veto is not None:
        return call.veto
    if 300 <= answer.status < 400:
        text = f"{host} pidió enviar a otra dirección ({answer.status}) y no se hizo."
        return RedirectedError(text, status=answer.status, body=answer.body)
    if isinstance(error, EnoughError) or (error is None and not call.expired):
        return None
    return _incomplete(call, answer, error or DeadlineError(), host)


def _incomplete(call: Call, answer: _Answer, error: Exception, host: str) -> Exception:
    if call.wrote:
        text = _no_answer_text(call, error, host)
        return NoAnswerError(text, status=answer.status or None, body=answer.body)
    if isinstance(error, ValueError):  # requests and http.client, of an address or a header
        return ConfigurationError(
            f"La dirección o la clave de la conexión con {host} tiene caracteres que no se pueden enviar. "
            "Corríjala en Conexiones."
        )
    return NotSentError(f"{_not_sent_text(call, error, host)} No se envió nada.")


def _not_sent_text(call: Call, error: Exception, host: str) -> str:
    if call.expired or _is(error, DeadlineError):
        return f"No se alcanzó a conectar con {host} en {call.timeouts.deadline:g} segundos."
    for classes, text in _NOT_SENT:
        if _is(error, *classes):
            return text.format(host=host)
    return f"No se pudo conectar con {host}."


_NOT_SENT: tuple[tuple[tuple[type[BaseException], ...], str], ...] = (
    ((NameResolutionError,), "No se encontró el servidor {host}: revise la dirección de la conexión."),
    ((ssl.SSLError,), "No se pudo abrir una conexión segura con {host}: revise su certificado."),
    ((TimeoutError, failed.Timeout), "{host} no respondió al intentar conectarse."),
    ((ConnectionRefusedError,), "{host} no está aceptando conexiones."),
)


def _no_answer_text(call: Call, error: Exception, host: str) -> str:
    if call.expired:
        return f"{host} no terminó de responder en {call.timeouts.deadline:g} segundos."
    if _is(error, TooLargeError):
        return f"La respuesta de {host} es demasiado grande para leerla."
    if _is(error, TimeoutError, failed.Timeout):
        return f"{host} no respondió en {call.timeouts.read:g} segundos."
    return f"La respuesta de {host} se cortó o no se pudo leer."
