"""Where a read of an ERP found other values than our records have, for a person to decide. Loads no ERP client."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import DecimalField, QuerySet

from integrations.choices import Status
from integrations.erp.fields.money import money
from integrations.models import PullPlan, RegisterRow, Syncable, SyncStanding
from integrations.pulls.comparison import IN_PROGRESS, displayed, same
from integrations.pulls.plans import model_of, reading_of
from integrations.pulls.rows import RowReader
from integrations.standings import mirroring, transitions

PESOS_PLACES = 2


@dataclass(frozen=True)
class Difference:
    """One row of the ERP whose record has other values now; `fields` are (label, our value, the ERP's)."""

    row: RegisterRow
    record: Syncable
    fields: list[tuple[str, str, str]]
    status: Status


def listed(plan: PullPlan) -> QuerySet[RegisterRow]:
    """Rows with differences, oldest first."""
    rows = RegisterRow.objects.filter(connection=plan.connection, register=plan.register, differs_since__isnull=False)
    return rows.order_by("differs_since", "pk")


def compared(plan: PullPlan, rows: Sequence[RegisterRow]) -> list[Difference]:
    """The differences of these rows from our records as they are now; without rows whose record was deleted."""
    model = model_of(plan.register)
    if model is None:
        return []
    records = model._default_manager.in_bulk([row.record_id for row in rows if row.record_id])
    return [_difference(plan, row, records[row.record_id]) for row in rows if row.record_id in records]


def _difference(plan: PullPlan, row: RegisterRow, record: Any) -> Difference:
    fields = [
        (difference["label"], _display(record, name, ours), _display(record, name, difference["theirs"]))
        for difference in row.differences
        if not same(ours := displayed(getattr(record, name := difference["field"])), difference["theirs"])
    ]
    target = plan.connection.target
    status = record.status_for(target) if target in record.exports else Status.EXCLUDED
    return Difference(row, record, fields, status)


def _display(record: Any, name: str, text: str) -> str:
    """Amounts in pesos with their separators; any other text as it is."""
    column = record._meta.get_field(name)
    if not isinstance(column, DecimalField) or column.decimal_places != PESOS_PLACES:
        return text
    try:
        return money(Decimal(text))
    except InvalidOperation:
        return text


def take_theirs(plan: PullPlan, row_ids: Sequence[int], who: str) -> tuple[int, int]:
    """Write the ERP's values over ours, because `who` decided so; (how many records, how many are being sent now).

    Raises: ConfigurationError where the plan can't read its rows any more.
    """
    model = model_of(plan.register)
    if model is None:
        return 0, 0
    with transaction.atomic():
        rows = list(listed(plan).filter(pk__in=row_ids))
        standings = transitions.locked(model.kind, [row.record_id for row in rows if row.record_id])
        busy = {row.record_id for row in standings if _is_busy(row, plan)}
        records = model._default_manager.in_bulk([row.record_id for row in rows if row.record_id not in busy])
        taken = [row for row in rows if row.record_id in records]
        columns = _overwrite(plan, taken, records)
        message = f"{who} tomó lo que tiene {plan.connection.get_target_display()}."
        written = [row for row in standings if row.record_id in records]
        mirroring.take_content(list(records.values()), sorted(columns), written, plan.connection, message)
        listed(plan).filter(pk__in=[row.pk for row in taken]).update(differences=[], differs_since=None)
    return len(taken), len(rows) - len(taken)


def _is_busy(standing: SyncStanding, plan: PullPlan) -> bool:
    return standing.target == plan.connection.target and standing.status in IN_PROGRESS


def _overwrite(plan: PullPlan, rows: Sequence[RegisterRow], records: Mapping[int, Any]) -> set[str]:
    """Set the ERP's values on the records, without saving them; returns the columns that changed."""
    reader = RowReader(reading_of(plan))
    columns = set()
    for row in rows:
        theirs = reader.read(row.raw).values
        for difference in row.differences:
            setattr(records[row.record_id or 0], difference["field"], theirs[difference["field"]])
            columns.add(difference["field"])
    return columns
