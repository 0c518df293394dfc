"""The rows of a piece of a sheet in which nothing is unusual, read without a tree: three times as fast.

A spreadsheet writes nearly every cell in one of five ways. A piece with anything else in it, a formula without result,
a run of formatted text, is left to the parser, whole: here nothing is skipped and nothing is guessed.
"""

import re
from collections.abc import Callable
from xml.sax.saxutils import unescape

from integrations.files.reading.cells import Cell, Row
from integrations.files.reading.headings import letter_of

MOST_COLUMNS = 1000
LETTERS = [letter_of(column) for column in range(MOST_COLUMNS)]
"""Cells mostly follow one another: then their place needs no working out."""
_LETTER = r"[^<&\x00-\x08\x0b-\x1f]"
_VALUE = rf"({_LETTER}+)"
_TEXT = rf"({_LETTER}+(?:&(?:amp|lt|gt|quot|apos);{_LETTER}*)*)"
_FORMULA = r"(?:<f[^<>]*(?:/>|>[^<]*</f>))?"
_TOKEN = re.compile(
    r'<c r="([A-Z]+)[0-9]+"(?: s="([0-9]+)")?(?: t="([A-Za-z]+)")?'
    rf"(?:/>|>(?:{_FORMULA}<v>{_VALUE}</v>|<is><t(?: xml:space=\"preserve\")?>{_TEXT}</t></is>)</c>)"
    r'|<row r="([0-9]{1,9})"[^<>]*(?<!/)>|(</row>)|</?sheetData[^<>]*>|([\s\S])'
)
_QUOTES = {"&quot;": '"', "&apos;": "'"}
_ESCAPE = b"_x"
"""How a book writes what XML would lose; the parser's way of reading knows it."""
Valued = Callable[[str, str, str], Cell]
"""A function from a cell's kind, its style and what it says to what it holds."""


def plain_rows(piece: bytes, valued: Valued) -> list[Row] | None:
    """The rows of a piece; None where it has to be parsed. What is broken is the parser's to tell."""
    if _ESCAPE in piece:
        return None
    try:
        return _rows(piece.decode(), valued)
    except (ValueError, IndexError, OverflowError):
        return None


def _rows(text: str, valued: Valued) -> list[Row] | None:
    rows: list[Row] = []
    cells: list[Cell] | None = None
    for letters, style, kind, value, inline, number, end, stray in _TOKEN.findall(text):
        if letters and cells is not None:
            if letters != LETTERS[len(cells)]:
                _skip_to(letters, cells)
            cells.append(valued(kind, style, value) if value else _text(inline))
        elif number and cells is None:
            cells = []
            rows.append(Row(int(number), cells))
        elif end and cells is not None:
            cells = None
        elif letters or number or end or stray:
            return None
    return rows if cells is None else None


def _text(inline: str) -> str | None:
    return (unescape(inline, _QUOTES) if "&" in inline else inline) or None


def _skip_to(letters: str, cells: list[Cell]) -> None:
    """Make room for the cells that are not written. Raises: ValueError for a column that has passed, or is none."""
    cells += [None] * (LETTERS.index(letters, len(cells)) - len(cells))
