"""Questions over articles that no single one answers."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import Q, QuerySet

from integrations.models import Syncable
from integrations.models.syncable import Rival

PRODUCT_KEY = ("line", "group", "product")
ProductKey = tuple[int, int, int]


def product_key(article: Syncable) -> ProductKey | None:
    """Siigo's line, group and code of an article; None where they are not whole numbers."""
    try:
        line, group, product = (int(article.siigo[name]) for name in PRODUCT_KEY)
    except (KeyError, TypeError, ValueError):
        return None
    return (line, group, product)


def rivals_in_siigo(articles: Sequence[Syncable]) -> list[Rival]:
    """Articles whose Siigo product another one has: sent, one would take the place of the other."""
    keys = {article.pk: key for article in articles if (key := product_key(article)) is not None}
    if not keys:
        return []
    same_company = Q(company__in={article.company_id for article in articles})
    others: dict[tuple[int, ProductKey], list[Syncable]] = defaultdict(list)
    found: QuerySet[Any] = type(articles[0])._default_manager.filter(same_company, siigo__has_key="product")
    for other in found.exclude(siigo_status="excluded").only("company_id", "code", "name", "size", "color", "siigo"):
        key = product_key(other)
        if key is not None:
            others[other.company_id, key].append(other)
    return [
        Rival(
            article.pk,
            "product_taken",
            f"El artículo {other} ya tiene el producto {'-'.join(map(str, keys[article.pk]))} de Siigo.",
            "-".join(map(str, keys[article.pk])),
        )
        for article in articles
        if article.pk in keys
        for other in others[article.company_id, keys[article.pk]][:2]
        if other.pk != article.pk
    ]
