"""Whether a record of ours and a row of the ERP say the same, and who of the two changed."""

from collections.abc import Sequence
from decimal import Decimal
from typing import Any

from integrations.choices import Status
from integrations.models import RegisterRow, Syncable, SyncStanding
from integrations.pulls.rows import PulledRow

UNSENT = frozenset({Status.NEW, Status.REJECTED, Status.CHANGED})
"""Ours has something that this ERP has not been told, or not taken."""
ON_THEIR_WAY = frozenset({Status.QUEUED, Status.SENDING, Status.RETRYING, Status.UNCERTAIN, Status.CONFLICT})
"""Something is going on with them: what the ERP says now may be about to change."""


def differing(record: Syncable, row: PulledRow, base: RegisterRow | None) -> list[str]:
    """Our fields that the ERP says otherwise. What it never said is no news: it may not have the column."""
    said = base.facts if base is not None else {}
    return [
        name
        for name, theirs in row.values.items()
        if not same(getattr(record, name), theirs) and (row.facts.get(name) or said.get(name))
    ]


def is_untouched(record: Syncable, news: Sequence[str], base: RegisterRow | None, mine: SyncStanding | None) -> bool:
    """Whether nobody here changed what differs: then the ERP's is the news."""
    if mine is not None and mine.status == Status.SYNCED:
        return True
    if mine is not None and mine.status in UNSENT:
        return False
    # It does not go to this ERP: what it said the last time tells who changed.
    return base is not None and all(as_fact(getattr(record, name)) == base.facts.get(name, "") for name in news)


def same(ours: Any, theirs: Any) -> bool:
    """Equal as an ERP keeps things: padded, in capitals."""
    if isinstance(ours, str) and isinstance(theirs, str):
        return ours.strip().casefold() == theirs.strip().casefold()
    return bool(ours == theirs)


def as_fact(value: Any) -> str:
    """As a row's facts write it."""
    if isinstance(value, bool):
        return "S" if value else "N"
    if isinstance(value, Decimal):
        return f"{value.normalize():f}"
    return "" if value is None else str(value)


def shown(value: Any) -> str:
    """For people."""
    if isinstance(value, bool):
        return "Sí" if value else "No"
    return as_fact(value)
