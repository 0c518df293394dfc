"""Payments in a table: which rows have one, and the columns without which none is read.

A row may have a line, a payment or both.
"""

from collections.abc import Mapping, Sequence

from integrations.files.reading.cells import InputCell, is_empty
from integrations.files.reading.import_targets import LINES, PAYMENTS, ImportTarget, attribute_of

REQUIRED_COLUMNS = {f"{PAYMENTS}.method": "Medio de pago", f"{PAYMENTS}.amount": "Medio de pago: valor"}
"""Attribute that every payment has → its heading in our own tables."""


class PaymentColumns:
    """The columns of payments and of lines in a table; false where it has no payments."""

    def __init__(self, columns: Mapping[int, ImportTarget]) -> None:
        self._of_payments = [place for place, target in columns.items() if target.relation == PAYMENTS]
        self._of_lines = [place for place, target in columns.items() if _shows_a_line(target)]

    def __bool__(self) -> bool:
        return bool(self._of_payments)

    def has_payment(self, cells: Sequence[InputCell]) -> bool:
        """Whether a row has a payment."""
        return _any_filled(cells, self._of_payments)

    def has_only_payment(self, cells: Sequence[InputCell]) -> bool:
        """Whether a row has a payment and no line."""
        return self.has_payment(cells) and not _any_filled(cells, self._of_lines)


def _shows_a_line(target: ImportTarget) -> bool:
    """Whether a filled cell means a line; a sequence alone does not, for people go on counting in rows of payments."""
    return target.path.startswith(f"{LINES}.") and attribute_of(target) != f"{LINES}.position"


def _any_filled(cells: Sequence[InputCell], places: list[int]) -> bool:
    width = len(cells)
    return any(place < width and not is_empty(cells[place]) for place in places)


def missing_payment_headings(columns: Mapping[int, ImportTarget]) -> list[str]:
    """The headings that payments need and the table lacks; none where it has no payments."""
    filled = {attribute_of(target) for target in columns.values()}
    if not PaymentColumns(columns):
        return []
    return [heading for attribute, heading in REQUIRED_COLUMNS.items() if attribute not in filled]


def without_incomplete_payments(columns: dict[int, ImportTarget]) -> dict[int, ImportTarget]:
    """The columns, without those of payments where the means or the amount has none.

    Many a report has only «Medio de pago» beside each line.
    """
    if not missing_payment_headings(columns):
        return columns
    return {place: target for place, target in columns.items() if target.relation != PAYMENTS}
