"""Codes that an ERP has, for the forms to offer."""

from collections.abc import Iterator, Sequence

from django.db.models import Q

from integrations.choices import Register, Target
from integrations.models import RegisterRow

MOST_OFFERED = 1_000
"""A company has a few hundred fuentes; a page of thousands helps nobody."""


def source_codes(company_id: int | None = None) -> list[tuple[str, str]]:
    """(fuente, name) that SAG has; of every company where none is named. Empty until they were read."""
    rows = RegisterRow.objects.filter(
        register=Register.SOURCES, connection__target=Target.SAG, connection__archived_at__isnull=True,
        missing_since__isnull=True,
    )  # fmt: skip
    if company_id is not None:
        rows = rows.filter(connection__company=company_id)
    named = rows.order_by("code", "name").values_list("code", "name")[:MOST_OFFERED]
    # Two fuentes may share a code: it is offered once, under both names.
    codes: dict[str, list[str]] = {}
    for code, name in named:
        codes.setdefault(code, []).append(name)
    return [(code, " / ".join(dict.fromkeys(names))) for code, names in codes.items()]


def rows_like(registers: Sequence[Register], company_id: int | None, term: str, most: int) -> Iterator[tuple[str, str]]:
    """(code, name) of what an ERP has whose code begins with `term`, or whose name holds it."""
    rows = RegisterRow.objects.filter(
        register__in=registers, connection__archived_at__isnull=True, missing_since__isnull=True
    ).filter(Q(code__startswith=term) | Q(name__icontains=term))
    if company_id is not None:
        rows = rows.filter(connection__company=company_id)
    yield from rows.order_by("code").values_list("code", "name")[:most]
