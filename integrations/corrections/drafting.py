"""A correction before anything changes: which records, which field, and giving it up."""

from collections.abc import Sequence
from typing import Any

from django.db import transaction
from django.utils import timezone

from integrations.choices import Kind
from integrations.models import Company, Correction, CorrectionItem
from integrations.models.bulk_writes import insert_alike
from integrations.payloads.changing import resolved
from integrations.queue.outbox import enqueue_correction
from integrations.standings.requester import Requester

DONE_IN_REQUEST = 200
"""Records that are previewed, or corrected, while the person waits; more by the worker."""
_State = Correction.State
_OPEN = (_State.CHOOSING, _State.PREPARING, _State.REVIEW)


def begin(
    company: Company, kind: Kind | str, record_ids: Sequence[int], requester: Requester, **chosen: str
) -> Correction:
    """Save the selection of a correction; `chosen` are columns of it that are known already (`field`, `mode`…)."""
    correction = Correction(company=company, kind=kind, **requester.as_columns(), **chosen)
    ids = list(dict.fromkeys(record_ids))
    with transaction.atomic():
        correction.save()
        if ids:
            values: dict[str, Sequence[int | str]] = {"position": range(1, len(ids) + 1), "record_id": ids}
            insert_alike(CorrectionItem(correction=correction), values)
    return correction


def choose(correction_id: int, **chosen: Any) -> Correction:
    """Write down what is changed, and have every record previewed; what was previewed before is forgotten.

    `chosen` are columns of it. With a `rule` what is changed is what the rule fills in: less than a person would.

    Raises: ChangeError, FieldError, in Spanish, where that can't be done to any record.
    """
    with transaction.atomic():
        correction = Correction.objects.select_for_update().get(pk=correction_id)
        if correction.state not in _OPEN:
            return correction
        for name, value in {"rule": None, **chosen}.items():
            setattr(correction, name, value)
        resolved(correction, correction.mode, correction.find)
        correction.state = _State.PREPARING
        correction.save()
        correction.items.update(verdict="", reason="", changes=[], check_result="", problem="")
        enqueue_correction(correction.pk)
    return correction


def is_small(correction: Correction) -> bool:
    """Whether it is worked on while the person waits."""
    return correction.items.count() <= DONE_IN_REQUEST


def discard(correction_id: int) -> bool:
    """Give a correction up that changed nothing yet. Returns whether it was still open."""
    changed = {"state": _State.CANCELLED, "finished_at": timezone.now()}
    return bool(Correction.objects.filter(pk=correction_id, state__in=_OPEN).update(**changed))
