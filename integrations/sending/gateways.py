"""Builds the clients of the ERPs; the only module that decrypts credentials. Runs in the worker."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import lru_cache
from typing import Any, Protocol

from django.utils import timezone

from integrations.choices import Target
from integrations.connections import credentials, lanes
from integrations.erp.payload import Payload
from integrations.erp.read_back import KnownRecord, ReadBack, ReadBackQuestion
from integrations.erp.receipts import Receipt, Reference, Timeouts
from integrations.erp.sag import dialect as sag_dialect
from integrations.erp.sag import lookup_queries as sag_lookup
from integrations.erp.sag import read_back as sag_read_back
from integrations.erp.sag.client import SagClient
from integrations.erp.sag.row_stream import TakeRow
from integrations.erp.sag.rows import QueryMethod, QueryRow
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.erp.siigo import fields as siigo_fields
from integrations.erp.siigo import master_read_back
from integrations.erp.siigo import read_back as siigo_read_back
from integrations.erp.siigo.client import SiigoClient
from integrations.erp.siigo.document import MOVEMENTS, import_request
from integrations.erp.siigo.voucher_keys import VoucherKey
from integrations.errors import ConfigurationError, ThrottledError
from integrations.models import Connection
from integrations.models.clock import database_now

Guard = Callable[[], None]
"""Called right before the first byte; where it raises, nothing is sent."""

_SIIGO_LABELS = {
    row.name: row.label.lower()
    for catalogue in (siigo_fields.THIRD, siigo_fields.PRODUCT, siigo_fields.MOVEMENT)
    for row in catalogue
}


class Gateway(Protocol):
    """What sending and verifying need of an ERP, whichever it is."""

    def send(self, payload: Payload, guard: Guard) -> Receipt:
        """Write one payload. Never raises for what the ERP or the network did: the receipt says it."""

    def find_many(self, questions: Sequence[ReadBackQuestion], known: Sequence[KnownRecord]) -> ReadBack:
        """One complete read that looks for records of one kind.

        `known` were seen there before: a complete read brings them too.
        Raises: QueryError, ExchangeError where nothing was learned. Where the ERP asked to wait, the lane rests.
        """

    def last_number(self, series: str, above: int) -> int:
        """The last number of a series, or `above` where none is higher. Raises: as `find_many`."""

    def probe(self) -> None:
        """Read as little as possible, to see whether the ERP answers and accepts the credentials.

        Raises: QueryError, ExchangeError where it does not.
        """


def gateway(connection: Connection) -> Gateway:
    """The gateway to the ERP of a connection.

    Raises: ConfigurationError where the connection has no credential or no address.
    """
    if not connection.credential or not connection.endpoint:
        raise ConfigurationError(f"A la conexión {connection} le falta la dirección o la clave.")
    if connection.target == Target.SIIGO:
        return _SiigoGateway(connection)
    return SagGateway(connection)


def sag_client(connection: Connection) -> SagClient:
    """The SOAP client of a SAG connection.

    Cached by address, credential and timeouts, because building one reads the WSDL and the trust store.
    """
    return _cached_sag_client(connection.endpoint, connection.credential, timeouts(connection))


@lru_cache(maxsize=16)
def _cached_sag_client(endpoint: str, encrypted: str, seconds: Timeouts) -> SagClient:
    return SagClient(endpoint, credentials.unseal(encrypted), seconds)


@lru_cache(maxsize=16)
def _cached_siigo_client(endpoint: str, encrypted: str, seconds: Timeouts) -> SiigoClient:
    return SiigoClient(endpoint, credentials.unseal(encrypted), seconds, labels=_SIIGO_LABELS)


def timeouts(connection: Connection) -> Timeouts:
    """The timeouts of one call on a connection, in seconds."""
    return Timeouts(connection.connect_seconds, connection.read_seconds, connection.deadline_seconds)


class _SiigoGateway:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._client = _cached_siigo_client(connection.endpoint, connection.credential, timeouts(connection))

    def send(self, payload: Payload, guard: Guard) -> Receipt:
        return self._client.export(payload.body.encode(), before_first_byte=guard)

    def find_many(self, questions: Sequence[ReadBackQuestion], known: Sequence[KnownRecord]) -> ReadBack:
        if questions and master_read_back.resource_of(questions[0].body) != MOVEMENTS:
            return master_read_back.find(self._read_masters, questions, known)
        return siigo_read_back.find(self._read, questions, known)

    def last_number(self, series: str, above: int) -> int:
        return siigo_read_back.last_number(self._read, series, above)

    def probe(self) -> None:
        """Read one voucher number, which need not exist."""
        key = VoucherKey(2000, "F", 1, 1)
        self._read(siigo_read_back.filters(key, (1, 1)))

    def _read(self, params: dict[str, object]) -> list[dict[str, Any]]:
        return siigo_register(self._connection, MOVEMENTS, params)

    def _read_masters(self, resource: str, keys: tuple[int, int]) -> list[dict[str, Any]]:
        params = master_read_back.filters(resource, keys, timezone.localdate().year)
        return siigo_register(self._connection, resource, params)


def siigo_register(connection: Connection, resource: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of movements or of one of Siigo's masters, as the connector's JSON, in one call.

    Raises: QueryError, ExchangeError where nothing was learned. Where Siigo asked to wait, the lane rests.
    """
    dialect = siigo_dialect.build(connection.settings)
    config = dialect.request_config
    request = import_request(
        resource,
        params,
        id_connection=connection.account,
        timeout_minutes=config["timeout"],
        backoff_minutes=config["backoff"],
    )
    client = _cached_siigo_client(connection.endpoint, connection.credential, timeouts(connection))
    with _rest_if_asked(connection):
        return client.read_rows(request, str(dialect.settings["import_rows_under"]))


def sag_rows(connection: Connection, sql: str, method: QueryMethod = "json") -> list[QueryRow]:
    """The rows of one SELECT in SAG. Raises: as `siigo_register`."""
    with _rest_if_asked(connection):
        return sag_client(connection).query(sql, method)


def sag_rows_in_pieces(connection: Connection, sql: str, method: QueryMethod, most_rows: int, take: TakeRow) -> bool:
    """Hand over the rows of one SELECT as they arrive, at most so many; whether there were more.

    Raises: as `sag_rows`.
    """
    with _rest_if_asked(connection):
        return sag_client(connection).query_in_pieces(sql, method, most_rows, take)


@contextmanager
def _rest_if_asked(connection: Connection) -> Iterator[None]:
    """A read of a connection: where the ERP asks to wait, its whole lane rests. Raises what the read raised."""
    try:
        yield
    except ThrottledError as throttled:
        lanes.rest(connection, database_now(), 0, throttled.retry_after_seconds)
        raise


class SagGateway:
    """`Gateway` to SAG, with the one question that only the key probe asks."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._client = sag_client(connection)

    def send(self, payload: Payload, guard: Guard) -> Receipt:
        """As `Gateway.send`."""
        return self._client.insert(
            payload.tipo,
            payload.body,
            key=payload.reference.number,
            committed=payload.committed,
            before_first_byte=guard,
        )

    def find_many(self, questions: Sequence[ReadBackQuestion], known: Sequence[KnownRecord]) -> ReadBack:
        """As `Gateway.find_many`."""
        return sag_read_back.find(self._ask, self._lookups, questions, known)

    def last_number(self, series: str, above: int) -> int:
        """As `Gateway.last_number`."""
        return max(above, sag_read_back.last_number(self._ask, self._lookups, series))

    def key_comes_back(self, source: str, field: str, value: str) -> bool:
        """Whether SAG finds a document of a fuente by the value that was sent in one field."""
        return sag_read_back.comes_back(self._ask, self._lookups, source, field, value)

    def documents_with_our_keys(self, above: int) -> dict[str, Reference]:
        """Key → document of all that carry a key of ours, in any field of the connection, after an identifier."""
        names = (sag_lookup.KEY_FIELD, sag_lookup.OTHER_KEY_FIELD)
        fields = {str(sag_dialect.build(self._connection.settings).settings[name]) for name in names} - {""}
        found: dict[str, Reference] = {}
        for field in sorted(fields):
            found |= sag_read_back.documents_with_our_keys(self._ask, self._lookups, field, above)
        return found

    def probe(self) -> None:
        """As `Gateway.probe`."""
        with _rest_if_asked(self._connection):
            self._client.probe()

    def _ask(self, sql: str) -> list[QueryRow]:
        return sag_rows(self._connection, sql)

    @property
    def _lookups(self) -> sag_lookup.LookupQueries:
        return sag_lookup.read_queries(self._connection.settings)
