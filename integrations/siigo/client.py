"""The client of the Siigo Pyme connector: JSON over HTTP, one endpoint for everything."""

from collections.abc import Callable
from typing import Any

from integrations.errors import NoAnswerError, NotSentError, RedirectedError
from integrations.receipts import Receipt, Secret, Timeouts, Verdict
from integrations.siigo import answers, causes
from integrations.transport import Exchange, Transport


class SiigoClient:
    """`api_key` is the one that iFactory gives; it travels only in the Authorization header."""

    def __init__(self, endpoint: str, api_key: Secret, timeouts: Timeouts, transport: Transport | None = None) -> None:
        self._endpoint = endpoint
        self._api_key = api_key
        self._timeouts = timeouts
        self._transport = transport or Transport()

    def __repr__(self) -> str:
        return "SiigoClient()"

    def export(self, body: bytes, before_first_byte: Callable[[], None] | None = None) -> Receipt:
        """Send an export request; whatever the network does is told in the receipt, never raised."""
        try:
            exchange = self._post(body, before_first_byte)
        except NotSentError as unsent:
            return Receipt(Verdict.NEVER_SENT, str(unsent), "unreachable")
        except RedirectedError as moved:
            return Receipt(Verdict.REDIRECTED, str(moved), "redirected", moved.status, self._masked(moved.body))
        except NoAnswerError as lost:
            return Receipt(Verdict.AMBIGUOUS, str(lost), causes.UNANSWERED.code)
        return answers.read_export(exchange.status, self._masked(exchange.body), exchange.headers)

    def read_movements(self, body: bytes) -> list[dict[str, Any]]:
        """Send an import request and return its rows.

        Raises: QueryError where Siigo refused; ExchangeError where there was no whole answer.
        """
        exchange = self._post(body, None)
        return answers.read_import(exchange.status, exchange.body)

    def _post(self, body: bytes, before_first_byte: Callable[[], None] | None) -> Exchange:
        headers = {
            "Content-Type": "application/json",
            "Accept": "application/json",
            "Authorization": f"Bearer {self._api_key.reveal()}",
        }
        return self._transport.exchange(self._endpoint, body, headers, self._timeouts, before_first_byte)

    def _masked(self, body: bytes) -> bytes:
        """The answer as evidence: a server may echo what it was sent."""
        key = self._api_key.reveal().encode()
        return body.replace(key, b"***") if key else body
