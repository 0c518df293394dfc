"""What a person decides about a reviewed file, and making records of its documents."""

import time
from typing import Any

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from integrations.files.draft_text import rebuilding
from integrations.files.importing.uploads import drop_bytes
from integrations.files.importing.work_lease import budget_seconds, taken
from integrations.files.intake import Intake, take_in
from integrations.files.reading.reading_plan import Plan, from_data
from integrations.models import ImportFile, StagedDocument
from integrations.queue.outbox import enqueue_import

_State, _Verdict = ImportFile.State, StagedDocument.Verdict
_CHUNK = 500
_OPEN = (_State.LOOKING, _State.ASKING, _State.STAGING, _State.REVIEW)


def confirm(file_id: int, *, over_sent: bool = False) -> ImportFile:
    """Queue what was reviewed. Confirming twice does it once."""
    with transaction.atomic():
        file = ImportFile.objects.select_for_update().get(pk=file_id)
        if file.state == _State.REVIEW:
            file.state, file.over_sent, file.confirmed_at = _State.RUNNING, over_sent, timezone.now()
            file.save()
            enqueue_import(file.pk)
    return file


def cancel(file_id: int) -> bool:
    """Let go of a file that was not confirmed; whether it was still open."""
    with transaction.atomic():
        file = ImportFile.objects.select_for_update().get(pk=file_id)
        if file.state not in _OPEN:
            return False
        drop_bytes(file)
        file.documents.all().delete()
        file.state, file.finished_at = _State.CANCELLED, timezone.now()
        file.save()
    return True


def going(file: ImportFile, *, over_sent: bool) -> Q:
    """The staged documents that an import takes."""
    taken_verdicts = [_Verdict.NEW, _Verdict.CHANGED, *([_Verdict.DIFFERING] if over_sent else [])]
    return Q(file=file, verdict__in=taken_verdicts)


def run(file_id: int, seconds: float | None = None) -> str:
    """Import the documents that wait, for as long as a task may; the rest by a fresh task."""
    with taken(file_id, _State.RUNNING) as file:
        if file is None:
            return "ya se había hecho"
        is_over = _run(file, time.monotonic() + (seconds or budget_seconds()))
    if not is_over:
        enqueue_import(file_id)
    return f"{file.done} documentos"


def _run(file: ImportFile, until: float) -> bool:
    plan = from_data(file.plan) if file.plan else Plan(kind=file.kind)
    rebuild = rebuilding(file.format, file.kind, plan, file.shown.get("headings", []))
    waiting = StagedDocument.objects.filter(going(file, over_sent=file.over_sent), outcome="").order_by("position")
    while chunk := list(waiting[:_CHUNK]):
        with transaction.atomic():
            _import(file, chunk, rebuild)
        if time.monotonic() > until:
            return False
    file.refresh_from_db()
    file.state, file.finished_at = _State.DONE, timezone.now()
    file.save()
    return True


def _import(file: ImportFile, chunk: list[StagedDocument], rebuild: Any) -> None:
    """A chunk of staged documents with what became of each, in one transaction."""
    intake = take_in(
        (rebuild(row.source) for row in chunk), company=file.company, user=file.requested_by, over_sent=file.over_sent
    )
    told = {error.row: error.line() for error in intake.errors}
    for row in chunk:
        message = told.get(row.row)
        row.outcome = "left" if message else "done"
        if message:
            row.errors = [*row.errors, {"row": row.row, "column": "", "value": "", "message": message, "line": message}]
    StagedDocument.objects.bulk_update(chunk, ["outcome", "errors"], batch_size=_CHUNK)
    ImportFile.objects.filter(pk=file.pk).update(done=F("done") + _written(intake), touched_at=timezone.now())
    file.done += _written(intake)


def _written(intake: Intake) -> int:
    return intake.created + intake.updated + intake.unchanged
