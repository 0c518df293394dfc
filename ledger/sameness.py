"""One document under two origins: typed by hand here, and in a file that names it by its number."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from ledger.columns import MovementColumns

M = TypeVar("M", bound=MovementColumns)
_KEYS = {"number": Q(), "number2": ~Q(number2="")}
"""Column → what the database's index of it asks of a search."""
_QUALIFIERS = ("voucher_type", "voucher_code", "source_code", "prefix", "date", "tax_id")


def same_documents(movements: Sequence[M]) -> dict[tuple[Any, ...], M]:
    """Natural key → the one document of another origin with the same number and date, and of the same kind.

    Only what the file says counts: a request of Siigo says nothing of fuentes. Where two could be it, none is.
    """
    found: dict[tuple[Any, ...], M] = {}
    taken: set[int] = set()
    for movement, candidates in _candidates(movements):
        same = [other for other in candidates if _is_same(movement, other)]
        if len(same) == 1 and same[0].pk not in taken:
            found[movement.natural_key()] = same[0]
            taken.add(same[0].pk)
    return found


def _candidates(movements: Sequence[M]) -> Iterator[tuple[M, list[M]]]:
    for key, indexed in _KEYS.items():
        asked = [one for one in movements if _key_of(one) == key]
        if not asked:
            continue
        wanted = {getattr(one, key) for one in asked}
        held: QuerySet[Any] = type(asked[0])._default_manager.filter(
            indexed, company=asked[0].company_id, **{f"{key}__among": wanted}
        )
        origins = {one.origin for one in asked}
        held = held if len(origins) > 1 else held.exclude(origin=origins.pop())
        by_number: dict[Any, list[M]] = defaultdict(list)
        for other in held.prefetch_related("lines", "payments"):
            by_number[getattr(other, key)].append(other)
        yield from ((one, by_number[getattr(one, key)]) for one in asked)


def _key_of(movement: MovementColumns) -> str:
    """The number that names it; empty for a document that only its content names."""
    is_qualified = movement.date is not None and (movement.voucher_type or movement.source_code)
    return next((key for key in _KEYS if getattr(movement, key)), "") if is_qualified else ""


def _is_same(movement: MovementColumns, other: MovementColumns) -> bool:
    if other.origin == movement.origin:
        return False
    said = [name for name in _QUALIFIERS if getattr(movement, name) not in (None, "")]
    return all(getattr(movement, name) == getattr(other, name) for name in said)
