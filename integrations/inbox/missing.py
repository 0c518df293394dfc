"""The masters that the documents of a card name and the ERP is not known to hold."""

from collections import defaultdict

from integrations import masters, payloads
from integrations.inbox.cards import EVERYTHING, Card, Wanted, members
from integrations.models import Connection, SyncStanding

_MOST = 500
"""Documents of a card that one look reads."""


def masters_of(card: Card, connections: list[Connection], wanted: Wanted = EVERYTHING) -> dict[str, list[SyncStanding]]:
    """Kind → the standings of the masters that could be sent first, each once."""
    found: dict[str, dict[int, SyncStanding]] = defaultdict(dict)
    for connection in connections:
        if connection.target != card.target:
            continue
        rows = members(card, wanted).filter(company=connection.company_id)
        for kind in {part.kind for part in card.parts.values()}:
            ids = list(rows.filter(kind=kind).values_list("record_id", flat=True)[:_MOST])
            records = payloads.load(kind, ids, card.target)
            for several in masters.lacking(connection, list(records.values())).values():
                for row in several:
                    found[row.kind][row.pk] = row
    return {kind: list(rows.values()) for kind, rows in found.items()}
