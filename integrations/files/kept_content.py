"""The content of a record as data that a column can keep, and back: what an import puts aside before a change."""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from django.db.models import Model

from integrations.models import Syncable
from integrations.models.record_content import content_columns
from integrations.standings import transitions


def kept(record: Syncable) -> dict[str, Any]:
    """All that an import may change of a stored record, with its lines and payments by relation."""
    parts = {name: [_values(part) for part in getattr(record, name).all()] for name in record.part_relations}
    return {"": _values(record), **parts}


def put_back(record: Syncable, content: Mapping[str, Any]) -> None:
    """Write `kept` content into a record again, its parts anew, as one edit of it."""
    with transitions.editing(record):
        _assign(record, content[""])
        record.save()
        for relation in record.part_relations:
            manager = getattr(record, relation)
            manager.all().delete()
            parts = [manager.model(movement=record) for _ in content.get(relation, ())]
            for part, values in zip(parts, content.get(relation, ()), strict=True):
                _assign(part, values)
            manager.model._default_manager.bulk_create(parts)


def _values(row: Model) -> dict[str, Any]:
    return {name: _plain(getattr(row, name)) for name in _columns(type(row))}


def _plain(value: Any) -> Any:
    """A decimal or a day as the text that its column reads back."""
    return str(value) if isinstance(value, Decimal | date) else value


def _assign(row: Model, values: Mapping[str, Any]) -> None:
    columns = _columns(type(row))
    for name, value in values.items():
        if name in columns:
            setattr(row, name, columns[name].to_python(value))


@cache
def _columns(model: type[Model]) -> dict[str, Any]:
    """Attribute name → column of what an import may change, with what is computed of it."""
    names = {*content_columns(model), *getattr(model, "computed_columns", ())}
    return {column.attname: column for column in model._meta.concrete_fields if column.attname in names}
