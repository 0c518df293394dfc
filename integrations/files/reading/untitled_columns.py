"""Columns that hold something and have no heading: nobody can say where they go, so it is told that they stay out."""

from collections.abc import Iterable, Sequence

from integrations.files.reading.cells import InputCell, is_empty
from integrations.files.reading.headings import column_letter


class UntitledColumns:
    """The columns without a heading in which some row has a value."""

    def __init__(self, headings: Sequence[str]) -> None:
        self._headings = headings
        self._filled: set[int] = set()

    def see(self, columns: Sequence[Iterable[InputCell]]) -> None:
        """Look at the cells of some rows, column by column."""
        for place, cells in enumerate(columns):
            has_title = place < len(self._headings) and self._headings[place]
            if not has_title and place not in self._filled and not all(map(is_empty, cells)):
                self._filled.add(place)

    def notices(self) -> list[str]:
        """A sentence about them, if there are any."""
        letters = ", ".join(map(column_letter, sorted(self._filled)))
        return [f"Columnas sin título que no se importan: {letters}."] if letters else []
