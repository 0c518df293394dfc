"""One address on 127.0.0.1 that answers each POST in a thread of its own; it can take a request and say nothing."""

from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Event, Thread
from typing import Protocol

MOST_SILENT_SECONDS = 20


class Erp(Protocol):
    """Answers one request: (status, media type, body)."""

    silent: int
    """So many of the next writes are done and never answered."""

    def answer(self, headers: dict[str, str], body: bytes) -> tuple[int, str, bytes]:
        """The answer to a request, whose header names are in lower case."""

    def is_write(self, headers: dict[str, str], body: bytes) -> bool:
        """Whether the request writes."""


@contextmanager
def serving(erp: Erp) -> Iterator[str]:
    """The address of an ERP while it serves."""
    closing = Event()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self) -> None:
            headers = {name.lower(): value for name, value in self.headers.items()}
            body = self.rfile.read(int(headers["content-length"]))
            status, media_type, answer = erp.answer(headers, body)
            if erp.silent and erp.is_write(headers, body):
                erp.silent -= 1
                closing.wait(MOST_SILENT_SECONDS)
                self.close_connection = True
                return
            # The client may have given up meanwhile.
            with suppress(OSError):
                self._say(status, media_type, answer)

        def _say(self, status: int, media_type: str, answer: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", media_type)
            self.send_header("Transfer-Encoding", "chunked")
            self.end_headers()
            for start in range(0, len(answer), 500):
                piece = answer[start : start + 500]
                self.wfile.write(b"%x\r\n%b\r\n" % (len(piece), piece))
            self.wfile.write(b"0\r\n\r\n")

        def log_message(self, *_: object) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        closing.set()
        server.shutdown()
        server.server_close()
