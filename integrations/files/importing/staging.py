"""Reading a file's documents into the staging table, each with what an import would do with it."""

import time
from collections import Counter
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from integrations.files.comparing import compare
from integrations.files.document_identity import without_repeats
from integrations.files.drafts import Draft
from integrations.files.errors import FileError
from integrations.files.file_formats import OpenedFile, open_file
from integrations.files.importing.faults import LocalChecks, reading_faults
from integrations.files.importing.settling import settle
from integrations.files.importing.staged_documents import set_verdict, staged_document
from integrations.files.importing.survey_step import refuse
from integrations.files.importing.uploads import file_on_disk
from integrations.files.importing.work_lease import budget_seconds, lease
from integrations.files.intake import in_chunks
from integrations.files.reading.reading_plan import from_data
from integrations.files.rule_filling import DraftFiller
from integrations.models import ImportFile, StagedDocument
from integrations.models.bulk_writes import insert_many, insert_unkeyed
from integrations.queue.outbox import enqueue_staging

_State, _Verdict = ImportFile.State, StagedDocument.Verdict
_CHUNK = 500
"""Documents of a transaction, after which a task looks at the clock."""


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
    filled = DraftFiller(file.company_id).each(opened.drafts)
    once = without_repeats(filled, number2_identifies=file.company.number2_identifies)
    drafts = islice(once, position, None)
    checks = LocalChecks(file.company, opened.kind)
    for chunk in in_chunks(drafts, _CHUNK):
        with transaction.atomic():
            if not _is_ours(file, position):
                return True
            _stage_chunk(file, chunk, position + 1, checks)
        position += len(chunk)
        if time.monotonic() > until:
            return False
    _finish(file, opened)
    return True


def _stage_chunk(file: ImportFile, chunk: list[Draft], position: int, checks: LocalChecks) -> None:
    """Save a staged document for each draft, numbered from `position`, with what is wrong with it."""
    valid = [draft for draft in chunk if not draft.errors]
    compared = {id(one.draft): one for one in (compare(valid, file.company) if valid else [])}
    staged = [staged_document(file, draft, number) for number, draft in enumerate(chunk, position)]
    rows = [
        (document, compared[id(draft)]) for document, draft in zip(staged, chunk, strict=True) if id(draft) in compared
    ]
    for document, one in rows:
        set_verdict(document, one)
    insert_many(staged)
    wrong = [fault for document in staged for fault in reading_faults(document)]
    insert_unkeyed([*wrong, *checks.faults(rows)])
    _count(file, chunk, staged)


def _count(file: ImportFile, chunk: list[Draft], staged: list[StagedDocument]) -> None:
    counts = Counter(document.verdict for document in staged)
    last = max(draft.last_row or draft.row for draft in chunk)
    changes: dict[str, Any] = {verdict.value: F(verdict.value) + counts[verdict] for verdict in _Verdict}
    ImportFile.objects.filter(pk=file.pk).update(rows_done=last, kind=file.kind, touched_at=timezone.now(), **changes)


def _is_ours(file: ImportFile, position: int) -> bool:
    """Whether a LOCKED file is still being staged, and by nobody else: a task that was taken for dead may live."""
    is_staged = ImportFile.objects.select_for_update().filter(pk=file.pk, state=_State.STAGING).exists()
    return is_staged and file.documents.count() == position


def _finish(file: ImportFile, opened: OpenedFile) -> None:
    with transaction.atomic():
        file.refresh_from_db(from_queryset=ImportFile.objects.select_for_update())
        if file.state != _State.STAGING:
            return
        settle(file)
        file.state, file.kind = _State.REVIEW, opened.kind.value
        file.row_count = file.row_count or file.rows_done
        file.shown = {**file.shown, "notices": opened.notices}
        file.save()
