"""Which cell styles of a workbook show dates or percentages: a number alone does not say."""

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from integrations.files.reading.xlsx_parts import XlsxBook, whole_part, zipped
from integrations.files.xml_reader import local_name

_DATE_FORMATS = {*range(14, 23), *range(27, 37), *range(45, 48), *range(50, 59)}
_PERCENT_FORMATS = {9, 10}
_NOT_A_FORMAT = re.compile(r'"[^"]*"|\\.|\[[^\]]*\]|_.')


@dataclass(frozen=True)
class XlsxStyles:
    """Which styles, by their index, show a date or a percentage."""

    dates: frozenset[int]
    percents: frozenset[int]


def styles_of(book: XlsxBook) -> XlsxStyles:
    """The styles of a workbook that show dates or percentages. Raises: FileError."""
    if not book.styles:
        return XlsxStyles(frozenset(), frozenset())
    with zipped(book.path) as file:
        root = whole_part(file, book.styles)
    by_name = {local_name(part): part for part in root}
    formats, cells = by_name.get("numFmts", ()), by_name.get("cellXfs", ())
    return XlsxStyles(
        dates=_styles_in(cells, _format_ids(formats, _DATE_FORMATS, lambda code: bool(re.search("[dy]", code)))),
        percents=_styles_in(cells, _format_ids(formats, _PERCENT_FORMATS, lambda code: "%" in code)),
    )


def _format_ids(formats: Iterable[Element], built_in: Iterable[int], matches: Callable[[str], bool]) -> set[int]:
    """The ids of the number formats whose code matches; a workbook may define the built-in ones anew."""
    ids = set(built_in)
    for element in formats:
        number = int(element.get("numFmtId", "0"))
        code = _NOT_A_FORMAT.sub("", element.get("formatCode", "")).lower()
        (ids.add if matches(code) else ids.discard)(number)
    return ids


def _styles_in(cell_formats: Iterable[Element], format_ids: set[int]) -> frozenset[int]:
    """The indexes of the cell styles with one of these number formats."""
    ids = (int(element.get("numFmtId", "0")) for element in cell_formats)
    return frozenset(index for index, number in enumerate(ids) if number in format_ids)
