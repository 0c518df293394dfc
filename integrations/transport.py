"""One HTTP exchange: one request, one whole answer, or an error that says whether anything left.

`requests` does HTTP. What is ours: the marker of the first request byte, the absolute deadline, no redirects,
no retries, and a fresh connection for every call.
"""

import socket
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import Any

import requests
from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import HTTPError

from integrations.errors import NoAnswerError, NotSentError, RedirectedError
from integrations.receipts import Timeouts

MOST_ANSWER_BYTES = 512 * 1024 * 1024
_CHUNK_BYTES = 64 * 1024

Guard = Callable[[], None]


@dataclass(frozen=True, slots=True)
class Exchange:
    """A whole answer."""

    status: int
    headers: Mapping[str, str]
    body: bytes
    seconds: float


class _Call:
    """What one call knows of itself: whether a request byte left, and the socket to cut at the deadline."""

    def __init__(self, guard: Guard | None) -> None:
        self.wrote = False
        self.late = False
        self._guard = guard
        self._socket: socket.socket | None = None
        self._lock = threading.Lock()

    def connected(self, sock: socket.socket) -> None:
        # A duplicate: wrapping in TLS empties the original, and shutting down either ends the connection.
        with self._lock:
            self._socket = sock.dup()
            late = self.late
        if late:
            self.cut()

    def first_byte(self) -> None:
        """Right before the first request byte is handed to the socket."""
        if self.wrote:
            return
        if self._guard is not None:
            self._guard()
        with self._lock:
            if self.late:
                raise TimeoutError
            self.wrote = True

    def cut(self) -> None:
        """The deadline passed: whoever waits on the socket wakes with an error."""
        with self._lock:
            self.late = True
            if self._socket is not None:
                with suppress(OSError):
                    self._socket.shutdown(socket.SHUT_RDWR)

    def close(self) -> None:
        with self._lock:
            if self._socket is not None:
                self._socket.close()
                self._socket = None


_current = threading.local()


@contextmanager
def _deadline(call: _Call, seconds: float) -> Iterator[None]:
    """Cuts the call's socket when the time is up. A read timeout is per read; a dripping answer outlives it."""
    timer = threading.Timer(seconds, call.cut)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()
        call.close()


class _Watched:
    """Marks the first request byte. TLS handshake bytes are not request bytes: they leave in `connect`."""

    def _new_conn(self) -> socket.socket:
        sock: socket.socket = super()._new_conn()  # type: ignore[misc]
        _current.call.connected(sock)
        return sock

    def send(self, data: Any) -> None:
        if self.sock is None:  # type: ignore[attr-defined]
            self.connect()  # type: ignore[attr-defined]
        _current.call.first_byte()
        super().send(data)  # type: ignore[misc]


class _PlainConnection(_Watched, HTTPConnection):
    pass


class _TlsConnection(_Watched, HTTPSConnection):
    pass


class _PlainPool(HTTPConnectionPool):
    ConnectionCls = _PlainConnection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


class _Adapter(HTTPAdapter):
    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _PlainPool, "https": _TlsPool}


class Transport:
    """Posts. Safe to share between threads; holds nothing between calls but the trust store's settings."""

    def __init__(self, *, verify: bool | str = True, trust_environment: bool = False) -> None:
        self._verify = verify
        self._trust_environment = trust_environment

    def exchange(
        self,
        url: str,
        body: bytes,
        headers: Mapping[str, str],
        timeouts: Timeouts,
        before_first_byte: Guard | None = None,
    ) -> Exchange:
        """Post `body` and read the whole answer.

        `before_first_byte` may raise to keep the request from leaving; what it raises passes through.

        Raises: NotSentError where not one request byte was written; RedirectedError for 3xx; NoAnswerError
        where bytes left and no whole answer came. Their texts name neither credentials nor the full address.
        """
        call = _Call(before_first_byte)
        _current.call = call
        started = time.monotonic()
        try:
            with _deadline(call, timeouts.deadline):
                answer = self._post(url, body, headers, timeouts)
        except (requests.RequestException, HTTPError, OSError, ValueError) as failure:
            raise _failed(call, failure) from None
        exchange = Exchange(*answer, seconds=time.monotonic() - started)
        if 300 <= exchange.status < 400:
            raise RedirectedError(
                "El ERP respondió que su dirección cambió. No se siguió, porque se enviaría otra vez.",
                status=exchange.status,
                body=exchange.body,
            )
        return exchange

    def _post(
        self, url: str, body: bytes, headers: Mapping[str, str], timeouts: Timeouts
    ) -> tuple[int, Mapping[str, str], bytes]:
        # A connection of its own for every call: on one that is kept alive, a server that just closed it would
        # turn a harmless close into «may exist».
        with requests.Session() as session:
            session.trust_env = self._trust_environment
            session.mount("http://", _Adapter(max_retries=0))
            session.mount("https://", _Adapter(max_retries=0))
            response = session.post(
                url,
                data=body,
                headers={**headers, "Connection": "close", "Accept-Encoding": "identity"},
                timeout=(timeouts.connect, timeouts.read),
                allow_redirects=False,
                verify=self._verify,
                stream=True,
            )
            with response:
                return response.status_code, response.headers, _whole_body(response)


def _whole_body(response: requests.Response) -> bytes:
    """Every byte that was announced; a cut body raises."""
    parts, size = [], 0
    for part in response.iter_content(_CHUNK_BYTES):
        size += len(part)
        if size > MOST_ANSWER_BYTES:
            raise ValueError("answer too large")
        parts.append(part)
    return b"".join(parts)


def _failed(call: _Call, failure: Exception) -> NotSentError | NoAnswerError:
    if not call.wrote:
        return NotSentError(f"No se pudo conectar con el ERP ({_reason(call, failure)}). No se envió nada.")
    return NoAnswerError(
        f"El ERP no respondió bien ({_reason(call, failure)}). El documento puede haberse creado: "
        "verifíquelo antes de reintentar."
    )


def _reason(call: _Call, failure: Exception) -> str:
    """A short cause in Spanish; never the library's text, which carries addresses."""
    if call.late:
        return "pasó el tiempo máximo de la llamada"
    for kinds, told in _REASONS:
        if isinstance(failure, kinds):
            return told
    return "la conexión se cortó"


_REASONS: tuple[tuple[tuple[type[Exception], ...], str], ...] = (
    ((requests.exceptions.SSLError,), "la conexión segura falló"),
    ((requests.ConnectTimeout,), "no contestó a tiempo al conectar"),
    ((requests.ReadTimeout, TimeoutError), "no contestó a tiempo"),
    ((requests.exceptions.InvalidURL, requests.exceptions.MissingSchema), "la dirección no es válida"),
    ((requests.exceptions.ChunkedEncodingError,), "la respuesta llegó incompleta"),
    ((requests.ConnectionError,), "la conexión se cortó o fue rechazada"),
)
