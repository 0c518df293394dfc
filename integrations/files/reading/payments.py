"""Means of payment in a table: which rows carry one, and the columns without which none is read.

A row may bring a line, a payment or both; what one row has of both belongs to its document alike.
"""

from collections.abc import Mapping, Sequence

from integrations.files.reading.cells import Cell, is_empty
from integrations.files.reading.import_targets import LINES, PAYMENTS, Room, attribute_of

OBLIGATORY = {f"{PAYMENTS}.method": "Medio de pago", f"{PAYMENTS}.amount": "Medio de pago: valor"}
"""What a payment is not one without: attribute → its heading in our own tables."""


class Payments:
    """Where the payments and the lines of a table stand."""

    def __init__(self, columns: Mapping[int, Room]) -> None:
        self._places = [place for place, room in columns.items() if room.relation == PAYMENTS]
        self._lines = [place for place, room in columns.items() if _says_something_of_a_line(room)]

    def __bool__(self) -> bool:
        return bool(self._places)

    def pays(self, cells: Sequence[Cell]) -> bool:
        """Whether a row carries a payment."""
        return _any_filled(cells, self._places)

    def only_pays(self, cells: Sequence[Cell]) -> bool:
        """Whether a row carries a payment and no line."""
        return self.pays(cells) and not _any_filled(cells, self._lines)


def _says_something_of_a_line(room: Room) -> bool:
    """A number alone is none: people number the rows of payments on."""
    return room.path.startswith(f"{LINES}.") and attribute_of(room) != f"{LINES}.position"


def _any_filled(cells: Sequence[Cell], places: list[int]) -> bool:
    width = len(cells)
    return any(place < width and not is_empty(cells[place]) for place in places)


def lacking(columns: Mapping[int, Room]) -> list[str]:
    """The headings that payments need and the table does not have; none where it has no payments."""
    filled = {attribute_of(room) for room in columns.values()}
    if not Payments(columns):
        return []
    return [heading for attribute, heading in OBLIGATORY.items() if attribute not in filled]


def without_half(columns: dict[int, Room]) -> dict[int, Room]:
    """The columns, without those of payments where nothing says how much was paid, or by what.

    Many a report only says «Medio de pago» beside each line.
    """
    if not lacking(columns):
        return columns
    return {place: room for place, room in columns.items() if room.relation != PAYMENTS}
