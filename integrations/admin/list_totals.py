"""How many records a list has, and what they add up to: one query for both."""

from decimal import Decimal
from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db.models import Count, QuerySet, Sum


class TotalledPaginator(Paginator):  # type: ignore[type-arg]
    """Counts the list and, where `column` names one, adds it up in the same query."""

    def __init__(self, object_list: QuerySet[Any], per_page: int, *args: Any, column: str = "", **kwargs: Any) -> None:
        super().__init__(object_list, per_page, *args, **kwargs)
        self.column = column

    @cached_property
    def _told(self) -> dict[str, Any]:
        wanted: dict[str, Any] = {"how_many": Count("pk")}
        if self.column:
            wanted["added_up"] = Sum(self.column)
        listed: Any = self.object_list
        told: dict[str, Any] = listed.order_by().aggregate(**wanted)
        return told

    @cached_property
    def count(self) -> int:
        return int(self._told["how_many"])

    @property
    def total(self) -> Decimal | None:
        """Pesos of the whole list, not only of its page; None where nothing is added up."""
        return (self._told["added_up"] or Decimal(0)) if self.column else None
