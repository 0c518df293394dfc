"""A new movement with the content of another: without its number, its states, or what only that one can say."""

from collections.abc import Mapping
from datetime import date
from typing import Any
from uuid import uuid4

from django.db import transaction

from integrations import decisions
from integrations.models import Syncable
from integrations.standings import transitions
from ledger import services
from ledger.models import Movement, MovementLine, MovementPayment

_ITS_OWN = frozenset({"id", "number2", "external_id", "created_by", "created_at", "updated_at", "siigo", "sag"})
_ONLY_OF_THAT_ONE = frozenset({"canceled_voucher", "cufe", "FechaOriginal"})
"""ERP-only fields that speak of the document that was, by wire name."""


def duplicate(movement: Movement, day: date, author: Any = None) -> Movement:
    """The copy, dated `day`, saved; it takes the place of `movement` where that one is annulled.

    Its dates move along with the day. The number is left to be given: None, or 0 where the ERP gives it.
    """
    with transaction.atomic():
        made = Movement(**_columns(movement, _ITS_OWN | Syncable.managed_columns | {"voided"}))
        made.origin, made.external_id, made.created_by = "manual", uuid4().hex, author
        made.number = 0 if movement.number == 0 else None
        _move_dates(made, movement.date, day)
        made.siigo, made.sag = _kept(movement.siigo), _kept(movement.sag)
        with transitions.editing(made):
            made.save()
            MovementLine.objects.bulk_create(_copied_lines(movement, made))
            MovementPayment.objects.bulk_create(
                [MovementPayment(movement=made, **_part(one)) for one in movement.payments.all()]
            )
            services.recompute_totals(made, made.lines.all())
        decisions.replaced(movement, made)
    return made


def _copied_lines(movement: Movement, made: Movement) -> list[MovementLine]:
    lines = [MovementLine(movement=made, **_part(one)) for one in movement.lines.all()]
    for line in lines:
        line.siigo = _kept(line.siigo)
        line.due_date = _moved(line.due_date, movement.date, made.date)
    return lines


def _move_dates(made: Movement, was: date | None, day: date) -> None:
    made.due_date = _moved(made.due_date, was, day)
    made.date = day
    if made.process_year is not None:
        made.process_year = day.year


def _moved(due: date | None, was: date | None, day: date | None) -> date | None:
    """As many days after the new day as it was after the old one."""
    if due is None or was is None or day is None or due < was:
        return due
    return day + (due - was)


def _columns(row: Any, left_out: frozenset[str]) -> dict[str, Any]:
    kept = (column for column in row._meta.concrete_fields if column.name not in left_out)
    return {column.attname: getattr(row, column.attname) for column in kept}


def _part(row: Any) -> dict[str, Any]:
    return _columns(row, frozenset({"id", "movement"}))


def _kept(sparse: Mapping[str, str]) -> dict[str, str]:
    return {name: value for name, value in sparse.items() if name not in _ONLY_OF_THAT_ONE}
