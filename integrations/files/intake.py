"""Save drafts as records: each document whole or not at all, and nothing written where nothing changed."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum
from itertools import islice
from operator import attrgetter
from typing import Any

from django.db import IntegrityError, OperationalError, transaction
from django.db.models import Q

from integrations.choices import Status
from integrations.files import match_existing
from integrations.files.document_identity import with_keys
from integrations.files.drafts import Draft
from integrations.files.errors import RowError
from integrations.files.gc_pause import gc_paused
from integrations.files.partial_update import fill_from_record
from integrations.models import Company, Syncable, SyncStanding
from integrations.models.bulk_writes import insert_many, insert_unkeyed
from integrations.models.record_content import content_columns, same_content
from integrations.payloads.judgement import keep_verdicts
from integrations.standings import transitions

_MAX_DOCUMENTS, _MAX_PARTS, _MAX_LETTERS = 2_000, 8_000, 4_000_000
"""Of a chunk: its documents, their lines and payments, and the letters of the rows that they were read from."""
_TRIES = 10
"""Where another import inserts the same documents, each try finds at least one more of them."""
MAX_ERRORS = 5000
"""Errors that a result keeps; `rejected` counts every document."""
ALREADY_SENT = "ya se envió y el archivo trae algo distinto: no se cambió. Decida si el archivo lo reemplaza."
_SENT = Q(ever_present=True) | ~Q(status__in=(Status.NEW, Status.REJECTED, Status.EXCLUDED))


@dataclass
class ImportResult:
    """How many documents of a file were created, updated and so on.

    `differing` were sent before and differ: they stay as they are until someone decides.
    """

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    differing: int = 0
    errors: list[RowError] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        """The result as a dict for JSON."""
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "differing": self.differing,
            "errors": [error.as_data() for error in self.errors],
        }

    def add_differing(self, draft: Draft, existing: Syncable) -> None:
        """Count a draft that differs from a record which was already sent, and keep an error for it."""
        self.differing += 1
        self.add_errors([RowError(draft.row, "", f"{existing} {ALREADY_SENT}")])

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
    progress: Callable[[int, int], None] | None = None,
    left_out: Callable[[Draft], None] | None = None,
) -> ImportResult:
    """Save every draft that has no error.

    `over_sent`: someone decided that records which an ERP may already have are changed too.
    `progress` gets how many documents are done, and up to which row; `left_out` each draft that has errors.
    """
    result = ImportResult()
    done = 0
    for chunk in in_chunks(_without_errors(with_keys(drafts), result, left_out)):
        with transaction.atomic():
            ids = _import_chunk(chunk, company, user, result, over_sent=over_sent)
            if not dry_run:
                keep_verdicts(company.pk, chunk[0].record.kind, ids)
            transaction.set_rollback(dry_run)
        done += len(chunk)
        if progress is not None:
            progress(done, max(draft.last_row for draft in chunk) or done)
    result.errors.sort(key=lambda error: error.row or 0)
    return result


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


def _without_errors(
    drafts: Iterable[Draft], result: ImportResult, left_out: Callable[[Draft], None] | None
) -> Iterator[Draft]:
    """Only the drafts without errors; the others are counted and given to `left_out`."""
    for draft in drafts:
        if draft.errors:
            result.rejected += 1
            result.add_errors(draft.errors)
            if left_out is not None:
                left_out(draft)
        else:
            draft.rows = []  # a chunk of a file with large cells would fill the memory
            yield draft


def _import_chunk(
    chunk: list[Draft], company: Company, user: Any, result: ImportResult, *, over_sent: bool
) -> list[int]:
    """Save a chunk and count it. Returns the ids of the records that were written."""
    compared, new = _compare_and_create(chunk, company, user)
    result.created += len(new)
    written = [draft.record.pk for draft in new]
    for draft, existing, difference in compared:
        if existing is None:
            continue
        if difference is DraftDifference.NONE:
            result.unchanged += 1
        elif difference is DraftDifference.SENT and not over_sent:
            result.add_differing(draft, existing)
        else:
            _update(existing, draft)
            result.updated += 1
            written.append(existing.pk)
    return written


_Compared = tuple[Draft, Syncable | None, "DraftDifference"]


def _compare_and_create(chunk: list[Draft], company: Company, user: Any) -> tuple[list[_Compared], list[Draft]]:
    """(each draft beside its record, the drafts that had none and were created).

    Where another import creates one of them in between, the database refuses the second: compared again, it is found.
    """
    for tries_left in reversed(range(_TRIES)):
        compared = compare(chunk, company)
        new = [draft for draft, existing, _ in compared if existing is None]
        try:
            with transaction.atomic():
                _create(type(chunk[0].record), new, user)
        except (IntegrityError, OperationalError):
            if not tries_left:
                raise
        else:
            break
    return compared, new


class DraftDifference(Enum):
    """What a draft would change of its stored record."""

    NONE = 0
    UNSENT = 1
    SENT = 2
    """Some ERP has the record, or may have it: a person decides."""


def compare(chunk: Sequence[Draft], company: Company) -> list[_Compared]:
    """Each draft beside its stored record, None for a new one. Completes the drafts' records."""
    model = type(chunk[0].record)
    for draft in chunk:
        draft.record.company = company
        draft.record.complete_content(draft.parts)
    model.complete_contents([draft.record for draft in chunk])
    stored = _stored_records(model, company, [draft.record for draft in chunk])
    match_existing.add_matches(model, chunk, stored)
    pairs = [(draft, stored.get(draft.record.natural_key())) for draft in chunk]
    changed = {existing.pk for draft, existing in pairs if existing is not None and _changes(existing, draft)}
    sent = _sent_ids(model, sorted(changed))
    return [(draft, existing, _difference(existing, changed, sent)) for draft, existing in pairs]


def _changes(existing: Syncable, draft: Draft) -> bool:
    fill_from_record(existing, draft)
    return _is_different(existing, draft)


def _difference(existing: Syncable | None, changed: set[int], sent: set[int]) -> DraftDifference:
    if existing is None or existing.pk not in changed:
        return DraftDifference.NONE
    return DraftDifference.SENT if existing.pk in sent else DraftDifference.UNSENT


def _sent_ids(model: type[Syncable], record_ids: Sequence[int]) -> set[int]:
    """The ids of those records that some ERP has, or may have."""
    if not record_ids:
        return set()
    sent = SyncStanding.objects.of_records(model.kind, record_ids).filter(_SENT)
    return set(sent.values_list("record_id", flat=True))


def _stored_records(
    model: type[Syncable], company: Company, records: Sequence[Syncable]
) -> dict[tuple[Any, ...], Syncable]:
    """Natural key → stored record."""
    wanted = {f"{name}__among": {getattr(record, name) for record in records} for name in model.natural_key_columns}
    stored = model._default_manager.filter(company=company, **wanted)
    return {record.natural_key(): record for record in stored.prefetch_related(*model.part_relations)}


def _create(model: type[Syncable], drafts: list[Draft], user: Any) -> None:
    if not drafts:
        return
    records = [draft.record for draft in drafts]
    for record in records if user is not None else ():
        record.created_by = user
    insert_many(records)
    for relation in model.part_relations:
        rows = [row for draft in drafts for row in _with_owner(draft.parts.get(relation, []), draft.record.pk)]
        insert_unkeyed(rows)
    transitions.registering(records)


def _with_owner(parts: Sequence[Any], movement_id: int) -> Sequence[Any]:
    for part in parts:
        part.__dict__["movement_id"] = movement_id  # not by setattr, whose descriptor looks up the movement
    return parts


def _is_different(existing: Syncable, draft: Draft) -> bool:
    """Whether the draft would change its stored record."""
    return not same_content(existing, draft.record) or not all(
        _are_equal(list(getattr(existing, relation).all()), parts) for relation, parts in _parts_of(draft).items()
    )


def _are_equal(stored: list[Any], brought: list[Any]) -> bool:
    position = attrgetter("position")
    pairs = zip(sorted(stored, key=position), sorted(brought, key=position), strict=False)
    return len(stored) == len(brought) and all(same_content(first, second) for first, second in pairs)


def _parts_of(draft: Draft) -> dict[str, list[Any]]:
    return {relation: draft.parts.get(relation, []) for relation in type(draft.record).part_relations}


def _update(existing: Syncable, draft: Draft) -> None:
    with transitions.editing(existing):
        for name in [*content_columns(type(existing)), *type(existing).computed_columns]:
            setattr(existing, name, getattr(draft.record, name))
        existing.save()
        for relation, rows in _parts_of(draft).items():
            _replace_parts(existing, relation, rows)


def _replace_parts(existing: Syncable, relation: str, rows: list[Any]) -> None:
    manager = getattr(existing, relation)
    manager.all().delete()
    for row in rows:
        row.movement = existing
    manager.model._default_manager.bulk_create(rows)
