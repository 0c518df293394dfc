"""Which row of a table names its columns, and what each name means."""

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Sequence

from integrations.files.reading.cells import Cell, Row, is_empty, shown

LAST_HEADING_ROW = 20
"""Siigo's own model has three title rows and its headings on row 4 or 5; reports have more."""
_REMARK = re.compile(r"\(\s*(obligatorio|opcional|requerido)\s*\)|\*", re.IGNORECASE)
_LINKING = frozenset({"de", "del", "el", "la", "los", "las"})
CORRECTION_HEADING = "Qué corregir"
_FEWEST_NAMES = 2


def folded(name: str) -> str:
    """A name without case, accents, spaces, signs, nor Siigo's «(OBLIGATORIO)»."""
    bare = unicodedata.normalize("NFKD", _REMARK.sub("", name)).casefold()
    return "".join(letter for letter in bare if letter.isalnum() or letter == "%")


def loosened(name: str) -> str:
    """`folded`, without «de», «del» and articles too: «Código del artículo» is `CodigoArticulo`."""
    words = name.split()
    return folded(" ".join([word for word in words if word.casefold() not in _LINKING] or words))


def heading_row(rows: Iterable[Row], known: Collection[str]) -> Row | None:
    """The row, of the first ones, that names most known columns; else the first with two texts; None: no such row.

    `known` are folded names.
    """
    best: Row | None = None
    first: Row | None = None
    most = 0
    for row in rows:
        if row.number > LAST_HEADING_ROW:
            break
        names = [folded(shown(cell)) for cell in row.cells if isinstance(cell, str) and not is_empty(cell)]
        matched = sum(name in known for name in names)
        if matched > most:
            best, most = row, matched
        if first is None and len(names) >= _FEWEST_NAMES and len(names) >= _filled(row.cells) - 1:
            first = row
    return best or first


def _filled(cells: Sequence[Cell]) -> int:
    return sum(not is_empty(cell) for cell in cells)


def shape_of(headings: Sequence[str]) -> str:
    """The same for two files with the same columns in the same order: what a mapping is remembered by."""
    return hashlib.sha256("\n".join(folded(name) for name in headings).encode()).hexdigest()


def letter_of(column: int) -> str:
    """A column as a spreadsheet names it: 0 → A, 26 → AA."""
    letters = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters
