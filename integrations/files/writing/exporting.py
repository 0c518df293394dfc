"""From a list of records to a file, whole or not at all."""

from collections.abc import Callable, Iterable, Iterator
from typing import IO, Any

from integrations.errors import PayloadError
from integrations.files.cell_text import csv_cell, sheet_cell
from integrations.files.errors import FileError
from integrations.files.spreadsheets import csv_pieces
from integrations.files.temporary_files import write_temporary
from integrations.files.workbooks import WorkbookError, WorkbookSheet, workbook
from integrations.files.writing import sag_xml, siigo_json, siigo_model
from integrations.files.writing.export_source import CSV, JSON, SIIGO_MODEL, XLSX, XML, ExportSource
from integrations.files.writing.export_table import ExportTable
from integrations.models import FileExport


def export(source: ExportSource, *, chosen: str, user: Any = None) -> tuple[IO[bytes], FileExport]:
    """(temporary file, rewound, and its log entry). The caller closes the file.

    `chosen` says in Spanish which filter or selection was in force. The file is on disk, so memory does not grow
    with the rows.
    Raises: FileError where a value does not fit in the format.
    """
    left_out = source.counts().left_out
    try:
        file = _WRITERS[source.format.key](source)
    except (PayloadError, WorkbookError) as refused:
        raise FileError(str(refused)) from refused
    entry = FileExport.objects.create(
        kind=source.kind,
        format=source.format.label,
        chosen=chosen,
        record_count=source.records,
        line_count=source.lines,
        left_out=left_out,
        requested_by=user,
    )
    return file, entry


def _xlsx(source: ExportSource) -> IO[bytes]:
    table = ExportTable(source, sheet_cell)
    name = str(source.model._meta.verbose_name_plural)[:31].capitalize()
    return workbook([WorkbookSheet(name, table.headings, table.rows())])


def _csv(source: ExportSource) -> Iterator[bytes]:
    table = ExportTable(source, csv_cell)
    return csv_pieces(table.headings, table.rows(), safe=None)


def _on_disk(pieces: Callable[[ExportSource], Iterable[bytes]]) -> Callable[[ExportSource], IO[bytes]]:
    return lambda source: write_temporary(lambda file: file.writelines(pieces(source)))


_WRITERS: dict[str, Callable[[ExportSource], IO[bytes]]] = {
    XLSX.key: _xlsx,
    CSV.key: _on_disk(_csv),
    XML.key: _on_disk(sag_xml.pieces),
    JSON.key: _on_disk(siigo_json.pieces),
    SIIGO_MODEL.key: siigo_model.model_workbook,
}
