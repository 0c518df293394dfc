"""A SAG and a Siigo that answer whatever a test puts in them, on real sockets."""

import json
import re
from collections.abc import Callable, Iterator
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import pytest

from integrations.models import Connection, PullPlan
from integrations.pulls.plans import plan_for
from tests import builders

_ANSWER = (
    '<s:Envelope xmlns:s="http://schemas.xmlsoap.org/soap/envelope/"><s:Body>'
    '<consultaSagJsonResponse xmlns="http://tempuri.org/"><consultaSagJsonResult>{}</consultaSagJsonResult>'
    "</consultaSagJsonResponse></s:Body></s:Envelope>"
)


class FakeErp:
    """`rows` is what it holds; `answers` replaces the next answers with (status, body)."""

    def __init__(self) -> None:
        self.rows: list[dict[str, Any]] = []
        self.answers: list[tuple[int, bytes]] = []
        self.asked: list[str] = []
        self.url = ""

    def answer(self, body: str) -> tuple[int, bytes]:
        self.asked.append(body)
        if self.answers:
            return self.answers.pop(0)
        if body.lstrip().startswith("{"):
            return 200, json.dumps({"statusCode": 200, "message": "ok", "errors": None, "data": self.rows}).encode()
        return 200, _ANSWER.format(escape(json.dumps(self._page(body)), quote=False)).encode()

    def _page(self, body: str) -> list[dict[str, Any]]:
        limit, after = re.search(r"TOP (\d+)", body), re.search(r"&gt; (-?\d+)", body)
        if limit is None or after is None:
            return self.rows
        key = next(iter(self.rows[0])) if self.rows else ""
        return [row for row in self.rows if row[key] is None or row[key] > int(after[1])][: int(limit[1])]


@pytest.fixture
def erp() -> Iterator[FakeErp]:
    fake = FakeErp()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            status, answer = fake.answer(body)
            self.send_response(status)
            self.send_header("Content-Type", "text/xml; charset=utf-8")
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: Any) -> None:
            """Quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    Thread(target=server.serve_forever, daemon=True).start()
    fake.url = f"http://127.0.0.1:{server.server_port}/"
    yield fake
    server.shutdown()
    server.server_close()


@pytest.fixture
def sag(erp: FakeErp) -> Connection:
    return builders.sag_connection(erp.url)


@pytest.fixture
def siigo(erp: FakeErp) -> Connection:
    return builders.siigo_connection(erp.url)


@pytest.fixture
def plan(sag: Connection) -> Callable[[str], PullPlan]:
    return lambda register: plan_for(sag, register)


def party(key: int, tax_id: int, name: str = "PROVEEDOR UNO S.A.S.", **changes: Any) -> dict[str, Any]:
    """A row of the default query of third parties."""
    row = {
        "clave": key,
        "nit": tax_id,
        "digito": "",
        "nombre": name,
        "naturaleza": "J",
        "tipo_documento": "A",
        "tipo_tercero": "C",
        "direccion": "Calle 1 # 2-3   ",
        "telefono": "6044440000",
        "telefono_alterno": None,
        "correo": "uno@prueba.example",
        "modificado": "2026-11-03T10:00:00",
        "codigo_alterno": None,
        "actividad": "4711",
    }
    return row | changes
