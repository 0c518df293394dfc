"""Reading a file's documents into the staging table, each with what would become of it."""

import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from integrations.files.document_identity import with_keys
from integrations.files.draft_text import packed_source
from integrations.files.drafts import Draft
from integrations.files.errors import FileError
from integrations.files.file_formats import TABLES, Opened, open_file
from integrations.files.importing.differences import changes_of
from integrations.files.importing.survey_step import refuse
from integrations.files.importing.uploads import drop_bytes, spooled
from integrations.files.importing.work_lease import budget_seconds, taken
from integrations.files.intake import Difference, compare, in_chunks
from integrations.files.reading.reading_plan import from_data
from integrations.models import Company, ImportFile, StagedDocument
from integrations.models.bulk_writes import insert_many
from integrations.queue.outbox import enqueue_staging

_State, _Verdict = ImportFile.State, StagedDocument.Verdict
_VERDICT_OF = {
    Difference.NONE: _Verdict.SAME,
    Difference.UNSENT: _Verdict.CHANGED,
    Difference.SENT: _Verdict.DIFFERING,
}
_CHUNK = 500
"""Documents of a transaction, after which a task looks at the clock."""
_MOST_LABEL = 200
_MOST_ERRORS = 50


def stage(file_id: int, seconds: float | None = None) -> str:
    """Stage the documents of a file that were not staged yet, for as long as a task may; the rest by a fresh task."""
    with taken(file_id, _State.STAGING) as file:
        if file is None:
            return "ya se había hecho"
        try:
            with spooled(file) as path:
                is_over = _stage(file, path, time.monotonic() + (seconds or budget_seconds()))
        except FileError as unreadable:
            refuse(file, str(unreadable))
            return str(unreadable)
    if not is_over:
        enqueue_staging(file_id)
    return f"{file.documents.count()} documentos revisados"


def _stage(file: ImportFile, path: Path, until: float) -> bool:
    """Whether every document is staged."""
    opened = open_file(path, file.format, file.kind or None, from_data(file.plan) if file.plan else None)
    file.kind = opened.kind.value
    position = file.documents.count()
    drafts = with_keys(opened.drafts)
    for _ in islice(drafts, position):
        pass
    for chunk in in_chunks(drafts, _CHUNK):
        with transaction.atomic():
            staged = _staged(file, chunk, file.company)
            insert_many([_at(row, position + place) for place, row in enumerate(staged, 1)])
            _count(file, chunk, staged)
        position += len(chunk)
        if time.monotonic() > until:
            return False
    _finish(file, opened)
    return True


def _at(row: StagedDocument, position: int) -> StagedDocument:
    row.position = position
    return row


def _staged(file: ImportFile, chunk: list[Draft], company: Company) -> list[StagedDocument]:
    sound = [draft for draft in chunk if not draft.errors]
    compared = {id(draft): (existing, what) for draft, existing, what in compare(sound, company)} if sound else {}
    rows = []
    for draft in chunk:
        row = StagedDocument(
            file=file,
            row=draft.row,
            label=str(draft.record)[:_MOST_LABEL],
            source=packed_source(file.format, draft),
            verdict=_Verdict.WRONG,
            errors=[_told(error) for error in draft.errors[:_MOST_ERRORS]],
        )
        if id(draft) in compared:
            existing, difference = compared[id(draft)]
            row.verdict = _Verdict.NEW if existing is None else _VERDICT_OF[difference]
            row.changes = changes_of(existing, draft) if existing is not None and difference.value else []
        rows.append(row)
    return rows


def _told(error: Any) -> dict[str, Any]:
    column = error.column or error.field
    return {"row": error.row, "column": column, "value": error.value, "message": error.message, "line": error.line()}


def _count(file: ImportFile, chunk: list[Draft], staged: list[StagedDocument]) -> None:
    counts = Counter(row.verdict for row in staged)
    last = max(draft.last_row or draft.row for draft in chunk)
    changes: dict[str, Any] = {verdict.value: F(verdict.value) + counts[verdict] for verdict in _Verdict}
    ImportFile.objects.filter(pk=file.pk).update(rows_done=last, kind=file.kind, touched_at=timezone.now(), **changes)


def _finish(file: ImportFile, opened: Opened) -> None:
    file.refresh_from_db()
    with transaction.atomic():
        drop_bytes(file)
        file.state, file.kind = _State.REVIEW, opened.kind.value
        file.row_count = file.row_count or file.rows_done
        file.shown = {**file.shown, "notices": opened.notices} if file.format in TABLES else file.shown
        file.save()
