"""What a read found otherwise than here, for a person to decide. Loads no ERP client."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import transaction
from django.db.models import DecimalField, QuerySet

from integrations.choices import Status
from integrations.erp.fields.money import money
from integrations.models import PullPlan, RegisterRow, Syncable, SyncStanding
from integrations.pulls.comparison import ON_THEIR_WAY, same, shown
from integrations.pulls.plans import model_of, reading_of
from integrations.pulls.rows import RowReader
from integrations.standings import mirroring, transitions

PESOS_PLACES = 2


@dataclass(frozen=True)
class Difference:
    """One row of the ERP and what of it is otherwise here, as of now: (label, ours, theirs)."""

    row: RegisterRow
    record: Syncable
    fields: list[tuple[str, str, str]]
    status: Status


def listed(plan: PullPlan) -> QuerySet[RegisterRow]:
    """Rows with differences, oldest first."""
    rows = RegisterRow.objects.filter(connection=plan.connection, register=plan.register, differs_since__isnull=False)
    return rows.order_by("differs_since", "pk")


def told(plan: PullPlan, rows: Sequence[RegisterRow]) -> list[Difference]:
    """The differences of these rows with what our records hold now; those of a record that is gone are left out."""
    model = model_of(plan.register)
    if model is None:
        return []
    records = model._default_manager.in_bulk([row.record_id for row in rows if row.record_id])
    return [_difference(plan, row, records[row.record_id]) for row in rows if row.record_id in records]


def _difference(plan: PullPlan, row: RegisterRow, record: Any) -> Difference:
    fields = [
        (one["label"], _read(record, one["field"], ours), _read(record, one["field"], one["theirs"]))
        for one in row.differences
        if not same(ours := shown(getattr(record, one["field"])), one["theirs"])
    ]
    target = plan.connection.target
    status = record.status_for(target) if target in record.exports else Status.EXCLUDED
    return Difference(row, record, fields, status)


def _read(record: Any, name: str, text: str) -> str:
    """Pesos as pesos are written; any other text as it is."""
    column = record._meta.get_field(name)
    if not isinstance(column, DecimalField) or column.decimal_places != PESOS_PLACES:
        return text
    try:
        return money(Decimal(text))
    except InvalidOperation:
        return text


def take_theirs(plan: PullPlan, row_ids: Sequence[int], who: str) -> tuple[int, int]:
    """Write what the ERP has over ours, because a person said so: (how many, how many were left on their way).

    Raises: ConfigurationError where the plan can't read its rows any more.
    """
    model = model_of(plan.register)
    if model is None:
        return 0, 0
    reader = RowReader(reading_of(plan))
    with transaction.atomic():
        rows = list(listed(plan).filter(pk__in=row_ids))
        held = transitions.locked(model.kind, [row.record_id for row in rows if row.record_id])
        busy = {row.record_id for row in held if row.target == plan.connection.target and row.status in ON_THEIR_WAY}
        records = model._default_manager.in_bulk([row.record_id for row in rows if row.record_id not in busy])
        taken = [row for row in rows if row.record_id in records]
        columns = set()
        for row in taken:
            theirs = reader.read(row.raw).values
            for one in row.differences:
                setattr(records[row.record_id], one["field"], theirs[one["field"]])
                columns.add(one["field"])
        _write(plan, list(records.values()), columns, held, who)
        listed(plan).filter(pk__in=[row.pk for row in taken]).update(differences=[], differs_since=None)
    return len(taken), len(rows) - len(taken)


def _write(plan: PullPlan, records: list[Any], columns: set[str], held: list[SyncStanding], who: str) -> None:
    ids = {record.pk for record in records}
    mine = [row for row in held if row.record_id in ids]
    message = f"{who} tomó lo que tiene {plan.connection.get_target_display()}."
    mirroring.take_content(records, sorted(columns), mine, plan.connection, message)
