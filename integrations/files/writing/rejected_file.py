"""What an import left out, as a file of its own format to correct and import.

Of a table a workbook with the column «Qué corregir», of JSON its rows with that key, of XML its elements with a comment
before each. What is added is not read when the file is imported.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from typing import IO, Any

import simplejson

from integrations.choices import Kind
from integrations.files import sag_xml
from integrations.files.draft_text import element_text, json_rows, table_rows
from integrations.files.errors import FileError
from integrations.files.reading.cells import BrokenCell, InputCell, RowProblem, TableRow
from integrations.files.reading.headings import CORRECTION_HEADING, normalize
from integrations.files.temporary_files import write_temporary
from integrations.files.workbooks import MAX_CHARACTERS, WorkbookError, WorkbookSheet, workbook
from integrations.files.writing.export_source import JSON, XLSX, XML, ExportFormat

_ERROR_ELSEWHERE = "Otra fila del mismo documento tiene un error."
_DASHES = re.compile(r"-(?=-|$)")
"""An XML comment can't have two dashes, nor one at its end."""


@dataclass(frozen=True)
class RejectedDocument:
    """A document that was left out. `source` is from `draft_text.pack_source`; `messages` are its errors by row."""

    row: int
    source: str
    messages: dict[int, str]

    def message_for(self, row: int) -> str:
        """What to correct in a row."""
        return self.messages.get(row, _ERROR_ELSEWHERE)


def messages_by_row(errors: Iterable[tuple[int, str]]) -> dict[int, str]:
    """(row, message) pairs as one text for each row."""
    by_row: dict[int, list[str]] = {}
    for row, message in errors:
        by_row.setdefault(row, []).append(message)
    return {row: " ".join(messages) for row, messages in by_row.items()}


DocumentStream = Callable[[], Iterable[RejectedDocument]]
"""A function that reads the documents anew each time, so that none is kept in memory."""


def format_of(format_name: str) -> ExportFormat:
    """The format in which rejected documents of a file of this format are written."""
    return {"json": JSON, "xml": XML}.get(format_name, XLSX)


def rejected_file(format_name: str, kind: Kind | str, headings: Sequence[str], documents: DocumentStream) -> IO[bytes]:
    """A temporary file of the rejected documents, rewound; the caller closes it.

    Raises: FileError where they do not fit in a workbook.
    """
    if format_name == "json":
        return _on_disk(_json_pieces(documents))
    return _on_disk(_xml_pieces(kind, documents)) if format_name == "xml" else _workbook(headings, documents)


def _on_disk(pieces: Iterable[str]) -> IO[bytes]:
    return write_temporary(lambda file: file.writelines(piece.encode() for piece in pieces))


def _workbook(headings: Sequence[str], documents: DocumentStream) -> IO[bytes]:
    """`headings` may have the column «Qué corregir» of an earlier round: it is written anew."""
    places = [place for place, heading in enumerate(headings) if normalize(heading) != normalize(CORRECTION_HEADING)]
    titles = [*(headings[place] for place in places), CORRECTION_HEADING]
    try:
        return workbook([WorkbookSheet("Por corregir", titles, _rows(places, len(headings), documents()))])
    except WorkbookError as refused:
        raise FileError(str(refused)) from refused


def _rows(places: list[int], width: int, documents: Iterable[RejectedDocument]) -> Iterator[list[Any]]:
    """What has no place under the headings stands after the correction: the row stays refused while it is there."""
    for document in documents:
        for row in table_rows(document.source):
            beyond = [_written(cell) for cell in row.cells[width:] if not isinstance(cell, RowProblem)]
            broken = next((cell.display for cell in row.cells if isinstance(cell, RowProblem)), "")
            extra = [cell for cell in [*beyond, broken] if cell not in (None, "")]
            yield [*(_cell(row, place) for place in places), document.message_for(row.number), *extra]


def _cell(row: TableRow, place: int) -> Any:
    cell = row.cells[place] if place < len(row.cells) else None
    return None if isinstance(cell, RowProblem) else _written(cell)


def _written(cell: InputCell) -> Any:
    if isinstance(cell, BrokenCell):
        return cell.display
    return cell[:MAX_CHARACTERS] or None if isinstance(cell, str) else cell


def _json_pieces(documents: DocumentStream) -> Iterator[str]:
    """A bare list of rows; where a request had its process year, a list of requests."""
    if all(json_rows(document.source)[0] is None for document in documents()):
        yield from _json_rows(documents())
        return
    years = groupby(documents(), key=lambda document: json_rows(document.source)[0])
    yield from _json_list(_request(year, group) for year, group in years)


def _request(year: int | None, documents: Iterable[RejectedDocument]) -> Iterator[str]:
    params = {} if year is None else {"year": year}
    yield f'{{"data":{{"params":{_json(params)},"list":'
    yield from _json_rows(documents)
    yield "}}"


def _json_rows(documents: Iterable[RejectedDocument]) -> Iterator[str]:
    rows = (
        _with_correction(row, document.message_for(number))
        for document in documents
        for number, row in json_rows(document.source)[1]
    )
    yield from _json_list([_json(row)] for row in rows)


def _json_list(items: Iterable[Iterable[str]]) -> Iterator[str]:
    """A JSON list of items that come in pieces."""
    yield "["
    for number, pieces in enumerate(items):
        yield ",\n" if number else "\n"
        yield from pieces
    yield "\n]"


def _with_correction(row: Any, message: str) -> Any:
    """The row with «Qué corregir» as its first key; that of an earlier round is replaced."""
    return {CORRECTION_HEADING: "", **row} | {CORRECTION_HEADING: message} if isinstance(row, dict) else row


def _json(value: Any) -> str:
    return simplejson.dumps(value, use_decimal=True, ensure_ascii=False)


def _xml_pieces(kind: Kind | str, documents: DocumentStream) -> Iterator[str]:
    tag = next(root.export.root for root in sag_xml.roots().values() if root.kind == kind)
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<{tag}>\n'
    for document in documents():
        comment = _DASHES.sub("- ", f"{CORRECTION_HEADING}: {' '.join(document.messages.values())}")
        yield f"<!-- {comment} -->\n{element_text(document.source)}\n"
    yield f"</{tag}>\n"
