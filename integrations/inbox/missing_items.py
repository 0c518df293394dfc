"""What the documents of a card lack: masters that the ERP is not known to have, codes that are not mapped."""

from collections import defaultdict
from collections.abc import Iterator
from itertools import chain

from django.core.cache import cache

from integrations.inbox import code_mappings
from integrations.inbox.cards import EVERYTHING, CauseCard, ErrorFilter, members
from integrations.inbox.remedies import causes_of
from integrations.models import Connection, SyncStanding
from integrations.payloads import builder, prerequisites

_MOST = 500
"""How many documents of a card are looked at."""
CACHE_SECONDS = 30
"""How old a count on a button may be."""


def counts(card: CauseCard, connections: list[Connection], chosen: ErrorFilter = EVERYTHING) -> dict[str, int]:
    """Kind → how many masters could be sent first; cached, because counting takes a dozen queries."""
    whose = getattr(chosen.person, "pk", "")
    key = f"missing-{card.key}-{whose}-{'-'.join(chosen.kinds or ())}"
    return cache.get_or_set(key, lambda: _count_masters(card, connections, chosen), CACHE_SECONDS) or {}


def _count_masters(card: CauseCard, connections: list[Connection], chosen: ErrorFilter) -> dict[str, int]:
    return {kind: len(rows) for kind, rows in masters_of(card, connections, chosen).items()}


def codes_waiting(connection: Connection) -> int:
    """How many of our codes are not mapped; cached, because counting reads documents."""
    count = cache.get_or_set(
        f"codes-waiting-{connection.pk}", lambda: len(code_mappings.waiting(connection)), CACHE_SECONDS
    )
    return count or 0


def masters_of(
    card: CauseCard, connections: list[Connection], chosen: ErrorFilter = EVERYTHING
) -> dict[str, list[SyncStanding]]:
    """Kind → the standings of missing masters that could be sent first, each once."""
    cause = {cause.code: cause for cause in causes_of(card.target)}.get(card.code)
    kinds = cause.master_kinds if cause and cause.master_kinds else tuple(prerequisites.REGISTERS)
    found: dict[str, dict[int, SyncStanding]] = defaultdict(dict)
    for connection in (each for each in connections if each.target == card.target):
        for row in _lacking(card, connection, chosen):
            if row.kind in kinds:
                found[row.kind][row.pk] = row
    return {kind: list(rows.values()) for kind, rows in found.items()}


def _lacking(card: CauseCard, connection: Connection, chosen: ErrorFilter) -> Iterator[SyncStanding]:
    """The standings of the masters that the documents of a card need and the ERP lacks; some more than once."""
    rows = members(card, chosen).filter(company=connection.company_id)
    for kind in {group.kind for group in card.groups.values()}:
        ids = list(rows.filter(kind=kind).values_list("record_id", flat=True)[:_MOST])
        records = builder.load(kind, ids, card.target)
        yield from chain.from_iterable(prerequisites.lacking(connection, list(records.values())).values())
