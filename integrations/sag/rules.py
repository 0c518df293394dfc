"""Rules of a whole record for SAG, beyond its fields."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from integrations.fields.money import money
from integrations.fields.validation import Problem, problem

CENT = Decimal("0.01")


def check_record(record: Any, severities: Mapping[str, str]) -> list[Problem]:
    """What the record as a whole breaks."""
    if hasattr(record, "check_digit"):
        return list(_check_digit(record, severities))
    if hasattr(record, "source_code"):
        return [*_document(record, severities), *_payments(record, severities)]
    return []


def _check_digit(party: Any, severities: Mapping[str, str]) -> Iterator[Problem]:
    if party.check_digit_is_wrong:
        message = f"El dígito de verificación {party.check_digit} no corresponde al número {party.tax_id}."
        yield from problem("check_digit", severities, message, value=party.check_digit)


def _document(movement: Any, severities: Mapping[str, str]) -> Iterator[Problem]:
    lines = list(movement.lines.all())
    if not lines:
        yield from problem("no_lines", severities, "El movimiento no tiene líneas.")
    difference = sum((line.signed_amount or Decimal(0) for line in lines), Decimal(0))
    if difference:
        message = f"Débitos y créditos no cuadran: la diferencia es {money(difference)}."
        yield from problem("unbalanced", severities, message, value=difference)
    if movement.sag.get("RealizarCommit") == "N":
        message = "Pide RealizarCommit=N: aunque SAG responda OK quedará por confirmar."
        yield from problem("commit", severities, message)


def _payments(movement: Any, severities: Mapping[str, str]) -> Iterator[Problem]:
    payments = list(movement.payments.all())
    paid = sum((payment.amount for payment in payments), Decimal(0))
    if payments and abs(paid - movement.total) >= CENT:
        message = f"Los medios de pago suman {money(paid)} y el total es {money(movement.total)}."
        yield from problem("payments", severities, message, value=paid)
