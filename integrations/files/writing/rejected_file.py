"""What stays out of an import, as a file of its own format to mend and bring in again.

Of a table a book with the column «Qué corregir», of JSON its rows with that key, of XML its elements with a comment
before each. What is added is passed over when the file comes back.
"""

import re
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import IO, Any

import simplejson

from integrations.choices import Kind
from integrations.files import sag_xml
from integrations.files.draft_text import element_text, json_rows, rows_of
from integrations.files.errors import FileError
from integrations.files.reading.cells import Broken, Row
from integrations.files.reading.headings import CORRECTION_HEADING, folded
from integrations.files.workbooks import MOST_CHARACTERS, Sheet, WorkbookError, workbook
from integrations.files.writing.export_source import JSON, XLSX, XML, Format

_ELSEWHERE = "Otra fila del mismo documento tiene un error."
_DASHES = re.compile(r"-(?=-|$)")
"""A comment of XML holds no two dashes, and none at its end."""


@dataclass(frozen=True)
class Rejected:
    """A document that stays out. `source` is what `sources.packed_source` wrote; `told` its errors by row."""

    row: int
    source: str
    told: dict[int, str]

    def of(self, row: int) -> str:
        """What to mend in a row."""
        return self.told.get(row, _ELSEWHERE)


def told_by_row(errors: Iterable[tuple[int, str]]) -> dict[int, str]:
    """(row, what is wrong) as one text for each row."""
    found: dict[int, list[str]] = {}
    for row, told in errors:
        found.setdefault(row, []).append(told)
    return {row: " ".join(several) for row, several in found.items()}


Several = Callable[[], Iterable[Rejected]]
"""The documents, as often as they are asked for: none of them is held."""


def format_of(read_as: str) -> Format:
    """How the rejected documents of a file of this format are written."""
    return {"json": JSON, "xml": XML}.get(read_as, XLSX)


def rejected_file(read_as: str, kind: Kind | str, headings: Sequence[str], rejected: Several) -> IO[bytes]:
    """A temporary file, rewound; whoever takes it closes it.

    Raises: FileError where they have no room in a book.
    """
    if read_as == "json":
        return _on_disk(_json_pieces(rejected))
    return _on_disk(_xml_pieces(kind, rejected)) if read_as == "xml" else _book(headings, rejected)


def _on_disk(pieces: Iterable[str]) -> IO[bytes]:
    out = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
    out.writelines(piece.encode() for piece in pieces)
    out.seek(0)
    return out


def _book(headings: Sequence[str], rejected: Several) -> IO[bytes]:
    """`headings` may have the column of an earlier round: it is written anew."""
    places = [place for place, heading in enumerate(headings) if folded(heading) != folded(CORRECTION_HEADING)]
    titles = [*(headings[place] for place in places), CORRECTION_HEADING]
    try:
        return workbook([Sheet("Por corregir", titles, _rows(places, rejected()))])
    except WorkbookError as refused:
        raise FileError(str(refused)) from refused


def _rows(places: list[int], rejected: Iterable[Rejected]) -> Iterator[list[Any]]:
    for document in rejected:
        for row in rows_of(document.source):
            yield [*(_cell(row, place) for place in places), document.of(row.number)]


def _cell(row: Row, place: int) -> Any:
    cell = row.cells[place] if place < len(row.cells) else None
    if isinstance(cell, Broken):
        return cell.shown
    return cell[:MOST_CHARACTERS] or None if isinstance(cell, str) else cell


def _json_pieces(rejected: Several) -> Iterator[str]:
    """A bare list; where some request said its process year, a list of requests."""
    if all(json_rows(document.source)[0] is None for document in rejected()):
        yield from _json_list(rejected())
        return
    years = groupby(rejected(), key=lambda document: json_rows(document.source)[0])
    yield from _listed(_request(year, documents) for year, documents in years)


def _request(year: int | None, documents: Iterable[Rejected]) -> Iterator[str]:
    params = {} if year is None else {"year": year}
    yield f'{{"data":{{"params":{_json(params)},"list":'
    yield from _json_list(documents)
    yield "}}"


def _json_list(documents: Iterable[Rejected]) -> Iterator[str]:
    numbered = ((document, *each) for document in documents for each in json_rows(document.source)[1])
    yield from _listed([_json(_marked(row, document.of(number)))] for document, number, row in numbered)


def _listed(several: Iterable[Iterable[str]]) -> Iterator[str]:
    yield "["
    for number, pieces in enumerate(several):
        yield ",\n" if number else "\n"
        yield from pieces
    yield "\n]"


def _marked(row: Any, told: str) -> Any:
    """The mark comes first; one of an earlier round gives way."""
    return {CORRECTION_HEADING: "", **row} | {CORRECTION_HEADING: told} if isinstance(row, dict) else row


def _json(row: Any) -> str:
    return simplejson.dumps(row, use_decimal=True, ensure_ascii=False)


def _xml_pieces(kind: Kind | str, rejected: Several) -> Iterator[str]:
    root = next(known.export.root for known in sag_xml.roots().values() if known.kind == kind)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{root}>\n'
    for document in rejected():
        told = _DASHES.sub("- ", f"{CORRECTION_HEADING}: {' '.join(document.told.values())}")
        yield f"<!-- {told} -->\n{element_text(document.source)}\n"
    yield f"</{root}>\n"
