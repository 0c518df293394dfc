"""The masters that a movement names, and that an ERP must have before it."""

from collections.abc import Iterable

from integrations.choices import Kind
from integrations.models.syncable import Need
from ledger.columns import LineColumns, MovementColumns

_PARTY_KINDS = (Kind.CLIENT, Kind.THIRD_PARTY)
"""The party of a document is a client, or else a third party; that of a line, the other way round."""


def needed_masters(movement: MovementColumns, lines: Iterable[LineColumns]) -> list[Need]:
    """The movement's party, the parties of its lines and its articles, each once, in that order."""
    lines = list(lines)
    needs = [Need(_PARTY_KINDS, movement.tax_id)]
    needs += [Need(_PARTY_KINDS[::-1], line.tax_id) for line in lines if line.tax_id != movement.tax_id]
    needs += [Need((Kind.ARTICLE,), line.article) for line in lines]
    return [need for need in dict.fromkeys(needs) if need.code]
