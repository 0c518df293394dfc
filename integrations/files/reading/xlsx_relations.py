"""The parts of a workbook by what they are to each other, whatever their names: relationships of OOXML.

Programs name their parts as they like, in capitals, in other folders, with targets from the root or with backslashes.
"""

import posixpath
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from integrations.files.xml_reader import local_name

_PACKAGE_RELATIONS = "_rels/.rels"
_USUAL_BOOK = "xl/workbook.xml"
_USUAL_PARTS = {"sharedStrings": "sharedStrings.xml", "styles": "styles.xml"}
ReadPart = Callable[[str], Element]
"""A function from the name of a part to its root element."""


@dataclass(frozen=True)
class BookParts:
    """The parts of a workbook, as the archive names them; empty for one that is not there."""

    book: str
    strings: str
    styles: str
    sheets: dict[str, str]
    """The id of a relation of the workbook → the part of its worksheet."""


class PartNames:
    """The names of an archive's parts, which are found whatever their case, leading slash or kind of slash."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self._names = {_plain(name).lower(): name for name in archive.namelist()}

    def found(self, name: str) -> str:
        """The part of a name, as the archive writes it; empty where there is none."""
        return self._names.get(_plain(name).lower(), "")


def book_parts(names: PartNames, read: ReadPart) -> BookParts | None:
    """The parts of a workbook by its relations; None where the archive is none."""
    book = _book(names, read)
    if not book:
        return None
    relations = _relations(names, read, book)
    sheets = {key: part for key, (kind, part) in relations.items() if part and kind == "worksheet"}
    strings, styles = (_part_of(names, book, relations, kind) for kind in _USUAL_PARTS)
    return BookParts(book, strings, styles, sheets)


def _book(names: PartNames, read: ReadPart) -> str:
    relations = _relations(names, read, "") if names.found(_PACKAGE_RELATIONS) else {}
    document = next((part for kind, part in relations.values() if kind == "officeDocument"), "")
    is_book = document and local_name(read(document)) == "workbook"
    return document if is_book else names.found(_USUAL_BOOK) if not document else ""


def _part_of(names: PartNames, book: str, relations: dict[str, tuple[str, str]], kind: str) -> str:
    related = next((part for found, part in relations.values() if found == kind), "")
    return related or names.found(posixpath.join(posixpath.dirname(_plain(book)), _USUAL_PARTS[kind]))


def _relations(names: PartNames, read: ReadPart, owner: str) -> dict[str, tuple[str, str]]:
    """Id → (what it is, its part) of the relations of a part, of the whole package where `owner` is empty."""
    folder, name = posixpath.split(_plain(owner))
    part = names.found(posixpath.join(folder, "_rels", f"{name}.rels"))
    if not part:
        return {}
    inside = [relation for relation in read(part) if relation.get("TargetMode") != "External"]
    return {relation.get("Id", ""): _kind_and_part(names, folder, relation) for relation in inside}


def _kind_and_part(names: PartNames, folder: str, relation: Element) -> tuple[str, str]:
    kind = relation.get("Type", "").rstrip("/").rpartition("/")[2]
    return kind, names.found(_target(folder, relation.get("Target", "")))


def _target(folder: str, target: str) -> str:
    """The name of a part that a relation aims at: from the root with a slash, else from its owner's folder."""
    path = unquote(target.replace("\\", "/"))
    return posixpath.normpath(path if path.startswith("/") else posixpath.join("/", folder, path))


def _plain(name: str) -> str:
    return name.replace("\\", "/").lstrip("/")
