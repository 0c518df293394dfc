"""The last number of a series, read before a lane starts and after each uncertain call. Runs in the worker.

Where no key of ours travels, a number that rose by one, with matching content, proves that the document was stored
(`sag.read_back`). Without a mark nothing is proven, and nothing else stops.
"""

import logging
from collections.abc import Iterable

from integrations.choices import SendKind, Status, Target
from integrations.erp.receipts import Receipt, Verdict
from integrations.erp.sag import lookup_queries
from integrations.errors import IntegrationError
from integrations.models import Connection, SeriesMark, SyncAttempt, SyncStanding
from integrations.models.syncable import model_for
from integrations.sending import gateways

log = logging.getLogger(__name__)

_UNCERTAIN = frozenset({Verdict.AMBIGUOUS, Verdict.DUPLICATE, Verdict.UNCOMMITTED, Verdict.REDIRECTED})


def read_before_lane(connection_id: int) -> None:
    """Read and save the last number of every series in which something is queued, where the connection asks for it.

    Only with one call at a time can a higher number be attributed to a document.
    """
    connection = Connection.objects.get(pk=connection_id)
    if not _is_on(connection) or connection.is_paused or connection.archived_at is not None:
        return
    for series in _queued_series(connection):
        _read(connection, series)


def read_after_call(connection: Connection, attempt: SyncAttempt, receipt: Receipt) -> None:
    """Read and save the last number again after a call whose outcome is not known."""
    if receipt.verdict in _UNCERTAIN and attempt.series and _is_on(connection):
        _read(connection, attempt.series, attempt)


def _is_on(connection: Connection) -> bool:
    if connection.target != Target.SAG or connection.concurrency != 1:
        # Siigo's numbers are ours, and a read of it takes a minute or two (`siigo-notes`, section 1.5).
        return False
    choice = connection.setting(lookup_queries.SERIES_MARKS, "keyless")
    return choice == "always" or (choice == "keyless" and not connection.setting("fill_NumeroDocumento2", True))


def _queued_series(connection: Connection) -> Iterable[str]:
    queued = SyncStanding.objects.filter(connection=connection, status=Status.QUEUED, send_kind=SendKind.CREATE)
    found: set[str] = set()
    for kind in queued.order_by().values_list("kind", flat=True).distinct():
        ids = queued.filter(kind=kind).order_by().values("record_id")
        found |= model_for(kind).series_of(ids, connection.target)
    return sorted(found)


def _read(connection: Connection, series: str, attempt: SyncAttempt | None = None) -> None:
    newest = SeriesMark.objects.filter(connection=connection, series=series).order_by("-read_at").first()
    try:
        number = gateways.gateway(connection).last_number(series, newest.number if newest else 0)
    except IntegrationError as unanswered:
        log.warning("the last number of %s could not be read: %s", series, unanswered)
        return
    except Exception:
        log.exception("the last number of %s could not be read", series)
        return
    SeriesMark.objects.create(
        connection=connection, series=series[:60], number=number, attempt=attempt.pk if attempt else None
    )
