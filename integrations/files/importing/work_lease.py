"""One task at a time on a file: taken with a lease that ends by itself, so that a killed worker's file goes on."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.conf import settings
from django.db.models import Q
from django.utils import timezone

from integrations.models import ImportFile, ImportPiece, StagedDocument
from integrations.queue.outbox import enqueue_import, enqueue_look, enqueue_staging

BUDGET_SHARE = 0.6
"""Of the queue's timeout: past it a task hands over to a fresh one."""
_WAKING = {
    ImportFile.State.LOOKING: enqueue_look,
    ImportFile.State.STAGING: enqueue_staging,
    ImportFile.State.RUNNING: enqueue_import,
}
KEEP_DAYS = 60
"""How long the documents of an ended import can still be looked at, and its rejected rows downloaded."""
_ABANDONED_SECONDS = 120


def budget_seconds() -> float:
    """How long a task may work on a file before it hands over."""
    return float(settings.Q_CLUSTER["timeout"] * BUDGET_SHARE)


@contextmanager
def taken(file_id: int, state: ImportFile.State) -> Iterator[ImportFile | None]:
    """The file, for this task alone; None where it is in another state or another task has it."""
    until = timezone.now() + timedelta(seconds=settings.Q_CLUSTER["timeout"])
    free = Q(busy_until=None) | Q(busy_until__lt=timezone.now())
    mine = ImportFile.objects.filter(free, pk=file_id, state=state).update(busy_until=until)
    if not mine:
        yield None
        return
    try:
        yield ImportFile.objects.select_related("company", "requested_by").get(pk=file_id)
    finally:
        ImportFile.objects.filter(pk=file_id).update(busy_until=None)


def wake_abandoned() -> int:
    """Put back in the queue the files that no task works on although one should; how many."""
    since = timezone.now() - timedelta(seconds=_ABANDONED_SECONDS)
    lost = ImportFile.objects.filter(
        Q(busy_until__lt=timezone.now()) | Q(busy_until=None), state__in=_WAKING, touched_at__lt=since
    )
    count = 0
    for file in lost:
        _WAKING[ImportFile.State(file.state)](file.pk)
        ImportFile.objects.filter(pk=file.pk).update(touched_at=timezone.now())
        count += 1
    return count


def drop_old_documents() -> int:
    """Delete the documents, and bytes, of imports that ended or were left alone long ago; the import itself stays."""
    before = timezone.now() - timedelta(days=KEEP_DAYS)
    ImportPiece.objects.filter(file__touched_at__lt=before).delete()
    return StagedDocument.objects.filter(file__touched_at__lt=before).delete()[0]
