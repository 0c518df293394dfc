"""What the records of a correction hold of a field now, so that a person sees what there is to put right."""

from dataclasses import dataclass, replace
from typing import Any

from django.db.models import Count, F, QuerySet
from django.db.models.fields.json import KeyTextTransform

from integrations.models import Correction
from integrations.models.syncable import model_for
from integrations.payloads.record_fields import EMPTY, Kept, RecordField, is_empty

MOST_SHOWN = 12


@dataclass(frozen=True)
class PresentValue:
    """One value of a field, as staff read it and as they type it, and in how many records or lines it stands."""

    shown: str
    typed: str
    count: int

    @property
    def is_empty(self) -> bool:
        """Whether nothing is written there."""
        return self.shown == EMPTY


def present_values(correction: Correction, field: RecordField) -> list[PresentValue]:
    """The values of the selected records, the empty ones first and then the most frequent; at most `MOST_SHOWN`."""
    value = KeyTextTransform(field.field.name, field.sparse_in) if field.sparse_in else F(field.field.name)
    rows = _rows(correction, field).order_by().annotate(of_field=value).values_list("of_field").annotate(n=Count("pk"))
    found: dict[str, PresentValue] = {}
    for value, count in rows.order_by("-n")[: MOST_SHOWN * 2]:
        each = _present(field, value, count)
        before = found.get(each.shown)
        found[each.shown] = each if before is None else replace(before, count=before.count + count)
    return sorted(found.values(), key=lambda each: (not each.is_empty, -each.count, each.shown))[:MOST_SHOWN]


def _present(field: RecordField, value: object, count: int) -> PresentValue:
    kept: Kept = value if value is None or isinstance(value, str | int | bool) else str(value)
    return (
        PresentValue(EMPTY, "", count) if is_empty(kept) else PresentValue(field.shown(kept), field.typed(kept), count)
    )


def _rows(correction: Correction, field: RecordField) -> "QuerySet[Any]":
    model = model_for(correction.kind)
    selected = correction.items.order_by().values("record_id")
    if not field.relation:
        return model._default_manager.filter(company=correction.company_id, pk__in=selected)
    owner = getattr(model, field.relation).rel.field.name
    return field.model._default_manager.filter(**{f"{owner}__in": selected, f"{owner}__company": correction.company_id})
