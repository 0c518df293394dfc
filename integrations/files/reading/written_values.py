"""How the numbers and dates of a table are written, collected as it is read."""

from collections.abc import Iterable, Sequence

from integrations.files.reading.cells import InputCell
from integrations.files.reading.dates import DateEvidence, weigh_dates
from integrations.files.reading.numbers import NumberEvidence, digit_pattern, weigh_numbers

_MAX_PATTERNS = 500
_MAX_DATES = 20_000


class WrittenValues:
    """The texts in the columns of numbers and of dates of a table."""

    def __init__(self, number_columns: list[int], date_columns: list[int]) -> None:
        self.numbers: dict[int, dict[str, str]] = {column: {} for column in number_columns}
        """Column → `digit_pattern` → its first text."""
        self.dates: dict[int, dict[str, None]] = {column: {} for column in date_columns}
        """Column → its texts, as a set in order."""

    def see(self, columns: Sequence[Iterable[InputCell]]) -> None:
        """Collect the cells of some rows, column by column."""
        for column, patterns in self.numbers.items():
            for text in _texts_of(columns, column):
                if not text.isdigit() and len(patterns) < _MAX_PATTERNS:
                    patterns.setdefault(digit_pattern(text), text)
        for column, dates in self.dates.items():
            for text in _texts_of(columns, column):
                if len(dates) < _MAX_DATES:
                    dates[text] = None

    def number_evidence(self) -> dict[int, NumberEvidence]:
        """What the numbers of each column say of their format."""
        return {column: weigh_numbers(patterns.items()) for column, patterns in self.numbers.items()}

    def date_evidence(self) -> DateEvidence:
        """What all the dates say of their order."""
        return weigh_dates(text for dates in self.dates.values() for text in dates)


def _texts_of(columns: Sequence[Iterable[InputCell]], column: int) -> list[str]:
    return [cell for cell in columns[column] if isinstance(cell, str)] if column < len(columns) else []
