"""Saving chunks of drafts: what is new is made, what differs is changed, and what is doubtful is given back."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import IntegrityError, OperationalError, transaction

from integrations.files import unnumbered
from integrations.files.comparing import NO_ANSWERS, Compared, DraftDifference, compare
from integrations.files.deferred_drafts import brought_of
from integrations.files.document_identity import marks_of
from integrations.files.drafts import Draft
from integrations.files.identity_questions import Question, StandingAnswers
from integrations.files.making_records import create, highest_key, one_at_a_time, remember, update
from integrations.files.unnumbered import Brought
from integrations.models import Company, ImportFile, Syncable
from integrations.models.syncable import model_for
from integrations.payloads.judgement import keep_verdicts

_TRIES = 10
"""Where someone else makes the same records in between, each try finds at least one more of them."""
TWICE = "es el mismo documento que otro de este archivo, que ya se importó: no se cambió dos veces. Deje uno solo."


@dataclass(frozen=True)
class IntakeOrder:
    """What a person asked for: `import_drafts` says what each is."""

    company: Company
    user: Any = None
    dry_run: bool = False
    over_sent: bool = False
    answers: StandingAnswers = NO_ANSWERS
    file: ImportFile | None = None
    since: int | None = None
    """The highest key of a record that the answers took into account; None: nothing was answered yet."""

    @property
    def number2_identifies(self) -> bool:
        """Whether a person says so for this file, or the company for all."""
        return self.answers.number2_identifies or self.company.number2_identifies

    def is_named_by_number2(self, draft: Draft) -> bool:
        """Whether the number 2 of a draft says which document it is."""
        return self.number2_identifies and bool(draft.record.second_key())


@dataclass
class Saved:
    """What became of a chunk. `asked` were not saved, their `question` says why; `refused` have an error."""

    created: list[Draft] = field(default_factory=list)
    updated: list[tuple[Draft, Syncable, Any]] = field(default_factory=list)
    """With what the record said before."""
    unchanged: int = 0
    differing: list[tuple[Draft, Syncable]] = field(default_factory=list)
    asked: list[Draft] = field(default_factory=list)
    refused: list[Draft] = field(default_factory=list)


class Intake:
    """Saves the documents of one import, a chunk a transaction."""

    def __init__(self, order: IntakeOrder) -> None:
        self._order = order
        before = order.file.records.values_list("record_id", "is_new") if order.file and order.file.pk else ()
        self._own = {pk for pk, is_new in before if is_new}
        self._touched = {pk for pk, _ in before}
        self._since = order.since
        self._own_since = len(self._own)
        self._others: bool | None = None

    @property
    def touched(self) -> Collection[int]:
        """The keys of the records that documents of this import already are."""
        return self._touched

    def has_others(self, model: type[Syncable]) -> bool:
        """Whether documents without number were here before this import."""
        if self._others is None:
            self._look_now(model)
            self._others = unnumbered.stored_unnumbered(model, self._order.company).exists()
        return self._others

    def _look_now(self, model: type[Syncable]) -> None:
        """What is here from now on came later: none of it is half written while the other imports wait."""
        with transaction.atomic():
            one_at_a_time(self._order.company)
            self._since, self._own_since = highest_key(model, self._order.company), 0

    def ask(self, brought: Sequence[Brought]) -> dict[int, Question]:
        """Place → what must be asked about documents without number, once all of the file is known."""
        if not brought:
            return {}
        model = model_for(brought[0].kind)
        self._look_now(model)
        digest = self._order.file.digest if self._order.file else ""
        return unnumbered.questions(model, self._order.company, brought, own=self._own, file_digest=digest)

    def save(self, chunk: Sequence[Draft]) -> Saved:
        """Save drafts of one kind without errors, in one transaction."""
        if not chunk:
            return Saved()
        with transaction.atomic():
            one_at_a_time(self._order.company)
            saved = self._saved(chunk)
            if not self._order.dry_run:
                self._keep(chunk[0].record, saved)
            transaction.set_rollback(self._order.dry_run)
        return saved

    def _keep(self, sample: Syncable, saved: Saved) -> None:
        """Remember what was written, and let the local checks judge it."""
        made = [draft.record.pk for draft in saved.created]
        self._own.update(made)
        self._touched.update(made)
        self._own_since += len(made)
        if self._order.file is not None and self._order.file.pk:
            remember(self._order.file, saved.created, saved.updated)
        written = [*made, *(existing.pk for _, existing, _ in saved.updated)]
        keep_verdicts(self._order.company.pk, sample.kind, written)

    def _saved(self, chunk: Sequence[Draft]) -> Saved:
        compared, saved = self._compare_and_create(chunk)
        for draft, existing, difference in compared:
            if existing is None:
                continue
            if existing.pk in self._touched:
                draft.refuse(draft.row, "", f"{draft.record} {TWICE}")
                saved.refused.append(draft)
                continue
            self._touched.add(existing.pk)
            if difference is DraftDifference.NONE:
                saved.unchanged += 1
            elif difference is DraftDifference.SENT and not self._order.over_sent:
                saved.differing.append((draft, existing))
            else:
                saved.updated.append((draft, existing, update(draft, existing)))
        return saved

    def _compare_and_create(self, chunk: Sequence[Draft]) -> tuple[list[Compared], Saved]:
        """The drafts beside their records, and what became of those that have none."""
        for tries_left in reversed(range(_TRIES)):
            compared = compare(chunk, self._order.company, self._order.answers)
            saved = self._sorted_out(compared)
            try:
                with transaction.atomic():
                    create(saved.created, self._order.user)
            except (IntegrityError, OperationalError):
                if not tries_left:
                    raise
            else:
                break
        return compared, saved

    def _sorted_out(self, compared: Sequence[Compared]) -> Saved:
        """Which drafts without a record are wrong, doubtful or new."""
        saved, lone = Saved(), [draft for draft, existing, _ in compared if existing is None]
        arrived = self._since_arrived([draft for draft in lone if draft.question is None and not draft.errors])
        for draft in lone:
            draft.question = draft.question or arrived.get(id(draft))
            if draft.errors:
                saved.refused.append(draft)
            else:
                (saved.asked if draft.question else saved.created).append(draft)
        return saved

    def _since_arrived(self, drafts: Sequence[Draft]) -> Mapping[int, Question]:
        """Of new documents without number: those that may be one that came while this import was under way."""
        marked = {place: (draft, marks) for place, draft in enumerate(drafts) if (marks := marks_of(draft))}
        if not marked:
            return {}
        model, company = type(drafts[0].record), self._order.company
        if not self._has_arrived(model):
            return {}
        brought = [brought_of(place, draft, marks) for place, (draft, marks) in marked.items()]
        asked = unnumbered.questions(model, company, brought, since=self._since or 0, own=self._own)
        return {id(marked[place][0]): question for place, question in asked.items()}

    def _has_arrived(self, model: type[Syncable]) -> bool:
        """Whether some record came, from elsewhere, since this import looked what is here."""
        if self._since is None:
            self._look_now(model)
        records = model._default_manager.filter(company=self._order.company, pk__gt=self._since or 0)
        return records.count() > self._own_since
