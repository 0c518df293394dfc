"""Find the stored record that each draft is, by its own key or its number; keep fields that its format lacks.

A document without number is not found here: `unnumbered` says what it equals or is like.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from integrations.choices import Target
from integrations.erp.fields.money import money
from integrations.files import sag_xml, siigo_json
from integrations.files.document_identity import ids_of_number, is_named
from integrations.files.drafts import Draft
from integrations.files.identity_questions import (
    NEW,
    About,
    Candidate,
    Question,
    StandingAnswers,
    answered_record,
)
from integrations.files.table_columns import attribute_of, catalogues
from integrations.models import Company, Syncable
from integrations.models.document_key import Sameness

_TARGETS = {siigo_json.ORIGIN: Target.SIIGO, sag_xml.ORIGIN: Target.SAG}
GONE = "el documento que usted eligió ya no está aquí: se eliminó después de la revisión."


@dataclass
class Found:
    """The record that a draft is, or what must be asked about that; neither for a new one."""

    existing: Syncable | None = None
    question: Question | None = None


def find(model: type[Syncable], company: Company, drafts: Sequence[Draft], answers: StandingAnswers) -> list[Found]:
    """What each of these drafts of one model is here. A draft that it finds takes the record's origin and id."""
    found = [Found() for _ in drafts]
    open_pairs = list(zip(drafts, found, strict=True))
    looks = _Looks(model, company)
    for look in (looks.by_answer, looks.by_name, looks.by_number, looks.by_first_number):
        look(open_pairs)
        open_pairs = [pair for pair in open_pairs if pair[1].existing is None and pair[1].question is None]
    if answers.number2_identifies or company.number2_identifies:
        looks.by_second_number(open_pairs)
    for draft, match in zip(drafts, found, strict=True):
        _settle(draft, match)
        if match.existing is not None:
            _adopt(model, draft, match.existing)
    return found


def _settle(draft: Draft, match: Found) -> None:
    """Ask, unless a person has said that it is another document than all of those it could be."""
    match.question = match.question or (draft.question if match.existing is None else None)
    if match.question is not None and draft.answer == NEW and match.question.record_ids <= draft.known:
        match.question = None


_Pairs = Sequence[tuple[Draft, Found]]


class _Looks:
    """The ways to find drafts of one model among a company's records, each with a fixed number of queries."""

    def __init__(self, model: type[Syncable], company: Company) -> None:
        self._model = model
        records: Any = model._default_manager
        self._stored = records.filter(company=company).prefetch_related(*model.part_relations)

    def by_answer(self, pairs: _Pairs) -> None:
        """The records that a person chose."""
        wanted = {pk for draft, _ in pairs if (pk := answered_record(draft.answer)) is not None}
        chosen = self._stored.in_bulk(wanted) if wanted else {}
        for draft, match in pairs:
            pk = answered_record(draft.answer)
            if pk is not None:
                match.existing = chosen.get(pk)
                if match.existing is None:
                    draft.refuse(draft.row, "", GONE)

    def by_name(self, pairs: _Pairs) -> None:
        """The records with the natural key that the file gives."""
        named = [(draft.record.natural_key(), match) for draft, match in pairs if is_named(draft.record)]
        if not named:
            return
        columns = self._model.natural_key_columns
        wanted = {f"{name}__among": {key[place] for key, _ in named} for place, name in enumerate(columns)}
        stored = {record.natural_key(): record for record in self._stored.filter(**wanted)}
        for key, match in named:
            match.existing = stored.get(key)

    def by_number(self, pairs: _Pairs) -> None:
        """The records with the number that an ERP knows the document by."""
        column = self._model.number_column
        numbered = [(draft, match) for draft, match in pairs if draft.record.document_keys()]
        if not numbered:
            return
        by_number: dict[Any, list[Syncable]] = defaultdict(list)
        numbers = {getattr(draft.record, column) for draft, _ in numbered}
        for record in self._stored.filter(**{f"{column}__among": numbers}).order_by("pk"):
            by_number[getattr(record, column)].append(record)
        for draft, match in numbered:
            _choose(draft.record, by_number[getattr(draft.record, column)], match)

    def by_first_number(self, pairs: _Pairs) -> None:
        """The records that came with this number, and have another one now."""
        wanted = {id(draft): ids_of_number(draft.record) for draft, _ in pairs if draft.record.document_keys()}
        if not wanted:
            return
        ids = {each for those in wanted.values() for each in those}
        stored: dict[str, Syncable] = {
            record.external_id: record
            for record in self._stored.filter(origin__among=list(_TARGETS), external_id__among=ids)
        }
        for draft, match in pairs:
            records = [stored[each] for each in wanted.get(id(draft), ()) if each in stored]
            if records:
                match.question = _question(About.RENUMBERED, records)

    def by_second_number(self, pairs: _Pairs) -> None:
        """The records without number that have the kind and the number 2 of a draft."""
        second = {id(draft): draft.record.second_key() for draft, _ in pairs if not draft.record.document_keys()}
        numbers = {key[-1] for key in second.values() if key}
        if not numbers:
            return
        by_key: dict[tuple[object, ...], list[Syncable]] = defaultdict(list)
        for record in self._stored.exclude(number2="").filter(number2__among=numbers).order_by("pk"):
            by_key[record.second_key()].append(record)
        for draft, match in pairs:
            same = by_key.get(second.get(id(draft), ()), [])
            if len(same) == 1:
                match.existing = same[0]
            elif same:
                match.question = _question(About.SEVERAL, same)


def _choose(record: Syncable, stored: Iterable[Syncable], match: Found) -> None:
    """The stored document that `record` is by its number; a question where it may be one of several, or none."""
    compared = [(_sameness(record, other), other) for other in stored]
    same = [other for how, other in compared if how == Sameness.SAME]
    asked = [other for how, other in compared if how == Sameness.ASKED]
    if len(same) > 1:
        ids = ids_of_number(record)
        same = [other for other in same if getattr(other, "external_id", "") == ids[0]] or same
    if len(same) == 1:
        match.existing = same[0]
    elif same:
        match.question = _question(About.SEVERAL, same)
    elif asked:
        about = About.OTHER_PARTY if all(map(_has_year(record), asked)) else About.UNKNOWN_YEAR
        match.question = _question(about, asked)


def _sameness(record: Syncable, other: Syncable) -> Sameness:
    """The closest that any two of their keys are: Siigo's number may say what SAG's leaves open."""
    pairs = ((key, theirs) for key in record.document_keys() for theirs in other.document_keys())
    return min((key.compare(theirs) for key, theirs in pairs), key=lambda how: how.value, default=Sameness.OTHER)


def _has_year(record: Syncable) -> Any:
    """Whether a record and another one, of the same number, both know of which year it is."""
    known = all(key.year is not None for key in record.document_keys())
    return lambda other: known and all(key.year is not None for key in other.document_keys())


def _question(about: About, records: Sequence[Syncable]) -> Question:
    return Question(about, tuple(Candidate(record.pk, label_of(record)) for record in records[:_MOST_CANDIDATES]))


_MOST_CANDIDATES = 10


def label_of(record: Any) -> str:
    """A stored document as a question names it: «FV sin número del 31/12/2026, CONSUMIDOR FINAL, $ 3.500»."""
    date = f" del {record.date:%d/%m/%Y}" if record.date else ""
    party = record.third_party_name or record.party_tax_id
    tax_id = f" (NIT {record.party_tax_id})" if record.party_tax_id and party != record.party_tax_id else ""
    return ", ".join(filter(None, (f"{record}{date}", f"{party}{tax_id}", money(record.total))))


def _adopt(model: type[Syncable], draft: Draft, existing: Any) -> None:
    """Make the draft a version of a stored record: its own identity, and only what the file's format can say."""
    record: Any = draft.record
    if not hasattr(record, "external_id"):
        return
    if draft.brings is None and record.origin in _TARGETS:
        draft.brings = _columns_of_format(model, _TARGETS[record.origin])
    record.origin, record.external_id = existing.origin, existing.external_id


@cache
def _columns_of_format(model: type[Syncable], target: Target) -> Mapping[str, frozenset[str]]:
    """Relation → the columns that an ERP's own format fills, as `Draft.brings` has them."""
    columns: dict[str, set[str]] = {}
    for part, catalogue in catalogues(model, target):
        for field in catalogue:
            columns.setdefault(part, set()).add(f"{field.sparse_in}/{field.name}")
            owner, attribute = attribute_of(part, field)
            columns.setdefault(owner, set()).add(attribute.partition(".")[0])
    return {part: frozenset(names) for part, names in columns.items()}
