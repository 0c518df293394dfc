"""The content of a record as plain comparable data: what an import may change, nothing that we keep about it."""

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from django.db.models import Model

from integrations.models import Syncable

_OURS = frozenset({"created_at", "updated_at", "created_by_id", "company_id", "movement_id", "external_id"})


@cache
def columns_of(model: type[Model]) -> tuple[str, ...]:
    """The columns that hold content, by attribute name."""
    ours = _OURS | getattr(model, "managed_columns", frozenset()) | getattr(model, "computed_columns", frozenset())
    return tuple([c.attname for c in model._meta.concrete_fields if not c.primary_key and c.attname not in ours])


def same_content(one: Model, other: Model) -> bool:
    """Whether two records of a model, or two lines, say the same; 10000.00 is 10000."""
    held = _content(type(one))
    return bool(held(one) == held(other))


@cache
def _content(model: type[Model]) -> Callable[[Model], object]:
    return attrgetter(*columns_of(model))


def content_of(record: Syncable, parts: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The record's own columns and, in order, those of its lines and payments."""
    told: dict[str, Any] = _columns(record)
    for relation, rows in parts.items():
        told[relation] = [_columns(row) for row in sorted(rows, key=lambda row: row.position)]
    return told


def _columns(row: Model) -> dict[str, Any]:
    return {name: _comparable(getattr(row, name)) for name in columns_of(type(row))}


def _comparable(value: Any) -> Any:
    """Numbers compare by value: a column gives back 10000.00 for 10000."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        return value
    shown = format(Decimal(value), "f")
    return shown.rstrip("0").rstrip(".") if "." in shown else shown
