"""Writing drafts as records, and what an import keeps about each of them for its undoing."""

from collections import Counter
from collections.abc import Sequence
from typing import Any
from uuid import uuid4

from django.db import DatabaseError
from django.db.models import Max

from integrations.files.comparing import parts_of
from integrations.files.document_identity import first_id, is_named, marks_of, numbered_ids
from integrations.files.drafts import Draft
from integrations.files.kept_content import kept
from integrations.models import Company, ImportedRecord, ImportFile, Syncable
from integrations.models.bulk_writes import insert_many, insert_unkeyed
from integrations.models.record_content import content_columns
from integrations.standings import transitions

_MORE_IDS = (0, 64, 4096)
"""How many ids more than needed are tried, one after the other, where others have the first ones."""


def one_at_a_time(company: Company) -> None:
    """Let the other imports of the company wait until this transaction ends: they compare with what it brings.

    Not `FOR UPDATE`, which would stop whatever refers to the company.
    """
    Company.objects.select_for_update(no_key=True).get(pk=company.pk)


def highest_key(model: type[Syncable], company: Company) -> int:
    """The highest key of the company's records of a kind; 0 without any."""
    highest: int | None = model._default_manager.filter(company=company).aggregate(highest=Max("pk"))["highest"]
    return highest or 0


def create(drafts: Sequence[Draft], user: Any) -> None:
    """Save drafts of one kind as new records with their standings."""
    if not drafts:
        return
    for draft in drafts if user is not None else ():
        draft.record.created_by = user
    _insert_named(type(drafts[0].record), drafts)


def _insert_named(model: type[Syncable], drafts: Sequence[Draft]) -> None:
    """Insert drafts; those that the file does not name get an id, and lose it where that fails."""
    unnamed = [draft for draft in drafts if not is_named(draft.record)]
    _give_ids(model, unnamed)
    try:
        _insert(model, drafts)
    except DatabaseError:
        for draft in unnamed:
            draft.record.external_id = ""  # type: ignore[attr-defined] # kinds without one are always named
        raise


def _insert(model: type[Syncable], drafts: Sequence[Draft]) -> None:
    records = [draft.record for draft in drafts]
    insert_many(records)
    for relation in model.part_relations:
        rows = [row for draft in drafts for row in _with_owner(draft.parts.get(relation, []), draft.record.pk)]
        insert_unkeyed(rows)
    transitions.registering(records)


def _with_owner(parts: Sequence[Any], movement_id: int) -> Sequence[Any]:
    for part in parts:
        part.__dict__["movement_id"] = movement_id  # not by setattr, whose descriptor looks up the movement
    return parts


def _give_ids(model: type[Syncable], unnamed: Sequence[Draft]) -> None:
    """Give each document that the file does not name an id that no other one of the company has."""
    if not unnamed:
        return
    firsts = [first_id(draft, marks_of(draft)) for draft in unnamed]
    free = _free_ids(model, unnamed[0].record.company_id, Counter(firsts))
    for draft, first in zip(unnamed, firsts, strict=True):
        record: Any = draft.record
        record.external_id = free[first].pop()


def _free_ids(model: type[Syncable], company_id: int, wanted: Counter[str]) -> dict[str, list[str]]:
    """First id → as many as are wanted that nobody has, the lowest last."""
    free: dict[str, list[str]] = {}
    for more in _MORE_IDS:
        offered = {first: numbered_ids(first, count + more) for first, count in wanted.items() if first not in free}
        taken = _taken_ids(model, company_id, [each for ids in offered.values() for each in ids])
        for first, ids in offered.items():
            left = [each for each in ids if each not in taken]
            if len(left) >= wanted[first]:
                free[first] = left[wanted[first] - 1 :: -1]
    return {first: free.get(first) or [uuid4().hex for _ in range(count)] for first, count in wanted.items()}


def _taken_ids(model: type[Syncable], company_id: int, ids: Sequence[str]) -> set[str]:
    records: Any = model._default_manager
    stored = records.filter(company=company_id, external_id__among=ids)
    return set(stored.values_list("external_id", flat=True)) if ids else set()


def update(draft: Draft, existing: Syncable) -> dict[str, Any]:
    """Make a stored record say what its draft does, as one edit. Returns what it said before (`kept_content`)."""
    before = kept(existing)
    with transitions.editing(existing):
        for name in [*content_columns(type(existing)), *type(existing).computed_columns]:
            setattr(existing, name, getattr(draft.record, name))
        existing.save()
        for relation, rows in parts_of(draft).items():
            _replace_parts(existing, relation, rows)
    return before


def _replace_parts(existing: Syncable, relation: str, rows: list[Any]) -> None:
    manager = getattr(existing, relation)
    manager.all().delete()
    for row in rows:
        row.movement = existing
    manager.model._default_manager.bulk_create(rows)


def remember(file: ImportFile, created: Sequence[Draft], updated: Sequence[tuple[Draft, Syncable, Any]]) -> None:
    """Keep which records an import made and changed, what the changed ones said before, and their versions now."""
    rows = [_imported(file, draft, draft.record, is_new=True) for draft in created]
    rows += [_imported(file, draft, record, is_new=False, before=before) for draft, record, before in updated]
    insert_unkeyed(rows)


def _imported(file: ImportFile, draft: Draft, record: Syncable, **facts: Any) -> ImportedRecord:
    own = {"kind": record.kind, "record_id": record.pk, "row": draft.row, "version": record.version}
    return ImportedRecord(file=file, **own, **facts)
