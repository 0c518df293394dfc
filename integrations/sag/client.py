"""The client of SAG's web service: zeep builds and sends the envelope, `answers` reads it.

The only module that imports zeep. The WSDL is the project's own; nothing is fetched to build a client.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import requests
import zeep
from zeep.transports import Transport as ZeepTransport

from integrations.errors import NoAnswerError, NotSentError, PayloadError, RedirectedError
from integrations.receipts import Receipt, Secret, Timeouts, Verdict
from integrations.sag import answers, causes
from integrations.sag.answers import Row
from integrations.transport import Exchange, Transport

WSDL = Path(__file__).with_name("wsdl") / "ServiceSagWeb.wsdl"
BINDING = "{http://tempuri.org/}BasicHttpBinding_IServiceSagWeb"
_SETTINGS = {"raw_response": True, "strict": True, "forbid_dtd": True, "forbid_entities": True}
_METHODS = {"json": "consultaSagJson", "json2": "consultaSagJson2", "xml": "consultaSagXml"}


class _OurTransport(ZeepTransport):
    """zeep's way out, through our exchange; `raw_response` hands the exchange back untouched."""

    def __init__(self) -> None:
        super().__init__(session=requests.Session())
        self.exchange: Callable[[str, bytes, dict[str, str]], Exchange] | None = None

    def post(self, address: str, message: Any, headers: Any) -> Any:
        if self.exchange is None:
            raise PayloadError("La conexión con SAG no está lista.")
        body = message if isinstance(message, bytes) else str(message).encode()
        return self.exchange(address, body, {name: str(value) for name, value in headers.items()})


def soap_address(endpoint: str) -> str:
    """The address that calls are posted to: the manual prints the `.svc`, which means its `/soap`."""
    bare = endpoint.strip()
    for ending in ("?wsdl", "?singleWsdl", "?WSDL"):
        bare = bare.removesuffix(ending)
    return f"{bare}/soap" if bare.lower().endswith(".svc") else bare


class SagClient:
    """`token` is the one that P&A gives; it travels in the body of every call and is kept out of everything else."""

    def __init__(self, endpoint: str, token: Secret, timeouts: Timeouts, transport: Transport | None = None) -> None:
        self._address = soap_address(endpoint)
        self._token = token
        self._timeouts = timeouts
        self._transport = transport or Transport()
        self._zeep_transport = _OurTransport()
        client = zeep.Client(str(WSDL), transport=self._zeep_transport, settings=zeep.Settings(**_SETTINGS))
        self._service = client.create_service(BINDING, self._address)

    def __repr__(self) -> str:
        return "SagClient()"

    def insert(
        self,
        tipo: str,
        xml: str,
        *,
        committed: bool = True,
        before_first_byte: Callable[[], None] | None = None,
    ) -> Receipt:
        """`insercionSag` of one record; whatever the network does is told in the receipt, never raised."""
        try:
            exchange = self._call("insercionSag", (tipo, xml), before_first_byte)
        except NotSentError as unsent:
            return Receipt(Verdict.NEVER_SENT, str(unsent), "unreachable")
        except RedirectedError as moved:
            return Receipt(Verdict.REDIRECTED, str(moved), "redirected", moved.status, self._masked(moved.body))
        except NoAnswerError as lost:
            return Receipt(Verdict.AMBIGUOUS, str(lost), causes.UNANSWERED.code)
        receipts = answers.read_insertion(
            exchange.status, self._masked(exchange.body), committed=committed, headers=exchange.headers
        )
        return receipts[0] if len(receipts) == 1 else _too_many(receipts)

    def query(self, sql: str, method: str = "json") -> list[Row]:
        """The rows of one query; `method` is json, json2 or xml.

        Raises: QueryError where SAG answered an error, ExchangeError where there was no whole answer.
        """
        exchange = self._call(_METHODS[method], (sql,), None)
        return answers.read_query(method, exchange.status, exchange.body)

    def probe(self) -> None:
        """The least there is to ask: with bad credentials it fails as everything does.

        Raises: QueryError, ExchangeError.
        """
        self.query("SELECT 1 AS ok")

    def _call(self, operation: str, values: tuple[str, ...], guard: Callable[[], None] | None) -> Exchange:
        def exchange(address: str, body: bytes, headers: dict[str, str]) -> Exchange:
            return self._transport.exchange(address, body, headers, self._timeouts, guard)

        self._zeep_transport.exchange = exchange
        try:
            answer: Exchange = getattr(self._service, operation)(self._token.reveal(), *values)
        except (ValueError, TypeError):
            # zeep refuses characters that XML can't carry before anything leaves; its text may hold the value.
            raise NotSentError("El contenido tiene caracteres que no se pueden enviar. No se envió nada.") from None
        finally:
            self._zeep_transport.exchange = None
        return answer

    def _masked(self, body: bytes) -> bytes:
        """The answer as evidence: a server may echo what it was sent."""
        token = self._token.reveal().encode()
        return body.replace(token, b"***") if token else body


def _too_many(receipts: list[Receipt]) -> Receipt:
    """One record left and several verdicts came: more may exist than was asked for."""
    return receipts[0].with_verdict(
        Verdict.AMBIGUOUS, "SAG dio varias respuestas para un solo registro: verifíquelo antes de reintentar."
    )
