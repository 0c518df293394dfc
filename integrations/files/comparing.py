"""What saving the drafts of a file would change: each beside its stored record."""

from collections.abc import Sequence
from enum import Enum
from operator import attrgetter
from typing import Any, NamedTuple

from django.db.models import Q

from integrations.choices import Status
from integrations.files import match_existing
from integrations.files.drafts import Draft
from integrations.files.identity_questions import StandingAnswers
from integrations.files.partial_update import fill_from_record
from integrations.files.rule_filling import DraftFiller, take_back
from integrations.models import Company, Syncable, SyncStanding
from integrations.models.record_content import same_content

NO_ANSWERS = StandingAnswers()
_SENT = Q(ever_present=True) | ~Q(status__in=(Status.NEW, Status.REJECTED, Status.EXCLUDED))


class DraftDifference(Enum):
    """What a draft would change of its stored record."""

    NONE = 0
    UNSENT = 1
    SENT = 2
    """Some ERP has the record, or may have it: a person decides."""


class Compared(NamedTuple):
    """A draft and its stored record; None for a new one, and for one that must be asked about: `draft.question`."""

    draft: Draft
    existing: Syncable | None
    difference: DraftDifference


def compare(chunk: Sequence[Draft], company: Company, answers: StandingAnswers = NO_ANSWERS) -> list[Compared]:
    """Each draft of one kind beside its record. Completes their records; sets what must be asked about them."""
    pairs = _with_existing(chunk, company, answers)
    by_rule = {id(draft) for draft, existing in pairs if existing is not None and take_back(draft)}
    changed = {existing.pk for draft, existing in pairs if existing is not None and _changes(existing, draft)}
    sent = sent_ids(type(chunk[0].record), sorted(changed))
    _fill_again([pair for pair in pairs if id(pair[0]) in by_rule], company, changed, sent)
    return [Compared(draft, existing, _difference(existing, changed, sent)) for draft, existing in pairs]


def _with_existing(
    chunk: Sequence[Draft], company: Company, answers: StandingAnswers
) -> list[tuple[Draft, Syncable | None]]:
    model = type(chunk[0].record)
    for draft in chunk:
        draft.record.company = company
    model.complete_contents([draft.record for draft in chunk])
    found = match_existing.find(model, company, chunk, answers)
    for draft, match in zip(chunk, found, strict=True):
        draft.question = match.question
    return [(draft, match.existing) for draft, match in zip(chunk, found, strict=True)]


def _fill_again(
    pairs: Sequence[tuple[Draft, Syncable | None]], company: Company, changed: set[int], sent: set[int]
) -> None:
    """Fill in by rule what is still empty in drafts that change what no ERP has; those that then are equal are not."""
    changing = [(draft, old) for draft, old in pairs if old is not None and old.pk in changed and old.pk not in sent]
    DraftFiller(company.pk).fill([draft for draft, _ in changing])
    for draft, existing in changing:
        if draft.filled and not _differs(existing, draft):
            changed.discard(existing.pk)


def _changes(existing: Syncable, draft: Draft) -> bool:
    fill_from_record(existing, draft)
    return _differs(existing, draft)


def _differs(existing: Syncable, draft: Draft) -> bool:
    return not same_content(existing, draft.record) or not all(
        _are_equal(list(getattr(existing, relation).all()), parts) for relation, parts in parts_of(draft).items()
    )


def _are_equal(stored: list[Any], brought: list[Any]) -> bool:
    position = attrgetter("position")
    pairs = zip(sorted(stored, key=position), sorted(brought, key=position), strict=False)
    return len(stored) == len(brought) and all(same_content(first, second) for first, second in pairs)


def parts_of(draft: Draft) -> dict[str, list[Any]]:
    """Relation → the lines, or payments, of a draft; every relation of its kind."""
    return {relation: draft.parts.get(relation, []) for relation in type(draft.record).part_relations}


def _difference(existing: Syncable | None, changed: set[int], sent: set[int]) -> DraftDifference:
    if existing is None or existing.pk not in changed:
        return DraftDifference.NONE
    return DraftDifference.SENT if existing.pk in sent else DraftDifference.UNSENT


def sent_ids(model: type[Syncable], record_ids: Sequence[int]) -> set[int]:
    """The ids of those records that some ERP has, or may have."""
    if not record_ids:
        return set()
    sent = SyncStanding.objects.of_records(model.kind, record_ids).filter(_SENT)
    return set(sent.values_list("record_id", flat=True))
