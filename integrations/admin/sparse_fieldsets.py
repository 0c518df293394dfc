"""Fieldsets of the fields that only one ERP has: one for each section of its catalogue."""

from typing import Any

from integrations.admin.sparse_forms import section_is_empty, sections
from integrations.admin.staff_admin import in_pairs
from integrations.erp.fields.spec import Catalogue

Fieldsets = list[tuple[str, dict[str, Any]]]


def sparse_sections(catalogue: Catalogue, record: Any, erp: str, *, filled_only: bool = False) -> Fieldsets:
    """Fieldsets of the sections, those without a value collapsed; `filled_only` leaves out fields without a value."""
    fieldsets: Fieldsets = []
    for title, all_names in sections(catalogue):
        names = [name for name in all_names if not section_is_empty(record, [name])] if filled_only else all_names
        if not names:
            continue
        classes = ("collapse",) if record is None or section_is_empty(record, names) else ()
        options = {"fields": in_pairs(names), "classes": classes}
        fieldsets.append((f"Solo {erp} · {title or catalogue.title}", options))
    return fieldsets
