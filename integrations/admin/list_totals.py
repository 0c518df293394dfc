"""A paginator that reads the count of a list and the sum of one of its columns in one query."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum


class TotalledPaginator(Paginator):  # type: ignore[type-arg]
    """`column` is the column in pesos to add up; empty: only the count is read."""

    def __init__(self, object_list: QuerySet[Any], per_page: int, *args: Any, column: str = "", **kwargs: Any) -> None:
        super().__init__(object_list, per_page, *args, **kwargs)
        self.column = column

    @cached_property
    def _totals(self) -> dict[str, Any]:
        aggregates = {"records": Count("pk"), **({"pesos": Sum(self.column)} if self.column else {})}
        queryset: Any = self.object_list
        totals: dict[str, Any] = queryset.order_by().aggregate(**aggregates)
        return totals

    @cached_property
    def count(self) -> int:
        return int(self._totals["records"])

    @property
    def total(self) -> Decimal | None:
        """Pesos of the whole list, not only of its page; None without a column."""
        return (self._totals["pesos"] or Decimal(0)) if self.column else None
