"""Whether a record of ours and a row of the ERP are equal, and which of the two changed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from integrations.choices import Status
from integrations.models import RegisterRow, Syncable, SyncStanding
from integrations.pulls.rows import PulledRow

UNSENT = frozenset({Status.NEW, Status.REJECTED, Status.CHANGED})
"""Our record has something that this ERP was not sent, or refused."""
IN_PROGRESS = frozenset({Status.QUEUED, Status.SENDING, Status.RETRYING, Status.UNCERTAIN, Status.CONFLICT})
"""A send is not settled: what the ERP says now may be about to change."""


def differing(record: Syncable, row: PulledRow, base: RegisterRow | None) -> list[str]:
    """Names of the fields in which the row differs from our record.

    A field that is empty in this row and in the last one (`base`) is left out: the ERP may not have the column.
    """
    facts_before = base.facts if base is not None else {}
    return [
        name
        for name, theirs in row.values.items()
        if not same(getattr(record, name), theirs) and (row.facts.get(name) or facts_before.get(name))
    ]


def is_untouched(
    record: Syncable, names: Sequence[str], base: RegisterRow | None, standing: SyncStanding | None
) -> bool:
    """Whether nobody here changed the fields `names`, so that it was the ERP that did."""
    if standing is not None and standing.status == Status.SYNCED:
        return True
    if standing is not None and standing.status in UNSENT:
        return False
    # The record does not go to this ERP: its last row tells which of the two changed.
    return base is not None and all(as_fact(getattr(record, name)) == base.facts.get(name, "") for name in names)


def same(ours: Any, theirs: Any) -> bool:
    """Equal but for spaces at the ends and capitals, which an ERP may add."""
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours.strip().casefold() == theirs.strip().casefold()
    return bool(ours == theirs)


def as_fact(value: Any) -> str:
    """A value as `RegisterRow.facts` stores it."""
    if isinstance(value, bool):
        return "S" if value else "N"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def displayed(value: Any) -> str:
    """A value as staff read it."""
    if isinstance(value, bool):
        return "Sí" if value else "No"
    return as_fact(value)
