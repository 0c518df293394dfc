"""Annulments: a document annulled in its ERP stays out of what is sent until a person includes or replaces it."""

from collections.abc import Sequence

from django.utils import timezone

from integrations.choices import Kind
from integrations.decisions.evidence_rows import record_decision
from integrations.models import Annulment, Syncable, SyncStanding
from integrations.models.syncable import has_column, model_for
from integrations.standings import transitions
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester

MAY_ANNUL = "integrations.annul_syncbatch"
MARK = "voided"
"""The column of a record that says that it is annulled; kinds without it only begin a new life."""


def can_stay(kind: Kind | str) -> bool:
    """Whether records of this kind may stay annulled."""
    return has_column(model_for(kind), MARK)


def keep(row: SyncStanding, requester: Requester, reason: str, reference: str, *, stays: bool) -> None:
    """Save the annulment of a LOCKED standing that just began a new life; `stays`: in force, until it is lifted."""
    annulment = Annulment(kind=row.kind, record_id=row.record_id, target=row.target, reference=reference[:80])
    annulment.reason, annulment.annulled_by = reason.strip(), requester.user
    annulment.lifted_at = None if stays else timezone.now()
    annulment.save()
    if stays:
        for other in transitions.locked(row.kind, [row.record_id]):
            never_there = not other.ever_present and not other.verify_first
            if never_there and transitions.allows(other, Event.EXCLUDED):
                _exclude(other, row, requester)
        _mark([row.record_id], row.kind, annulled=True)


def _exclude(row: SyncStanding, annulled: SyncStanding, requester: Requester) -> None:
    """Exclude the annulled standing, and that of an ERP that never had it: an annulled document goes nowhere."""
    is_same = row.pk == annulled.pk
    message = annulled.message if is_same else f"Está anulado en {annulled.get_target_display()}: no se envía."
    transitions.move(row, Event.EXCLUDED, message=message)
    if not is_same:
        record_decision(row, requester, "excluded", message)


def in_force(kind: Kind | str, record_ids: Sequence[int]) -> list[Annulment]:
    """The annulments of these records that nobody lifted."""
    return list(Annulment.objects.of_records(kind, record_ids).in_force().select_related("annulled_by"))


def includable(rows: Sequence[SyncStanding], requester: Requester) -> list[SyncStanding]:
    """Those of these rows, of one kind and target, that the requester may include.

    What is annulled in another ERP stays out, and in this one for whom may not annul. A command may do everything.
    """
    if not rows:
        return []
    may_lift = requester.user is None or requester.user.has_perm(MAY_ANNUL)
    annulments = in_force(rows[0].kind, [row.record_id for row in rows])
    stay_out = {one.record_id for one in annulments if one.target != rows[0].target or not may_lift}
    return [row for row in rows if row.record_id not in stay_out]


def lift(rows: Sequence[SyncStanding]) -> None:
    """Lift the annulments of LOCKED standings of one kind and target that were included again."""
    if not rows:
        return
    kind, ids = rows[0].kind, [row.record_id for row in rows]
    annulments = Annulment.objects.of_records(kind, ids).in_force()
    annulments.filter(target=rows[0].target).update(lifted_at=timezone.now())
    still_annulled = set(annulments.values_list("record_id", flat=True))
    _mark([pk for pk in ids if pk not in still_annulled], kind, annulled=False)


def _mark(record_ids: Sequence[int], kind: str, *, annulled: bool) -> None:
    """Write the column that lists read, as `transitions.mirror` writes the status columns."""
    if can_stay(kind):
        model_for(kind)._default_manager.filter(pk__in=record_ids).update(**{MARK: annulled})


def replaced(record: Syncable, replacement: Syncable) -> None:
    """Keep that `replacement` was made in the place of an annulled `record`."""
    Annulment.objects.of(record).in_force().update(replacement_id=replacement.pk)


def original_of(record: Syncable) -> Syncable | None:
    """The annulled record that this one replaces; None for one that replaces none."""
    annulment = Annulment.objects.filter(kind=record.kind, replacement_id=record.pk).first()
    return type(record)._default_manager.filter(pk=annulment.record_id).first() if annulment else None
