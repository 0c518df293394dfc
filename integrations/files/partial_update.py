"""What a table does not bring stays as it is: a file with three columns of a client changes those three."""

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.db.models import Model

from integrations.files.drafts import Draft
from integrations.files.record_content import columns_of
from integrations.models import Syncable

_SPARSE = ("siigo", "sag")


def carry_over(existing: Syncable, draft: Draft) -> None:
    """Give a draft what its record holds and the file has no column for. Drafts of whole documents bring all."""
    if draft.brings is None:
        return
    _carry(existing, draft.record, draft.brings.get("", frozenset()))
    for relation in type(existing).part_relations:
        held: Mapping[int, Any] = {part.position: part for part in getattr(existing, relation).all()}
        if relation not in draft.brings:
            draft.parts[relation] = list(held.values())
            continue
        for part in draft.parts.get(relation, []):
            if part.position in held:
                _carry(held[part.position], part, draft.brings[relation])
    draft.record.complete_content(draft.parts)


def _carry(held: Any, target: Any, brings: frozenset[str]) -> None:
    model: type[Model] = type(target)
    for name in _sparse_of(model):
        # An empty cell says nothing against a value that is there and empty.
        kept = {
            key: value
            for key, value in getattr(held, name).items()
            if f"{name}/{key}" not in brings or not str(value).strip()
        }
        setattr(target, name, kept | getattr(target, name))
    for name, default in _left_out(model, brings):
        if getattr(target, name) == default:
            setattr(target, name, getattr(held, name))


@cache
def _sparse_of(model: type[Model]) -> tuple[str, ...]:
    return tuple([name for name in columns_of(model) if name in _SPARSE])


@cache
def _left_out(model: type[Model], brings: frozenset[str]) -> tuple[tuple[str, Any], ...]:
    """The columns that a table does not bring, each with what a new record holds there."""
    names = [name for name in columns_of(model) if name not in _SPARSE and name not in brings]
    columns = {column.attname: column for column in model._meta.concrete_fields}
    return tuple([(name, columns[name].get_default()) for name in names])
