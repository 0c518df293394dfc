"""Bringing drafts into the mirror: each document whole or not at all, and nothing written where nothing changed."""

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction

from integrations import standing
from integrations.files.content import columns_of, content_of
from integrations.files.drafts import Draft
from integrations.files.errors import RowError
from integrations.files.identity import external_id
from integrations.judging import keep_verdicts
from integrations.models import Company, Syncable

_CHUNK = 500


@dataclass
class Intake:
    """What became of a file."""

    created: int = 0
    updated: int = 0
    unchanged: int = 0
    rejected: int = 0
    errors: list[RowError] = field(default_factory=list)

    def as_data(self) -> dict[str, Any]:
        return {
            "created": self.created,
            "updated": self.updated,
            "unchanged": self.unchanged,
            "rejected": self.rejected,
            "errors": [error.as_data() for error in self.errors],
        }


def take_in(
    drafts: Iterable[Draft],
    *,
    company: Company,
    user: Any = None,
    dry_run: bool = False,
    progress: Callable[[int], None] | None = None,
) -> Intake:
    """Save every draft that has no error; the others are told, row by row."""
    intake = Intake()
    done = 0
    for chunk in _chunks(_without_repeats(drafts, intake)):
        with transaction.atomic():
            ids = _take_in_chunk(chunk, company, user, intake)
            if not dry_run:
                keep_verdicts(company.pk, chunk[0].record.kind, ids)
            transaction.set_rollback(dry_run)
        done += len(chunk)
        if progress is not None:
            progress(done)
    intake.errors.sort(key=lambda error: error.row or 0)
    return intake


def _chunks(drafts: Iterable[Draft]) -> Iterator[list[Draft]]:
    chunk: list[Draft] = []
    for draft in drafts:
        chunk.append(draft)
        if len(chunk) == _CHUNK:
            yield chunk
            chunk = []
    if chunk:
        yield chunk


def _without_repeats(drafts: Iterable[Draft], intake: Intake) -> Iterator[Draft]:
    """Only drafts without errors; a second draft with the same key is refused and names the first."""
    seen: dict[tuple[Any, ...], int] = {}
    equals: Counter[str] = Counter()
    for draft in drafts:
        if not draft.errors:
            if hasattr(draft.record, "external_id"):
                draft.record.external_id = external_id(draft, equals)
            key = draft.record.natural_key()
            first = seen.setdefault(key, draft.row)
            if first != draft.row:
                told = f"{draft.record} está dos veces en el archivo (filas {first} y {draft.row}). Deje una sola."
                draft.refuse(draft.row, "", told)
        if draft.errors:
            intake.rejected += 1
            intake.errors += draft.errors
        else:
            yield draft


def _take_in_chunk(chunk: list[Draft], company: Company, user: Any, intake: Intake) -> list[int]:
    """Save a chunk; the ids of what was written."""
    model = type(chunk[0].record)
    for draft in chunk:
        draft.record.company = company
        draft.record.complete_content(draft.parts)
    model.complete_contents([draft.record for draft in chunk])
    held = _held(model, company, [draft.record for draft in chunk])
    new = [draft for draft in chunk if draft.record.natural_key() not in held]
    _create(model, new, user)
    intake.created += len(new)
    written = [draft.record.pk for draft in new]
    for draft in chunk:
        existing = held.get(draft.record.natural_key())
        if existing is not None:
            changed = _update(existing, draft)
            intake.updated += changed
            intake.unchanged += not changed
            written += [existing.pk] if changed else []
    return written


def _held(model: type[Syncable], company: Company, records: Sequence[Syncable]) -> dict[tuple[Any, ...], Syncable]:
    first, *_ = model.natural_key_columns[::-1]
    wanted = {getattr(record, first) for record in records}
    found = model._default_manager.filter(company=company, **{f"{first}__in": wanted})
    return {record.natural_key(): record for record in found.prefetch_related(*model.part_relations)}


def _create(model: type[Syncable], drafts: list[Draft], user: Any) -> None:
    if not drafts:
        return
    records = [draft.record for draft in drafts]
    for record in records:
        record.created_by = user
    model._default_manager.bulk_create(records)
    for relation in model.part_relations:
        rows = [row for draft in drafts for row in draft.parts.get(relation, [])]
        for row in rows:
            row.movement_id = row.movement.pk
        if rows:
            type(rows[0])._default_manager.bulk_create(rows)
    standing.registering(records)


def _update(existing: Syncable, draft: Draft) -> bool:
    relations = type(existing).part_relations
    parts = {relation: draft.parts.get(relation, []) for relation in relations}
    now = {relation: list(getattr(existing, relation).all()) for relation in relations}
    if content_of(existing, now) == content_of(draft.record, parts):
        return False
    with standing.editing(existing):
        computed = type(existing).computed_columns
        for name in [*columns_of(type(existing)), *computed]:
            setattr(existing, name, getattr(draft.record, name))
        existing.save()
        for relation in relations:
            _replace_parts(existing, relation, parts[relation])
    return True


def _replace_parts(existing: Syncable, relation: str, rows: list[Any]) -> None:
    manager = getattr(existing, relation)
    manager.all().delete()
    for row in rows:
        row.movement = existing
    manager.model._default_manager.bulk_create(rows)
