"""What is kept for how long. The row of an attempt and its hash are evidence and stay for ever."""

from dataclasses import dataclass
from datetime import timedelta

from django.db import transaction
from django.db.models import Exists, OuterRef
from django.utils import timezone
from django_q.models import Task

from integrations.choices import Status
from integrations.files.importing import work_lease
from integrations.models import StoredPayload, SyncAttempt, SyncStanding

KEEP_DAYS = 365
_OPEN = (Status.SENDING, Status.UNCERTAIN, Status.CONFLICT, Status.REJECTED)


@dataclass(frozen=True)
class Pruned:
    """How many bodies and queue results were deleted."""

    bodies: int
    results: int


def prune(days: int = KEEP_DAYS) -> Pruned:
    """Delete bodies that only attempts older than `days` refer to, and the queue's old results.

    What is still in doubt keeps its body: a read-back compares with it.
    """
    before = timezone.now() - timedelta(days=days)
    with transaction.atomic():
        in_doubt = SyncStanding.objects.filter(attempt=OuterRef("pk"), status__in=_OPEN)
        kept = SyncAttempt.objects.filter(Exists(in_doubt)) | SyncAttempt.objects.filter(started_at__gte=before)
        wanted = {
            digest for pair in kept.values_list("payload", "answer").iterator() for digest in pair if digest is not None
        }
        old = [
            digest
            for digest in StoredPayload.objects.values_list("pk", flat=True).iterator()
            if digest not in wanted and _is_referred_to(digest)
        ]
        for start in range(0, len(old), 500):
            StoredPayload.objects.filter(pk__in=old[start : start + 500]).delete()
    work_lease.delete_old_documents()
    results, _ = Task.objects.filter(stopped__lt=before).delete()
    return Pruned(len(old), results)


def _is_referred_to(digest: str) -> bool:
    """A body that no attempt names yet may belong to one that is being written."""
    return SyncAttempt.objects.filter(payload=digest).exists() or SyncAttempt.objects.filter(answer=digest).exists()
