"""What a draft would change of a stored record, old beside new, in words for staff."""

from decimal import Decimal
from typing import Any

from django.db.models import Model

from integrations.erp.fields.money import colombian
from integrations.erp.fields.values import shortest_number
from integrations.files.drafts import Draft
from integrations.models import Syncable
from integrations.models.record_content import SPARSE_COLUMNS, content_columns

MAX_CHANGES = 30


def list_changes(existing: Syncable, draft: Draft) -> list[dict[str, str]]:
    """{field, old, new} of what differs, up to `MAX_CHANGES`."""
    changes = _changes_between(existing, draft.record, "")
    for relation in type(existing).part_relations:
        stored = {part.position: part for part in getattr(existing, relation).all()}
        brought = {part.position: part for part in draft.parts.get(relation, [])}
        for position in sorted(stored.keys() | brought.keys()):
            changes += _changes_of_part(stored.get(position), brought.get(position))
    return changes[:MAX_CHANGES]


def _changes_of_part(stored: Any, brought: Any) -> list[dict[str, str]]:
    if stored is not None and brought is not None:
        return _changes_between(stored, brought, f"{stored}: ")
    if stored is not None:
        return [{"field": str(stored), "old": "está", "new": "se quita"}]
    return [{"field": str(brought), "old": "", "new": "se agrega"}]


def _changes_between(stored: Model, brought: Model, where: str) -> list[dict[str, str]]:
    changes = []
    for name in content_columns(type(stored)):
        old, new = getattr(stored, name), getattr(brought, name)
        if old == new:
            continue
        if name in SPARSE_COLUMNS:
            changes += _sparse_changes(old, new, where)
        else:
            label = str(stored._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            changes.append({"field": f"{where}{label}", "old": _text(old), "new": _text(new)})
    return changes


def _sparse_changes(old: dict[str, Any], new: dict[str, Any], where: str) -> list[dict[str, str]]:
    return [
        {"field": f"{where}{key}", "old": str(old.get(key, "")), "new": str(new.get(key, ""))}
        for key in sorted(old.keys() | new.keys())
        if old.get(key) != new.get(key)
    ]


def _text(value: Any) -> str:
    if value is None or value == "":
        return "vacío"
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, Decimal):
        return colombian(shortest_number(value))
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
