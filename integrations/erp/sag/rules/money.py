"""What must add up: the account entries of a document, and its means of payment."""

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

from integrations.erp.fields.conditions import has_article, is_account_entry
from integrations.erp.fields.money import money
from integrations.erp.fields.severity import Severity
from integrations.erp.fields.validation import NOTES, Rule, RuleFinding
from integrations.erp.sag.document_kinds import BANK_KINDS, kind_of
from integrations.erp.sag.outgoing_document import OutgoingDocument

AVERAGE_COST = Decimal(-9999999)
ROUNDING = Decimal(1)
"""Pesos that VAT rounded by line may leave between a total and its payments (assumed)."""

MONEY_RULES = (
    Rule(
        "unbalanced",
        "Los débitos y los créditos no cuadran",
        Severity.BLOCK,
        NOTES,
        "La partida doble exige que los débitos sumen lo mismo que los créditos, al centavo.",
    ),
    Rule(
        "bank_counterpart",
        "La diferencia de las líneas va a la cuenta del banco",
        Severity.WARN,
        NOTES,
        "En recibos y egresos el banco es la contrapartida: revise que la diferencia sea lo que entró o salió.",
    ),
    Rule(
        "payments_total",
        "Los medios de pago no suman el total",
        Severity.BLOCK,
        NOTES,
        "Lo pagado debe sumar lo que vale el documento, o la cartera queda descuadrada.",
    ),
)


def money_findings(document: OutgoingDocument) -> Iterator[RuleFinding]:
    """Sums that don't agree, in pesos."""
    yield from _balance(document)
    total = document_total(document.lines)
    paid = sum((payment.amount or Decimal(0) for payment in document.payments), Decimal(0))
    if document.payments and total is not None and abs(total - paid) > ROUNDING:
        message = f"Los medios de pago suman {money(paid)} y el documento {money(total)}. Corríjalos."
        yield RuleFinding("payments_total", "", message)


def _balance(document: OutgoingDocument) -> Iterator[RuleFinding]:
    difference = imbalance(document.lines)
    kind = kind_of(document)
    if not difference:
        return
    if kind and kind.id in BANK_KINDS and document.header("CodigoCuentaBanco"):
        # The bank's account of the header is the other side (assumed: no published example has one).
        message = f"Las líneas no suman cero: {money(difference)} van contra la cuenta del banco."
        yield RuleFinding("bank_counterpart", "CodigoCuentaBanco", message)
        return
    yield RuleFinding("unbalanced", "", f"Débitos y créditos no cuadran: la diferencia es {money(difference)}.")


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
