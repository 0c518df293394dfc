"""One value on its way in (`parse`, `store`) and on its way out (`wire_value`). Strict: nothing is guessed.

Columns keep typed values; the sparse JSON keeps literal text, so that `1.0` stays `1.0` and an attribute that
was there and empty stays there and empty.
"""

import datetime
import re
from collections.abc import Iterator, Mapping
from decimal import Decimal
from functools import cache
from typing import Any

from integrations.errors import IntegrationError, PayloadError
from integrations.fields.spec import Catalogue, Field, Form, Wire

Value = str | int | Decimal | bool | datetime.date | None
WireValue = str | int | Decimal

_NUMBER = re.compile(r"-?\d+(\.\d+)?", re.ASCII)
_DATE = re.compile(r"(\d{4})[-/](\d{1,2})[-/](\d{1,2})", re.ASCII)
_PARTS = ("year", "month", "day")
_PART_NAMES = {"year": "el año", "month": "el mes", "day": "el día"}
_PENDING = "_date_parts"
_WIDEST_INTEGER = {
    "PositiveSmallIntegerField": 32_767,
    "PositiveIntegerField": 2_147_483_647,
    "BigIntegerField": 9_223_372_036_854_775_807,
}


class FieldError(IntegrationError):
    """A value that the field can't hold: which field, which value, and what to write instead."""

    def __init__(self, field: Field, value: object, why: str) -> None:
        super().__init__(f"{field.label}: «{value}» {why}")
        self.field = field
        self.value = str(value)


def parse(field: Field, raw: object) -> Value:
    """A wire value (JSON scalar or attribute text) as a Python value; None and blank text are None.

    Raises: FieldError.
    """
    if raw is None or (isinstance(raw, str) and not raw.strip()):
        return None
    if isinstance(raw, bool) or not isinstance(raw, str | int | Decimal):
        raise FieldError(field, raw, f"no sirve aquí. Escriba {_wanted(field)}.")
    if field.form in (Form.INTEGER, Form.DECIMAL):
        return _number(field, raw)
    if field.form is Form.DATE:
        return _date(field, str(raw))
    if field.form is Form.FLAG:
        return _flag(field, str(raw))
    return str(raw)


def _wanted(field: Field) -> str:
    example = f", por ejemplo {field.sample}" if field.sample else ""
    return {
        Form.TEXT: "un texto",
        Form.INTEGER: "un número entero",
        Form.DECIMAL: "un número",
        Form.DATE: "una fecha AAAA-MM-DD",
        Form.FLAG: "S o N",
    }[field.form] + example


def _number(field: Field, raw: str | int | Decimal) -> int | Decimal | str:
    said = format(raw, "f") if isinstance(raw, Decimal) else str(raw).strip()
    if not _NUMBER.fullmatch(said):
        if isinstance(raw, str) and field.pattern and re.fullmatch(field.pattern, said):
            return said  # a code with letters that the ERP's table types as a number
        raise FieldError(field, raw, f"no es un número. Escriba {_wanted(field)}.")
    if field.form is Form.INTEGER and "." in said:
        raise FieldError(field, raw, f"tiene decimales. Escriba {_wanted(field)}.")
    return Decimal(said) if "." in said else int(said)


def _date(field: Field, said: str) -> datetime.date:
    found = _DATE.fullmatch(said.strip())
    if found is None:
        raise FieldError(field, said, "no es una fecha. Escríbala como AAAA-MM-DD, por ejemplo 2026-11-21.")
    return real_date(field, *map(int, found.groups()))


def real_date(field: Field, year: int, month: int, day: int) -> datetime.date:
    """Raises: FieldError for a day that the calendar does not have."""
    try:
        return datetime.date(year, month, day)
    except ValueError:
        raise FieldError(
            field, f"{day:02}/{month:02}/{year}", "no existe en el calendario. Corrija la fecha."
        ) from None


def _flag(field: Field, said: str) -> bool:
    letter = said.strip().upper()
    if letter not in ("S", "N"):
        raise FieldError(field, said, "no sirve. Escriba S o N.")
    return letter == "S"


def literal(raw: object) -> str:
    """The text that the sparse JSON keeps: numbers as they were written, never through a float."""
    return format(raw, "f") if isinstance(raw, Decimal) else str(raw)


def store(record: Any, field: Field, raw: object) -> None:
    """Put a wire value where the field lives: its column, or the record's sparse JSON.

    Raises: FieldError where the value is not of the field's kind or does not fit; nothing is cut or rounded.
    """
    if field.derived or raw is None:
        return
    value = parse(field, raw)
    if field.source is None or value is None:
        getattr(record, field.sparse_in)[field.name] = literal(raw)
        return
    owner_path, _, name = field.source.rpartition(".")
    if name in _PARTS:
        _keep_part(record, field, owner_path, name, value)
        return
    owner = _follow(record, owner_path)
    setattr(owner, name, _fitted(owner, name, field, value))


def _follow(record: Any, path: str) -> Any:
    for part in path.split(".") if path else ():
        record = getattr(record, part)
    return record


def _keep_part(record: Any, field: Field, path: str, part: str, value: Value) -> None:
    pending = record.__dict__.setdefault(_PENDING, {})
    pending.setdefault(path, {})[part] = (field, int(str(value)))


def finish_dates(record: Any) -> None:
    """Turn the year, month and day that `store` collected into dates.

    Raises: FieldError where a part is missing or the calendar has no such day.
    """
    for path, parts in record.__dict__.pop(_PENDING, {}).items():
        field = next(iter(parts.values()))[0]
        if all(number == 0 for _, number in parts.values()):
            continue
        missing = [_PART_NAMES[part] for part in _PARTS if part not in parts]
        if missing:
            raise FieldError(field, "", f"está incompleta: falta {' y '.join(missing)} de la fecha.")
        owner_path, _, name = path.rpartition(".")
        date = real_date(field, *(parts[part][1] for part in _PARTS))
        setattr(_follow(record, owner_path), name, date)


def _fitted(owner: Any, name: str, field: Field, value: Value) -> Any:
    """The value as the column takes it; plain objects and properties take it as it is."""
    column = _column(owner.__class__, name)
    if column is None:
        return value
    kind = column.get_internal_type()
    if kind in ("CharField", "TextField"):
        return _fitted_text(column, field, literal(value))
    if kind == "DecimalField":
        return _fitted_decimal(column, field, value)
    if kind in _WIDEST_INTEGER:
        return _fitted_integer(kind, field, value)
    return value


@cache
def _column(model: type, name: str) -> Any:
    meta = getattr(model, "_meta", None)
    known = {column.name: column for column in meta.concrete_fields} if meta is not None else {}
    return known.get(name)


def _fitted_text(column: Any, field: Field, said: str) -> str:
    if column.max_length is not None and len(said) > column.max_length:
        raise FieldError(field, f"{said[:40]}…", f"tiene {len(said)} caracteres y caben {column.max_length}.")
    return said


def _fitted_decimal(column: Any, field: Field, value: Value) -> Decimal:
    number = Decimal(str(value))
    whole, _, fraction = format(abs(number), "f").partition(".")
    if len(fraction.rstrip("0")) > column.decimal_places:
        raise FieldError(field, value, f"tiene más de {column.decimal_places} decimales.")
    if len(whole.lstrip("0")) > column.max_digits - column.decimal_places:
        raise FieldError(field, value, "es demasiado grande.")
    return number


def _fitted_integer(kind: str, field: Field, value: Value) -> int:
    if not isinstance(value, int):
        raise FieldError(field, value, "no es un número entero.")
    least = -_WIDEST_INTEGER[kind] if kind == "BigIntegerField" else 0
    if not least <= value <= _WIDEST_INTEGER[kind]:
        raise FieldError(field, value, "está fuera de lo que cabe.")
    return value


def wire_items(catalogue: Catalogue, record: Any, dialect: Mapping[str, Any]) -> Iterator[tuple[str, WireValue]]:
    """The fields that are set, in the ERP's order, under every spelling that the dialect sends."""
    for field in catalogue.fields:
        value = wire_value(field, record, dialect)
        if value is not None:
            yield field.name, value
            for spelling in field.also_as:
                if dialect.get(f"also_{spelling}", True):
                    yield spelling, value


def wire_value(field: Field, record: Any, dialect: Mapping[str, Any]) -> WireValue | None:
    """The value as it travels; None where it is not set and has no default.

    Raises: PayloadError where the wire needs a number and the record has none.
    """
    value = _read(record, field.source)
    if value is None or value == "":
        kept = getattr(record, field.sparse_in, {}).get(field.name)
        kept = _default(field, record, dialect) if kept is None else kept
        return None if kept is None else _from_text(field, kept, dialect)
    if isinstance(value, str):
        return _from_text(field, value, dialect)
    if isinstance(value, bool):
        return "S" if value else "N"
    if isinstance(value, datetime.date):
        return _dated(field, value, dialect)
    number = plain(value)
    return number if field.wire is Wire.NUMBER else str(number)


def _default(field: Field, record: Any, dialect: Mapping[str, Any]) -> str | None:
    if field.default_from is not None:
        return dialect.get(field.default_from) or None
    if field.default is None or not dialect.get("fill_defaults", True):
        return None
    return field.default if field.default_when is None or field.default_when(record) else None


def _read(record: Any, source: str | None) -> Any:
    if source is None:
        return None
    for part in source.split("."):
        if record is None:
            return None
        record = getattr(record, part)
    return record


def _from_text(field: Field, said: str, dialect: Mapping[str, Any]) -> WireValue | None:
    if field.wire is Wire.STRING:
        if field.form is Form.DATE:
            return _dated_text(field, said, dialect)
        upper = dialect.get("upper_case", False) and field.form is Form.TEXT and "email" not in field.name.lower()
        return said.upper() if upper else said
    if not said.strip():
        return None
    if _NUMBER.fullmatch(said):
        return Decimal(said) if "." in said else int(said)
    if field.pattern and re.fullmatch(field.pattern, said):
        return said
    raise PayloadError(f"{field.label}: «{said}» no es un número. Corríjalo para poder enviar.")


def _dated(field: Field, value: datetime.date, dialect: Mapping[str, Any]) -> str:
    slash = field.slash_date and dialect.get("slash_date", True)
    return value.strftime("%Y/%m/%d" if slash else "%Y-%m-%d")


def _dated_text(field: Field, said: str, dialect: Mapping[str, Any]) -> str:
    found = _DATE.fullmatch(said.strip())
    return said if found is None else _dated(field, real_date(field, *map(int, found.groups())), dialect)


def plain(value: int | Decimal) -> int | Decimal:
    """A column's number without the zeros that the column added, and never with an exponent."""
    if isinstance(value, int) or value == value.to_integral_value():
        return int(value)
    return Decimal(format(value.normalize(), "f"))
