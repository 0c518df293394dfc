"""One entry in the history of each record that a correction changed, as a form's saving leaves one."""

from collections.abc import Sequence

from django.contrib.admin.models import CHANGE
from django.contrib.contenttypes.models import ContentType

from integrations.models import Correction, CorrectionItem, HandChange
from integrations.models.syncable import model_for
from integrations.payloads.record_fields import RecordField

_MOST_TOLD = 5
_CHUNK = 500


def write_entries(
    correction: Correction, field: RecordField, items: Sequence[CorrectionItem], *, undo: bool = False
) -> None:
    """Write an entry for each of these items, by who asked for it. Without a person, as of a schedule, none can be."""
    person = correction.undone_by_id if undo else correction.requested_by_id
    if person is None:
        return
    content_type = ContentType.objects.get_for_model(model_for(correction.kind))
    head = f"Se deshizo la corrección en bloque {correction.pk}" if undo else str(correction)
    entries = [
        HandChange(
            user_id=person,
            content_type=content_type,
            object_id=str(item.record_id),
            object_repr=item.label[:200],
            action_flag=CHANGE,
            change_message=f"{head}. {told(field, item, undo=undo)}",
        )
        for item in items
    ]
    HandChange.objects.bulk_create(entries, batch_size=_CHUNK)


def told(field: RecordField, item: CorrectionItem, *, undo: bool = False) -> str:
    """«Fuente: vacío → FV»; of many lines the first ones."""
    cells = [_cell(field, change, undo=undo) for change in item.changes[:_MOST_TOLD]]
    more = len(item.changes) - len(cells)
    return f"{field.label}: {'; '.join(cells)}" + (f"; y {more} más" if more else "")


def _cell(field: RecordField, change: dict[str, object], *, undo: bool) -> str:
    old, new = (field.shown(change[name]) for name in ("old", "new"))  # type: ignore[arg-type]
    where = f"línea {change['position']}: " if change["position"] is not None else ""
    return f"{where}{new} → {old}" if undo else f"{where}{old} → {new}"
