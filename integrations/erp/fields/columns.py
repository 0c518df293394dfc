"""Where a field's value lives on a record, and how much room its column has.

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
_INTEGER_RANGES = {
    "PositiveSmallIntegerField": (0, 2**15 - 1),
    "PositiveIntegerField": (0, 2**31 - 1),
    "PositiveBigIntegerField": (0, 2**63 - 1),
    "SmallIntegerField": (-(2**15), 2**15 - 1),
    "IntegerField": (-(2**31), 2**31 - 1),
    "BigIntegerField": (-(2**63), 2**63 - 1),
}


@dataclass(frozen=True, slots=True)
class Path:
    """`movement.date.year` taken apart: owner `movement`, attribute `date`, part `year`."""

    owner: str
    attribute: str
    part: str = ""

    def owner_of(self, record: Any) -> Any:
        return attrgetter(self.owner)(record) if self.owner else record

    def reader(self) -> Callable[[Any], object]:
        """A function that reads the value; None where a date is not there to have parts."""
        whole = attrgetter(f"{self.owner}.{self.attribute}" if self.owner else self.attribute)
        if not self.part:
            return whole
        part = self.part
        return lambda record: getattr(whole(record), part, None)


@cache
def split(source: str) -> Path:
    """A dotted source taken apart."""
    *owners, last = source.split(".")
    if last in _DATE_PARTS and owners:
        return Path(".".join(owners[:-1]), owners[-1], last)
    return Path(".".join(owners), last)


def path_of(field: Field) -> Path | None:
    """Where the field's column is; None where the value lives in the sparse JSON."""
    return None if field.source is None else split(field.source)


@dataclass(frozen=True, slots=True)
class _Room:
    length: int | None = None
    digits: int | None = None
    decimals: int | None = None
    lowest: int | None = None
    highest: int | None = None


@cache
def _room(owner: Hashable, attribute: str) -> _Room:
    meta = getattr(owner, "_meta", None)
    columns = getattr(meta, "concrete_fields", ())
    column = next((each for each in columns if each.name == attribute), None)
    if column is None:
        return _Room()
    lowest, highest = _INTEGER_RANGES.get(column.get_internal_type(), (None, None))
    return _Room(
        getattr(column, "max_length", None),
        getattr(column, "max_digits", None),
        getattr(column, "decimal_places", None),
        lowest,
        highest,
    )


def require_room(owner: object, attribute: str, field: Field, value: Value) -> None:
    """Raise FieldError where the column would cut, round or refuse the value."""
    kind: Any = type(owner)
    room = _room(kind, field.limits_of or attribute)
    if isinstance(value, str):
        _require_length(room, field, value)
    elif isinstance(value, Decimal):
        _require_precision(room, field, value)
    elif isinstance(value, int) and not isinstance(value, bool):
        _require_range(room, field, value)


def _require_length(room: _Room, field: Field, value: str) -> None:
    if room.length is not None and len(value) > room.length:
        raise FieldError(
            field,
            value,
            f"El texto tiene {len(value)} caracteres y caben {room.length}. Escriba uno más corto.",
        )


def _require_precision(room: _Room, field: Field, value: Decimal) -> None:
    if room.digits is None or room.decimals is None:
        return
    decimals = max(0, -int(value.normalize().as_tuple().exponent))
    if decimals > room.decimals:
        raise FieldError(field, value, f"«{value}» tiene {decimals} decimales y caben {room.decimals}.")
    if abs(value) >= Decimal(10) ** (room.digits - room.decimals):
        raise FieldError(
            field,
            value,
            f"«{value}» es demasiado grande: caben {room.digits - room.decimals} cifras enteras.",
        )


def _require_range(room: _Room, field: Field, value: int) -> None:
    if room.lowest is not None and value < room.lowest:
        raise FieldError(field, value, f"«{value}» es menor que {room.lowest}, lo mínimo que cabe.")
    if room.highest is not None and value > room.highest:
        raise FieldError(field, value, f"«{value}» es demasiado grande: lo máximo que cabe es {room.highest}.")
