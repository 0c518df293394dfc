"""A raw-socket server on 127.0.0.1 that says exactly the bytes of its script, or misbehaves as told."""

import datetime as dt
import ipaddress
import socket
import ssl
import struct
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

WAIT_SECONDS = 5.0
"""Bounds every wait of a server thread."""

Script = Callable[["Line"], None]


class Line:
    """One accepted connection: `read_request`, then `say` what the script wants."""

    def __init__(self, server: "WireServer", accepted: socket.socket) -> None:
        self.server = server
        self.plain = accepted.dup()
        """The TCP connection below TLS, for garbage."""
        accepted.settimeout(WAIT_SECONDS)
        self.socket = accepted

    def secure(self, context: ssl.SSLContext) -> None:
        self.socket = context.wrap_socket(self.socket, server_side=True)

    def read_request(self) -> bytes:
        """The whole request; kept in `server.requests`."""
        data = b""
        while b"\r\n\r\n" not in data:
            data += self._receive()
        head, _, body = data.partition(b"\r\n\r\n")
        while len(body) < _content_length(head):
            body += self._receive()
        self.server.requests.append(head + b"\r\n\r\n" + body)
        return body

    def _receive(self) -> bytes:
        piece = self.socket.recv(65536)
        if not piece:
            raise ConnectionError
        return piece

    def say(self, data: bytes) -> None:
        self.socket.sendall(data)

    def wait(self, seconds: float = WAIT_SECONDS) -> None:
        """Do nothing, until the server is closed or `seconds` have passed."""
        self.server.closing.wait(seconds)

    def reset(self) -> None:
        """Close with RST instead of FIN."""
        self.plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def close(self) -> None:
        self.socket.close()
        self.plain.close()


class WireServer:
    """Runs `script` for each connection, in a thread. A context manager; `requests` holds what was read."""

    def __init__(self, script: Script, *, tls: ssl.SSLContext | None = None) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self.closing = threading.Event()
        self._script, self._tls = script, tls
        self._listener = socket.create_server(("127.0.0.1", 0))
        self._listener.settimeout(0.05)
        self.port = int(self._listener.getsockname()[1])
        self._threads = [threading.Thread(target=self._accept, daemon=True)]

    @property
    def url(self) -> str:
        return f"{'https' if self._tls else 'http'}://127.0.0.1:{self.port}/api"

    def __enter__(self) -> Self:
        self._threads[0].start()
        return self

    def __exit__(self, *_: object) -> None:
        self.closing.set()
        for thread in self._threads:
            thread.join(WAIT_SECONDS)
        self._listener.close()

    def _accept(self) -> None:
        while not self.closing.is_set():
            try:
                accepted, _ = self._listener.accept()
            except TimeoutError:
                continue
            self.connections += 1
            thread = threading.Thread(target=self._serve, args=(accepted,), daemon=True)
            self._threads.append(thread)
            thread.start()

    def _serve(self, accepted: socket.socket) -> None:
        line = Line(self, accepted)
        try:
            if self._tls:
                line.secure(self._tls)
            self._script(line)
        except OSError:
            return  # the client went away, as many of these scripts make it do
        finally:
            line.close()


def http(
    body: bytes, *, status: str = "200 OK", kind: str = "application/json", headers: tuple[str, ...] = ()
) -> bytes:
    """The bytes of a whole HTTP answer."""
    head = [f"HTTP/1.1 {status}", f"Content-Type: {kind}", f"Content-Length: {len(body)}", *headers]
    return "\r\n".join(head).encode() + b"\r\n\r\n" + body


def answers(data: bytes) -> Script:
    """Read the request, say exactly `data`, close."""

    def script(line: Line) -> None:
        line.read_request()
        line.say(data)

    return script


def drips(data: bytes, *, whole: int = 0, pause: float = 0.05) -> Script:
    """Say `whole` bytes at once and then one at a time."""

    def script(line: Line) -> None:
        line.read_request()
        line.say(data[:whole])
        for byte in data[whole:]:
            line.wait(pause)
            line.say(bytes([byte]))

    return script


def resets_after_request(line: Line) -> None:
    line.read_request()
    line.reset()


def closes_after_request(line: Line) -> None:
    line.read_request()


def hangs_after_request(line: Line) -> None:
    line.read_request()
    line.wait()


def hangs_at_once(line: Line) -> None:
    line.wait()


def drips_handshake(line: Line) -> None:
    """Begins a TLS record that claims 16 kB and never ends."""
    line.say(b"\x16\x03\x03\x40\x00")
    for _ in range(100):
        line.wait(0.05)
        line.say(b"\x02")


def tls_garbage_after_request(line: Line) -> None:
    """Reads the request inside TLS and answers below it."""
    line.read_request()
    line.plain.sendall(b"\x00garbage that is no TLS record" * 20)


def unused_port() -> int:
    """A port where nothing listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def make_certificate(folder: Path) -> tuple[Path, ssl.SSLContext]:
    """A self-signed certificate for 127.0.0.1: its file, and a server's TLS context that presents it."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = dt.datetime.now(dt.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(now - dt.timedelta(days=1))
        .not_valid_after(now + dt.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    public, private = folder / "certificate.pem", folder / "key.pem"
    public.write_bytes(certificate.public_bytes(serialization.Encoding.PEM))
    private.write_bytes(
        key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(public, private)
    return public, context


def _content_length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.split(b":")[1])
    return 0
