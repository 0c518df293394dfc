"""Values on their way between an ERP's format and a record: parse, store, write.

Nothing is guessed, cut or rounded: what does not fit is a `FieldError` that says what to write instead.
Writing is here, reading in `parsing` and `storing`, the room of columns in `columns`; all of it is imported
from here.
"""

from collections.abc import Callable, Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from integrations.erp.fields.columns import split
from integrations.erp.fields.dialect import Dialect
from integrations.erp.fields.parsing import FieldError, Value, is_blank, parse
from integrations.erp.fields.spec import Catalogue, Field, Form, Wire
from integrations.erp.fields.storing import finish_dates, store

__all__ = [
    "FieldError",
    "Value",
    "WireValue",
    "carries",
    "current",
    "finish_dates",
    "held_rows",
    "parse",
    "store",
    "wire_items",
    "wire_value",
]

WireValue = str | int | Decimal


def current(field: Field, record: Any) -> object:
    """What the record holds of a field, unconverted: the column's value, else the sparse text, else None.

    An explicitly empty value is the text that was given, blank.
    """
    return _reader(field)(record)


def _reader(field: Field) -> Callable[[Any], object]:
    return _reader_of(field.name, field.source, field.sparse_in, field.derived)


@cache
def _reader_of(name: str, source: str | None, sparse_in: str, derived: bool) -> Callable[[Any], object]:
    sparse_of = attrgetter(sparse_in)
    if source is None:
        return lambda record: sparse_of(record).get(name)
    read = split(source).reader()
    if derived:
        return read

    def column_first(record: Any) -> object:
        value = read(record)
        if value is None or value == "":
            return sparse_of(record).get(name)
        return value

    return column_first


def wire_value(field: Field, record: Any, dialect: Dialect) -> WireValue | None:
    """What goes out for a field under its own name, default included; None: nothing.

    Raises: FieldError where the record holds what the format can't carry.
    """
    return _outgoing(field, current(field, record), record, dialect)


def _outgoing(field: Field, held: object, record: Any, dialect: Dialect) -> WireValue | None:
    if is_blank(held):
        filled = _default(field, record, dialect)
        if filled is None:
            return None if held is None else _empty(field, str(held))
        held = filled
    if field.coded and dialect.codes:
        held = dialect.translated(field.coded, str(held).strip())
    return _ENCODERS[field.form](field, held, dialect)


def _empty(field: Field, text: str) -> str | None:
    """An explicit empty text has a form only where the wire is text: a JSON number can't be blank."""
    return text if field.wire is Wire.STRING else None


def _default(field: Field, record: Any, dialect: Dialect) -> str | None:
    given = dialect.defaults.get(field.name, field.default)
    if not given or not dialect.fills(field.name):
        return None
    if field.default_when is not None and not field.default_when(record):
        return None
    return given


def _encode_text(field: Field, held: object, dialect: Dialect) -> WireValue:
    text = str(held)
    if dialect.pad_right and field.name in dialect.pad_right:
        text = text.ljust(dialect.pad_right[field.name], "0")
    if field.wire is Wire.NUMBER and field.name not in dialect.as_text:
        if not (text.isascii() and text.isdigit()):
            raise FieldError(
                field,
                text,
                f"«{text}» no se puede enviar: aquí va un número. Escriba, por ejemplo, {field.sample}.",
            )
        return int(text)
    return text.upper() if dialect.uppercase and not field.keep_case else text


def _encode_number(field: Field, held: object, dialect: Dialect) -> WireValue:
    if isinstance(held, str):
        number = parse(field, held)
        if field.wire is Wire.STRING or field.name in dialect.as_text:
            return held.strip()
        return _shortest(number) if "." not in held else Decimal(held.strip())
    shortest = _shortest(held)
    as_number = field.wire is Wire.NUMBER and field.name not in dialect.as_text
    return shortest if as_number else format(Decimal(shortest), "f")


def _shortest(number: object) -> int | Decimal:
    """A number without trailing zeros nor exponent; an int where it is whole."""
    exact = number if isinstance(number, Decimal) else Decimal(str(number))
    whole = int(exact)
    return whole if whole == exact else Decimal(f"{exact.normalize():f}")


def _encode_date(field: Field, held: object, dialect: Dialect) -> WireValue:
    day = held if isinstance(held, date) else parse(field, held)
    assert isinstance(day, date)  # noqa: S101 - parse of a date field that isn't blank
    return day.strftime("%Y/%m/%d") if field.slash_date and dialect.slash_dates else day.isoformat()[:10]


def _encode_flag(field: Field, held: object, _dialect: Dialect) -> WireValue:
    answer = held if isinstance(held, bool) else parse(field, held)
    return "S" if answer else "N"


_ENCODERS: dict[Form, Callable[[Field, object, Dialect], WireValue]] = {
    Form.TEXT: _encode_text,
    Form.INTEGER: _encode_number,
    Form.DECIMAL: _encode_number,
    Form.DATE: _encode_date,
    Form.FLAG: _encode_flag,
}


class _Plan:
    """A catalogue compiled for a dialect: columns are read always, sparse values only where they are set."""

    def __init__(self, catalogue: Catalogue, dialect: Dialect, *, updating: bool) -> None:
        self.catalogue = catalogue
        self.always: list[tuple[int, Field, Callable[[Any], object], tuple[str, ...]]] = []
        self.sparse: dict[str, tuple[int, Field, tuple[str, ...]]] = {}
        self.sparse_in = catalogue.fields[0].sparse_in if catalogue.fields else "sag"
        for index, row in enumerate(catalogue):
            names = _names(catalogue, row, dialect, updating=updating)
            if row.source is None and _default_text(row, dialect) is None:
                self.sparse[row.name] = (index, row, names)
            else:
                self.always.append((index, row, _reader(row), names))


def _default_text(row: Field, dialect: Dialect) -> str | None:
    return dialect.defaults.get(row.name, row.default)


def _names(catalogue: Catalogue, row: Field, dialect: Dialect, *, updating: bool) -> tuple[str, ...]:
    if not dialect.sends(row.name):
        return ()
    further = row.also_as + (row.also_on_update if updating else ())
    sent = (name for name in further if dialect.sends(name))
    return (dialect.spells(catalogue.key, row.name), *sent)


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
    found = sorted(_outgoing_rows(plan, record, dialect), key=lambda row: row[0])
    return [(name, value) for _index, names, value in found for name in names]


def _outgoing_rows(plan: _Plan, record: Any, dialect: Dialect) -> Iterator[tuple[int, tuple[str, ...], WireValue]]:
    for index, row, read, names in plan.always:
        value = _outgoing(row, read(record), record, dialect)
        if value is not None:
            yield index, names, value
    for name, held in getattr(record, plan.sparse_in).items():
        known = plan.sparse.get(name)
        if known is not None:
            value = _outgoing(known[1], held, record, dialect)
            if value is not None:
                yield known[0], known[2], value


def held_rows(catalogue: Catalogue, record: Any) -> Iterator[tuple[Field, object]]:
    """(row, what the record holds of it) for every column and every sparse value that is set."""
    for row in catalogue.columns:
        yield row, _reader(row)(record)
    if catalogue.sparse:
        by_name = catalogue.sparse_by_name
        for name, held in getattr(record, catalogue.sparse[0].sparse_in).items():
            if name in by_name:
                yield by_name[name], held


def carries(catalogue: Catalogue, record: Any) -> bool:
    """Whether the record holds anything of a catalogue by itself: correlators and defaults don't count."""
    return any(not row.derived and current(row, record) is not None for row in catalogue)
