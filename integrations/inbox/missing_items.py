"""What the documents of a card lack: masters that the ERP is not known to hold, codes that nobody translated."""

from collections import defaultdict

from django.core.cache import cache

from integrations.inbox import code_mappings
from integrations.inbox.cards import EVERYTHING, Card, Wanted, members
from integrations.inbox.remedies import MASTERS
from integrations.models import Connection, SyncStanding
from integrations.payloads import builder, prerequisites

_MOST = 500
"""Documents of a card that one look reads."""
KEPT_SECONDS = 30
"""How old a count on a button may be."""


def counts(card: Card, connections: list[Connection], wanted: Wanted = EVERYTHING) -> dict[str, int]:
    """Kind → how many masters could be sent first, for the buttons: a look takes a dozen queries, so it is kept."""
    whose = getattr(wanted.person, "pk", "")
    key = f"missing-{card.key}-{whose}-{'-'.join(wanted.kinds or ())}"
    found: dict[str, int] | None = cache.get(key)
    if found is None:
        found = {kind: len(rows) for kind, rows in masters_of(card, connections, wanted).items()}
        cache.set(key, found, KEPT_SECONDS)
    return found


def codes_waiting(connection: Connection) -> int:
    """How many of our codes wait for the ERP's, for the button: a look that reads documents, so it is kept."""
    key = f"codes-waiting-{connection.pk}"
    found: int | None = cache.get(key)
    if found is None:
        found = len(code_mappings.waiting(connection))
        cache.set(key, found, KEPT_SECONDS)
    return found


def masters_of(card: Card, connections: list[Connection], wanted: Wanted = EVERYTHING) -> dict[str, list[SyncStanding]]:
    """Kind → the standings of the masters of the refused kinds that could be sent first, each once."""
    kinds = MASTERS.get(card.code, tuple(prerequisites.REGISTERS))
    found: dict[str, dict[int, SyncStanding]] = defaultdict(dict)
    for connection in connections:
        if connection.target != card.target:
            continue
        rows = members(card, wanted).filter(company=connection.company_id)
        for kind in {part.kind for part in card.parts.values()}:
            ids = list(rows.filter(kind=kind).values_list("record_id", flat=True)[:_MOST])
            records = builder.load(kind, ids, card.target)
            for several in prerequisites.lacking(connection, list(records.values())).values():
                for row in (one for one in several if one.kind in kinds):
                    found[row.kind][row.pk] = row
    return {kind: list(rows.values()) for kind, rows in found.items()}
