"""A client of the stand-ins that shares no code with the product's: http.client and strings."""

import http.client
import json
from html import escape
from pathlib import Path
from typing import Any
from xml.etree.ElementTree import Element, fromstring

from integrations.simulators.serving import RunningSimulator

PUBLISHED = Path(__file__).with_name("published")
ANSWER_SECONDS = 10
SIIGO_PATH = "/api/v1/siigo-pyme/send"
SOAP_PATH = "/ServiceSagWeb.svc/soap"
GENERALES = "{http://schemas.datacontract.org/2004/07/ws.logica.general}"
RESULT = "{http://tempuri.org/}"


class Answer:
    """Status, headers and body of one exchange."""

    def __init__(self, response: http.client.HTTPResponse) -> None:
        self.status = response.status
        self.headers = response.headers
        self.body = response.read()

    @property
    def json(self) -> Any:
        return json.loads(self.body)


def published(name: str) -> str:
    return (PUBLISHED / name).read_text(encoding="utf-8")


def ask(
    simulator: RunningSimulator,
    method: str,
    path: str,
    body: str | bytes = b"",
    seconds: float = ANSWER_SECONDS,
    **headers: str,
) -> Answer:
    """One request on a connection of its own. Header names are written with underscores."""
    data = body.encode() if isinstance(body, str) else body
    connection = http.client.HTTPConnection("127.0.0.1", simulator.port, timeout=seconds)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, data, named)
        return Answer(connection.getresponse())
    finally:
        connection.close()


def post_siigo(simulator: RunningSimulator, request: object, key: str = "demo-key", **options: Any) -> Answer:
    body = request if isinstance(request, str | bytes) else json.dumps(request)
    authorized = {"Content_Type": "application/json", "Authorization": f"Bearer {key}"}
    return ask(simulator, "POST", SIIGO_PATH, body, **{**authorized, **options})


def row(**changes: object) -> dict[str, object]:
    """A line of an invented voucher F-001-1."""
    line: dict[str, object] = {
        "voucher_type": "F", "voucher_code": 1, "document_number": 1, "accounting_account": 1305050000,
        "debit_or_credit": "D", "sequence_value": 100, "document_year": 2026, "document_month": 3,
        "document_day": 5, "sequence": 1,
    }  # fmt: skip
    return {name: value for name, value in {**line, **changes}.items() if value is not None}


def export(*rows: object, year: int = 2026, modify: str = "N") -> dict[str, object]:
    params = {"year": year, "basic_invoice": "N", "modify_documents": modify}
    return {
        "id_connection": "OBai6kmwKH",
        "execution_type": "export",
        "resource": "accounting_movements",
        "data": {"params": params, "list": list(rows)},
    }


def read_back(**changes: object) -> dict[str, object]:
    """An import of every movement of 2026."""
    params: dict[str, object] = {
        "year": 2026, "day_initial": "01", "day_final": "31", "month_initial": "01", "month_final": "12",
        "voucher_type": "*", "voucher_code_initial": 1, "voucher_code_final": 999, "number_initial": 1,
        "number_final": 9999999999, "basic_model": "N", "account_initial": 1, "account_final": 9999999999,
        "product_initial": 1, "product_final": 999999999999,
    }  # fmt: skip
    return {
        "id_connection": "OBai6kmwKH",
        "execution_type": "import",
        "resource": "accounting_movements",
        "params": {**params, **changes},
    }


def envelope(operation: str, inner: str) -> str:
    return (
        '<e:Envelope xmlns:e="http://schemas.xmlsoap.org/soap/envelope/" xmlns:t="http://tempuri.org/">'
        f"<e:Body><t:{operation}>{inner}</t:{operation}></e:Body></e:Envelope>"
    )


def post_soap(simulator: RunningSimulator, operation: str, body: str | bytes, **headers: Any) -> Answer:
    action = f'"http://tempuri.org/IServiceSagWeb/{operation}"'
    return ask(
        simulator,
        "POST",
        SOAP_PATH,
        body,
        **{"Content_Type": "text/xml; charset=utf-8", "SOAPAction": action, **headers},
    )


def call(simulator: RunningSimulator, operation: str, token: str = "t0k3n1", **parameters: str) -> Element:
    """The result element of one call."""
    given = {"a_s_token": token, **parameters}
    inner = "".join(f"<t:{name}>{escape(value)}</t:{name}>" for name, value in given.items())
    answer = post_soap(simulator, operation, envelope(operation, inner))
    assert answer.status == 200, answer.body
    found = fromstring(answer.body).find(f".//{RESULT}{operation}Result")
    assert found is not None
    return found


def insert(simulator: RunningSimulator, tipo: int, xml: str) -> list[tuple[str, str]]:
    """State and message of each record."""
    found = call(simulator, "insercionSag", a_s_tipo=str(tipo), a_s_xml=xml)
    return [(one.findtext(f"{GENERALES}s_estado", ""), one.findtext(f"{GENERALES}s_mensaje", "")) for one in found]


def select(simulator: RunningSimulator, sql: str) -> Any:
    """Rows by consultaSagJson."""
    return json.loads(call(simulator, "consultaSagJson", a_s_consulta=sql).text or "")


def document(lines: str = "", **changes: str) -> str:
    """An invented order."""
    header = {
        "MovimientoId": "1", "CodigoFuente": "PD", "NumeroDocumento": "0", "NumeroDocumento2": "BO-1",
        "FechaDocumento": "2026/03/05", "Nit": "900123456", "LoginUsuario": "INTEGRA", "RealizarCommit": "S",
    }  # fmt: skip
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in {**header, **changes}.items())
    return f"<Movimientos><Movimiento {attributes}>{lines}</Movimiento></Movimientos>"


def line(**changes: str) -> str:
    """A line with an article, and everything that is obligatory in one; an empty value leaves its field out."""
    fields = {
        "MovimientoId": "1", "MovimientoDetalleId": "1", "CodigoArticulo": "A1", "Cantidad": "2",
        "ValorUnitario": "10.50", "Iva": "19", "Descuento": "0", "Bodega": "01", **changes,
    }  # fmt: skip
    attributes = " ".join(f'{name}="{escape(value)}"' for name, value in fields.items() if value)
    return f"<MovimientoDetalle {attributes}/>"


def act(simulator: RunningSimulator, name: str, /, **options: object) -> Answer:
    """What people do at the ERP, over `/_sim/`."""
    return ask(simulator, "POST", f"/_sim/act/{name}", json.dumps(options))
