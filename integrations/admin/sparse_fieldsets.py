"""The ERP-only fields as fieldsets: the catalogue's sections, those without a value closed."""

from typing import Any

from integrations.admin.sparse_forms import section_is_empty, sections
from integrations.erp.fields.spec import Catalogue

_PER_ROW = 2
Sections = list[tuple[str, dict[str, Any]]]


def sparse_sections(catalogue: Catalogue, record: Any, erp: str, *, held_only: bool = False) -> Sections:
    """(title, options) for `ModelAdmin.get_fieldsets`, in the ERP's order.

    `held_only`: nothing more can be written, so that only what has a value is shown.
    """
    made: Sections = []
    for title, all_names in sections(catalogue):
        names = [name for name in all_names if not section_is_empty(record, [name])] if held_only else all_names
        if not names:
            continue
        lines = [tuple(names[start : start + _PER_ROW]) for start in range(0, len(names), _PER_ROW)]
        is_empty = record is None or section_is_empty(record, names)
        classes = ("collapse",) if is_empty else ()
        made.append((f"Solo {erp} · {title or catalogue.title}", {"fields": lines, "classes": classes}))
    return made
