"""Which row of a table names its columns, and how names are compared."""

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Sequence
from itertools import takewhile

from integrations.files.reading.cells import InputCell, TableRow, display_text, is_empty

LAST_HEADING_ROW = 20
"""Siigo's own model has three title rows and its headings on row 4 or 5; reports have more."""
CORRECTION_HEADING = "Qué corregir"
"""The column that a file of rejected rows gets; it is not read."""
MIN_NAMES = 2
"""Fewer texts make no row of headings."""
_REMARK = re.compile(r"\(\s*(obligatorio|opcional|requerido)\s*\)|\*", re.IGNORECASE)
_LINKING_WORDS = frozenset({"de", "del", "el", "la", "los", "las"})


def normalize(name: str) -> str:
    """A name as it is compared: without case, accents, spaces, signs, nor Siigo's «(OBLIGATORIO)»."""
    bare = unicodedata.normalize("NFKD", _REMARK.sub("", name)).casefold()
    return "".join(letter for letter in bare if letter.isalnum() or letter == "%")


def normalize_loosely(name: str) -> str:
    """`normalize`, without «de», «del» and articles too: «Código del artículo» is `CodigoArticulo`."""
    words = name.split()
    return normalize(" ".join([word for word in words if word.casefold() not in _LINKING_WORDS] or words))


def heading_row(rows: Iterable[TableRow], is_known: Callable[[str], bool]) -> TableRow | None:
    """The row, of the first `LAST_HEADING_ROW`, that has most known names; else the first with two texts; else None."""
    named = [(row, _texts(row.cells)) for row in takewhile(lambda row: row.number <= LAST_HEADING_ROW, rows)]
    known = [sum(map(is_known, names)) for _, names in named]
    if any(known):
        return named[known.index(max(known))][0]
    wide = (row for row, names in named if len(names) >= max(MIN_NAMES, _filled(row.cells) - 1))
    return next(wide, None)


def _texts(cells: Sequence[InputCell]) -> list[str]:
    return [cell for cell in cells if isinstance(cell, str) and not is_empty(cell)]


def heading_names(cells: Sequence[InputCell]) -> list[str]:
    """The texts of a row of headings, with single spaces and without blank ones at its end."""
    names = [" ".join(display_text(cell).split()) for cell in cells]
    while names and not names[-1]:
        names.pop()
    return names


def _filled(cells: Sequence[InputCell]) -> int:
    return sum(not is_empty(cell) for cell in cells)


def headings_digest(headings: Sequence[str]) -> str:
    """Equal for two files with the same columns in the same order: a column mapping is stored under it."""
    return hashlib.sha256("\n".join(normalize(name) for name in headings).encode()).hexdigest()


def column_letter(column: int) -> str:
    """A column, from 0, as a spreadsheet names it: 0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
