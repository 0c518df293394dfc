"""Codes to suggest while a movement is typed: from our records, the registers of the ERPs and earlier movements."""

from collections.abc import Callable, Iterable, Iterator
from functools import reduce
from itertools import islice
from operator import or_

from django.db.models import Model, Q

from catalog.models import Article, Client, ThirdParty
from integrations.choices import Register
from integrations.erp.tax_ids import sought
from integrations.pulls.offered_codes import rows_like
from ledger.models import Movement, MovementLine

MOST = 20
Suggestion = tuple[str, str]
"""(code, name)."""


def tax_ids(company: int | None, term: str) -> Iterator[Suggestion]:
    """NITs of clients and third parties, by any part of the number, however it is written."""
    parts = sought(term) or (term,)
    is_like = reduce(or_, (Q(tax_id__contains=part) for part in parts))
    yield from _named(Client, "tax_id", company, term, is_like)
    yield from _named(ThirdParty, "tax_id", company, term, is_like)
    for part in parts:
        yield from rows_like((Register.CLIENTS, Register.THIRD_PARTIES), company, part, MOST)


def accounts(company: int | None, term: str) -> Iterator[Suggestion]:
    """Accounts of the ERPs, then those of earlier movements."""
    yield from rows_like((Register.ACCOUNTS,), company, term, MOST)
    used = MovementLine.objects.filter(account__startswith=term).exclude(account="")
    if company:
        used = used.filter(movement__company=company)
    for account in used.order_by("account").values_list("account", flat=True).distinct()[:MOST]:
        yield account, "usada en otros movimientos"


def articles(company: int | None, term: str) -> Iterator[Suggestion]:
    """Articles of ours, then those of the ERPs."""
    yield from _named(Article, "code", company, term)
    yield from rows_like((Register.ARTICLES,), company, term, MOST)


def cost_centers(company: int | None, term: str) -> Iterator[Suggestion]:
    """Cost centers of earlier movements: no ERP lists them."""
    of_company = {"company": company} if company else {}
    headers = Movement.objects.filter(cost_center__startswith=term, **of_company)
    lines = MovementLine.objects.filter(cost_center__startswith=term)
    if company:
        lines = lines.filter(movement__company=company)
    for used in (headers, lines):
        codes = used.exclude(cost_center="").order_by("cost_center").values_list("cost_center", flat=True)
        for code in codes.distinct()[:MOST]:
            yield code, "usado en otros movimientos"


BOXES: dict[str, Callable[[int | None, str], Iterator[Suggestion]]] = {
    "nit": tax_ids,
    "cuenta": accounts,
    "articulo": articles,
    "centro": cost_centers,
}


def suggestions(box: str, company: int | None, term: str) -> list[Suggestion]:
    """At most `MOST` suggestions for a box of the form, each code once. Raises: KeyError for an unknown box."""
    return list(islice(_once(BOXES[box](company, term.strip())), MOST))


def _once(found: Iterable[Suggestion]) -> Iterator[Suggestion]:
    seen = set()
    for code, name in found:
        if code and code not in seen:
            seen.add(code)
            yield code, name


def _named(
    model: type[Model], code: str, company: int | None, term: str, is_like: Q | None = None
) -> Iterator[Suggestion]:
    """Those whose code begins with the term, or as `is_like` says, or whose name contains it."""
    rows = model._default_manager.filter((is_like or Q(**{f"{code}__startswith": term})) | Q(name__icontains=term))
    if company:
        rows = rows.filter(company=company)
    yield from rows.order_by("name").values_list(code, "name")[:MOST]
