"""Siigo's connector over HTTP: one address, one POST a call (official text, Endpoint and Encabezados)."""

from collections.abc import Callable, Mapping

from integrations.erp.causes import judged, receipt_without_answer
from integrations.erp.receipts import Receipt, Secret, Timeouts
from integrations.erp.siigo.answers import ImportRow, read_export, read_import
from integrations.erp.siigo.causes import CAUSES
from integrations.erp.transport import READ_LIMIT_BYTES, WRITE_LIMIT_BYTES, Exchange, Transport
from integrations.errors import NoAnswerError, NotSentError


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
        self._endpoint, self._api_key, self._timeouts = endpoint.strip(), api_key, timeouts
        self._transport = transport or Transport()
        self._labels = labels or {}

    def __repr__(self) -> str:
        return "SiigoClient()"

    def export(self, body: bytes, *, before_first_byte: Callable[[], None] | None = None) -> Receipt:
        """Write; any outcome is a receipt. Raises, nothing sent: ConfigurationError, or as `before_first_byte` does."""
        try:
            exchange = self._exchange(body, before_first_byte=before_first_byte)
        except (NotSentError, NoAnswerError) as error:
            return receipt_without_answer(error, CAUSES)
        return judged(
            lambda: read_export(exchange.status, exchange.body, body, headers=exchange.headers, labels=self._labels),
            exchange,
            CAUSES,
        )

    def read_rows(self, body: bytes, under: str = "") -> list[ImportRow]:
        """The rows of any import; `under` is the key that holds them, where the connection says so.

        Raises QueryError where Siigo refused, ExchangeError where no usable answer came.
        """
        exchange = self._exchange(body, limit_bytes=READ_LIMIT_BYTES)
        return read_import(exchange.status, exchange.body, under, exchange.headers)

    def _exchange(
        self, body: bytes, *, limit_bytes: int = WRITE_LIMIT_BYTES, before_first_byte: Callable[[], None] | None = None
    ) -> Exchange:
        return self._transport.exchange(
            self._endpoint,
            body,
            {**_HEADERS, "Authorization": f"Bearer {self._api_key.reveal()}"},
            self._timeouts,
            secret=self._api_key,
            limit_bytes=limit_bytes,
            before_first_byte=before_first_byte,
        )


_HEADERS = {"Content-Type": "application/json", "Accept": "application/json"}
