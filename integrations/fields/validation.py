"""Checking a record's fields against their rows: what is missing, what is not allowed, what is too wide."""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import Any

from integrations.errors import IntegrationError
from integrations.fields.rules import rules_version, severity_of
from integrations.fields.severity import Severity
from integrations.fields.spec import Catalogue, Field, Form
from integrations.fields.values import WireValue, wire_value

__all__ = ["Problem", "check_fields", "problem", "rules_version", "severity_of"]


@dataclass(frozen=True, slots=True)
class Problem:
    """One broken rule of one record, in words for staff. `line` is the line's position, or None."""

    rule: str
    severity: Severity
    field_label: str
    field_name: str
    message: str
    line: int | None = None
    value: str = ""


def problem(
    rule: str,
    severities: Mapping[str, str],
    message: str,
    *,
    field: Field | None = None,
    line: int | None = None,
    value: object = "",
) -> Iterator[Problem]:
    """The problem, unless the connection turned its rule off."""
    severity = severity_of(rule, severities)
    if severity is Severity.OFF:
        return
    label, name = (field.label, field.name) if field else ("", "")
    where = f"Línea {line}: " if line is not None else ""
    yield Problem(rule, severity, label, name, f"{where}{message}", line, str(value))


def check_fields(
    catalogue: Catalogue,
    record: Any,
    dialect: Mapping[str, Any],
    severities: Mapping[str, str],
    line: int | None = None,
) -> Iterator[Problem]:
    """Every rule that the record's fields break, in the ERP's order."""
    for field in catalogue.fields:
        try:
            value = wire_value(field, record, dialect)
        except IntegrationError as impossible:
            yield from problem("kind", severities, str(impossible), field=field, line=line)
            continue
        if value is None or value == "":
            if field.required is not None and field.required(record):
                message = f"Falta {_named(field)}."
                yield from problem(field.required_rule, severities, message, field=field, line=line)
        else:
            for rule, message in _broken(field, value):
                yield from problem(rule, severities, message, field=field, line=line, value=value)


def _named(field: Field) -> str:
    return f"«{field.label}»"


def _broken(field: Field, value: WireValue) -> Iterator[tuple[str, str]]:
    if field.allowed and str(value) not in field.allowed:
        yield field.value_rule, f"{_named(field)} es «{value}»: debe ser {_either(field.allowed)}."
    if field.pattern and not _matches(field, str(value)):
        yield field.value_rule, f"{_named(field)} es «{value}» y no tiene la forma esperada{_like(field)}."
    if field.form in (Form.INTEGER, Form.DECIMAL):
        yield from _broken_number(field, value)
    elif field.length is not None and len(str(value)) > field.length:
        yield field.width_rule, f"{_named(field)} tiene {len(str(value))} caracteres y caben {field.length}."
    if field.sparse_in == "siigo" and isinstance(value, str) and not _fits_windows_1252(value):
        yield "charset", f"{_named(field)} tiene caracteres que Siigo no puede guardar: «{value[:60]}»."


def _broken_number(field: Field, value: WireValue) -> Iterator[tuple[str, str]]:
    try:
        number = Decimal(str(value))
    except ArithmeticError:
        if not field.pattern:
            yield "kind", f"{_named(field)} es «{value}», que no es un número."
        return
    if field.minimum is not None and number < Decimal(field.minimum):
        yield field.value_rule, f"{_named(field)} es {value}: no puede ser menor que {field.minimum}."
    if field.maximum is not None and number > Decimal(field.maximum):
        yield field.value_rule, f"{_named(field)} es {value}: no puede ser mayor que {field.maximum}."
    whole, _, fraction = format(abs(number), "f").partition(".")
    if field.digits is not None and len(whole.lstrip("0")) > field.digits:
        yield field.width_rule, f"{_named(field)} es {value}: caben {field.digits} dígitos."
    if field.decimals is not None and len(fraction.rstrip("0")) > field.decimals:
        yield field.width_rule, f"{_named(field)} es {value}: caben {field.decimals} decimales."


def _matches(field: Field, said: str) -> bool:
    if field.form in (Form.INTEGER, Form.DECIMAL) and said.lstrip("-").replace(".", "", 1).isdigit():
        return True
    return _compiled(field.pattern or "").fullmatch(said) is not None


@cache
def _compiled(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.DOTALL)


def _like(field: Field) -> str:
    return f", por ejemplo {field.sample}" if field.sample else ""


def _either(values: Iterable[str]) -> str:
    *others, last = values
    return f"{', '.join(others)} o {last}" if others else last


def _fits_windows_1252(said: str) -> bool:
    if said.isascii():
        return True
    try:
        said.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
