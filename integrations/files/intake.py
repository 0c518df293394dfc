"""Bringing drafts into the mirror: each document whole or not at all, and nothing written where nothing changed."""

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
from integrations.files.gc_pause import seldom_sought
from integrations.files.partial_update import carry_over
from integrations.files.record_content import columns_of, same_content
from integrations.models import Company, Syncable, SyncStanding
from integrations.models.bulk_writes import insert_many, insert_unkeyed
from integrations.payloads.judgement import keep_verdicts
from integrations.standings import transitions

_MOST_DOCUMENTS, _MOST_PARTS, _HEAVIEST_LETTERS = 2_000, 8_000, 4_000_000
"""Of a chunk: its documents, their lines and payments, and the letters of the rows that they were read from."""
_TRIES = 10
"""Where another import is in the way, each finds at least one document more that it brought."""
MOST_ERRORS = 5000
"""Errors that are kept to be told; `rejected` counts every document."""
_SENT = Q(ever_present=True) | ~Q(status__in=(Status.NEW, Status.REJECTED, Status.EXCLUDED))


@dataclass
class Intake:
    """What became of a file, in documents. `differing` were sent before: they stay until someone decides."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    differing: int = 0
    errors: list[RowError] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "differing": self.differing,
            "errors": [error.as_data() for error in self.errors],
        }

    def tell(self, errors: Iterable[RowError]) -> None:
        """Keep errors to be told, up to `MOST_ERRORS`."""
        self.errors += islice(errors, max(0, MOST_ERRORS - len(self.errors)))


@seldom_sought()
def take_in(
    drafts: Iterable[Draft],
    *,
    company: Company,
    user: Any = None,
    dry_run: bool = False,
    over_sent: bool = False,
    progress: Callable[[int, int], None] | None = None,
    left_out: Callable[[Draft], None] | None = None,
) -> Intake:
    """Save every draft that has no error; the others are told, row by row.

    `progress` is told how many documents are done, and up to which row; `left_out` each draft that is refused.

    `over_sent`: someone decided that what an ERP may already have is changed here too.
    """
    intake = Intake()
    done = 0
    for chunk in in_chunks(_without_errors(with_keys(drafts), intake, left_out)):
        with transaction.atomic():
            ids = _take_in_chunk(chunk, company, user, intake, over_sent=over_sent)
            if not dry_run:
                keep_verdicts(company.pk, chunk[0].record.kind, ids)
            transaction.set_rollback(dry_run)
        done += len(chunk)
        if progress is not None:
            progress(done, max(draft.last_row for draft in chunk) or done)
    intake.errors.sort(key=lambda error: error.row or 0)
    return intake


def in_chunks(drafts: Iterable[Draft], most: int = _MOST_DOCUMENTS) -> Iterator[list[Draft]]:
    """Drafts, as many as are saved together: `most` of them, fewer where they are large."""
    chunk: list[Draft] = []
    parts = letters = 0
    for draft in drafts:
        chunk.append(draft)
        parts += sum(map(len, draft.parts.values()))
        letters += sum(_letters(held) for _, held in draft.rows)
        if len(chunk) == most or parts > _MOST_PARTS or letters > _HEAVIEST_LETTERS:
            yield chunk
            chunk, parts, letters = [], 0, 0
    if chunk:
        yield chunk


def _letters(held: Any) -> int:
    """Of a row of a table, or of JSON; of anything else they are not many."""
    cells = held.values() if isinstance(held, dict) else held if isinstance(held, list) else ()
    return sum(len(cell) for cell in cells if isinstance(cell, str))


def _without_errors(
    drafts: Iterable[Draft], intake: Intake, left_out: Callable[[Draft], None] | None
) -> Iterator[Draft]:
    """Only the drafts without errors; the others are counted and handed to `left_out`."""
    for draft in drafts:
        if draft.errors:
            intake.rejected += 1
            intake.tell(draft.errors)
            if left_out is not None:
                left_out(draft)
        else:
            draft.rows = []  # of a file with large cells, five hundred drafts would be all of the memory
            yield draft


def _take_in_chunk(chunk: list[Draft], company: Company, user: Any, intake: Intake, *, over_sent: bool) -> list[int]:
    """Save a chunk; the ids of what was written."""
    compared, new = _compared_and_created(chunk, company, user)
    intake.created += len(new)
    written = [draft.record.pk for draft in new]
    for draft, existing, difference in compared:
        if existing is None:
            continue
        if difference is Difference.NONE:
            intake.unchanged += 1
        elif difference is Difference.SENT and not over_sent:
            intake.differing += 1
            intake.tell([RowError(draft.row, "", f"{existing} {ALREADY_SENT}")])
        else:
            _update(existing, draft)
            intake.updated += 1
            written.append(existing.pk)
    return written


_Compared = tuple[Draft, Syncable | None, "Difference"]


def _compared_and_created(chunk: list[Draft], company: Company, user: Any) -> tuple[list[_Compared], list[Draft]]:
    """Each draft beside its record, and those that had none and are saved now.

    Where another import brought one of them in between, the database refuses the second; looked for again, it is there.
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


class Difference(Enum):
    """What a draft would change of the record that is held."""

    NONE = 0
    UNSENT = 1
    SENT = 2
    """Some ERP has the record, or may have it: a person decides."""


def compare(chunk: Sequence[Draft], company: Company) -> list[_Compared]:
    """Each draft beside the record that it would change; None for a new one. The drafts are completed."""
    model = type(chunk[0].record)
    for draft in chunk:
        draft.record.company = company
        draft.record.complete_content(draft.parts)
    model.complete_contents([draft.record for draft in chunk])
    held = _held(model, company, [draft.record for draft in chunk])
    match_existing.join(model, chunk, held)
    pairs = [(draft, held.get(draft.record.natural_key())) for draft in chunk]
    changed = {existing.pk for draft, existing in pairs if existing is not None and _changes(existing, draft)}
    sent = sent_ids(model, sorted(changed))
    return [(draft, existing, _difference(existing, changed, sent)) for draft, existing in pairs]


def _changes(existing: Syncable, draft: Draft) -> bool:
    carry_over(existing, draft)
    return is_different(existing, draft)


def _difference(existing: Syncable | None, changed: set[int], sent: set[int]) -> Difference:
    if existing is None or existing.pk not in changed:
        return Difference.NONE
    return Difference.SENT if existing.pk in sent else Difference.UNSENT


ALREADY_SENT = "ya se envió y el archivo trae algo distinto: no se cambió. Decida si el archivo lo reemplaza."


def sent_ids(model: type[Syncable], record_ids: Sequence[int]) -> set[int]:
    """Those of these records that some ERP has, or may have: they are not changed without a decision."""
    rows = SyncStanding.objects.of_records(model.kind, record_ids).filter(_SENT) if record_ids else None
    return set(rows.values_list("record_id", flat=True)) if rows is not None else set()


def _held(model: type[Syncable], company: Company, records: Sequence[Syncable]) -> dict[tuple[Any, ...], Syncable]:
    wanted = {f"{name}__among": {getattr(record, name) for record in records} for name in model.natural_key_columns}
    found = model._default_manager.filter(company=company, **wanted)
    return {record.natural_key(): record for record in found.prefetch_related(*model.part_relations)}


def _create(model: type[Syncable], drafts: list[Draft], user: Any) -> None:
    if not drafts:
        return
    records = [draft.record for draft in drafts]
    for record in records if user is not None else ():
        record.created_by = user
    insert_many(records)
    for relation in model.part_relations:
        rows = [row for draft in drafts for row in _owned(draft.parts.get(relation, []), draft.record.pk)]
        insert_unkeyed(rows)
    transitions.registering(records)


def _owned(parts: Sequence[Any], key: int) -> Sequence[Any]:
    for part in parts:
        part.__dict__["movement_id"] = key  # past the descriptor, which looks whether the movement is still the same
    return parts


def is_different(existing: Syncable, draft: Draft) -> bool:
    """Whether the draft would change the record that is held."""
    now, parts = _parts_of(existing), _parts_of_draft(draft)
    return not (same_content(existing, draft.record) and all(_are_same(now[name], parts[name]) for name in parts))


def _are_same(held: list[Any], brought: list[Any]) -> bool:
    by_place = attrgetter("position")
    pairs = zip(sorted(held, key=by_place), sorted(brought, key=by_place), strict=False)
    return len(held) == len(brought) and all(same_content(one, other) for one, other in pairs)


def _parts_of(existing: Syncable) -> dict[str, list[Any]]:
    return {relation: list(getattr(existing, relation).all()) for relation in type(existing).part_relations}


def _parts_of_draft(draft: Draft) -> dict[str, list[Any]]:
    return {relation: draft.parts.get(relation, []) for relation in type(draft.record).part_relations}


def _update(existing: Syncable, draft: Draft) -> None:
    parts = _parts_of_draft(draft)
    with transitions.editing(existing):
        computed = type(existing).computed_columns
        for name in [*columns_of(type(existing)), *computed]:
            setattr(existing, name, getattr(draft.record, name))
        existing.save()
        for relation, rows in parts.items():
            _replace_parts(existing, relation, rows)


def _replace_parts(existing: Syncable, relation: str, rows: list[Any]) -> None:
    manager = getattr(existing, relation)
    manager.all().delete()
    for row in rows:
        row.movement = existing
    manager.model._default_manager.bulk_create(rows)
