"""What stays annulled: out of every list of what is to be sent, until a person includes it again or replaces it."""

from collections.abc import Sequence

from django.utils import timezone

from integrations.choices import Kind
from integrations.decisions.evidence_rows import write_down
from integrations.models import Annulment, Syncable, SyncStanding
from integrations.models.syncable import has_column, model_for
from integrations.standings import transitions
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester

MAY_ANNUL = "integrations.annul_syncbatch"
MARK = "voided"
"""The column in which a kind of record shows that it is annulled; kinds without it only begin a new life."""


def can_stay(kind: Kind | str) -> bool:
    """Whether records of this kind may stay annulled."""
    return has_column(model_for(kind), MARK)


def keep(row: SyncStanding, requester: Requester, reason: str, reference: str, *, stays: bool) -> None:
    """Write down the annulment of a LOCKED standing that just began a new life, and of what it `stays` in force."""
    lifted_at = None if stays else timezone.now()
    Annulment.objects.create(
        kind=row.kind, record_id=row.record_id, target=row.target, reference=reference[:80], reason=reason.strip(),
        annulled_by=requester.user, lifted_at=lifted_at,
    )  # fmt: skip
    if not stays:
        return
    for each in transitions.locked(row.kind, [row.record_id]):
        never_there = not each.ever_present and not each.verify_first
        if never_there and transitions.allows(each, Event.EXCLUDED):
            _set_aside(each, row, requester)
    _mark([row.record_id], row.kind, annulled=True)


def _set_aside(each: SyncStanding, annulled: SyncStanding, requester: Requester) -> None:
    """Its own standing, and that of an ERP that never had it: an annulled document goes nowhere."""
    erp = annulled.get_target_display()
    told = annulled.message if each.pk == annulled.pk else f"Está anulado en {erp}: no se envía."
    transitions.move(each, Event.EXCLUDED, message=told)
    if each.pk != annulled.pk:
        write_down(each, requester, "excluded", told)


def in_force(kind: Kind | str, record_ids: Sequence[int]) -> list[Annulment]:
    """The annulments of these records that nobody lifted."""
    found = Annulment.objects.of_records(kind, record_ids).in_force()
    return list(found.select_related("annulled_by"))


def that_may_be_included(rows: Sequence[SyncStanding], requester: Requester) -> list[SyncStanding]:
    """Without what is annulled in another ERP than theirs, or by whom may not say so. A command may everything."""
    held = in_force(rows[0].kind, [row.record_id for row in rows]) if rows else []
    may_lift = requester.user is None or requester.user.has_perm(MAY_ANNUL)
    kept_out = {one.record_id for one in held if one.target != rows[0].target or not may_lift}
    return [row for row in rows if row.record_id not in kept_out]


def lift(rows: Sequence[SyncStanding]) -> None:
    """LOCKED standings of one kind and target are included again: their annulments are history."""
    ids = [row.record_id for row in rows]
    if not ids:
        return
    kind = rows[0].kind
    held = Annulment.objects.of_records(kind, ids).in_force()
    held.filter(target=rows[0].target).update(lifted_at=timezone.now())
    still = set(held.values_list("record_id", flat=True))
    _mark([one for one in ids if one not in still], kind, annulled=False)


def _mark(record_ids: Sequence[int], kind: str, *, annulled: bool) -> None:
    """Write the mark that lists read, as `standing.mirror` writes the status columns."""
    if can_stay(kind):
        model_for(kind)._default_manager.filter(pk__in=record_ids).update(**{MARK: annulled})


def replaced(record: Syncable, replacement: Syncable) -> None:
    """`replacement` was made in the place of an annulled `record`."""
    Annulment.objects.of(record).in_force().update(replacement_id=replacement.pk)


def original_of(record: Syncable) -> Syncable | None:
    """The annulled record that this one replaces."""
    made_for = Annulment.objects.filter(kind=record.kind, replacement_id=record.pk).first()
    return type(record)._default_manager.filter(pk=made_for.record_id).first() if made_for else None
