"""The connections of one exchange: urllib3's, with a marker at the first byte and a watchdog at the deadline.

A read timeout is per read, so headers or a body that drip outlive it. A watchdog thread shuts the call's
line down at the deadline instead: it ends whatever the call is waiting for, TLS handshake included.
"""

import socket
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NameResolutionError

from integrations.erp.receipts import Timeouts


class DeadlineError(OSError):
    """The call's deadline has passed."""


class VetoError(Exception):
    """Stops the write; the caller's own exception waits in `Call.veto`."""


class Call:
    """The facts of one exchange, shared by its connection and its watchdog. A context manager."""

    def __init__(self, timeouts: Timeouts, before_first_byte: Callable[[], None] | None) -> None:
        self.timeouts = timeouts
        self.started = time.monotonic()
        self.wrote = False
        """Whether a byte of the request was, or may have been, handed to a socket."""
        self.expired = False
        self.veto: Exception | None = None
        self._before_first_byte = before_first_byte
        self._lock = threading.Lock()
        self._line: socket.socket | None = None
        self._watchdog = threading.Timer(timeouts.deadline, self._expire)
        self._watchdog.daemon = True

    def __enter__(self) -> Self:
        self._watchdog.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._watchdog.cancel()
        with self._lock:
            self._release()

    def remaining(self) -> float:
        """Seconds left, never 0 or less: a timeout of 0 would mean "do not wait" to a socket."""
        return max(0.001, self.started + self.timeouts.deadline - time.monotonic())

    def watch(self, line: socket.socket) -> None:
        """Put the connection under the watchdog.

        On a duplicate: the TLS layer takes the original socket over for its handshake, and a shutdown of
        the duplicate still ends the one connection behind both.
        """
        with self._lock:
            self._release()
            self._line = line.dup()
            if self.expired:
                self._shut()

    def first_byte(self) -> None:
        """To be called before every write; acts on the first. If it raises, nothing was written."""
        if self.wrote:
            return
        self._ask()
        if self.expired or time.monotonic() >= self.started + self.timeouts.deadline:
            self.expired = True
            raise DeadlineError
        self.wrote = True

    def _ask(self) -> None:
        if self._before_first_byte is None:
            return
        try:
            self._before_first_byte()
        except Exception as error:  # noqa: BLE001 (raised again, as it is, by the exchange)
            # Under its own class urllib3 would wrap or even swallow some of them.
            self.veto = error
            raise VetoError from None

    def _expire(self) -> None:
        with self._lock:
            self.expired = True
            self._shut()

    def _shut(self) -> None:
        if self._line is None:
            return
        try:
            self._line.shutdown(socket.SHUT_RDWR)
        except OSError:
            return  # already gone

    def _release(self) -> None:
        if self._line is not None:
            self._line.close()
            self._line = None


class _Marked(HTTPConnection):
    """A connection that belongs to one call."""

    call: Call

    def _new_conn(self) -> socket.socket:
        """Connect to the first address that answers: urllib3 would grant the timeout to each address anew."""
        ends = time.monotonic() + min(self.call.timeouts.connect, self.call.remaining())
        failure: OSError = OSError("no address")
        for family, address in self._addresses():
            line = socket.socket(family, socket.SOCK_STREAM)
            try:
                self._connect(line, address, ends)
            except OSError as error:
                line.close()
                failure = error
            else:
                self.call.watch(line)
                return line
        raise failure

    def _addresses(self) -> list[tuple[int, Any]]:
        try:
            found = socket.getaddrinfo(self._dns_host, self.port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise NameResolutionError(self.host, self, error) from error
        return [(family, address) for family, _, _, _, address in found]

    def _connect(self, line: socket.socket, address: Any, ends: float) -> None:
        left = ends - time.monotonic()
        if left <= 0:
            raise TimeoutError
        for option in self.socket_options or ():
            line.setsockopt(*option)
        line.settimeout(left)
        line.connect(address)
        line.settimeout(self.call.timeouts.connect)  # for the handshake, which the watchdog bounds too

    def send(self, data: Any) -> None:
        if self.sock is None:
            self.connect()
        self.call.first_byte()
        # urllib3 leaves the connect timeout on the socket until the whole request is written.
        self.sock.settimeout(self.call.timeouts.read)
        super().send(data)


def fresh_pools(call: Call) -> dict[str, type[HTTPConnectionPool]]:
    """urllib3's pool classes by scheme, making connections that belong to `call`."""
    plain = type("_Plain", (_Marked,), {"call": call})
    secure = type("_Secure", (_Marked, HTTPSConnection), {"call": call})
    return {
        "http": type("_PlainPool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
        "https": type("_SecurePool", (HTTPSConnectionPool,), {"ConnectionCls": secure}),
    }
