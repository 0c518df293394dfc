"""Save drafts as records: each document whole or not at all, and nothing written where nothing changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from integrations.files.comparing import NO_ANSWERS
from integrations.files.deferred_drafts import DeferredDrafts
from integrations.files.document_identity import marks_of, without_repeats
from integrations.files.drafts import Draft
from integrations.files.errors import RowError
from integrations.files.gc_pause import gc_paused
from integrations.files.identity_questions import SAME, StandingAnswers
from integrations.files.rule_filling import DraftFiller
from integrations.files.saving import Intake, IntakeOrder, Saved
from integrations.models import Company, ImportFile

_MAX_DOCUMENTS, _MAX_PARTS, _MAX_LETTERS = 2_000, 8_000, 4_000_000
"""Of a chunk: its documents, their lines and payments, and the letters of the rows that they were read from."""
MAX_ERRORS = 5000
"""Errors that a result keeps; `rejected` counts every document."""
ALREADY_SENT = "ya se envió y el archivo trae algo distinto: no se cambió. Decida si el archivo lo reemplaza."


@dataclass
class ImportResult:
    """How many documents of a file were created, updated and so on.

    `differing` were sent before and differ, of `asked` only a person knows whether they are here already: they stay
    as they are until someone decides.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    differing: int = 0
    asked: int = 0
    filled: Counter[str] = field(default_factory=Counter)
    """Field, in Spanish → in how many documents a rule of the company filled it in."""
    errors: list[RowError] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """The result as a dict for JSON."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "differing": self.differing,
            "asked": self.asked,
            "filled": dict(self.filled),
            "errors": [error.as_data() for error in self.errors],
        }

    def add(self, saved: Saved) -> None:
        """Count what became of a chunk, and keep an error for what was left as it is."""
        self.created += len(saved.created)
        self.updated += len(saved.updated)
        self.unchanged += saved.unchanged
        self.differing += len(saved.differing)
        for draft in (*saved.created, *(draft for draft, _, _ in saved.updated)):
            self.filled.update(each.field.label for each in draft.filled)
        self.add_errors(RowError(draft.row, "", f"{existing} {ALREADY_SENT}") for draft, existing in saved.differing)

    def add_errors(self, errors: Iterable[RowError]) -> None:
        """Keep errors, up to `MAX_ERRORS`."""
        self.errors += islice(errors, max(0, MAX_ERRORS - len(self.errors)))


@gc_paused()
def import_drafts(
    drafts: Iterable[Draft],
    *,
    company: Company,
    user: Any = None,
    dry_run: bool = False,
    over_sent: bool = False,
    answers: StandingAnswers = NO_ANSWERS,
    file: ImportFile | None = None,
    progress: Callable[[int, int], None] | None = None,
    left_out: Callable[[Draft], None] | None = None,
) -> ImportResult:
    """Save every draft that has no error and of which it is sure whether it is here already.

    `over_sent`: someone decided that records which an ERP may already have are changed too. `answers`: what someone
    said about documents that may be here. `file` keeps what was made and changed. `progress` gets how many documents
    are done, and up to which row; `left_out` each draft that has errors, or a question as one.
    """
    order = IntakeOrder(company, user, dry_run, over_sent, answers, file)
    return _Import(order, progress or _in_silence, left_out).run(drafts)


def _in_silence(_documents: int, _row: int) -> None:
    pass


class _Import:
    """One pass over the drafts of a file: what is certain at once, what is doubtful once all of it is known."""

    def __init__(
        self, order: IntakeOrder, progress: Callable[[int, int], None], left_out: Callable[[Draft], None] | None
    ) -> None:
        self._order, self._progress, self._left_out = order, progress, left_out
        self._intake = Intake(order)
        self._result = ImportResult()
        self._deferred = DeferredDrafts()
        self._done = 0

    def run(self, drafts: Iterable[Draft]) -> ImportResult:
        """Import the drafts of a file, once."""
        with closing(self._deferred):
            for chunk in in_chunks(self._certain(self._once(drafts))):
                for asked in self._save(chunk):
                    self._put_off(asked)
            for chunk in in_chunks(self._decided()):
                for asked in self._save(chunk):
                    self._leave_asked(asked)
        self._result.errors.sort(key=lambda error: error.row or 0)
        return self._result

    def _put_off(self, draft: Draft) -> None:
        """Wait with a doubtful draft until the file is known; one without number is then compared once more."""
        marks = marks_of(draft)
        draft.question = None if marks else draft.question
        self._deferred.add(draft, marks)

    def _save(self, chunk: list[Draft]) -> list[Draft]:
        """Save a chunk. Returns the drafts that must be asked about."""
        saved = self._intake.save(chunk)
        self._result.add(saved)
        for draft in saved.refused:
            self._reject(draft)
        self._done += len(chunk) - len(saved.asked)
        self._progress(self._done, max(draft.last_row for draft in chunk) or self._done)
        return saved.asked

    def _once(self, drafts: Iterable[Draft]) -> Iterator[Draft]:
        filled = DraftFiller(self._order.company.pk).each(drafts)
        return without_repeats(filled, number2_identifies=self._order.number2_identifies)

    def _certain(self, drafts: Iterable[Draft]) -> Iterator[Draft]:
        """The drafts without errors; those without number wait, where some like them may be here."""
        for draft in drafts:
            if draft.errors:
                self._reject(draft)
                continue
            if self._left_out is None:
                draft.rows = []  # a chunk of a file with large cells would fill the memory
            marks = None if self._order.is_named_by_number2(draft) else marks_of(draft)
            if marks is not None and self._intake.has_others(type(draft.record)):
                self._deferred.add(draft, marks)
            else:
                yield draft

    def _decided(self) -> Iterator[Draft]:
        """The drafts that waited and of which it is clear now what they are; the others are left out and told."""
        if not len(self._deferred):
            return
        asked = self._intake.ask(self._deferred.brought)
        for place, draft in self._deferred.drafts():
            question = draft.question or asked.get(place)
            draft.question = question and question.without(self._intake.touched)
            if draft.question:
                draft.answer, draft.known = self._order.answers.to(draft.question), draft.question.known_ids
            if draft.answer == SAME:
                self._result.unchanged += 1
            elif draft.question and not draft.answer:
                self._leave_asked(draft)
            else:
                yield draft

    def _leave_asked(self, draft: Draft) -> None:
        self._result.asked += 1
        if draft.question is not None:
            draft.refuse(draft.row, "", f"{draft.record} {draft.question.told()}")
        self._leave_out(draft)

    def _reject(self, draft: Draft) -> None:
        self._result.rejected += 1
        self._leave_out(draft)

    def _leave_out(self, draft: Draft) -> None:
        self._result.add_errors(draft.errors)
        if self._left_out is not None:
            self._left_out(draft)


def in_chunks(drafts: Iterable[Draft], limit: int = _MAX_DOCUMENTS) -> Iterator[list[Draft]]:
    """Drafts in lists that are saved together: `limit` of them, fewer where they are large."""
    chunk: list[Draft] = []
    parts = letters = 0
    for draft in drafts:
        chunk.append(draft)
        parts += sum(map(len, draft.parts.values()))
        letters += sum(_letters(row) for _, row in draft.rows)
        if len(chunk) == limit or parts > _MAX_PARTS or letters > _MAX_LETTERS:
            yield chunk
            chunk, parts, letters = [], 0, 0
    if chunk:
        yield chunk


def _letters(row: Any) -> int:
    """The letters in a row of a table, or of JSON; an XML element is taken for small."""
    cells = row.values() if isinstance(row, dict) else row if isinstance(row, list) else ()
    return sum(len(cell) for cell in cells if isinstance(cell, str))
