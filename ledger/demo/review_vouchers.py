"""The vouchers that must not reach Siigo's books: what staff meet on a bad day."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

from ledger.demo import expectations as ends
from ledger.demo.company import COST_CENTERS, Account
from ledger.demo.parties import Party
from ledger.demo.vouchers import Voucher, credit, crossing, debit

DIFFERENCE = Decimal(12_500)
"""Pesos by which the unbalanced voucher's debits exceed its credits."""
FIRST_NUMBER = 9001


def vouchers_to_review(day: date, client: Party) -> list[Voucher]:
    """One that does not balance, one of a type that Siigo refuses, one quotation."""
    return [
        replace(_sale("F", FIRST_NUMBER, day, client, DIFFERENCE), ending=ends.UNBALANCED),
        replace(_sale("FV", FIRST_NUMBER + 1, day, client), ending=ends.NO_SUCH_VOUCHER_TYPE),
        replace(_sale("V", FIRST_NUMBER + 2, day, client), ending=ends.EXTRA_ACCOUNTING),
    ]


def _sale(letter: str, number: int, day: date, client: Party, too_much: Decimal = Decimal(0)) -> Voucher:
    base, vat = Decimal(1_000_000), Decimal(190_000)
    cross = crossing(number, day + timedelta(days=30))
    entries = (
        debit(Account.RECEIVABLE, base + vat + too_much, f"Factura de venta {number}", **cross),
        credit(Account.SALES["10"], base, "Venta de papelería", sequence_vat_percentage=19),
        credit(Account.VAT_SALES[19], vat, "IVA generado 19 %", withholding_base=int(base)),
    )
    return Voucher(letter, 1, number, day, client, entries, COST_CENTERS["ventas"])
