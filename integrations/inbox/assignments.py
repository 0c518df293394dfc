"""Who looks after an error: one person a document, with a note."""

from collections.abc import Sequence
from typing import Any

from django.contrib.auth import get_user_model
from django.db.models import QuerySet
from django.utils import timezone

from integrations.models import Assignment

PERMISSION = "integrations.add_assignment"
_CHUNK = 500
_REPLACED = ("person", "note", "assigned_by", "assigned_at")


def people() -> "QuerySet[Any]":
    """Who an error may be assigned to: active staff, by name."""
    return get_user_model()._default_manager.filter(is_active=True, is_staff=True).order_by("first_name", "username")


def assign(standing_ids: Sequence[int], person: Any, note: str, by: Any) -> int:
    """Assign errors to a person in place of whoever had them; how many."""
    rows = [
        Assignment(standing_id=pk, person=person, note=note.strip()[:300], assigned_by=by, assigned_at=timezone.now())
        for pk in standing_ids
    ]
    Assignment.objects.bulk_create(
        rows, batch_size=_CHUNK, update_conflicts=True, unique_fields=["standing"], update_fields=_REPLACED
    )
    return len(rows)


def release(standing_ids: Sequence[int]) -> int:
    """Remove the assignments of these errors; how many there were."""
    return Assignment.objects.filter(standing_id__in=standing_ids).delete()[0]
