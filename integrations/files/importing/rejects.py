"""The documents that stay out of an import, as a file to mend and bring in again."""

from collections.abc import Iterator
from typing import IO, Any

from django.db.models import Q, QuerySet

from integrations.files.writing.export_source import Format
from integrations.files.writing.rejected_file import Rejected, format_of, rejected_file, told_by_row
from integrations.models import ImportFile, StagedDocument


def has_rejects(file: ImportFile) -> bool:
    """Whether something stays out."""
    return _documents(file).exists()


def rejects_format(file: ImportFile) -> Format:
    """How they are handed out."""
    return format_of(file.format)


def rejects_of(file: ImportFile) -> IO[bytes]:
    """A temporary file with the documents that stay out, rewound. Raises: FileError where a book can't hold them."""
    return rejected_file(file.format, file.kind, file.shown.get("headings", []), lambda: _rejected(file))


def _documents(file: ImportFile) -> "QuerySet[StagedDocument]":
    return file.documents.filter(Q(verdict=StagedDocument.Verdict.WRONG) | Q(outcome="left")).order_by("position")


def _rejected(file: ImportFile) -> Iterator[Rejected]:
    for document in _documents(file).iterator(chunk_size=200):
        errors = ((error["row"] or document.row, _told(error)) for error in document.errors)
        yield Rejected(document.row, document.source, told_by_row(errors))


def _told(error: dict[str, Any]) -> str:
    return f"{error['column']}: {error['message']}" if error["column"] else str(error["message"])
