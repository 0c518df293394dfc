"""The content of a record as comparable data: the columns that an import may change, nothing that we keep about it."""

import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from django.db.models import Model

from integrations.models.syncable import Syncable

SPARSE_COLUMNS = ("siigo", "sag")
"""The JSON columns of what only one ERP knows: wire name → value."""
_BOOKKEEPING = frozenset({"created_at", "updated_at", "created_by_id", "company_id", "movement_id", "external_id"})


@cache
def content_columns(model: type[Model]) -> tuple[str, ...]:
    """The attribute names of the columns that hold content, of a record, a line or a payment."""
    left_out = _BOOKKEEPING | getattr(model, "managed_columns", frozenset()) | getattr(model, "computed_columns", set())
    return tuple([c.attname for c in model._meta.concrete_fields if not c.primary_key and c.attname not in left_out])


def same_content(first: Model, second: Model) -> bool:
    """Whether the content columns of two records, or two lines, are equal; 10000.00 is 10000."""
    content = _content_getter(type(first))
    return bool(content(first) == content(second))


@cache
def _content_getter(model: type[Model]) -> Callable[[Model], object]:
    return attrgetter(*content_columns(model))


def content_of(record: Syncable, parts: Mapping[str, Sequence[Any]]) -> dict[str, Any]:
    """The record's content and, under the name of each relation, that of its lines and payments by position."""
    content: dict[str, Any] = _row_content(record)
    for relation, rows in parts.items():
        content[relation] = [_row_content(row) for row in sorted(rows, key=lambda row: row.position)]
    return content


def content_digest(record: Syncable) -> str:
    """SHA-256 of a record's content with its parts: equal for two records that say the same, whoever brought them."""
    parts = {relation: list(getattr(record, relation).all()) for relation in record.part_relations}
    content = {name: value for name, value in content_of(record, parts).items() if name != "origin"}
    return hashlib.sha256(json.dumps(content, sort_keys=True, default=str).encode()).hexdigest()


def _row_content(row: Model) -> dict[str, Any]:
    return {name: _comparable(getattr(row, name)) for name in content_columns(type(row))}


def _comparable(value: Any) -> Any:
    """Numbers as text without trailing zeros: a column gives back 10000.00 for 10000."""
    if isinstance(value, bool) or not isinstance(value, Decimal | int):
        return value
    text = format(Decimal(value), "f")
    return text.rstrip("0").rstrip(".") if "." in text else text
