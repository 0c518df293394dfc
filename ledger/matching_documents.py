"""Find the stored documents that an import repeats: entered by hand here, and named by their number in a file."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any, TypeVar

from django.db.models import Q, QuerySet

from ledger.columns import MovementColumns

M = TypeVar("M", bound=MovementColumns)
_INDEXED = {"number": Q(), "number2": ~Q(number2="")}
"""Column with a number → the condition that lets a query use its index."""
_QUALIFIERS = ("voucher_type", "voucher_code", "source_code", "prefix", "date", "tax_id")


def matching_documents(movements: Sequence[M]) -> dict[tuple[Any, ...], M]:
    """Natural key → the only document of another origin with the same number, date, kind; empty columns match any."""
    found: dict[tuple[Any, ...], M] = {}
    taken: set[int] = set()
    for movement, candidates in _candidates(movements):
        matches = [other for other in candidates if _matches(movement, other)]
        if len(matches) == 1 and matches[0].pk not in taken:
            found[movement.natural_key()] = matches[0]
            taken.add(matches[0].pk)
    return found


def _candidates(movements: Sequence[M]) -> Iterator[tuple[M, list[M]]]:
    """Each movement with the stored documents that have its number."""
    for column in _INDEXED:
        numbered = [movement for movement in movements if _number_column(movement) == column]
        by_number: dict[Any, list[M]] = defaultdict(list)
        for other in _stored(numbered, column) if numbered else ():
            by_number[getattr(other, column)].append(other)
        yield from ((movement, by_number[getattr(movement, column)]) for movement in numbered)


def _stored(movements: Sequence[M], column: str) -> QuerySet[Any]:
    """The documents of the company with these numbers, without those of the movements' own origin."""
    numbers = {getattr(movement, column) for movement in movements}
    stored: QuerySet[Any] = type(movements[0])._default_manager.filter(
        _INDEXED[column], company=movements[0].company_id, **{f"{column}__among": numbers}
    )
    origins = {movement.origin for movement in movements}
    stored = stored if len(origins) > 1 else stored.exclude(origin=origins.pop())
    return stored.prefetch_related("lines", "payments")


def _number_column(movement: MovementColumns) -> str:
    """The column of the number that names a movement; empty where it has none, or no date or kind of voucher."""
    is_qualified = movement.date is not None and (movement.voucher_type or movement.source_code)
    return next((column for column in _INDEXED if getattr(movement, column)), "") if is_qualified else ""


def _matches(movement: MovementColumns, other: MovementColumns) -> bool:
    if other.origin == movement.origin:
        return False
    filled = [name for name in _QUALIFIERS if getattr(movement, name) not in (None, "")]
    return all(getattr(movement, name) == getattr(other, name) for name in filled)
