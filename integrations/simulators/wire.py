"""One exchange on the wire: what was asked, what is answered, and the ways to answer badly."""

import contextlib
import os
import socket
import struct
import threading
from collections.abc import Mapping
from dataclasses import dataclass, field
from http import HTTPStatus

JSON = "application/json; charset=utf-8"
REASONS = {status.value: status.phrase for status in HTTPStatus}
DRIP_SECONDS = 0.05
"""Longest pause between two dripped bytes: under any read timeout."""


@dataclass(frozen=True, slots=True)
class Request:
    """What came in. Header names are lower case; `path` is without the query."""

    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes


@dataclass(frozen=True, slots=True)
class Reply:
    """What goes out, in one write. `outcome` is a word for the journal, not for the wire."""

    status: int
    body: bytes = b""
    content_type: str = JSON
    headers: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""
    outcome: str = ""

    def bytes(self) -> bytes:
        """Head and body as they travel."""
        lines = [
            f"HTTP/1.1 {self.status} {self.reason or REASONS.get(self.status, '')}",
            f"Content-Type: {self.content_type}",
            f"Content-Length: {len(self.body)}",
            *(f"{name}: {value}" for name, value in self.headers.items()),
        ]
        return "\r\n".join(lines).encode("latin-1", "replace") + b"\r\n\r\n" + self.body


class ClientSocket:
    """The client's socket. After `drop` or `reset` the connection is over."""

    def __init__(self, connection: socket.socket, stopping: threading.Event) -> None:
        self._connection = connection
        self._stopping = stopping
        self.over = False

    def send(self, reply: Reply) -> None:
        """Write a whole reply."""
        self.write(reply.bytes())

    def write(self, data: bytes) -> None:
        """A client that has gone is no concern of the ERP."""
        try:
            self._connection.sendall(data)
        except OSError:
            self.over = True

    def wait(self, seconds: float) -> bool:
        """Returns early, and True, when the stand-in stops."""
        return self._stopping.wait(seconds)

    def drip(self, reply: Reply, seconds: float) -> None:
        """The head at once, then one byte at a time; whatever is left after `seconds` never comes."""
        self.write(reply.bytes()[: -len(reply.body) or None])
        pause = min(DRIP_SECONDS, max(seconds, 0.0))
        for position in range(min(len(reply.body), int(seconds / pause) if pause else 0)):
            if self.over or self._stopping.wait(pause):
                break
            self.write(reply.body[position : position + 1])
        self.drop()

    def drop(self) -> None:
        """End the connection in an orderly way."""
        self.over = True
        with contextlib.suppress(OSError):
            self._connection.shutdown(socket.SHUT_RDWR)

    def reset(self) -> None:
        """RST instead of FIN: lingering for no time at all."""
        self.over = True
        with contextlib.suppress(OSError):
            self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            os.close(self._connection.detach())  # now, not when http.server lets go of its file
