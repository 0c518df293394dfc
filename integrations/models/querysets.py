"""QuerySets of the tables that keep rows about a record by its kind and key: a standing, an attempt, an annulment."""

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any, Self, TypeVar

from django.db import models

from integrations.choices import Kind

if TYPE_CHECKING:
    from integrations.models.syncable import Syncable

_Model = TypeVar("_Model", bound=models.Model)


class RecordRowQuerySet(models.QuerySet[_Model]):
    """Rows with the columns `kind` and `record_id`."""

    def of(self, record: "Syncable") -> Self:
        """The rows of one record."""
        return self.filter(kind=record.kind, record_id=record.pk)

    def of_records(self, kind: Kind | str, record_ids: Iterable[int]) -> Self:
        """The rows of several records of one kind."""
        return self.filter(kind=kind, record_id__in=record_ids)

    def of_standing(self, row: Any) -> Self:
        """The rows of the record and ERP of another row that has `kind`, `record_id` and `target`."""
        return self.filter(kind=row.kind, record_id=row.record_id, target=row.target)

    def of_life(self, row: Any) -> Self:
        """The same, of the life that `row` is in: an annulment in the ERP begins a new one."""
        return self.of_standing(row).filter(life=row.life)


def in_flight(now: datetime) -> models.Q:
    """The condition on rows with a lease, that its holder is still at work at `now`."""
    return models.Q(finished_at__isnull=True, lease_until__gt=now)
