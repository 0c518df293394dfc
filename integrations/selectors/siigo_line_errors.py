"""What Siigo complained of in the lines of a movement at the last send, as long as it still applies."""

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
class LineError:
    """What Siigo complained of in one line. `fields` are the form fields that it may mean, if any."""

    line: int
    text: str
    fields: tuple[str, ...] = ()


def line_errors(record: Syncable) -> list[LineError]:
    """The errors of the last send, by line; empty once the record changed or was sent again."""
    export = record.exports.get(Target.SIIGO)
    attempt = _refused_attempt(record)
    if not isinstance(export, SiigoExport) or export.relation is None or attempt is None or attempt.answer is None:
        return []
    # Siigo counts the rows that it was sent (assumed: from 1); our lines may have gaps between their positions.
    positions = dict(enumerate(sorted(getattr(record, export.relation).values_list("position", flat=True)), 1))
    return [
        LineError(positions[row], complaint.text, _fields(complaint.field, export.catalogue))
        for complaint in complaints_in(attempt.answer.body)
        if complaint.row is not None and (row := complaint.row - attempt.rows_before) in positions
    ]


def _refused_attempt(record: Syncable) -> SyncAttempt | None:
    """The last send of the record as it is now, where it was not accepted and the answer is stored."""
    row = SyncStanding.objects.of(record).filter(target=Target.SIIGO, status__in=_STILL_APPLIES).first()
    if row is None or row.attempt is None:
        return None
    attempts = SyncAttempt.objects.select_related("answer").filter(pk=row.attempt, version=record.version)
    return attempts.filter(answer__isnull=False).first()


def _fields(name: str, catalogue: Catalogue) -> tuple[str, ...]:
    """The form fields of what Siigo calls `name`, by wire name or label."""
    key = name.strip().lower()
    row = next((row for row in catalogue if key in (row.name.lower(), row.label.lower())), None) if key else None
    if row is None:
        return ()
    if row.name in _AMOUNT:
        return _AMOUNT[row.name]
    return (row.source or f"{row.sparse_in}__{row.name}",)


def of_line(errors: Sequence[LineError], line: int) -> list[LineError]:
    """The errors of one line, by its position."""
    return [error for error in errors if error.line == line]
