"""What a draft would change of a record, old beside new, in words for staff."""

from decimal import Decimal
from typing import Any

from django.db.models import Model

from integrations.erp.fields.money import colombian
from integrations.erp.fields.values import shortest_number
from integrations.files.drafts import Draft
from integrations.files.record_content import columns_of
from integrations.models import Syncable

MOST_SHOWN = 30
_SPARSE = ("siigo", "sag")


def changes_of(existing: Syncable, draft: Draft) -> list[dict[str, str]]:
    """{field, old, new} of what differs, up to `MOST_SHOWN`."""
    found = _between(existing, draft.record, "")
    for relation in type(existing).part_relations:
        held = {part.position: part for part in getattr(existing, relation).all()}
        brought = {part.position: part for part in draft.parts.get(relation, [])}
        for position in sorted(held.keys() | brought.keys()):
            found += _of_part(held.get(position), brought.get(position))
    return found[:MOST_SHOWN]


def _of_part(held: Any, brought: Any) -> list[dict[str, str]]:
    if held is not None and brought is not None:
        return _between(held, brought, f"{held}: ")
    named = str(held if held is not None else brought)
    return [{"field": named, "old": "está" if held else "", "new": "se quita" if held else "se agrega"}]


def _between(held: Model, brought: Model, where: str) -> list[dict[str, str]]:
    found = []
    for name in columns_of(type(held)):
        old, new = getattr(held, name), getattr(brought, name)
        if old == new:
            continue
        if name in _SPARSE:
            found += [
                {"field": f"{where}{key}", "old": str(old.get(key, "")), "new": str(new.get(key, ""))}
                for key in sorted(old.keys() | new.keys())
                if old.get(key) != new.get(key)
            ]
        else:
            label = str(held._meta.get_field(name).verbose_name)  # type: ignore[union-attr]
            found.append({"field": f"{where}{label}", "old": _text(old), "new": _text(new)})
    return found


def _text(value: Any) -> str:
    if value is None or value == "":
        return "vacío"
    if isinstance(value, bool):
        return "sí" if value else "no"
    if isinstance(value, Decimal):
        return colombian(shortest_number(value))
    return f"{value:%d/%m/%Y}" if hasattr(value, "strftime") else str(value)
