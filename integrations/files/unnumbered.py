"""Documents without number: which of a file may be one that is here already.

Two are equal by all that they say, or by what they said when they came; they are alike by their number 2 or, without
one, by kind, date, third party and what their lines are about. A file that repeats most of an earlier one is that one
corrected: what it has otherwise may replace what it lacks.
"""

from collections import Counter, defaultdict, deque
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, NamedTuple, TypeVar

from django.db.models import Q, QuerySet, Value
from django.db.models.functions import Substr

from integrations.files.document_identity import DIGEST_LETTERS, Marks, content_mark, likeness_mark
from integrations.files.identity_questions import About, Candidate, Question
from integrations.files.match_existing import label_of
from integrations.models import Company, ImportedRecord, Syncable
from integrations.models.record_content import content_of

_Value = TypeVar("_Value")
_AT_ONCE = 500
_MOST_CANDIDATES = 5
_MOST_FILES = 5
_COPIES = 64
"""Equal documents of which one edited since can still be told by the id that it came with."""


class Brought(NamedTuple):
    """A document without number of a file. `place` is its order there, `row` its first row."""

    place: int
    row: int
    kind: str
    marks: Marks
    day: date | None
    number2: str


@dataclass
class _Here:
    """A stored document that may be one of the file."""

    record_id: int
    label: str
    marks: Marks
    is_taken: bool = False
    """Whether it is taken for equal to one of the file: no other one is a correction of it."""

    def candidate(self) -> Candidate:
        return Candidate(self.record_id, self.label)


def stored_unnumbered(model: type[Syncable], company: Company) -> QuerySet[Any]:
    """The documents of a company that came without number, or were typed here: a number may have been given since."""
    stored = model._default_manager.filter(company=company)
    came_without = stored.alias(mark=Substr("external_id", DIGEST_LETTERS + 1, 1)).filter(
        Q(number=None) | Q(number=0) | Q(origin="manual") | Q(mark=Value("/"))
    )
    return came_without.order_by("pk")


def questions(
    model: type[Syncable],
    company: Company,
    brought: Sequence[Brought],
    *,
    since: int = 0,
    own: Collection[int] = (),
    file_digest: str = "",
) -> dict[int, Question]:
    """Place → what must be asked about it, for those that may be here already.

    `since`: only of records with a higher key; `own`: without these, which the file itself brought. `file_digest` knows
    the very same file again.
    """
    if not brought:
        return {}
    stored = stored_unnumbered(model, company).filter(pk__gt=since)
    by_row = _of_the_same_file(model, company, file_digest)
    here = [one for one in _Search(stored, brought, by_row.values()).found() if one.record_id not in own]
    asked = _again(brought, here, by_row)
    asked |= _equal([one for one in brought if one.place not in asked], here)
    asked |= _alike([one for one in brought if one.place not in asked], here)
    left = [one for one in brought if one.place not in asked]
    return asked | (_instead(left, _lacking(model, stored, here)) if left else {})


def _of_the_same_file(model: type[Syncable], company: Company, file_digest: str) -> dict[int, int]:
    """Row → the record that earlier imports of the very same file made or changed."""
    if not file_digest:
        return {}
    brought = ImportedRecord.objects.filter(kind=model.kind, file__company=company, file__digest=file_digest)
    return dict(brought.order_by("pk").values_list("row", "record_id"))


class _Search:
    """The stored documents that share a mark with one of the file."""

    def __init__(self, stored: QuerySet[Any], brought: Sequence[Brought], record_ids: Collection[int]) -> None:
        self._stored, self._brought, self._record_ids = stored, brought, frozenset(record_ids)
        self._digests = {one.marks.digest for one in brought}
        self._contents = {one.marks.content for one in brought}
        self._likenesses = {one.marks.likeness for one in brought}

    def found(self) -> list[_Here]:
        """Each once, in the order in which they came."""
        found = {one.record_id: one for one in self._by_day()}
        for records in (self._as_they_came(), self._by_number2(), self._by_key()):
            found |= {one.record_id: one for one in records if one.record_id not in found}
        return [found[pk] for pk in sorted(found)]

    def _by_day(self) -> Iterator[_Here]:
        days = {one.day for one in self._brought}
        if None in days:
            yield from self._matching(self._stored.filter(date=None))
        for some in _pieces(sorted(day for day in days if day is not None)):
            yield from self._matching(self._stored.filter(date__in=some))

    def _as_they_came(self) -> Iterator[_Here]:
        """Those that came saying the same, whatever was changed here since."""
        for some in _pieces(sorted(self._digests)):
            first = self._stored.filter(external_id__among=[f"{each}/1" for each in some])
            digests = [each[:DIGEST_LETTERS] for each in first.values_list("external_id", flat=True)]
            ids = [f"{each}/{number}" for each in digests for number in range(1, _COPIES + 1)]
            yield from self._matching(self._stored.filter(external_id__among=ids)) if ids else ()

    def _by_number2(self) -> Iterator[_Here]:
        """Those with the number 2 of one of the file, whatever their date."""
        for some in _pieces(sorted({one.number2 for one in self._brought if one.number2})):
            yield from self._matching(self._stored.exclude(number2="").filter(number2__among=some))

    def _by_key(self) -> Iterator[_Here]:
        """Those that the very same file brought, whatever was changed here since."""
        for some in _pieces(sorted(self._record_ids)):
            yield from self._matching(self._stored.filter(pk__in=some))

    def _matching(self, stored: QuerySet[Any]) -> Iterator[_Here]:
        relations = stored.model.part_relations
        for record in stored.prefetch_related(*relations).iterator(chunk_size=_AT_ONCE):
            marks = _stored_marks(record)
            is_sought = marks.content in self._contents or marks.digest in self._digests
            if is_sought or record.pk in self._record_ids or marks.likeness in self._likenesses:
                yield _Here(record.pk, label_of(record), marks)


def _stored_marks(record: Any) -> Marks:
    parts = {relation: list(getattr(record, relation).all()) for relation in record.part_relations}
    came_as = record.external_id[:DIGEST_LETTERS] if record.external_id[DIGEST_LETTERS:][:1] == "/" else ""
    return Marks(came_as, content_mark(content_of(record, parts)), likeness_mark(record, parts))


def _pieces(values: Sequence[_Value]) -> Iterator[Sequence[_Value]]:
    return (values[start : start + _AT_ONCE] for start in range(0, len(values), _AT_ONCE))


def _again(brought: Iterable[Brought], here: Iterable[_Here], by_row: Mapping[int, int]) -> dict[int, Question]:
    """The documents that the very same file brought before, each from its row."""
    by_id = {one.record_id: one for one in here}
    asked = {}
    for each in brought:
        same = by_id.get(by_row.get(each.row, 0))
        if same is not None and not same.is_taken:
            same.is_taken = True
            asked[each.place] = Question(About.SAME_FILE, (same.candidate(),))
    return asked


def _equal(brought: Iterable[Brought], here: Iterable[_Here]) -> dict[int, Question]:
    """The documents of the file that equal one here, each another one: of three equal to two, the third is new."""
    by_mark: dict[str, deque[_Here]] = defaultdict(deque)
    for one in here:
        by_mark[one.marks.digest].append(one)
        by_mark[one.marks.content].append(one)
    asked = {}
    for each in brought:
        equal = _next(by_mark, each.marks.digest) or _next(by_mark, each.marks.content)
        if equal is not None:
            equal.is_taken = True
            asked[each.place] = Question(About.EQUAL, (equal.candidate(),))
    return asked


def _next(by_mark: dict[str, deque[_Here]], mark: str) -> _Here | None:
    """The first with a mark that is not taken yet."""
    equals = by_mark.get(mark)
    while equals and equals[0].is_taken:
        equals.popleft()
    return equals[0] if equals else None


def _alike(brought: Iterable[Brought], here: Iterable[_Here]) -> dict[int, Question]:
    """Those that are like one here that no other one equals."""
    by_likeness: dict[str, list[_Here]] = defaultdict(list)
    for one in here:
        if not one.is_taken:
            by_likeness[one.marks.likeness].append(one)
    turn: Counter[str] = Counter()
    asked = {}
    for each in brought:
        if alike := by_likeness.get(each.marks.likeness):
            about = About.NUMBER2 if each.number2 else About.ALIKE
            asked[each.place] = Question(about, _in_turn(alike, turn[each.marks.likeness]))
            turn[each.marks.likeness] += 1
    return asked


def _in_turn(here: Sequence[_Here], turn: int) -> tuple[Candidate, ...]:
    """The candidates, each document of the file with another one first, so that «all» replaces each once."""
    places = range(turn, turn + min(len(here), _MOST_CANDIDATES))
    return tuple(here[place % len(here)].candidate() for place in places)


def _lacking(model: type[Syncable], stored: QuerySet[Any], here: Sequence[_Here]) -> list[_Here]:
    """What this file lacks of an earlier one of which it repeats more than half."""
    taken = {one.record_id for one in here if one.is_taken}
    repeated: Counter[int] = Counter()
    for some in _pieces(sorted(taken)):
        brought = ImportedRecord.objects.filter(kind=model.kind, record_id__among=some, is_new=True)
        repeated.update(brought.values_list("file", flat=True))
    lacking = []
    for file_id, count in repeated.most_common(_MOST_FILES):
        of_file = ImportedRecord.objects.filter(file=file_id, is_new=True).values("record_id")
        records = stored.filter(pk__in=of_file)
        if 2 * count > records.count():
            others = records.prefetch_related(*model.part_relations).iterator(chunk_size=_AT_ONCE)
            lacking += [_Here(one.pk, label_of(one), _NO_MARKS) for one in others if one.pk not in taken]
    return lacking


_NO_MARKS = Marks("", "", "")


def _instead(brought: Iterable[Brought], lacking: Sequence[_Here]) -> dict[int, Question]:
    """Those that a corrected file may have in the place of what it lacks."""
    if not lacking:
        return {}
    return {each.place: Question(About.AGAIN, _in_turn(lacking, turn)) for turn, each in enumerate(brought)}
