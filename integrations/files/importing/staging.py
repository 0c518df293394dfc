"""Reading a file's documents into the staging table, each with what an import would do with it."""

import time
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from integrations.files.document_identity import with_keys
from integrations.files.draft_text import pack_source
from integrations.files.drafts import Draft
from integrations.files.errors import FileError, RowError
from integrations.files.file_formats import OpenedFile, open_file
from integrations.files.importing.differences import list_changes
from integrations.files.importing.survey_step import refuse
from integrations.files.importing.uploads import delete_bytes, file_on_disk
from integrations.files.importing.work_lease import budget_seconds, lease
from integrations.files.intake import DraftDifference, compare, in_chunks
from integrations.files.reading.reading_plan import from_data
from integrations.models import ImportFile, StagedDocument
from integrations.models.bulk_writes import insert_many
from integrations.queue.outbox import enqueue_staging

_State, _Verdict = ImportFile.State, StagedDocument.Verdict
_VERDICT_OF = {
    DraftDifference.NONE: _Verdict.SAME,
    DraftDifference.UNSENT: _Verdict.CHANGED,
    DraftDifference.SENT: _Verdict.DIFFERING,
}
_CHUNK = 500
"""Documents of a transaction, after which a task looks at the clock."""
_MAX_LABEL = 200
_MAX_ERRORS = 50


def stage(file_id: int, seconds: float | None = None) -> str:
    """Stage the documents of a file that were not staged yet, for as long as a task may; a fresh task does the rest."""
    with lease(file_id, _State.STAGING) as file:
        if file is None:
            return "ya se había hecho"
        try:
            with file_on_disk(file) as path:
                is_over = _stage(file, path, time.monotonic() + (seconds or budget_seconds()))
        except FileError as unreadable:
            refuse(file, str(unreadable))
            return str(unreadable)
    if not is_over:
        enqueue_staging(file_id)
    return f"{file.documents.count()} documentos revisados"


def _stage(file: ImportFile, path: Path, until: float) -> bool:
    """Stage until a time of the monotonic clock. Returns whether every document is staged."""
    opened = open_file(path, file.format, file.kind or None, from_data(file.plan) if file.plan else None)
    file.kind = opened.kind.value
    position = file.documents.count()
    drafts = islice(with_keys(opened.drafts), position, None)
    for chunk in in_chunks(drafts, _CHUNK):
        with transaction.atomic():
            staged = list(_staged(file, chunk, position + 1))
            insert_many(staged)
            _count(file, chunk, staged)
        position += len(chunk)
        if time.monotonic() > until:
            return False
    _finish(file, opened)
    return True


def _staged(file: ImportFile, chunk: list[Draft], position: int) -> Iterator[StagedDocument]:
    """A staged document for each draft, numbered from `position`."""
    valid = [draft for draft in chunk if not draft.errors]
    compared = {id(draft): (existing, what) for draft, existing, what in compare(valid, file.company)} if valid else {}
    for number, draft in enumerate(chunk, position):
        document = _document(file, draft, number)
        if id(draft) in compared:
            existing, difference = compared[id(draft)]
            document.verdict = _Verdict.NEW if existing is None else _VERDICT_OF[difference]
            document.changes = list_changes(existing, draft) if existing is not None and difference.value else []
        yield document


def _document(file: ImportFile, draft: Draft, position: int) -> StagedDocument:
    """The staged document of a draft, as if it had errors."""
    return StagedDocument(
        file=file,
        position=position,
        row=draft.row,
        label=str(draft.record)[:_MAX_LABEL],
        source=pack_source(file.format, draft),
        verdict=_Verdict.WRONG,
        errors=[_error_data(error) for error in draft.errors[:_MAX_ERRORS]],
    )


def _error_data(error: RowError) -> dict[str, Any]:
    column = error.column or error.field
    return {"row": error.row, "column": column, "value": error.value, "message": error.message, "line": error.text()}


def _count(file: ImportFile, chunk: list[Draft], staged: list[StagedDocument]) -> None:
    counts = Counter(document.verdict for document in staged)
    last = max(draft.last_row or draft.row for draft in chunk)
    changes: dict[str, Any] = {verdict.value: F(verdict.value) + counts[verdict] for verdict in _Verdict}
    ImportFile.objects.filter(pk=file.pk).update(rows_done=last, kind=file.kind, touched_at=timezone.now(), **changes)


def _finish(file: ImportFile, opened: OpenedFile) -> None:
    file.refresh_from_db()
    with transaction.atomic():
        delete_bytes(file)
        file.state, file.kind = _State.REVIEW, opened.kind.value
        file.row_count = file.row_count or file.rows_done
        file.shown = {**file.shown, "notices": opened.notices}
        file.save()
