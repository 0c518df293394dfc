"""The texts of a workbook: those that its cells share, and how they are written."""

import re
from xml.etree.ElementTree import Element

from integrations.files.errors import FileError
from integrations.files.reading.xlsx_parts import XlsxBook, items_of, zipped
from integrations.files.text_encoding import composed
from integrations.files.xml_reader import local_name

_MAX_STRINGS = 96 * 1024**2
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")
"""How a workbook writes characters that XML can't carry: `_x000D_` is a carriage return, `_x005F_` an underscore."""


def shared_strings(book: XlsxBook) -> list[str]:
    """The texts that cells refer to by index. Raises: FileError where they would not fit in memory."""
    if not book.strings:
        return []
    with zipped(book.path) as file:
        if file.getinfo(book.strings).file_size > _MAX_STRINGS:
            raise FileError("El libro de Excel trae demasiados textos distintos. Guárdelo como CSV.")
    return [text_of(item) for item in items_of(book.path, book.strings, "sst", "si")]


def text_of(item: Element) -> str:
    """The text of a string item, composed, without the phonetic guides of its runs."""
    return unescaped(_joined_text(item))


def unescaped(text: str) -> str:
    """A text as it stands in a part, with the characters that XML can't carry, composed."""
    return composed(_ESCAPED.sub(_character, text) if "_x" in text else text)


def _character(found: re.Match[str]) -> str:
    """The character of an escape; half of a pair stays as it is written, for it is none."""
    code = int(found[1], 16)
    return found[0] if 0xD800 <= code <= 0xDFFF else chr(code)


def _joined_text(item: Element) -> str:
    if len(item) == 1 and item[0].tag[-1] == "t":
        return item[0].text or ""
    texts = []
    for child in item:
        name = local_name(child)
        if name == "t":
            texts.append(child.text or "")
        elif name == "r":
            texts += [run.text or "" for run in child if local_name(run) == "t"]
    return "".join(texts)
