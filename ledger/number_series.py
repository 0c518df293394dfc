"""The consecutive (number series) of Siigo that a movement belongs to."""

from typing import Any

from django.db.models import Max, Q, QuerySet

from integrations.models.syncable import SeriesKey
from ledger.columns import MovementColumns


def series_of(movement: MovementColumns) -> SeriesKey | None:
    """Siigo's consecutive of a movement without number; None where it has one, or lacks type, code or date."""
    year = movement.process_year or (movement.date.year if movement.date else None)
    if movement.number or not movement.voucher_type or movement.voucher_code is None or year is None:
        return None
    return SeriesKey(movement.voucher_type, movement.voucher_code, year)


def highest_number(movements: QuerySet[Any], key: SeriesKey) -> int:
    """The highest number among movements of one type and code (and year, where the key has one); 0 for none."""
    found = movements.filter(voucher_type=key.voucher_type, voucher_code=key.voucher_code, number__isnull=False)
    if key.process_year:
        by_date = Q(process_year__isnull=True, date__year=key.process_year)
        found = found.filter(Q(process_year=key.process_year) | by_date)
    return found.order_by().aggregate(highest=Max("number"))["highest"] or 0
