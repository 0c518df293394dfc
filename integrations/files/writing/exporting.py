"""From a list of records to a file, whole or not at all: the one function that every door calls."""

import tempfile
from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from integrations.errors import PayloadError
from integrations.files.cell_text import in_csv, in_sheet
from integrations.files.errors import FileError
from integrations.files.spreadsheets import csv_pieces
from integrations.files.workbooks import Sheet, WorkbookError, workbook
from integrations.files.writing import sag_xml, siigo_json, siigo_model
from integrations.files.writing.export_source import CSV, JSON, SIIGO_MODEL, XLSX, XML, Source
from integrations.files.writing.export_table import Table
from integrations.models import FileExport


def export(source: Source, *, chosen: str, user: Any = None) -> tuple[IO[bytes], FileExport]:
    """The file, rewound, and the evidence of it. Whoever takes the file closes it.

    `chosen` says in Spanish which filter or selection was in force. On disk and not in memory: what grows with
    the rows is the temporary file.
    Raises: FileError where a value has no place in the format; nothing is handed out then.
    """
    left_out = source.counts().left_out
    try:
        made = _WRITERS[source.format.key](source)
    except (PayloadError, WorkbookError) as refused:
        raise FileError(str(refused)) from refused
    told = FileExport.objects.create(
        kind=source.kind,
        format=source.format.label,
        chosen=chosen,
        record_count=source.records,
        line_count=source.lines,
        left_out=left_out,
        requested_by=user,
    )
    return made, told


def _xlsx(source: Source) -> IO[bytes]:
    table = Table(source, in_sheet)
    name = str(source.model._meta.verbose_name_plural)[:31].capitalize()
    return workbook([Sheet(name, table.headings, table.rows())])


def _csv(source: Source) -> Iterator[bytes]:
    table = Table(source, in_csv)
    return csv_pieces(table.headings, table.rows(), safe=None)


def _on_disk(pieces: Callable[[Source], Iterable[bytes]]) -> Callable[[Source], IO[bytes]]:
    def written(source: Source) -> IO[bytes]:
        out = tempfile.TemporaryFile()  # noqa: SIM115 - the caller closes it
        try:
            out.writelines(pieces(source))
        except BaseException:
            out.close()
            raise
        out.seek(0)
        return out

    return written


_WRITERS: dict[str, Callable[[Source], IO[bytes]]] = {
    XLSX.key: _xlsx,
    CSV.key: _on_disk(_csv),
    XML.key: _on_disk(sag_xml.pieces),
    JSON.key: _on_disk(siigo_json.pieces),
    SIIGO_MODEL.key: siigo_model.book,
}
