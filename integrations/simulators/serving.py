"""The HTTP server that both stand-ins run on, with its administration under `/_sim/`."""

import json
import sqlite3
import sys
import threading
from collections import deque
from collections.abc import Callable, Iterable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import count
from typing import Any, Self

from integrations.simulators.fault_injection import DELIVERIES, InjectedFault
from integrations.simulators.faults import FaultPlan, parse_faults
from integrations.simulators.service import Service
from integrations.simulators.store import Store
from integrations.simulators.treatment import UNTREATED, Treatment
from integrations.simulators.wire import ClientSocket, Reply, Request

JOURNAL_ENTRIES = 20_000
BODY_BYTES = 50_000_000
IDLE_SECONDS = 600
ADMIN = "/_sim/"
ACT = "act/"
DOWN_SECONDS = 60
"""Longest time a restart may take."""


class SimulatorServer(ThreadingHTTPServer):
    """Threads of one service; `journal` holds the latest requests, without secrets."""

    daemon_threads = True
    block_on_close = False
    request_queue_size = 128

    def __init__(self, port: int, service: Service, faults: Iterable[Mapping[str, object]] = ()) -> None:
        self.service, self.faults = service, FaultPlan(faults)
        self.journal: deque[dict[str, object]] = deque(maxlen=JOURNAL_ENTRIES)
        self.numbers = count(1)
        self.stopping = threading.Event()
        self.exchanges: set[HttpConversation] = set()
        self.latest: dict[str, Reply] = {}
        """The latest answer of the service to each operation: the fault `repeated_answer` gives it again."""
        self.restart: Callable[[float], object] = lambda _: None
        """Set by `RunningSimulator`, which can restart the server."""
        self.asked_down_seconds: float | None = None
        super().__init__(("127.0.0.1", port), HttpConversation)

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that goes away is nothing to print."""
        if not isinstance(sys.exc_info()[1], OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]

    def restart_if_asked(self) -> None:
        """After the answer: the connection that asked ends with every other."""
        seconds, self.asked_down_seconds = self.asked_down_seconds, None
        if seconds is not None:
            threading.Thread(target=self.restart, args=(seconds,), daemon=True).start()

    def note(self, request: Request, operation: str, fault: str) -> dict[str, object]:
        """Open the journal's entry of a request; its outcome is filled in later."""
        entry: dict[str, object] = {
            "number": next(self.numbers),
            "target": self.service.target,
            "operation": operation,
            "method": request.method,
            "path": request.path,
            "fault": fault,
            "status": None,
            "outcome": "received",
            "body": self.service.masked(request.body.decode("utf-8", "replace")),
        }
        self.journal.append(entry)
        return entry


class HttpConversation(BaseHTTPRequestHandler):
    """One client connection, kept alive between requests."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True
    timeout = IDLE_SECONDS
    server: SimulatorServer

    def setup(self) -> None:
        """Register the connection, so that a stop can end it."""
        super().setup()
        self.server.exchanges.add(self)

    def finish(self) -> None:
        """Forget a connection that is over."""
        self.server.exchanges.discard(self)
        super().finish()

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - http.server's name
        """The journal says it."""

    def serve(self) -> None:
        """Answer one request, of the administration or of the ERP."""
        client = ClientSocket(self.connection, self.server.stopping)
        if (request := self._request()) is None:
            client.send(Reply(413 if self.headers.get("Content-Length") else 411))
            client.drop()
        elif request.path.startswith(ADMIN):
            client.send(administer(self.server, request))
            self.server.restart_if_asked()
        else:
            converse(self.server, request, client)
        self.close_connection = self.close_connection or client.over

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = serve  # noqa: N815 - names given by http.server

    def _request(self) -> Request | None:
        """None where the body has no length or too much of it."""
        path, _, query = self.path.partition("?")
        headers = {name.lower(): value for name, value in self.headers.items()}
        length = headers.get("content-length", "0")
        if "transfer-encoding" in headers or not length.isdecimal() or int(length) > BODY_BYTES:
            return None
        return Request(self.command, path, query, headers, self.rfile.read(int(length)))


def converse(server: SimulatorServer, request: Request, client: ClientSocket) -> None:
    """Answer a request of the service, or let a fault happen to it."""
    service = server.service
    operation = service.operation(request)
    text = request.body.decode("utf-8", "replace")
    fault = server.faults.take(service.target, operation, text) if request.method == "POST" else None
    entry = server.note(request, operation, fault.fault if fault else "")

    previous = server.latest.get(operation)

    def commit(treatment: Treatment = UNTREATED) -> Reply:
        reply = server.latest[operation] = service.answer(request, treatment)
        entry.update(status=reply.status, outcome=reply.outcome)
        return reply

    if fault is None:
        client.send(commit())
    else:
        DELIVERIES[fault.fault](InjectedFault(client, fault, commit, service, request, previous))


def administer(server: SimulatorServer, request: Request) -> Reply:
    """`/_sim/`: faults, reset, journal, documents, restart, act/NAME. Loopback only, so without a key."""
    match request.method, request.path.removeprefix(ADMIN):
        case "POST", name if name.startswith(ACT):
            return _act(server, name.removeprefix(ACT), request.body)
        case "POST", "restart":
            return _restart(server, request.body)
        case "POST", "faults":
            return _set_faults(server, request.body)
        case "GET", "faults":
            return as_json(server.faults.remaining())
        case "POST", "reset":
            return _reset(server)
        case "GET", "journal":
            return as_json(list(server.journal))
        case "GET", "documents":
            return as_json(server.service.documents())
        case _:
            return as_json({"error": "not found"}, 404)


def _set_faults(server: SimulatorServer, body: bytes) -> Reply:
    try:
        server.faults.set(parse_faults(body))
    except ValueError as error:
        return as_json({"error": str(error)}, 400)
    return as_json(server.faults.remaining())


def _act(server: SimulatorServer, name: str, body: bytes) -> Reply:
    """The options of an act come as a JSON object."""
    try:
        options = json.loads(body or b"{}")
        if not isinstance(options, dict):
            raise TypeError("an object is expected")
        return as_json(server.service.act(name, options))
    except (ValueError, TypeError, AttributeError, sqlite3.Error) as error:
        return as_json({"error": str(error)}, 400)


def _restart(server: SimulatorServer, body: bytes) -> Reply:
    """`{"seconds": n}` stays down so long."""
    try:
        seconds = min(max(float(json.loads(body or b"{}").get("seconds", 0)), 0.0), DOWN_SECONDS)
    except (ValueError, TypeError, AttributeError) as error:
        return as_json({"error": str(error)}, 400)
    server.asked_down_seconds = seconds
    return as_json({"restart": seconds})


def _reset(server: SimulatorServer) -> Reply:
    server.service.reset()
    server.faults.set(())
    server.latest.clear()
    server.journal.clear()
    return as_json({"reset": True})


def as_json(value: object, status: int = 200) -> Reply:
    """A reply of the administration."""
    return Reply(status, json.dumps(value, ensure_ascii=False, default=str).encode())


class RunningSimulator:
    """A stand-in that serves in a thread of this process. A context manager; leaving it stops it."""

    def __init__(self, server: SimulatorServer, store: Store, *, owns_store: bool) -> None:
        self._server = server
        self._owns_store = owns_store
        self.store = store
        self.port: int = server.server_address[1]
        self.root = f"http://127.0.0.1:{self.port}"
        self.url = self.root + server.service.path
        self._ended = threading.Event()
        self._turn = threading.Lock()
        self._serve()

    def _serve(self) -> None:
        self._server.restart = self.restart
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()

    def set_faults(self, *entries: Mapping[str, object]) -> None:
        """Replace the faults still to happen. Raises `UnknownFaultError`."""
        self._server.faults.set(entries)

    def journal(self) -> list[dict[str, object]]:
        """The latest requests, without secrets."""
        return list(self._server.journal)

    def documents(self) -> Any:
        """What `/_sim/documents` answers."""
        return self._server.service.documents()

    def act(self, name: str, /, **options: Any) -> Any:
        """What people do at the ERP itself: the acts of `/_sim/act/`. Raises ValueError, TypeError."""
        return self._server.service.act(name, options)

    def restart(self, down_seconds: float = 0.0) -> None:
        """End every connection and, unless stopped, serve again after a while: same port, store, faults, journal."""
        with self._turn:
            ended = self._server
            self._end()
            if self._ended.wait(down_seconds):
                return
            self._server = SimulatorServer(self.port, ended.service, ended.faults.remaining())
            self._server.journal, self._server.numbers = ended.journal, ended.numbers
            self._server.latest = ended.latest
            self._serve()

    def stop(self) -> None:
        """End every wait and connection, then the store if it is ours. Safe to repeat."""
        if self._ended.is_set():
            return
        self._ended.set()
        with self._turn:
            self._end()
        if self._owns_store:
            self.store.close()

    def _end(self) -> None:
        self._server.stopping.set()
        self._server.shutdown()
        self._server.server_close()
        for exchange in list(self._server.exchanges):
            ClientSocket(exchange.connection, self._server.stopping).drop()
        self._thread.join(5)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()
