"""The last number of a series, kept before a lane starts and after each uncertain call. Runs in the worker.

A jump of one with matching content proves a commit where no key of ours travels (`sag.readback`). A mark is
evidence beside the way: without one nothing is proven, and nothing else stops.
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
from integrations.standings import attempts

log = logging.getLogger(__name__)

_UNCERTAIN = frozenset({Verdict.AMBIGUOUS, Verdict.DUPLICATE, Verdict.UNCOMMITTED, Verdict.REDIRECTED})


def before_a_lane_starts(connection_id: int) -> None:
    """Keep the last number of every series in which something is queued, where this connection keeps them.

    Only a lane of one call at a time can tell whose a jump is.
    """
    connection = Connection.objects.get(pk=connection_id)
    if not _keeps(connection) or connection.is_paused or connection.archived_at is not None:
        return
    for series in _queued_series(connection):
        _read(connection, series)


def after_a_call(connection: Connection, attempt: SyncAttempt, receipt: Receipt) -> None:
    """Keep it again after a call whose outcome is not known."""
    if receipt.verdict in _UNCERTAIN and attempt.series and _keeps(connection):
        _read(connection, attempt.series, attempt)


def _keeps(connection: Connection) -> bool:
    if connection.target != Target.SAG or connection.concurrency != 1:
        # Siigo's numbers are ours, and a read of it takes a minute or two (`siigo-notes`, section 1.5).
        return False
    choice = connection.setting(lookup_queries.MARKS, "keyless")
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
    attempts.mark(connection, series, number, attempt.pk if attempt else None)
