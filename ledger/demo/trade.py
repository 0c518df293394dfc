"""Two months of trade for Siigo: sales (F) and receipts (R), purchases (P) and disbursements (G)."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from random import Random

from ledger.demo.company import COST_CENTERS, WAREHOUSES, Account
from ledger.demo.goods import Good
from ledger.demo.parties import Party
from ledger.demo.vouchers import CENT, Entry, Value, Voucher, credit, crossing, debit, json_number, share

SALE_NUMBERS, RECEIPT_NUMBERS, PURCHASE_NUMBERS, PAYMENT_NUMBERS = 1001, 501, 301, 201
FIRST_CHECK = 70_001
CREDIT_DAYS = 30
LEAST_BASE = Decimal(1_000_000)
"""Pesos below which this company's withholdings don't apply: a simplification, the law counts in UVT."""

_SERVICES = (
    (Account.SERVICES, "Servicio de transporte de mercancía", "4", Account.WITHHELD_SERVICES),
    (Account.FEES, "Honorarios de asesoría", "11", Account.WITHHELD_FEES),
    (Account.RENT, "Arrendamiento de bodega", "3.5", Account.WITHHELD_RENT),
)
"""Account, what it is, % withheld, account of the withholding."""


@dataclass(frozen=True, slots=True)
class Invoice:
    """What a sale or a purchase leaves owed: `amount` pesos on `account` until `due`."""

    voucher: Voucher
    account: str
    amount: Decimal

    @property
    def due(self) -> date:
        return self.voucher.day + timedelta(days=CREDIT_DAYS)

    @property
    def cross(self) -> dict[str, Value]:
        return crossing(self.voucher.number, self.due)


@dataclass(frozen=True, slots=True)
class _Sold:
    good: Good
    quantity: int

    @property
    def value(self) -> Decimal:
        return Decimal(self.good.price * self.quantity)

    @property
    def vat(self) -> Decimal:
        return share(self.value, str(self.good.vat), CENT)

    def entry(self) -> Entry:
        return credit(
            Account.SALES[self.good.group],
            self.value,
            f"Venta {self.good.name}"[:50],
            sequence_vat_percentage=self.good.vat,
            sequence_vat_value=json_number(self.vat),
            taxable_or_exempt_sequence="S" if self.good.vat else "N",
            quantity=self.quantity,
            warehouse_code=int(WAREHOUSES[0]),
            location_code=1,
            **self.good.siigo_product,
        )


def sales(
    random: Random, days: list[date], clients: tuple[Party, ...], goods: tuple[Good, ...], many: int
) -> list[Invoice]:
    """Invoices in order of date and number, each of one to five articles, with VAT and the cost of what was sold."""
    dates = sorted(random.choices(days, k=many))
    return [
        _sale(random, SALE_NUMBERS + n, day, random.choice(clients), random.sample(goods, random.randrange(1, 6)))
        for n, day in enumerate(dates)
    ]


def _sale(random: Random, number: int, day: date, client: Party, chosen: list[Good]) -> Invoice:
    sold = [_Sold(good, random.randrange(2, 61)) for good in chosen]
    base = sum((each.value for each in sold), Decimal(0))
    taxes = _vat_of(sold)
    withheld = share(base, "2.5") if base >= LEAST_BASE and not client.natural else Decimal(0)
    owed = base + sum((tax.amount for tax in taxes), Decimal(0)) - withheld
    due = crossing(number, day + timedelta(days=CREDIT_DAYS))
    entries = [debit(Account.RECEIVABLE, owed, f"Factura de venta {number}", **due)]
    if withheld:
        entries.append(debit(Account.WITHHELD_FROM_US, withheld, "Retención que nos practican 2,5 %").on(base))
    cost = sum((each.good.cost * each.quantity for each in sold), Decimal(0))
    stock = [
        debit(Account.COST, cost, "Costo de la mercancía vendida"),
        credit(Account.GOODS, cost, "Salida de inventario"),
    ]
    entries += [*(each.entry() for each in sold), *taxes, *stock]
    voucher = Voucher("F", 1, number, day, client, tuple(entries), COST_CENTERS["ventas"])
    return Invoice(voucher, Account.RECEIVABLE, owed)


def _vat_of(sold: list[_Sold]) -> list[Entry]:
    """A line for each tariff that there is."""
    entries = []
    for percentage, account in Account.VAT_SALES.items():
        taxed = [each for each in sold if each.good.vat == percentage]
        if taxed:
            vat = sum((each.vat for each in taxed), Decimal(0))
            base = sum((each.value for each in taxed), Decimal(0))
            entries.append(credit(account, vat, f"IVA generado {percentage} %").on(base))
    return entries


def purchases(random: Random, days: list[date], suppliers: tuple[Party, ...], many: int) -> list[Invoice]:
    """Invoices of suppliers: mostly goods, every fourth a service."""
    dates = sorted(random.choices(days, k=many))
    return [
        _purchase(random, PURCHASE_NUMBERS + n, day, random.choice(suppliers), service=n % 4 == 3)
        for n, day in enumerate(dates)
    ]


def _purchase(random: Random, number: int, day: date, supplier: Party, *, service: bool) -> Invoice:
    base = Decimal(random.randrange(350_000, 9_000_000, 1_000))
    account, what, percentage, withholding = random.choice(_SERVICES) if service else _GOODS_BOUGHT
    owed_on = Account.PAYABLE_EXPENSES if service else Account.SUPPLIERS
    vat = Decimal(0) if supplier.natural else share(base, "19")
    withheld = share(base, percentage) if base >= LEAST_BASE else Decimal(0)
    local = share(base, "0.966") if service else Decimal(0)
    owed = base + vat - withheld - local
    origin = _supplier_document(random, day)
    lines = [
        debit(account, base, what, **origin),
        debit(Account.VAT_PURCHASES, vat, "IVA descontable 19 %").on(base),
        credit(withholding, withheld, f"Retención en la fuente {percentage.replace('.', ',')} %").on(base),
        credit(Account.WITHHELD_ICA, local, "Retención de ICA 9,66 por mil").on(base),
    ]
    cross = crossing(number, day + timedelta(days=CREDIT_DAYS))
    lines.append(credit(owed_on, owed, f"Factura de compra {origin['supplier_document_number']}", **cross))
    kept = tuple(line for line in lines if line.amount)
    area = "administración" if service else "logística"
    return Invoice(Voucher("P", 1, number, day, supplier, kept, COST_CENTERS[area]), owed_on, owed)


_GOODS_BOUGHT = (Account.GOODS, "Compra de mercancía", "2.5", Account.WITHHELD_PURCHASES)


def _supplier_document(random: Random, day: date) -> dict[str, Value]:
    return {
        "supplier_document_number": random.randrange(1_000, 99_999),
        "supplier_document_prefix": random.choice(("FC", "FE", "SETT")),
        "supplier_document_year": day.year,
        "supplier_document_month": day.month,
        "supplier_document_day": day.day,
    }


def receipts(random: Random, days: list[date], sold: list[Invoice], many: int) -> list[Voucher]:
    """Money from clients for one or two invoices each; every third with a discount for paying early."""
    found = _settlements(random, days, sold, many)
    return [_receipt(RECEIPT_NUMBERS + n, day, paid, early=n % 3 == 0) for n, (day, paid) in enumerate(found)]


def _receipt(number: int, day: date, paid: list[Invoice], *, early: bool) -> Voucher:
    total = sum((invoice.amount for invoice in paid), Decimal(0))
    discount = share(total, "3") if early else Decimal(0)
    entries = [debit(Account.BANK, total - discount, "Consignación del cliente")]
    if early:
        entries.append(debit(Account.DISCOUNTS_GIVEN, discount, "Descuento por pronto pago 3 %"))
    entries += [
        credit(invoice.account, invoice.amount, f"Pago de factura {invoice.voucher.number}", **invoice.cross)
        for invoice in paid
    ]
    return Voucher("R", 1, number, day, paid[0].voucher.party, tuple(entries), COST_CENTERS["ventas"])


def payments(random: Random, days: list[date], bought: list[Invoice], bank: Party, many: int) -> list[Voucher]:
    """Cheques to suppliers for one or two invoices each, with the bank's fee."""
    found = _settlements(random, days, bought, many)
    return [_payment(PAYMENT_NUMBERS + n, FIRST_CHECK + n, day, paid, bank) for n, (day, paid) in enumerate(found)]


def _payment(number: int, check: int, day: date, paid: list[Invoice], bank: Party) -> Voucher:
    total = sum((invoice.amount for invoice in paid), Decimal(0))
    fee = share(total, "0.4", CENT)
    entries = [
        debit(invoice.account, invoice.amount, f"Pago de compra {invoice.voucher.number}", **invoice.cross)
        for invoice in paid
    ]
    entries.append(debit(Account.BANK_FEES, fee, "Gravamen a los movimientos 4 por mil").owed_to(bank))
    entries.append(credit(Account.BANK, total + fee, f"Cheque {check}", check_number=check))
    return Voucher("G", 1, number, day, paid[0].voucher.party, tuple(entries), COST_CENTERS["administración"])


def _settlements(
    random: Random, days: list[date], invoices: list[Invoice], many: int
) -> list[tuple[date, list[Invoice]]]:
    """Up to `many` payments, each later than the invoices that it settles; an invoice is settled once."""
    chosen: list[tuple[date, list[Invoice]]] = []
    for owed in _by_party(invoices):
        size = random.randrange(1, 3)
        parts = (owed[at : at + size] for at in range(0, len(owed), size))
        later = ((part, [day for day in days if day > part[-1].voucher.day]) for part in parts)
        chosen += [(random.choice(days_left), part) for part, days_left in later if days_left]
    sample = random.sample(chosen, min(many, len(chosen)))
    return sorted(sample, key=lambda settled: (settled[0], settled[1][0].voucher.number))


def _by_party(invoices: Iterable[Invoice]) -> list[list[Invoice]]:
    found: dict[str, list[Invoice]] = defaultdict(list)
    for invoice in invoices:
        found[invoice.voucher.party.tax_id].append(invoice)
    return list(found.values())
