"""Where a field's value lives on a record, and what its column can hold.

Columns are looked up by duck typing (`_meta.concrete_fields`), so that this stays free of Django and works on
any object with attributes.
"""

from collections.abc import Callable, Hashable
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from integrations.erp.fields.parsing import FieldError, Value
from integrations.erp.fields.spec import Field

_DATE_PARTS = frozenset({"year", "month", "day"})
INTEGER_RANGES = {
    "PositiveSmallIntegerField": (0, 2**15 - 1),
    "PositiveIntegerField": (0, 2**31 - 1),
    "PositiveBigIntegerField": (0, 2**63 - 1),
    "SmallIntegerField": (-(2**15), 2**15 - 1),
    "IntegerField": (-(2**31), 2**31 - 1),
    "BigIntegerField": (-(2**63), 2**63 - 1),
}
"""Kind of integer column → what it holds in PostgreSQL, which every database of ours is held to."""


@dataclass(frozen=True, slots=True)
class ColumnPath:
    """`movement.date.year` taken apart: owner `movement`, attribute `date`, part `year`."""

    owner: str
    attribute: str
    part: str = ""

    def owner_of(self, record: Any) -> Any:
        """The object that has the column: the record itself, or what it refers to."""
        return attrgetter(self.owner)(record) if self.owner else record

    def reader(self) -> Callable[[Any], object]:
        """A function that reads the value; None where a date is not there to have parts."""
        whole = attrgetter(f"{self.owner}.{self.attribute}" if self.owner else self.attribute)
        if not self.part:
            return whole
        part = self.part
        return lambda record: getattr(whole(record), part, None)


@cache
def parse_path(source: str) -> ColumnPath:
    """A dotted source taken apart; a last part of `year`, `month` or `day` is a part of the date before it."""
    *owners, last = source.split(".")
    if last in _DATE_PARTS and owners:
        return ColumnPath(".".join(owners[:-1]), owners[-1], last)
    return ColumnPath(".".join(owners), last)


def path_of(field: Field) -> ColumnPath | None:
    """Where the field's column is; None where the value lives in the sparse JSON."""
    return None if field.source is None else parse_path(field.source)


@dataclass(frozen=True, slots=True)
class _ColumnLimits:
    length: int | None = None
    digits: int | None = None
    decimals: int | None = None
    lowest: int | None = None
    highest: int | None = None


@cache
def _limits_of(model: Hashable, attribute: str) -> _ColumnLimits:
    columns = getattr(getattr(model, "_meta", None), "concrete_fields", ())
    column = next((candidate for candidate in columns if candidate.name == attribute), None)
    if column is None:
        return _ColumnLimits()
    lowest, highest = INTEGER_RANGES.get(column.get_internal_type(), (None, None))
    length, digits, decimals = (getattr(column, name, None) for name in ("max_length", "max_digits", "decimal_places"))
    return _ColumnLimits(length, digits, decimals, lowest, highest)


def require_fits(owner: object, attribute: str, field: Field, value: Value) -> None:
    """Raise FieldError where the column would cut, round or refuse the value."""
    model: Any = type(owner)
    limits = _limits_of(model, field.limits_of or attribute)
    if isinstance(value, str):
        _require_length(limits, field, value)
    elif isinstance(value, Decimal):
        _require_precision(limits, field, value)
    elif isinstance(value, int) and not isinstance(value, bool):
        _require_range(limits, field, value)


def _require_length(limits: _ColumnLimits, field: Field, value: str) -> None:
    if limits.length is not None and len(value) > limits.length:
        raise FieldError(
            field,
            value,
            f"El texto tiene {len(value)} caracteres y caben {limits.length}. Escriba uno más corto.",
        )


def _require_precision(limits: _ColumnLimits, field: Field, value: Decimal) -> None:
    if limits.digits is None or limits.decimals is None:
        return
    decimals = max(0, -int(value.normalize().as_tuple().exponent))
    if decimals > limits.decimals:
        raise FieldError(field, value, f"«{value}» tiene {decimals} decimales y caben {limits.decimals}.")
    if abs(value) >= Decimal(10) ** (limits.digits - limits.decimals):
        raise FieldError(
            field,
            value,
            f"«{value}» es demasiado grande: caben {limits.digits - limits.decimals} cifras enteras.",
        )


def _require_range(limits: _ColumnLimits, field: Field, value: int) -> None:
    if limits.lowest is not None and value < limits.lowest:
        raise FieldError(field, value, f"«{value}» es menor que {limits.lowest}, lo mínimo que cabe.")
    if limits.highest is not None and value > limits.highest:
        raise FieldError(field, value, f"«{value}» es demasiado grande: lo máximo que cabe es {limits.highest}.")
