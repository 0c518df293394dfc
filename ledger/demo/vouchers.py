"""Two months of accounting vouchers for Siigo, in the rows of its published request. All balance."""

from collections.abc import Iterator
from datetime import date, timedelta
from random import Random
from typing import Any

from ledger.demo.masters import Party

Row = dict[str, Any]
Entry = tuple[int, str, int, str, dict[str, Any]]
"""(account, side, pesos, description, further fields)."""

RECEIVABLE, INCOME, VAT_DUE = 1305050001, 4135050001, 2408050001
PAYABLE, PURCHASES, VAT_PAID, WITHHELD = 2205050001, 1435050001, 2408100001, 2365400001
BANK, WAGES, PAYROLL_DUE = 1110050001, 5105060001, 2505050001
PROVISION_EXPENSE, PROVISION = 5105300001, 2610050001


def vouchers(random: Random, today: date, clients: list[Party], suppliers: list[Party]) -> Iterator[list[Row]]:
    """Each voucher as its rows, in order of type and number."""
    for n in range(90):
        yield _sale(random, n, _day(random, today), random.choice(clients))
    for n in range(50):
        yield _purchase(random, n, _day(random, today), random.choice(suppliers))
    for n in range(35):
        yield _receipt(random, n, _day(random, today), random.choice(clients))
    for n in range(25):
        yield _payment(random, n, _day(random, today), random.choice(suppliers))
    for n in range(2):
        month_end = today.replace(day=1) - timedelta(days=1 + 28 * n)
        yield _payroll(random, n, month_end, suppliers[-6:])
        yield _provision(random, n, month_end, suppliers[-6:])


def _day(random: Random, today: date) -> date:
    return today - timedelta(days=random.randrange(0, 60))


def _rows(letter: str, code: int, number: int, day: date, nit: str, entries: list[Entry]) -> list[Row]:
    return [
        {
            "voucher_type": letter,
            "voucher_code": code,
            "document_number": number,
            "accounting_account": account,
            "debit_or_credit": side,
            "sequence_value": pesos,
            "document_year": day.year,
            "document_month": day.month,
            "document_day": day.day,
            "sequence": sequence,
            "cost_center": 1 + number % 4,
            "nit": int(further.pop("nit", nit)),
            "branch": 0,
            "sequence_description": description[:50],
            **further,
        }
        for sequence, (account, side, pesos, description, further) in enumerate(entries, 1)
    ]


def _sale(random: Random, n: int, day: date, client: Party) -> list[Row]:
    number, due = 1001 + n, day + timedelta(days=30)
    values = [random.randrange(20_000, 900_000, 100) for _ in range(random.randrange(1, 10))]
    vat = sum(values) * 19 // 100
    cross = {
        "cross_document_number": number,
        "expiration_number": 1,
        "cross_document_expiration_year": due.year,
        "cross_document_expiration_month": due.month,
        "cross_document_expiration_day": due.day,
    }
    entries: list[Entry] = [(RECEIVABLE, "D", sum(values) + vat, f"Factura {number}", cross)]
    entries += [(INCOME, "C", value, "Venta de mercancía", {"sequence_vat_percentage": 19}) for value in values]
    entries.append((VAT_DUE, "C", vat, "IVA generado 19 %", {"withholding_base": sum(values)}))
    return _rows("F", 1, number, day, client.tax_id, entries)


def _purchase(random: Random, n: int, day: date, supplier: Party) -> list[Row]:
    value = random.randrange(100_000, 5_000_000, 100)
    vat, withheld = value * 19 // 100, value * 25 // 1000
    invoice = {"supplier_document_number": 500 + n, "supplier_document_prefix": "FC"}
    return _rows(
        "P",
        1,
        301 + n,
        day,
        supplier.tax_id,
        [
            (PURCHASES, "D", value, "Compra de mercancía", invoice),
            (VAT_PAID, "D", vat, "IVA descontable 19 %", {"withholding_base": value}),
            (WITHHELD, "C", withheld, "Retención en la fuente 2,5 %", {"withholding_base": value}),
            (PAYABLE, "C", value + vat - withheld, "Por pagar al proveedor", {"cross_document_number": 500 + n}),
        ],
    )


def _receipt(random: Random, n: int, day: date, client: Party) -> list[Row]:
    value = random.randrange(50_000, 2_000_000, 100)
    entries: list[Entry] = [
        (BANK, "D", value, "Consignación", {}),
        (RECEIVABLE, "C", value, "Abono de cartera", {"cross_document_number": 1001 + n}),
    ]
    return _rows("R", 1, 201 + n, day, client.tax_id, entries)


def _payment(random: Random, n: int, day: date, supplier: Party) -> list[Row]:
    value = random.randrange(80_000, 3_000_000, 100)
    entries: list[Entry] = [
        (PAYABLE, "D", value, "Pago a proveedor", {"cross_document_number": 500 + n}),
        (BANK, "C", value, "Cheque", {"check_number": 7001 + n}),
    ]
    return _rows("G", 1, 101 + n, day, supplier.tax_id, entries)


def _payroll(random: Random, n: int, day: date, staff: list[Party]) -> list[Row]:
    pays = [random.randrange(1_500_000, 4_000_000, 1000) for _ in staff]
    entries: list[Entry] = [
        (WAGES, "D", pay, "Sueldo del mes", {"nit": person.tax_id}) for pay, person in zip(pays, staff, strict=True)
    ]
    entries.append((PAYROLL_DUE, "C", sum(pays), "Nómina por pagar", {}))
    return _rows("N", 1, 11 + n, day, staff[0].tax_id, entries)


def _provision(random: Random, n: int, day: date, staff: list[Party]) -> list[Row]:
    value = random.randrange(500_000, 2_000_000, 1000)
    entries: list[Entry] = [
        (PROVISION_EXPENSE, "D", value, "Provisión de prestaciones", {}),
        (PROVISION, "C", value, "Provisión de prestaciones", {}),
    ]
    return _rows("L", 1, 21 + n, day, staff[0].tax_id, entries)


def unbalanced(day: date, client: Party) -> list[Row]:
    """One that does not balance, by $ 12.500: the local check keeps it here."""
    entries: list[Entry] = [
        (RECEIVABLE, "D", 1_012_500, "Factura con diferencia", {}),
        (INCOME, "C", 1_000_000, "Venta de mercancía", {}),
    ]
    return _rows("F", 1, 1999, day, client.tax_id, entries)
