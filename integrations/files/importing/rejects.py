"""The documents that an import left out, as a file to correct and import."""

from collections.abc import Iterator
from typing import IO, Any

from django.db.models import Q, QuerySet

from integrations.files.identity_questions import from_data
from integrations.files.writing.export_source import ExportFormat
from integrations.files.writing.rejected_file import RejectedDocument, format_of, messages_by_row, rejected_file
from integrations.models import ImportFile, StagedDocument


def has_rejects(file: ImportFile) -> bool:
    """Whether a document was left out."""
    return _documents(file).exists()


def rejects_format(file: ImportFile) -> ExportFormat:
    """The format of the file of rejected documents."""
    return format_of(file.format)


def rejects_of(file: ImportFile) -> IO[bytes]:
    """A temporary file of the rejected documents, rewound. Raises: FileError where a workbook can't hold them."""
    return rejected_file(file.format, file.kind, file.shown.get("headings", []), lambda: _rejected(file))


def _documents(file: ImportFile) -> "QuerySet[StagedDocument]":
    verdicts = StagedDocument.Verdict
    left = Q(verdict=verdicts.WRONG) | Q(verdict=verdicts.ASKED, answer="") | Q(outcome="left")
    return file.documents.filter(left).order_by("position")


def _rejected(file: ImportFile) -> Iterator[RejectedDocument]:
    for document in _documents(file).iterator(chunk_size=200):
        messages = [(error["row"] or document.row, _message(error)) for error in document.errors]
        question = from_data(document.question)
        if question is not None and not document.answer:
            messages.append((document.row, question.text()))
        yield RejectedDocument(document.row, document.source, messages_by_row(messages))


def _message(error: dict[str, Any]) -> str:
    return f"{error['column']}: {error['message']}" if error["column"] else str(error["message"])
