"""Values on their way between an ERP's format and a record: parse, store, write.

Nothing is guessed, cut or rounded: what does not fit is a `FieldError` that says what to write instead.
Writing is here, reading in `parsing` and `storing`, the size of columns in `columns`; all of it is imported
from here.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any, NamedTuple

from integrations.erp.fields.columns import parse_path
from integrations.erp.fields.dialect import Dialect
from integrations.erp.fields.parsing import MOST_DIGITS, FieldError, Value, is_blank, parse
from integrations.erp.fields.spec import Catalogue, Field, ValueType, WireType
from integrations.erp.fields.storing import finish_dates, store

__all__ = [
    "FieldError",
    "Value",
    "WireValue",
    "finish_dates",
    "has_own_values",
    "parse",
    "shortest_number",
    "store",
    "stored_value",
    "stored_values",
    "wire_items",
    "wire_value",
]

WireValue = str | int | Decimal


def stored_value(field: Field, record: Any) -> object:
    """What the record has of a field, unconverted: the column's value, else the sparse text, else None.

    A value that was explicitly empty is the blank text as it was written.
    """
    return _reader(field)(record)


def _reader(field: Field) -> Callable[[Any], object]:
    return _reader_of(field.name, field.source, field.sparse_in, field.derived)


@cache
def _reader_of(name: str, source: str | None, sparse_in: str, derived: bool) -> Callable[[Any], object]:
    sparse_of = attrgetter(sparse_in)
    if source is None:
        return lambda record: sparse_of(record).get(name)
    read = parse_path(source).reader()
    if derived:
        return read
    # What is explicitly empty is an empty column and a blank text in the sparse JSON.
    return lambda record: sparse_of(record).get(name) if (value := read(record)) is None or value == "" else value


def wire_value(field: Field, record: Any, dialect: Dialect) -> WireValue | None:
    """What goes out for a field under its own name, default included; None: nothing.

    Raises: FieldError where the record holds what the format can't carry.
    """
    return _outgoing(field, stored_value(field, record), record, dialect)


def _outgoing(field: Field, stored: object, record: Any, dialect: Dialect) -> WireValue | None:
    value = stored
    if is_blank(stored):
        value = _default(field, record, dialect)
        if value is None:
            # An explicitly empty text has a form only where the wire is text: a JSON number can't be blank.
            return str(stored) if stored is not None and field.wire_type is WireType.STRING else None
    if field.coded and dialect.codes:
        value = dialect.translated(field.coded, str(value).strip())
    return _ENCODERS[field.value_type](field, value, dialect)


def _default(field: Field, record: Any, dialect: Dialect) -> str | None:
    text = _default_text(field, dialect)
    if not text or not dialect.fills(field.name):
        return None
    return text if field.default_when is None or field.default_when(record) else None


def _default_text(field: Field, dialect: Dialect) -> str | None:
    return dialect.defaults.get(field.name, field.default)


def _encode_text(field: Field, value: object, dialect: Dialect) -> WireValue:
    text = str(value)
    if dialect.pad_right and field.name in dialect.pad_right:
        text = text.ljust(dialect.pad_right[field.name], "0")
    is_number = _is_json_number(field, dialect)
    is_sendable = text.isascii() and text.isdigit() and len(text) <= MOST_DIGITS
    if (is_number or field.digits_only) and not is_sendable:
        message = f"«{text}» no se puede enviar: aquí va un número. Escriba, por ejemplo, {field.sample}."
        raise FieldError(field, text, message)
    if is_number:
        return int(text)
    return text.upper() if dialect.uppercase and not field.keep_case else text


def _is_json_number(field: Field, dialect: Dialect) -> bool:
    return field.wire_type is WireType.NUMBER and field.name not in dialect.as_text


def _encode_number(field: Field, value: object, dialect: Dialect) -> WireValue:
    if isinstance(value, str):
        number = parse(field, value)
        if not _is_json_number(field, dialect):
            return value.strip()
        return Decimal(value.strip()) if "." in value else shortest_number(number)
    shortest = shortest_number(value)
    return shortest if _is_json_number(field, dialect) else format(Decimal(shortest), "f")


def shortest_number(number: object) -> int | Decimal:
    """A number without trailing zeros nor exponent; an int where it is whole."""
    exact = number if isinstance(number, Decimal) else Decimal(str(number))
    whole = int(exact)
    return whole if whole == exact else Decimal(f"{exact.normalize():f}")


def _encode_date(field: Field, value: object, dialect: Dialect) -> WireValue:
    day = value if isinstance(value, date) else parse(field, value)
    assert isinstance(day, date)  # noqa: S101 - parse of a date field that isn't blank
    return day.strftime("%Y/%m/%d") if field.slash_date and dialect.slash_dates else day.isoformat()[:10]


def _encode_flag(field: Field, value: object, _dialect: Dialect) -> WireValue:
    is_yes = value if isinstance(value, bool) else parse(field, value)
    return "S" if is_yes else "N"


_ENCODERS: dict[ValueType, Callable[[Field, object, Dialect], WireValue]] = {
    ValueType.TEXT: _encode_text,
    ValueType.INTEGER: _encode_number,
    ValueType.DECIMAL: _encode_number,
    ValueType.DATE: _encode_date,
    ValueType.FLAG: _encode_flag,
}


class _OutgoingField(NamedTuple):
    position: int
    """Its place in the ERP's order."""
    field: Field
    names: tuple[str, ...]
    """Every spelling under which it goes out."""
    read: Callable[[Any], object]


class _Plan:
    """A catalogue compiled for a dialect: columns are read always, sparse values only where they are set."""

    def __init__(self, catalogue: Catalogue, dialect: Dialect, *, updating: bool) -> None:
        self.catalogue = catalogue
        self.always: list[_OutgoingField] = []
        self.sparse: dict[str, _OutgoingField] = {}
        self.sparse_in = catalogue.fields[0].sparse_in if catalogue.fields else "sag"
        for position, field in enumerate(catalogue):
            names = _names(catalogue, field, dialect, updating=updating)
            outgoing = _OutgoingField(position, field, names, _reader(field))
            if field.source is None and _default_text(field, dialect) is None:
                self.sparse[field.name] = outgoing
            else:
                self.always.append(outgoing)


def _names(catalogue: Catalogue, field: Field, dialect: Dialect, *, updating: bool) -> tuple[str, ...]:
    if not dialect.sends(field.name):
        return ()
    further = field.also_as + (field.also_on_update if updating else ())
    sent = (name for name in further if dialect.sends(name))
    return (dialect.spells(catalogue.key, field.name), *sent)


def _plan(catalogue: Catalogue, dialect: Dialect, *, updating: bool) -> _Plan:
    key = f"{catalogue.key}/{updating}"
    plan = dialect.plans.get(key)
    if not isinstance(plan, _Plan) or plan.catalogue is not catalogue:
        plan = dialect.plans[key] = _Plan(catalogue, dialect, updating=updating)
    return plan


def wire_items(
    catalogue: Catalogue, record: Any, dialect: Dialect, *, updating: bool = False
) -> list[tuple[str, WireValue]]:
    """Every (wire name, value) that goes out for a record, in the ERP's order, further spellings included.

    Raises: FieldError where the record holds what the format can't carry.
    """
    plan = _plan(catalogue, dialect, updating=updating)
    found = sorted(_outgoing_values(plan, record, dialect), key=lambda item: item[0].position)
    return [(name, value) for outgoing, value in found for name in outgoing.names]


def _outgoing_values(plan: _Plan, record: Any, dialect: Dialect) -> Iterator[tuple[_OutgoingField, WireValue]]:
    for outgoing in plan.always:
        value = _outgoing(outgoing.field, outgoing.read(record), record, dialect)
        if value is not None:
            yield outgoing, value
    for name, stored in getattr(record, plan.sparse_in).items():
        sparse = plan.sparse.get(name)
        if sparse is not None:
            value = _outgoing(sparse.field, stored, record, dialect)
            if value is not None:
                yield sparse, value


def stored_values(catalogue: Catalogue, record: Any) -> Iterator[tuple[Field, object]]:
    """(row, what the record has of it) for every column and every sparse value that is set."""
    for row in catalogue.columns:
        yield row, _reader(row)(record)
    if catalogue.sparse:
        by_name = catalogue.sparse_by_name
        for name, stored in getattr(record, catalogue.sparse[0].sparse_in).items():
            if name in by_name:
                yield by_name[name], stored


def has_own_values(catalogue: Catalogue, record: Any) -> bool:
    """Whether the record itself has anything of a catalogue: correlators and defaults don't count."""
    return any(not row.derived and stored_value(row, record) is not None for row in catalogue)
