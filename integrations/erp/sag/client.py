"""SAG's web service. zeep writes the envelopes; our transport carries them and our parser reads the answers.

The only module that imports zeep.
"""

import re
from collections.abc import Callable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import NoReturn, cast
from urllib.parse import urlsplit, urlunsplit

import zeep
import zeep.transports

from integrations.erp.causes import judged, receipt_without_answer
from integrations.erp.receipts import Receipt, Secret, Timeouts
from integrations.erp.sag.answers import Sent, match_to_records, read_insertion, read_query
from integrations.erp.sag.causes import CAUSES
from integrations.erp.sag.document import UNWRITABLE
from integrations.erp.sag.envelopes import UnreadableError
from integrations.erp.sag.row_stream import RowStream, TakeRow
from integrations.erp.sag.rows import OPERATIONS, QueryMethod, QueryRow
from integrations.erp.sag.sent_request import sent_record
from integrations.erp.transport import READ_LIMIT_BYTES, WRITE_LIMIT_BYTES, EnoughError, Exchange, TakePiece, Transport
from integrations.errors import NoAnswerError, NotSentError, PayloadError, QueryError

_WSDL = Path(__file__).parent / "wsdl" / "ServiceSagWeb.wsdl"
_BINDING = "{http://tempuri.org/}BasicHttpBinding_IServiceSagWeb"
_PROBE = "SELECT 1 AS ok"


@dataclass(frozen=True, slots=True)
class _CallOptions:
    """What differs between two calls of one client; zeep has no way to hand it to its transport."""

    limit_bytes: int
    before_first_byte: Callable[[], None] | None = None
    take: TakePiece | None = None


_OPTIONS: ContextVar[_CallOptions] = ContextVar("sag_call_options")


class _ZeepTransport(zeep.transports.Transport):
    """zeep's transport, made of ours. What it returns reaches the caller as it is (`raw_response`)."""

    def __init__(self, transport: Transport, timeouts: Timeouts, token: Secret) -> None:
        super().__init__()
        self._transport, self._timeouts, self._token = transport, timeouts, token

    def post(self, address: str, message: bytes, headers: Mapping[str, str]) -> Exchange:
        options = _OPTIONS.get()
        return self._transport.exchange(
            address,
            message,
            headers,
            self._timeouts,
            secret=self._token,
            limit_bytes=options.limit_bytes,
            before_first_byte=options.before_first_byte,
            take=options.take,
        )

    def _load_remote_data(self, url: str) -> NoReturn:  # noqa: ARG002
        raise LookupError("the service's description is part of the project and loads nothing")


class SagClient:
    """Writes and queries of one company's SAG, which the token selects. Reusable, and by several threads."""

    def __init__(self, endpoint: str, token: Secret, timeouts: Timeouts, transport: Transport | None = None) -> None:
        carrier = _ZeepTransport(transport or Transport(), timeouts, token)
        settings = zeep.Settings(raw_response=True, forbid_dtd=True)
        client = zeep.Client(str(_WSDL), transport=carrier, settings=settings)
        address = normalise_endpoint(endpoint)
        self._service = client.create_service(_BINDING, address)
        self._token = token

    def __repr__(self) -> str:
        return "SagClient()"

    def insert(
        self,
        tipo: str,
        xml: str,
        *,
        key: str = "",
        committed: bool = True,
        before_first_byte: Callable[[], None] | None = None,
    ) -> Receipt:
        """`insercionSag` of one record. Whatever becomes of the call is a receipt, never an ExchangeError.

        `key` is how SAG knows the record, if it does before: an answer may name it. `committed` is False
        where the record itself asks not to be stored (`RealizarCommit="N"`).
        Raises PayloadError for characters that XML can't carry, ConfigurationError for an unusable address,
        and what `before_first_byte` raises: nothing was sent then.
        """
        options = _CallOptions(WRITE_LIMIT_BYTES, before_first_byte)
        try:
            exchange = self._call("insercionSag", options, a_s_tipo=tipo, a_s_xml=xml)
        except (NotSentError, NoAnswerError) as error:
            return receipt_without_answer(error, CAUSES)
        return judged(lambda: _receipt(exchange, Sent(tipo, sent_record(xml), committed), key), exchange, CAUSES)

    def query(self, sql: str, method: QueryMethod = "json") -> list[QueryRow]:
        """The rows of one SELECT. Raises QueryError if SAG failed it, ExchangeError if no answer came."""
        if method not in OPERATIONS:
            raise QueryError("El método de consulta debe ser json, json2 o xml.")
        exchange = self._call(OPERATIONS[method], _CallOptions(READ_LIMIT_BYTES), a_s_consulta=sql)
        return read_query(exchange.status, exchange.body, method, exchange.headers)

    def query_in_pieces(self, sql: str, method: QueryMethod, most_rows: int, take: TakeRow) -> bool:
        """Hand over the rows of one SELECT as they arrive, at most so many; whether there were more.

        Where `take` wants no more, and after the last one that may come, the connection is closed. Raises: as `query`.
        """
        rows = RowStream(method, most_rows, take, self._token)
        exchange = self._call(OPERATIONS[method], _CallOptions(READ_LIMIT_BYTES, take=rows.feed), a_s_consulta=sql)
        if not rows.was_cut:
            _end(rows, exchange)
        return rows.was_cut

    def probe(self) -> None:
        """Returns if SAG answers with these credentials; raises as `query` does if not."""
        if self.query(_PROBE) != [{"ok": 1}]:
            raise NoAnswerError("SAG respondió otra cosa que lo consultado.")

    def _call(self, operation: str, options: _CallOptions, **parameters: str) -> Exchange:
        token = self._token.reveal()
        if any(UNWRITABLE.search(text) for text in (token, *parameters.values())):
            raise PayloadError("Un texto tiene caracteres invisibles que no se pueden enviar.")
        mark = _OPTIONS.set(options)
        try:
            return cast("Exchange", self._service[operation](a_s_token=token, **parameters))
        finally:
            _OPTIONS.reset(mark)


def _end(rows: RowStream, exchange: Exchange) -> None:
    """Hand over the rows that are left when the answer ends. Raises: as `SagClient.query`."""
    try:
        rows.end(exchange.status, exchange.headers)
    except EnoughError:
        pass
    except UnreadableError:
        raise NoAnswerError("La respuesta de SAG a la consulta no se pudo leer.", status=exchange.status) from None


def _receipt(exchange: Exchange, sent: Sent, key: str) -> Receipt:
    return match_to_records(read_insertion(exchange.status, exchange.body, sent, exchange.headers), [key])[0]


def normalise_endpoint(address: str) -> str:
    """Where calls are posted: an address that ends in `.svc` or `.svc?wsdl`, as the manual prints it, means
    its `/soap` (interfaces; notes, 0.8). Others stay as they are.
    """
    address = address.strip()
    try:
        parts = urlsplit(address)
    except ValueError:
        return address  # the transport says what is wrong with it
    path = re.sub(r"\.svc/?$", lambda found: f"{found[0].rstrip('/')}/soap", parts.path, flags=re.IGNORECASE)
    query = "" if parts.query.lower() in ("wsdl", "singlewsdl") else parts.query
    return urlunsplit(parts._replace(path=path, query=query))
