"""Articles that have the same product in Siigo."""

from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet

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


def product_rivals(articles: Sequence[Syncable]) -> list[Rival]:
    """Each pair of articles with the same Siigo product: sending one would overwrite the other."""
    keys = {article.pk: key for article in articles if (key := product_key(article)) is not None}
    if not keys:
        return []
    others = _by_product({article.company_id for article in articles}, type(articles[0]))
    return [
        _rival(article, other, keys[article.pk])
        for article in articles
        for other in (others[article.company_id, keys[article.pk]][:2] if article.pk in keys else ())
        if other.pk != article.pk
    ]


def _by_product(company_ids: set[int], model: type[Syncable]) -> dict[tuple[int, ProductKey], list[Syncable]]:
    """(company, product) → the articles that may go to Siigo as that product."""
    others: dict[tuple[int, ProductKey], list[Syncable]] = defaultdict(list)
    articles: QuerySet[Any] = model._default_manager.filter(company__in=company_ids, siigo__has_key="product")
    for other in articles.exclude(siigo_status="excluded").only("company_id", "code", "name", "size", "color", "siigo"):
        key = product_key(other)
        if key is not None:
            others[other.company_id, key].append(other)
    return others


def _rival(article: Syncable, other: Syncable, key: ProductKey) -> Rival:
    product = "-".join(map(str, key))
    return Rival(article.pk, "product_taken", f"El artículo {other} ya tiene el producto {product} de Siigo.", product)
