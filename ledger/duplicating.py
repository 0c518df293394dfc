"""Copy a movement: its content, without its number, its states, or what is true of the original only."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction

from integrations import decisions
from integrations.models import Syncable
from integrations.standings import transitions
from ledger import totals
from ledger.models import Movement, MovementLine, MovementPayment

_NOT_COPIED = frozenset({"id", "number2", "external_id", "created_by", "created_at", "updated_at", "siigo", "sag"})
_OF_THE_ORIGINAL = frozenset({"canceled_voucher", "cufe", "FechaOriginal"})
"""Wire names of the ERP-only fields that are true of the original document only."""


def duplicate(movement: Movement, day: date, author: Any = None) -> Movement:
    """Save and return a copy dated `day`, which replaces `movement` where that one is annulled.

    Its other dates move by as many days. It has no number yet: None, or 0 where the ERP gives it.
    """
    with transaction.atomic():
        copy = Movement(**_columns(movement, _NOT_COPIED | Syncable.managed_columns | {"voided"}))
        copy.origin, copy.external_id, copy.created_by = "manual", uuid4().hex, author
        copy.number = 0 if movement.number == 0 else None
        _move_dates(copy, movement.date, day)
        copy.siigo, copy.sag = _copied(movement.siigo), _copied(movement.sag)
        with transitions.editing(copy):
            copy.save()
            MovementLine.objects.bulk_create(_copied_lines(movement, copy))
            MovementPayment.objects.bulk_create(
                [MovementPayment(movement=copy, **_part(part)) for part in movement.payments.all()]
            )
            totals.save_totals(copy, copy.lines.all())
        decisions.replaced(movement, copy)
    return copy


def _copied_lines(movement: Movement, copy: Movement) -> list[MovementLine]:
    lines = [MovementLine(movement=copy, **_part(part)) for part in movement.lines.all()]
    for line in lines:
        line.siigo = _copied(line.siigo)
        line.due_date = _moved(line.due_date, movement.date, copy.date)
    return lines


def _move_dates(copy: Movement, was: date | None, day: date) -> None:
    copy.due_date = _moved(copy.due_date, was, day)
    copy.date = day
    if copy.process_year is not None:
        copy.process_year = day.year


def _moved(due: date | None, was: date | None, day: date | None) -> date | None:
    """As many days after the new date as it was after the old one."""
    if due is None or was is None or day is None or due < was:
        return due
    return day + (due - was)


def _columns(row: Any, left_out: frozenset[str]) -> dict[str, Any]:
    kept = (column for column in row._meta.concrete_fields if column.name not in left_out)
    return {column.attname: getattr(row, column.attname) for column in kept}


def _part(row: Any) -> dict[str, Any]:
    return _columns(row, frozenset({"id", "movement"}))


def _copied(sparse: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in sparse.items() if name not in _OF_THE_ORIGINAL}
