"""What a table has no column for stays as it is: a file with three columns of a client changes those three."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from django.db.models import Model

from integrations.files.drafts import Draft
from integrations.models import Syncable
from integrations.models.record_content import SPARSE_COLUMNS, content_columns


def fill_from_record(existing: Syncable, draft: Draft) -> None:
    """Copy from a stored record to its draft what the file has no column for; nothing for whole documents."""
    if draft.brings is None:
        return
    _copy(existing, draft.record, draft.brings.get("", frozenset()))
    for relation in type(existing).part_relations:
        stored: Mapping[int, Any] = {part.position: part for part in getattr(existing, relation).all()}
        if relation in draft.brings:
            _copy_parts(stored, draft.parts.get(relation, []), draft.brings[relation])
        else:
            draft.parts[relation] = list(stored.values())
    draft.record.complete_content(draft.parts)


def _copy_parts(stored: Mapping[int, Any], parts: Sequence[Any], brings: frozenset[str]) -> None:
    for part in parts:
        if part.position in stored:
            _copy(stored[part.position], part, brings)


def _copy(source: Any, target: Any, brings: frozenset[str]) -> None:
    model: type[Model] = type(target)
    for name in _sparse_columns(model):
        setattr(target, name, _sparse_left_out(source, name, brings) | getattr(target, name))
    for name, default in _columns_left_out(model, brings):
        if getattr(target, name) == default:
            setattr(target, name, getattr(source, name))


def _sparse_left_out(source: Any, name: str, brings: frozenset[str]) -> dict[str, Any]:
    """The sparse values that a table does not bring, and blank ones, which an empty cell leaves as they are."""
    values: dict[str, Any] = getattr(source, name)
    return {key: value for key, value in values.items() if f"{name}/{key}" not in brings or not str(value).strip()}


@cache
def _sparse_columns(model: type[Model]) -> tuple[str, ...]:
    return tuple([name for name in content_columns(model) if name in SPARSE_COLUMNS])


@cache
def _columns_left_out(model: type[Model], brings: frozenset[str]) -> tuple[tuple[str, Any], ...]:
    """(column, default of a new record) for the columns that a table does not bring."""
    names = [name for name in content_columns(model) if name not in SPARSE_COLUMNS and name not in brings]
    columns = {column.attname: column for column in model._meta.concrete_fields}
    return tuple([(name, columns[name].get_default()) for name in names])
