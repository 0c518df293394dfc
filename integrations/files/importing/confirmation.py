"""What a person decides about a reviewed file, and importing its documents."""

import time
from collections.abc import Callable

from django.db import transaction
from django.db.models import F, Q
from django.utils import timezone

from integrations.files.draft_text import draft_builder
from integrations.files.drafts import Draft
from integrations.files.identity_questions import SAME
from integrations.files.identity_questions import from_data as from_question
from integrations.files.importing.uploads import delete_bytes
from integrations.files.importing.work_lease import budget_seconds, lease
from integrations.files.intake import ALREADY_SENT
from integrations.files.reading.reading_plan import ReadingPlan, from_data
from integrations.files.rule_filling import DraftFiller
from integrations.files.saving import Intake, IntakeOrder
from integrations.models import ImportFile, StagedDocument
from integrations.models.bulk_writes import update_many
from integrations.queue import jobs
from integrations.queue.job_owners import cancel_file
from integrations.queue.outbox import enqueue_import
from integrations.queue.work_kinds import IMPORT, LOOK_OVER, STAGE, UNDO_IMPORT

_State, _Verdict = ImportFile.State, StagedDocument.Verdict
_CHUNK = 500
"""Documents of a transaction, after which a task looks at the clock."""
_TASK_OF = {_State.LOOKING: LOOK_OVER, _State.STAGING: STAGE, _State.RUNNING: IMPORT, _State.UNDOING: UNDO_IMPORT}
TASKS_OF_A_FILE = tuple(_TASK_OF.values())


def confirm(file_id: int, *, over_sent: bool = False) -> ImportFile:
    """Queue a reviewed file for import; a second confirmation changes nothing.

    `over_sent`: documents that differ from what was already sent are imported too.
    """
    with transaction.atomic():
        file = ImportFile.objects.select_for_update().get(pk=file_id)
        if file.state == _State.REVIEW:
            file.state, file.over_sent, file.confirmed_at = _State.RUNNING, over_sent, timezone.now()
            file.save()
            delete_bytes(file)
            enqueue_import(file.pk)
    return file


def cancel(file_id: int) -> bool:
    """Cancel an import that is not over; what already came in stays. Returns whether it was still open."""
    with transaction.atomic():
        file = ImportFile.objects.select_for_update().get(pk=file_id)
        if file.state not in ImportFile.OPEN:
            return False
        cancel_file(file_id)
        jobs.forget(TASKS_OF_A_FILE, file_id)
    return True


def try_again(file_id: int) -> bool:
    """Take a failed import up where it failed; False where it has not failed."""
    with transaction.atomic():
        file = ImportFile.objects.select_for_update().get(pk=file_id)
        if file.state != _State.FAILED:
            return False
        jobs.resume_and_ask(_TASK_OF[_State(file.failed_in)], file_id)
    return True


def run(file_id: int, seconds: float | None = None) -> str:
    """Import the documents that wait, for as long as a task may; a fresh task does the rest."""
    with lease(file_id, _State.RUNNING) as file:
        if file is None:
            return "ya se había hecho"
        is_over = _run(file, time.monotonic() + (seconds or budget_seconds()))
    if not is_over:
        enqueue_import(file_id)
    return f"{file.done} documentos"


def _run(file: ImportFile, until: float) -> bool:
    """Import until a time of the monotonic clock. Returns whether every document is done."""
    plan = from_data(file.plan) if file.plan else ReadingPlan(kind=file.kind)
    build = draft_builder(file.format, file.kind, plan, file.shown.get("headings", []))
    order = IntakeOrder(file.company, file.requested_by, over_sent=file.over_sent, file=file, since=file.seen_up_to)
    intake = Intake(order)
    while _import_next(file, build, intake):
        if time.monotonic() > until:
            return False
    return True


@transaction.atomic
def _import_next(file: ImportFile, build: Callable[[str], Draft], intake: Intake) -> bool:
    """Import the next chunk, or end the import; False where it is over, or somebody cancelled it."""
    # Whoever else has this file in hand waits here, and finds these documents done.
    locked = ImportFile.objects.select_for_update().filter(pk=file.pk, state=_State.RUNNING).first()
    if locked is None:
        return False
    waiting = StagedDocument.objects.filter(is_imported(file), outcome="").order_by("position")
    if chunk := list(waiting[:_CHUNK]):
        _import(file, chunk, build, intake)
        return True
    locked.state, locked.finished_at = _State.DONE, timezone.now()
    locked.save()
    return False


def is_imported(file: ImportFile) -> Q:
    """The condition on the documents of a file that its confirmation imports: the asked ones as they were answered."""
    verdicts = [_Verdict.NEW, _Verdict.CHANGED, *([_Verdict.DIFFERING] if file.over_sent else [])]
    answered = Q(verdict=_Verdict.ASKED) & ~Q(answer__in=("", SAME))
    return Q(file=file) & (Q(verdict__in=verdicts) | answered)


def _import(file: ImportFile, chunk: list[StagedDocument], build: Callable[[str], Draft], intake: Intake) -> None:
    """Import a chunk of staged documents and save the outcome of each."""
    drafts = [_draft(document, build) for document in chunk]
    DraftFiller(file.company_id).fill([draft for draft in drafts if not draft.errors])
    saved = intake.save([draft for draft in drafts if not draft.errors])
    left = {id(draft): f"{existing} {ALREADY_SENT}" for draft, existing in saved.differing}
    left |= {id(draft): draft.question.text() for draft in saved.asked if draft.question}
    for document, draft in zip(chunk, drafts, strict=True):
        reasons = [error.text() for error in draft.errors]
        if id(draft) in left:
            reasons.append(_LEFT.format(row=document.row, why=left[id(draft)]))
        _set_outcome(document, reasons)
    update_many(chunk, ["outcome", "errors"])
    imported = len(saved.created) + len(saved.updated) + saved.unchanged
    ImportFile.objects.filter(pk=file.pk).update(done=F("done") + imported, touched_at=timezone.now())
    file.done += imported


_LEFT = "Fila {row}: {why}"


def _draft(document: StagedDocument, build: Callable[[str], Draft]) -> Draft:
    """A staged document as a draft again, with what was said about it."""
    draft = build(document.source)
    draft.record.complete_content(draft.parts)
    question = from_question(document.question)
    draft.answer, draft.known = document.answer, question.known_ids if question else frozenset()
    return draft


def _set_outcome(document: StagedDocument, reasons: list[str]) -> None:
    """«done», or «left» with the reasons."""
    document.outcome = "left" if reasons else "done"
    told = [{"row": document.row, "column": "", "value": "", "message": one, "line": one} for one in reasons]
    document.errors = [*document.errors, *told]
