"""What a table does not bring stays as it is: a file with three columns of a client changes those three."""

from collections.abc import Mapping
from typing import Any

from integrations.files.content import columns_of
from integrations.files.drafts import Draft
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
    for name in columns_of(type(target)):
        if name in _SPARSE:
            # An empty cell says nothing against a value that is there and empty.
            kept = {
                key: value
                for key, value in getattr(held, name).items()
                if f"{name}/{key}" not in brings or not str(value).strip()
            }
            setattr(target, name, kept | getattr(target, name))
        elif name not in brings and getattr(target, name) == _default(target, name):
            setattr(target, name, getattr(held, name))


def _default(target: Any, name: str) -> Any:
    return target._meta.get_field(name).get_default()
