"""What SAG asks of a whole document or master, beyond its fields."""

from collections.abc import Iterator, Mapping, Sequence
from decimal import Decimal
from functools import cache
from typing import Any

from integrations.fields.conditions import has_article, is_account_entry
from integrations.fields.money import money
from integrations.fields.severity import Severity
from integrations.fields.validation import (
    FIELD_RULES,
    KNOWN,
    MAPPING_RULES,
    NUMBER_RULES,
    OFFICIAL,
    Problem,
    Rule,
    Severities,
    in_force,
    problems_in_force,
    severity_in,
    version_of,
)
from integrations.fields.values import wire_value
from integrations.sag import fields as sag
from integrations.sag.dialect import SagDialect
from integrations.tax_ids import check_digit_of

AVERAGE_COST = Decimal(-9999999)
ROUNDING = Decimal(1)
"""Pesos that VAT rounded by line may leave between a total and its payments (assumed)."""

RULES = (
    *FIELD_RULES,
    *NUMBER_RULES,
    *MAPPING_RULES,
    Rule(
        "unbalanced",
        "Los débitos y los créditos no cuadran",
        Severity.BLOCK,
        KNOWN,
        "La partida doble exige que los débitos sumen lo mismo que los créditos, al centavo.",
    ),
    Rule(
        "payments_total",
        "Los medios de pago no suman el total",
        Severity.BLOCK,
        KNOWN,
        "Lo pagado debe sumar lo que vale el documento, o la cartera queda descuadrada.",
    ),
    Rule("empty", "El documento no tiene líneas", Severity.WARN, KNOWN, "Un documento sin líneas entra vacío en SAG."),
    Rule(
        "mixed_lines",
        "El documento mezcla artículos y cuentas",
        Severity.WARN,
        KNOWN,
        "SAG contabiliza por artículos o por cuentas; mezclados, parte puede perderse.",
    ),
    Rule(
        "uncommitted",
        "El documento pide no grabarse en firme",
        Severity.WARN,
        OFFICIAL,
        "Con ese dato SAG responde que recibió el documento pero no lo graba.",
    ),
    Rule(
        "check_digit",
        "El dígito de verificación no es el del NIT",
        Severity.WARN,
        KNOWN,
        "Suele ser un NIT mal escrito, y el tercero quedaría creado con otro número.",
    ),
)
_BY_ID = {rule.id: rule for rule in RULES}
_CATALOGUES = (
    sag.CLIENT,
    sag.THIRD_PARTY,
    sag.ARTICLE,
    sag.MOVEMENT,
    sag.MOVEMENT_LINE,
    sag.OTHER_DATA,
    sag.PAYMENT,
)
_Finding = tuple[str, str, str]
"""Rule, wire name of the header or empty, message."""


def severities(overrides: Mapping[str, str]) -> dict[str, Severity]:
    """Every rule's severity under a connection's overrides."""
    return in_force(RULES, overrides)


def severity_of(rule_id: str, connection_severities: Mapping[str, str]) -> Severity:
    """Raises: KeyError for a rule that doesn't exist."""
    return in_force((_BY_ID[rule_id],), connection_severities)[rule_id]


@cache
def rules_version() -> str:
    """Changes whenever a rule or a row does."""
    return version_of(RULES, _CATALOGUES)


def check_movement(
    movement: Any, lines: Sequence[Any], payments: Sequence[Any], dialect: SagDialect, severities: Severities
) -> list[Problem]:
    """The rules of a document as a whole; its fields are `check_fields` of header, lines and payments."""
    found = (*_about_document(movement, lines, dialect), *_about_money(lines, payments))
    return problems_in_force(
        Problem(
            rule,
            severity_in(severities, rule),
            sag.MOVEMENT.by_spelling[name].label if name else "",
            name,
            text,
        )
        for rule, name, text in found
    )


def _about_document(movement: Any, lines: Sequence[Any], dialect: SagDialect) -> Iterator[_Finding]:
    if not lines:
        yield "empty", "", "El documento no tiene líneas."
    sells = any(has_article(line) for line in lines)
    if sells and not movement.tax_id:
        yield "required", "Nit", "Falta el NIT del cliente o proveedor: el documento tiene artículos."
    if sells and any(is_account_entry(line) for line in lines):
        yield "mixed_lines", "", "Unas líneas tienen artículo y otras solo cuenta contable. Revise si es así."
    if wire_value(sag.MOVEMENT.by_spelling["RealizarCommit"], movement, dialect) == "N":
        message = "Pide no grabarse en firme: quedará por confirmar hasta verlo en SAG."
        yield "uncommitted", "RealizarCommit", message


def _about_money(lines: Sequence[Any], payments: Sequence[Any]) -> Iterator[_Finding]:
    difference = imbalance(lines)
    if difference:
        yield "unbalanced", "", f"Débitos y créditos no cuadran: la diferencia es {money(difference)}."
    total = document_total(lines)
    paid = sum((payment.amount or Decimal(0) for payment in payments), Decimal(0))
    if payments and total is not None and abs(total - paid) > ROUNDING:
        yield "payments_total", "", f"Los medios de pago suman {money(paid)} y el documento {money(total)}. Corríjalos."


def imbalance(lines: Sequence[Any]) -> Decimal:
    """Debits minus credits of the account entries, in pesos: lines that post must sum to zero (assumed)."""
    amounts = (line.signed_amount for line in lines if is_account_entry(line))
    return sum((amount for amount in amounts if amount is not None), Decimal(0))


def document_total(lines: Sequence[Any]) -> Decimal | None:
    """Pesos of the article lines with VAT; None where a line's price is left to SAG or there is none."""
    priced = [line for line in lines if has_article(line)]
    if not priced or any(line.unit_price in (None, AVERAGE_COST) for line in priced):
        return None
    return sum((_line_total(line) for line in priced), Decimal(0))


def _line_total(line: Any) -> Decimal:
    value = (line.quantity or Decimal(0)) * line.unit_price
    for discount in (line.discount_percentage, line.second_discount_percentage):
        value *= 1 - (discount or Decimal(0)) / 100
    value *= 1 + (line.vat_percentage or Decimal(0)) / 100
    return Decimal(value).quantize(Decimal("0.01"))


def check_master(record: Any, severities: Severities) -> list[Problem]:
    """The rules of a client or third party as a whole. Articles have none."""
    given = getattr(record, "check_digit", "")
    if not given or given == check_digit_of(record.tax_id):
        return []
    expected = check_digit_of(record.tax_id) or "ninguno"
    message = f"El dígito de verificación de {record.tax_id} es {expected}, no {given}."
    severity = severity_in(severities, "check_digit")
    label = sag.CLIENT.by_spelling["digitoVerificacion"].label
    return problems_in_force([Problem("check_digit", severity, label, "digitoVerificacion", message, value=given)])
