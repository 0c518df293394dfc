"""One task at a time on a file, by a lease that ends by itself: the file of a killed worker is taken up again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from integrations.models import ImportFile, ImportPiece, StagedDocument

BUDGET_SHARE = 0.6
"""Of the queue's timeout, after which a task leaves the rest to a fresh one."""
KEEP_DAYS = 60
"""How long the documents of an ended import can still be looked at, and its rejected rows downloaded."""


def budget_seconds() -> float:
    """How long a task may work on a file before it leaves the rest to a fresh one."""
    return float(settings.Q_CLUSTER["timeout"] * BUDGET_SHARE)


@contextmanager
def lease(file_id: int, state: ImportFile.State) -> Iterator[ImportFile | None]:
    """The file, for this task alone; None where it is in another state or another task has it."""
    until = timezone.now() + timedelta(seconds=settings.Q_CLUSTER["timeout"])
    if not ImportFile.objects.filter(_is_free(), pk=file_id, state=state).update(busy_until=until):
        yield None
        return
    try:
        yield ImportFile.objects.select_related("company", "requested_by").get(pk=file_id)
    finally:
        ImportFile.objects.filter(pk=file_id).update(busy_until=None)


def _is_free() -> Q:
    return Q(busy_until=None) | Q(busy_until__lt=timezone.now())


def delete_old_documents() -> int:
    """Delete the documents and bytes of files untouched for `KEEP_DAYS`; the import itself stays.

    Returns how many documents.
    """
    before = timezone.now() - timedelta(days=KEEP_DAYS)
    ImportPiece.objects.filter(file__touched_at__lt=before).delete()
    return StagedDocument.objects.filter(file__touched_at__lt=before).delete()[0]
