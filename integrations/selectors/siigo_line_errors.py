"""What Siigo said of a movement's lines at the last attempt, for as long as it still applies."""

from collections.abc import Sequence
from dataclasses import dataclass

from integrations.choices import Status, Target
from integrations.erp.exports import SiigoExport
from integrations.erp.fields.spec import Catalogue
from integrations.erp.siigo.answers import complaints_in
from integrations.models import Syncable, SyncAttempt, SyncStanding

_STILL_APPLIES = (Status.REJECTED, Status.UNCERTAIN, Status.CONFLICT)
_AMOUNT = {"debit_or_credit": ("debit", "credit"), "sequence_value": ("debit", "credit")}


@dataclass(frozen=True, slots=True)
class Said:
    """One sentence about one line. `fields` are the form fields that it may be about, empty where it names none."""

    line: int
    text: str
    fields: tuple[str, ...] = ()


def of_lines(record: Syncable) -> list[Said]:
    """What the refusal of the last send says of each line; nothing once the record changed or was sent again."""
    export = record.exports.get(Target.SIIGO)
    row = SyncStanding.objects.of(record).filter(target=Target.SIIGO).first()
    if (
        not isinstance(export, SiigoExport)
        or export.relation is None
        or row is None
        or row.attempt is None
        or row.status not in _STILL_APPLIES
    ):
        return []
    found = SyncAttempt.objects.select_related("answer").filter(pk=row.attempt, version=record.version)
    attempt = found.filter(answer__isnull=False).first()
    if attempt is None or attempt.answer is None:
        return []
    told = complaints_in(attempt.answer.body)
    # Siigo counts the rows that it was sent (assumed: from 1); our lines may have gaps between their positions.
    positions = dict(enumerate(sorted(getattr(record, export.relation).values_list("position", flat=True)), 1))
    return [
        Said(positions[line], one.text, _fields(one.field, export.catalogue))
        for one in told
        if one.row is not None and (line := one.row - attempt.rows_before) in positions
    ]


def _fields(name: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The form fields of what Siigo calls `name`: its wire name, or its label."""
    wanted = name.strip().lower()
    row = next((row for row in catalogue if wanted in (row.name.lower(), row.label.lower())), None) if wanted else None
    if row is None:
        return ()
    if row.name in _AMOUNT:
        return _AMOUNT[row.name]
    return (row.source or f"{row.sparse_in}__{row.name}",)


def on_line(said: Sequence[Said], line: int) -> list[Said]:
    return [one for one in said if one.line == line]
