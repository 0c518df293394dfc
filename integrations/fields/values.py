"""Values on their way between an ERP's format and a record: parse, store, write.

Nothing is guessed, cut or rounded: what does not fit is a `FieldError` that says what to write instead.
Reading lives here and in `parsing`; limits of columns in `columns`.
"""

from collections.abc import Callable, Iterator, MutableMapping
from datetime import date
from decimal import Decimal
from functools import cache
from operator import attrgetter
from typing import Any

from integrations.fields.columns import Path, path_of, require_room, split
from integrations.fields.dialect import Dialect
from integrations.fields.parsing import FieldError, Value, is_blank, literal_of, parse
from integrations.fields.spec import Catalogue, Field, Form, Wire

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
_PENDING = "_pending_date_parts"
FIRST_YEAR, LAST_YEAR = 1900, 2199


def store(record: Any, field: Field, raw: object) -> None:
    """Put a value of a file where the record keeps it: a column, or literally in its sparse JSON.

    An explicitly empty text is remembered, so that it goes out empty again; None clears. Derived fields are
    passed over. Date parts wait for `finish_dates`.

    Raises: FieldError where the value is not of the field's kind or has no room in its column.
    """
    if field.derived:
        return
    value = parse(field, raw)
    path = path_of(field)
    if path is None:
        _remember(record, field, raw)
    elif path.part:
        _collect_part(record, field, value, raw)
    else:
        _assign(path, record, field, value, raw)


def _remember(record: Any, field: Field, raw: object) -> None:
    sparse: MutableMapping[str, str] = getattr(record, field.sparse_in)
    if raw is None:
        sparse.pop(field.name, None)
    else:
        sparse[field.name] = literal_of(field, raw)


def _assign(path: Path, record: Any, field: Field, value: Value, raw: object) -> None:
    owner = path.owner_of(record)
    if value is not None:
        require_room(owner, path.attribute, field, value)
        setattr(owner, path.attribute, value)
    elif field.form is not Form.FLAG:
        setattr(owner, path.attribute, "" if field.form is Form.TEXT else None)
    _mark_empty(record, field, raw, is_empty=value is None)


def _mark_empty(record: Any, field: Field, raw: object, *, is_empty: bool) -> None:
    sparse: MutableMapping[str, str] = getattr(record, field.sparse_in)
    if is_empty and raw is not None:
        sparse[field.name] = literal_of(field, raw)
    else:
        sparse.pop(field.name, None)


def _collect_part(record: Any, field: Field, value: Value, raw: object) -> None:
    pending = getattr(record, _PENDING, None)
    if pending is None:
        pending = {}
        setattr(record, _PENDING, pending)
    path = path_of(field)
    assert path is not None  # noqa: S101 - the caller saw a part, so there is a path
    parts = pending.setdefault((path.owner, path.attribute), {})
    parts[path.part] = (field, value, raw)


def finish_dates(record: Any) -> None:
    """Make dates of the parts that `store` collected; three zeros are Siigo's way to say that there is none.

    Raises: FieldError for a day that the calendar doesn't have, or a date with a part missing.
    """
    pending: dict[tuple[str, str], dict[str, tuple[Field, Value, object]]] = getattr(record, _PENDING, {})
    for (owner_path, attribute), parts in pending.items():
        owner = attrgetter(owner_path)(record) if owner_path else record
        whole = _whole_date(parts)
        setattr(owner, attribute, whole)
        for field, _value, raw in parts.values():
            _mark_empty(record, field, raw, is_empty=whole is None)
    if pending:
        delattr(record, _PENDING)


def _whole_date(parts: dict[str, tuple[Field, Value, object]]) -> date | None:
    if not any(value for _field, value, _raw in parts.values()):
        return None
    for name, spanish in (("year", "el año"), ("month", "el mes"), ("day", "el día")):
        if name not in parts or parts[name][1] is None:
            given = next(iter(parts.values()))
            raise FieldError(given[0], given[2], f"A la fecha le falta {spanish}. Escriba año, mes y día.")
    year, month, day = (int(str(parts[name][1])) for name in ("year", "month", "day"))
    try:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(year)
        return date(year, month, day)
    except ValueError:
        shown = f"{day:02}/{month:02}/{year}"
        field = parts["day"][0]
        raise FieldError(field, shown, f"La fecha {shown} no existe. Revise año, mes y día.") from None


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
    return shortest if field.wire is Wire.NUMBER and field.name not in dialect.as_text else f"{shortest:f}"


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


def _outgoing_rows(
    plan: _Plan, record: Any, dialect: Dialect
) -> Iterator[tuple[int, tuple[str, ...], WireValue]]:
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
