"""Which field each heading of a table names: surely, one of several, or perhaps, by its spelling.

The official labels and wire names of an ERP go first in that ERP's own model; in any other file the words of the
country's programs do (`heading_synonyms`). What may name two fields is left open; what is only spelled like one is
offered and never taken.
"""

import difflib
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cache, lru_cache

from integrations.choices import Kind, Target
from integrations.files.reading.file_shapes import FileShape, shape_of
from integrations.files.reading.heading_synonyms import NOT_READ, SYNONYMS, Synonym
from integrations.files.reading.heading_words import heading_words
from integrations.files.reading.headings import normalize, normalize_loosely
from integrations.files.reading.import_targets import (
    OWN,
    PAYMENTS,
    ImportTarget,
    attribute_of,
    import_targets,
    targets_by_name,
)

_MODEL_SHARE = 0.6
"""Of the headings, from which on a file is an ERP's own model."""
_NEAR = 0.8
"""How like each other two spellings are, as `difflib` counts, to be offered."""
_SHORTEST_NEAR = 4
_TWO_AMOUNTS = frozenset({"lines.debit", "lines.credit"})
_RIVALS: tuple[tuple[frozenset[str], frozenset[str]], ...] = (
    (_TWO_AMOUNTS, frozenset({"lines.side", "lines.amount", "lines.signed_amount"})),
    (frozenset({"lines.side", "lines.amount"}), frozenset({"lines.signed_amount"})),
    (frozenset({"document", "source_document"}), frozenset({"number"})),
    (frozenset({"document"}), frozenset({"voucher_type", "voucher_code", "source_document"})),
    (frozenset({"source_document"}), frozenset({"source_code", "document"})),
)
"""Attributes that say the same in two ways: a table has the one or the other."""
Candidates = tuple[ImportTarget | None, ...]
"""The fields that a heading may name; None: it is known, and not imported."""


@dataclass(frozen=True)
class _Claim:
    """What a heading may name. `rank`: among headings of one field the lowest has it.

    The candidates of an official name are equal to a reader, and the first free one has it; else a person says which.
    """

    candidates: Candidates
    rank: int = 0
    is_official: bool = False

    @property
    def is_sure(self) -> bool:
        return self.is_official or len(self.candidates) == 1


@dataclass
class ColumnMatches:
    """What the headings of a table say."""

    columns: dict[int, ImportTarget] = field(default_factory=dict)
    open: dict[int, Candidates] = field(default_factory=dict)
    """Columns that may be several fields."""
    near: dict[int, ImportTarget] = field(default_factory=dict)
    """Columns that are read as nothing, and what their heading is spelled like."""

    def is_free(self, target: ImportTarget) -> bool:
        """Whether no column fills a field, or says the same in another way."""
        taken = {attribute_of(each) or each.path for each in self.columns.values()}
        name = attribute_of(target) or target.path
        is_filled = target.path in {each.path for each in self.columns.values()}
        return not is_filled and not any(
            (name in those and taken & these) or (name in these and taken & those) for these, those in _RIVALS
        )


def match_columns(headings: Sequence[str], kind: Kind | str) -> ColumnMatches:
    """What the headings of a table of a kind say; no field is filled twice."""
    names, shape = tuple(headings), shape_of(headings, kind)
    claims = {place: claim for place, name in enumerate(names) if (claim := _claim(name, names, kind, shape))}
    matches = ColumnMatches()
    in_order = sorted(claims.items(), key=lambda each: (each[1].rank, each[0]))
    for place, claim in in_order:
        free = next((each for each in claim.candidates if each and matches.is_free(each)), None)
        if claim.is_sure and free is not None:
            matches.columns[place] = free
    for place, claim in in_order:
        if not claim.is_sure:
            _take_what_is_left(matches, place, claim.candidates)
    _leave_half_of_two_amounts(matches)
    unread = [place for place in range(len(names)) if place not in claims]
    matches.near = _near_fields(names, unread, kind, shape, matches)
    return matches


def match_headings(headings: Sequence[str], kind: Kind | str) -> dict[int, ImportTarget]:
    """Column → its import target, for the headings that surely name one."""
    return match_columns(headings, kind).columns


def _claim(heading: str, headings: tuple[str, ...], kind: Kind | str, shape: FileShape) -> _Claim | None:
    if not normalize(heading):
        return None
    official = _official(heading, headings, kind, shape)
    if official and _is_model(headings, kind):
        return _Claim(official, is_official=True)
    meant = _meanings(kind, shape).get(heading_words(heading))
    if meant or official:
        return meant or _Claim(official, is_official=True)
    target = _labels_by_words(kind, shape).get(heading_words(heading))
    return _Claim((target,)) if target else None


def _official(heading: str, headings: tuple[str, ...], kind: Kind | str, shape: FileShape) -> Candidates:
    """The fields of the first vocabulary that has the name."""
    by_vocabulary = targets_by_name(kind)
    names, order = (normalize(heading), normalize_loosely(heading)), _vocabularies(headings, kind, shape)
    return next((by_vocabulary[key][name] for name in names for key in order if name in by_vocabulary[key]), ())


@cache
def _meanings(kind: Kind | str, shape: FileShape) -> dict[str, _Claim]:
    """Words → the fields of a kind that they name in a shape of file."""
    targets, found = import_targets(kind), dict[str, _Claim]()
    for rank, synonym in enumerate(SYNONYMS):
        keys = [key for key in _keys(synonym, kind, shape) if key == NOT_READ or key in targets]
        for words in synonym.words.split("|") if keys else ():
            found.setdefault(heading_words(words), _Claim(tuple(targets.get(key) for key in keys), rank))
    return found


def _keys(synonym: Synonym, kind: Kind | str, shape: FileShape) -> tuple[str, ...]:
    if kind == Kind.MOVEMENT:
        return synonym.sales if shape is FileShape.SALES else synonym.journal
    return synonym.articles if kind == Kind.ARTICLE else synonym.people


@cache
def _labels_by_words(kind: Kind | str, shape: FileShape) -> dict[str, ImportTarget]:
    """Words → the field whose own label has them: «Cód. Bodega» is «Código de la bodega»."""
    found: dict[str, ImportTarget] = {}
    for vocabulary in _in_order(shape):
        for target in import_targets(kind).values():
            if target.vocabulary == vocabulary and target.relation != PAYMENTS:
                found.setdefault(heading_words(target.field.label), target)
    return found


def _in_order(shape: FileShape) -> tuple[str, ...]:
    """The vocabularies, the likelier ones first: sales go to SAG, journals to Siigo (*assumed*)."""
    erps = (Target.SAG.value, Target.SIIGO.value)
    return (OWN, *(erps if shape is FileShape.SALES else reversed(erps)))


def _vocabularies(headings: tuple[str, ...], kind: Kind | str, shape: FileShape) -> tuple[str, ...]:
    """The vocabularies in the order in which they are asked: of an ERP's own model, its own first."""
    shares = _shares(headings, kind)
    if not _is_model(headings, kind):
        return tuple(key for key in _in_order(shape) if key in shares)
    main = max(shares, key=lambda key: shares[key])
    return (main, *(key for key in shares if key != main))


@lru_cache(maxsize=128)
def _shares(headings: tuple[str, ...], kind: Kind | str) -> dict[str, float]:
    """Vocabulary → how many of the headings it has, of 1."""
    names = [(normalize(heading), normalize_loosely(heading)) for heading in headings if normalize(heading)]
    return {
        key: sum(strict in by_name or loose in by_name for strict, loose in names) / max(1, len(names))
        for key, by_name in targets_by_name(kind).items()
    }


def _is_model(headings: tuple[str, ...], kind: Kind | str) -> bool:
    """Whether the headings are mostly those of one ERP."""
    return any(share >= _MODEL_SHARE for key, share in _shares(headings, kind).items() if key != OWN)


def _take_what_is_left(matches: ColumnMatches, place: int, candidates: Candidates) -> None:
    """Of several candidates, those that are free: one is taken, more are left open."""
    free = tuple(target for target in candidates if target is None or matches.is_free(target))
    if len(free) == 1 and free[0] is not None:
        matches.columns[place] = free[0]
    elif any(free):
        matches.open[place] = free


def _leave_half_of_two_amounts(matches: ColumnMatches) -> None:
    """A «Crédito» without «Débito» is no amount of a journal but, say, a way of paying: it is asked about."""
    attributes = {attribute_of(target) for target in matches.columns.values()}
    if len(attributes & _TWO_AMOUNTS) == 1 and "lines.account" not in attributes:
        half = next(place for place, target in matches.columns.items() if attribute_of(target) in _TWO_AMOUNTS)
        matches.open[half] = (matches.columns.pop(half), None)


def _near_fields(
    headings: Sequence[str], places: Iterable[int], kind: Kind | str, shape: FileShape, matches: ColumnMatches
) -> dict[int, ImportTarget]:
    """The fields that headings without any are spelled like, if nothing fills them."""
    words_of = _near_words(kind, shape)
    found = {}
    for place in places:
        words = heading_words(headings[place])
        near = difflib.get_close_matches(words, words_of, n=1, cutoff=_NEAR) if len(words) >= _SHORTEST_NEAR else []
        if near and matches.is_free(words_of[near[0]]):
            found[place] = words_of[near[0]]
    return found


@cache
def _near_words(kind: Kind | str, shape: FileShape) -> dict[str, ImportTarget]:
    meant = {words: claim.candidates[0] for words, claim in _meanings(kind, shape).items()}
    return _labels_by_words(kind, shape) | {words: target for words, target in meant.items() if target is not None}


@cache
def _known_words(kinds: tuple[Kind, ...]) -> Collection[str]:
    shapes = (FileShape.SALES, FileShape.OTHER)
    return frozenset(
        words
        for kind in kinds
        for shape in shapes
        for words in (*_meanings(kind, shape), *_labels_by_words(kind, shape))
    )


def known_heading(kinds: Iterable[Kind]) -> Callable[[str], bool]:
    """A test of whether a text is a heading that some of these kinds know."""
    kinds = tuple(kinds)
    names = {name for kind in kinds for by_name in targets_by_name(kind).values() for name in by_name}
    words = _known_words(kinds)
    return lambda text: normalize(text) in names or heading_words(text) in words


def likely_kinds(headings: Sequence[str]) -> list[Kind]:
    """The kinds that have a field for most of the headings: one, several where they are equal, or none.

    What is surely a journal, sales, a payroll or a statement holds vouchers.
    """
    if shape_of(headings, Kind.MOVEMENT) is not FileShape.OTHER:
        return [Kind.MOVEMENT]
    matched = {kind: _matched(headings, kind) for kind in Kind}
    most = max(matched.values())
    return [kind for kind, count in matched.items() if count == most and count]


def _matched(headings: Sequence[str], kind: Kind) -> int:
    matches = match_columns(headings, kind)
    return len(matches.columns) + len(matches.open)
