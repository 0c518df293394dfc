"""What a sheet says of its rows and columns besides their cells: merged ranges, and what is hidden."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from integrations.files.reading.xlsx_parts import MAX_UNPACKED, errors_of, unpacked, zipped
from integrations.files.reading.xlsx_plain import MAX_COLUMNS

_LONGEST_TAG = 600
_MERGED = re.compile(rb"mergeCell[^>]*\sref=[\"']([A-Z0-9:]+)[\"']")
_COLUMNS = re.compile(rb"<(?:\w+:)?col\s[^>]*>")
_HIDDEN = re.compile(rb"\s(?:hidden=[\"'](?:1|true)[\"']|(?:ht|width)=[\"']0(?:\.0+)?[\"'])")
_HIDDEN_ROW = re.compile(rb"<(?:\w+:)?row\s[^>]*" + _HIDDEN.pattern)
_EXTENT = re.compile(rb"\s(min|max)=[\"']([0-9]{1,5})[\"']")


@dataclass
class SheetMarks:
    """`merged` are ranges as `A1:A3`; `hidden_columns` are columns from 0."""

    merged: list[str] = field(default_factory=list)
    hidden_columns: set[int] = field(default_factory=set)
    has_hidden_rows: bool = False

    def see(self, text: bytes) -> None:
        """Collect what a part of the XML says; a tag may come twice."""
        if b"mergeCell" in text:
            self.merged += [each.decode() for each in _MERGED.findall(text)]
        if b"hidden" in text or b'="0' in text:
            self.has_hidden_rows = self.has_hidden_rows or bool(_HIDDEN_ROW.search(text))
            for tag in _COLUMNS.findall(text):
                if _HIDDEN.search(tag):
                    extent = {name: int(number) for name, number in _EXTENT.findall(tag)}
                    last = min(extent.get(b"max", 0), MAX_COLUMNS)
                    self.hidden_columns.update(range(extent.get(b"min", 1) - 1, last))


def sheet_marks(path: Path, part: str) -> SheetMarks:
    """The marks of a sheet, which stand before and after its rows, and on them. Raises: FileError."""
    marks, rest = SheetMarks(), b""
    with zipped(path) as book, errors_of(part):
        for piece in unpacked(book, part, MAX_UNPACKED):
            marks.see(rest + piece)
            rest = piece[-_LONGEST_TAG:]
    marks.merged = list(dict.fromkeys(marks.merged))
    return marks


def is_hidden(attributes: dict[str, str]) -> bool:
    """Whether a row with these attributes does not show."""
    height = attributes.get("ht", "")
    return attributes.get("hidden") in ("1", "true") or (height[:1] == "0" and not height.strip("0."))
