"""Builds the ERPs' clients and is the only room that opens a credential. Runs in the worker."""

from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, Protocol

from django.utils import timezone

from integrations.choices import Target
from integrations.connections import credentials
from integrations.erp.findings import Finding, Question
from integrations.erp.payload import Payload
from integrations.erp.receipts import Receipt, Timeouts
from integrations.erp.sag import lookup_queries as sag_lookup
from integrations.erp.sag import readback as sag_readback
from integrations.erp.sag.client import SagClient
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.erp.siigo import fields as siigo_fields
from integrations.erp.siigo import master_readback
from integrations.erp.siigo import readback as siigo_readback
from integrations.erp.siigo.client import SiigoClient
from integrations.erp.siigo.document import MOVEMENTS, import_request, register_request
from integrations.errors import ConfigurationError
from integrations.models import Connection, SyncStanding
from integrations.standings import attempts

Guard = Callable[[], None]
"""Called right before the first byte; raising keeps the request from leaving."""


_SIIGO_LABELS = {
    row.name: row.label.lower()
    for catalogue in (siigo_fields.THIRD, siigo_fields.PRODUCT, siigo_fields.MOVEMENT)
    for row in catalogue
}


class Gateway(Protocol):
    """What the engine needs of an ERP, whichever it is."""

    def send(self, payload: Payload, guard: Guard) -> Receipt:
        """One write. Never raises for what the ERP or the network did: the receipt says it."""

    def find(self, row: SyncStanding, body: str) -> Finding:
        """One complete read of the record for which `body` was sent; raises as `find_many`."""

    def find_many(self, questions: Sequence[Question], known_bodies: Sequence[str]) -> dict[int, Finding]:
        """One complete, wide read of records of one kind, by their keys.

        `known_bodies` were sent of what is known to be there: they prove that the read would have found the
        rest. Raises: QueryError, ExchangeError: then nothing was learned.
        """

    def last_number(self, series: str, above: int) -> int:
        """The last number of a series; `above` where nothing follows it. Raises as `find_many`."""

    def probe(self) -> None:
        """Ask for the least there is.

        Raises: QueryError, ExchangeError where the ERP does not answer with these credentials.
        """


def gateway(connection: Connection) -> Gateway:
    """The gateway of a connection.

    Raises: ConfigurationError where it lacks its credential or address.
    """
    if not connection.credential or not connection.endpoint:
        raise ConfigurationError(f"A la conexión {connection} le falta la dirección o la clave.")
    if connection.target == Target.SIIGO:
        return _SiigoGateway(connection)
    return SagGateway(connection)


def sag_client(connection: Connection) -> SagClient:
    """The SOAP client of a SAG connection.

    Building a client reads the WSDL and the trust store, so one is kept while its connection stays as it is.
    """
    return _kept_sag_client(connection.endpoint, connection.credential, timeouts(connection))


@lru_cache(maxsize=16)
def _kept_sag_client(endpoint: str, sealed: str, seconds: Timeouts) -> SagClient:
    return SagClient(endpoint, credentials.unseal(sealed), seconds)


@lru_cache(maxsize=16)
def _kept_siigo_client(endpoint: str, sealed: str, seconds: Timeouts) -> SiigoClient:
    return SiigoClient(endpoint, credentials.unseal(sealed), seconds, labels=_SIIGO_LABELS)


def timeouts(connection: Connection) -> Timeouts:
    return Timeouts(connection.connect_seconds, connection.read_seconds, connection.deadline_seconds)


class _SiigoGateway:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._client = _kept_siigo_client(connection.endpoint, connection.credential, timeouts(connection))

    def send(self, payload: Payload, guard: Guard) -> Receipt:
        return self._client.export(payload.body.encode(), before_first_byte=guard)

    def find(self, row: SyncStanding, body: str) -> Finding:
        return _find_one(self, self._connection, row, body)

    def find_many(self, questions: Sequence[Question], known_bodies: Sequence[str]) -> dict[int, Finding]:
        if questions and master_readback.resource_of(questions[0].body) != MOVEMENTS:
            return master_readback.find(self._read_masters, questions, known_bodies)
        return siigo_readback.find(self._read, questions, known_bodies)

    def last_number(self, series: str, above: int) -> int:
        return siigo_readback.last_number(self._read, series, above)

    def probe(self) -> None:
        """A read of one number that need not exist: authentication and reach are what it tells."""
        key = siigo_readback.VoucherKey(2000, "F", 1, 1)
        self._read(siigo_readback.filters(key, (1, 1)))

    def _read(self, filters: dict[str, Any]) -> list[dict[str, Any]]:
        config = siigo_dialect.build(self._connection.settings).request_config
        request = import_request(
            id_connection=self._connection.account,
            **filters,
            timeout_minutes=config["timeout"],
            backoff_minutes=config["backoff"],
        )
        return self._client.read_rows(request)

    def _read_masters(self, resource: str, keys: tuple[int, int]) -> list[dict[str, Any]]:
        params = master_readback.filters(resource, keys, timezone.localdate().year)
        return siigo_register(self._connection, resource, params)


def siigo_register(connection: Connection, resource: str, params: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of one of Siigo's masters, in one call.

    Raises: QueryError, ExchangeError: then nothing was learned.
    """
    dialect = siigo_dialect.build(connection.settings)
    config = dialect.request_config
    request = register_request(
        resource,
        params,
        id_connection=connection.account,
        timeout_minutes=config["timeout"],
        backoff_minutes=config["backoff"],
    )
    client = _kept_siigo_client(connection.endpoint, connection.credential, timeouts(connection))
    return client.read_rows(request, str(dialect.settings["import_rows_under"]))


class SagGateway:
    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._client = sag_client(connection)

    def send(self, payload: Payload, guard: Guard) -> Receipt:
        return self._client.insert(
            payload.tipo,
            payload.body,
            key=payload.reference.number,
            committed=payload.committed,
            before_first_byte=guard,
        )

    def find(self, row: SyncStanding, body: str) -> Finding:
        return _find_one(self, self._connection, row, body)

    def find_many(self, questions: Sequence[Question], known_bodies: Sequence[str]) -> dict[int, Finding]:
        lookups = sag_lookup.read(self._connection.settings)
        key_field = self._connection.setting(sag_lookup.KEY_FIELD, sag_lookup.NUMBER2)
        return sag_readback.find(self._client.query, lookups, questions, known_bodies, key_field)

    def last_number(self, series: str, above: int) -> int:
        return max(
            above, sag_readback.last_number(self._client.query, sag_lookup.read(self._connection.settings), series)
        )

    def key_comes_back(self, source: str, field: str, value: str) -> bool:
        """Whether SAG gives a document of a fuente back by what was sent in one field."""
        lookups = sag_lookup.read(self._connection.settings)
        return sag_readback.comes_back(self._client.query, lookups, source, field, value)

    def probe(self) -> None:
        self._client.probe()


def _find_one(gateway: Gateway, connection: Connection, row: SyncStanding, body: str) -> Finding:
    """The same read for one record, whose attempt may not be over yet."""
    question = next(iter(attempts.questions([row])), None) or Question(row.pk, body)
    known = attempts.bodies_known_to_be_there(connection, [row])
    return gateway.find_many([question], known)[row.pk]
