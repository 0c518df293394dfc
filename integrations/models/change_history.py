"""What people changed by hand, as Django's administration writes it down."""

from collections.abc import Iterable

from django.contrib.admin.models import LogEntry
from django.contrib.contenttypes.models import ContentType
from django.db import models

_MAX_NAME = 200
_AT_ONCE = 500


class HandChange(LogEntry):
    """One saving or deleting of one thing in a form, under the name that staff read."""

    class Meta:
        proxy = True
        verbose_name = "cambio"
        verbose_name_plural = "cambios"
        ordering = ["-action_time"]


def write_down(
    person_id: int | None, model: type[models.Model], flag: int, rows: Iterable[tuple[int, str]], message: str
) -> None:
    """One entry for each (key, name) of records that a person changed at once. Without a person, none can be."""
    if person_id is None:
        return
    content_type = ContentType.objects.get_for_model(model)
    entries = (
        HandChange(
            user_id=person_id,
            content_type=content_type,
            object_id=str(pk),
            object_repr=name[:_MAX_NAME],
            action_flag=flag,
            change_message=message,
        )
        for pk, name in rows
    )
    HandChange.objects.bulk_create(entries, batch_size=_AT_ONCE)
