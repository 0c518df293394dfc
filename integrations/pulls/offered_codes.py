"""Codes that forms offer, from the registers that were read from the ERPs."""

from collections.abc import Iterator, Sequence

from django.db.models import Q, QuerySet

from integrations.choices import Register, Target
from integrations.models import RegisterRow

MOST_OFFERED = 1_000
"""A company has a few hundred fuentes; a page of thousands helps nobody."""


def source_codes(company_id: int | None = None) -> list[tuple[str, str]]:
    """(code, name) of SAG's fuentes, of one company or all; empty until they were read."""
    rows = _live_rows([Register.SOURCES], company_id).filter(connection__target=Target.SAG)
    named = rows.order_by("code", "name").values_list("code", "name")[:MOST_OFFERED]
    # Two fuentes may share a code: it is offered once, under both names.
    codes: dict[str, list[str]] = {}
    for code, name in named:
        codes.setdefault(code, []).append(name)
    return [(code, " / ".join(dict.fromkeys(names))) for code, names in codes.items()]


def rows_like(registers: Sequence[Register], company_id: int | None, term: str, most: int) -> Iterator[tuple[str, str]]:
    """(code, name) of the rows whose code begins with `term`, or whose name contains it."""
    rows = _live_rows(registers, company_id).filter(Q(code__startswith=term) | Q(name__icontains=term))
    yield from rows.order_by("code").values_list("code", "name")[:most]


def _live_rows(registers: Sequence[Register], company_id: int | None) -> QuerySet[RegisterRow]:
    """What the ERPs of live connections have now; `company_id` None: of every company."""
    rows = RegisterRow.objects.still_there().filter(register__in=registers, connection__archived_at__isnull=True)
    return rows if company_id is None else rows.filter(connection__company=company_id)
