"""Rules of a whole voucher for Siigo, beyond its fields."""

import datetime
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from integrations.fields.money import money
from integrations.fields.validation import Problem, problem

MOST_LINES = 250
EXTRA_ACCOUNTING = frozenset("VYZ")
"""Letters of another resource of the connector (`siigo-notes`, section 2.2)."""


def process_year(movement: Any) -> int:
    """`params.year`: the movement's process year, else the document's, else the current one (`settled.md`)."""
    if movement.process_year:
        return int(movement.process_year)
    date = movement.date or datetime.datetime.now(tz=datetime.UTC).date()
    return int(date.year)


def check_record(record: Any, severities: Mapping[str, str]) -> list[Problem]:
    """What the voucher as a whole breaks; records of other kinds have no such rules."""
    if not hasattr(record, "voucher_type"):
        return []
    lines = sorted(record.lines.all(), key=lambda line: line.position)
    return [
        *_shape(record, lines, severities),
        *_balance(lines, severities),
        *_accounts(lines, severities),
    ]


def _shape(movement: Any, lines: list[Any], severities: Mapping[str, str]) -> Iterator[Problem]:
    if not lines:
        yield from problem("no_lines", severities, "El movimiento no tiene líneas.")
    if len(lines) > MOST_LINES:
        message = f"El comprobante tiene {len(lines)} líneas y Siigo recibe hasta {MOST_LINES}."
        yield from problem("too_many_lines", severities, message)
    if movement.voucher_type in EXTRA_ACCOUNTING:
        message = f"El tipo {movement.voucher_type} es de pedidos, órdenes o cotizaciones: no es contable."
        yield from problem("voucher_letter", severities, message, value=movement.voucher_type)
    if not movement.number:
        message = "Falta el número: sin él no se puede comprobar si el comprobante ya está en Siigo."
        yield from problem("no_number", severities, message)
    year = process_year(movement)
    if movement.date and movement.date.year != year:
        message = f"El año de proceso es {year} y el del documento {movement.date.year}."
        yield from problem("year", severities, message, value=year)


def _balance(lines: list[Any], severities: Mapping[str, str]) -> Iterator[Problem]:
    debit = sum((line.amount or Decimal(0) for line in lines if line.side == "D"), Decimal(0))
    credit = sum((line.amount or Decimal(0) for line in lines if line.side == "C"), Decimal(0))
    if debit != credit:
        message = f"Débitos y créditos no cuadran: la diferencia es {money(debit - credit)}."
        yield from problem("unbalanced", severities, message, value=debit - credit)


def _accounts(lines: list[Any], severities: Mapping[str, str]) -> Iterator[Problem]:
    for line in lines:
        if line.account and len(line.account) != 10:
            message = f"La cuenta {line.account} tiene {len(line.account)} dígitos; en Siigo son 10."
            yield from problem("account_width", severities, message, line=line.position, value=line.account)
