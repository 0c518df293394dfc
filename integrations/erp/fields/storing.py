"""Putting what a file brings where the record keeps it."""

from collections.abc import MutableMapping
from datetime import date
from typing import Any

from integrations.erp import tax_ids
from integrations.erp.fields.columns import ColumnPath, path_of, require_fits
from integrations.erp.fields.parsing import FieldError, Value, literal_of, parse
from integrations.erp.fields.spec import Field, ValueType

PENDING = "_pending_date_parts"
FIRST_YEAR, LAST_YEAR = 1900, 2199
_Parts = dict[str, tuple[Field, Value, object]]
"""Part of a date → its row, its value and the raw value of the file."""


def store(record: Any, field: Field, raw: object) -> None:
    """Put a value of a file where the record keeps it: a column, or literally in its sparse JSON.

    An explicitly empty text is kept, so that it goes out empty again; None clears. Derived fields are
    passed over. Date parts wait for `finish_dates`.

    Raises: FieldError where the value is not of the field's kind or does not fit into its column.
    """
    if field.derived:
        return
    value = parse(field, raw)
    path = path_of(field)
    if path is None:
        _store_sparse(record, field, raw)
    elif path.part:
        _collect_part(path, record, field, value, raw)
    else:
        _assign(path, record, field, value, raw)


def _store_sparse(record: Any, field: Field, raw: object) -> None:
    sparse: MutableMapping[str, str] = getattr(record, field.sparse_in)
    if raw is None:
        sparse.pop(field.name, None)
    else:
        sparse[field.name] = literal_of(field, raw)


def _assign(path: ColumnPath, record: Any, field: Field, value: Value, raw: object) -> None:
    owner = path.owner_of(record)
    if value is not None:
        require_fits(owner, path.attribute, field, value)
        setattr(owner, path.attribute, value)
        if path.attribute == "tax_id" and isinstance(raw, str):
            _keep_check_digit(owner, raw)
    elif field.value_type is not ValueType.FLAG:
        setattr(owner, path.attribute, "" if field.value_type is ValueType.TEXT else None)
    _mark_empty(record, field, raw, is_empty=value is None)


def _keep_check_digit(owner: Any, raw: str) -> None:
    """Of a master: the digit that was written behind its NIT, where the file has given none by itself."""
    if getattr(owner, "check_digit", None) == "":
        owner.check_digit = tax_ids.read(raw.strip()).written_digit


def _mark_empty(record: Any, field: Field, raw: object, *, is_empty: bool) -> None:
    sparse: MutableMapping[str, str] = getattr(record, field.sparse_in)
    if is_empty and raw is not None:
        sparse[field.name] = literal_of(field, raw)
    else:
        sparse.pop(field.name, None)


def _collect_part(path: ColumnPath, record: Any, field: Field, value: Value, raw: object) -> None:
    pending = getattr(record, PENDING, None)
    if pending is None:
        pending = {}
        setattr(record, PENDING, pending)
    parts = pending.setdefault((path.owner, path.attribute), {})
    parts[path.part] = (field, value, raw)


def finish_dates(record: Any) -> None:
    """Make dates of the years, months and days that `store` collected, once every value of the record is stored.

    Zeros in all parts are no date; what was written of them stays in the sparse JSON. Raises: FieldError, with the
    field to mend, for an impossible or incomplete one.
    """
    pending: dict[tuple[str, str], _Parts] = getattr(record, PENDING, {})
    for (owner_path, attribute), parts in pending.items():
        owner = ColumnPath(owner_path, attribute).owner_of(record)
        whole = _whole_date(parts)
        setattr(owner, attribute, whole)
        for field, _value, raw in parts.values():
            _mark_empty(record, field, raw, is_empty=whole is None)
    if pending:
        delattr(record, PENDING)


def _whole_date(parts: _Parts) -> date | None:
    if not any(value for _field, value, _raw in parts.values()):
        return None
    for name, spanish in (("year", "el año"), ("month", "el mes"), ("day", "el día")):
        if name not in parts or parts[name][1] is None:
            field, _value, raw = next(iter(parts.values()))
            raise FieldError(field, raw, f"A la fecha le falta {spanish}. Escriba año, mes y día.")
    year, month, day = (int(str(parts[name][1])) for name in ("year", "month", "day"))
    try:
        if not FIRST_YEAR <= year <= LAST_YEAR:
            raise ValueError(year)
        return date(year, month, day)
    except ValueError:
        shown = f"{day:02}/{month:02}/{year}"
        field = parts["day"][0]
        raise FieldError(field, shown, f"La fecha {shown} no existe. Revise año, mes y día.") from None
