"""Siigo's connector over HTTP: one address, one POST a call (official text, Endpoint and Encabezados)."""

from collections.abc import Callable, Mapping

from integrations.erp.causes import cause_with_code
from integrations.erp.receipts import Receipt, Secret, Timeouts
from integrations.erp.siigo.answers import ImportRow, read_export, read_import
from integrations.erp.siigo.causes import CAUSES
from integrations.erp.transport import READ_LIMIT_BYTES, Exchange, Transport
from integrations.errors import NoAnswerError, NotSentError, RedirectedError


class SiigoClient:
    """Sends ready requests (`siigo.document`) and reads what comes back. Reusable, and by several threads.

    `labels` gives the Spanish name of a wire name, for the errors of a field.
    """

    def __init__(
        self,
        endpoint: str,
        api_key: Secret,
        timeouts: Timeouts,
        transport: Transport | None = None,
        *,
        labels: Mapping[str, str] | None = None,
    ) -> None:
        self._endpoint = endpoint.strip()
        self._api_key = api_key
        self._timeouts = timeouts
        self._transport = transport or Transport()
        self._labels = labels or {}

    def __repr__(self) -> str:
        return "SiigoClient()"

    def export(self, body: bytes, *, before_first_byte: Callable[[], None] | None = None) -> Receipt:
        """Write. Whatever becomes of the call is a receipt; no ExchangeError is raised.

        `before_first_byte` may forbid the send by raising, and that propagates. Raises ConfigurationError
        where the address or the key can't be used: nothing was sent then either.
        """
        try:
            exchange = self._transport.exchange(
                self._endpoint,
                body,
                self._headers(),
                self._timeouts,
                before_first_byte=before_first_byte,
            )
        except NotSentError as error:
            return _unanswered("never_sent", error)
        except RedirectedError as error:
            return _unanswered("redirected", error, self._masked(error.body), error.status)
        except NoAnswerError as error:
            return _unanswered("no_answer", error, self._masked(error.body), error.status)
        return read_export(exchange.status, self._masked(exchange.body), headers=exchange.headers, labels=self._labels)

    def read_rows(self, body: bytes, under: str = "") -> list[ImportRow]:
        """The rows of any import; `under` is the key that holds them, where the connection says so.

        Raises QueryError where Siigo refused, ExchangeError where no usable answer came.
        """
        exchange = self._read(body)
        return read_import(exchange.status, self._masked(exchange.body), under)

    def _read(self, body: bytes) -> Exchange:
        try:
            return self._transport.exchange(
                self._endpoint, body, self._headers(), self._timeouts, limit_bytes=READ_LIMIT_BYTES
            )
        except NoAnswerError as error:
            error.body = self._masked(error.body)
            raise

    def _headers(self) -> dict[str, str]:
        return {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Authorization": f"Bearer {self._api_key.reveal()}",
        }

    def _masked(self, body: bytes) -> bytes:
        """An answer may quote the request: the key must not reach what is stored."""
        key = self._api_key.reveal().encode()
        return body.replace(key, b"***") if key else body


def _unanswered(code: str, error: Exception, body: bytes = b"", status: int | None = None) -> Receipt:
    cause = cause_with_code(CAUSES, code)
    message = f"{error} {cause.advice}"
    return Receipt(cause.verdict, message, cause=code, http_status=status, body=body)
