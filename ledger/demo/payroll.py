"""The payroll (N) and the provisions (L) of the last two ends of month, for Siigo."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from random import Random

from ledger.demo.company import COST_CENTERS, Account
from ledger.demo.parties import Parties, Party
from ledger.demo.vouchers import Entry, Voucher, credit, debit, share

PAYROLL_NUMBERS, PROVISION_NUMBERS = 101, 51
TRANSPORT_ALLOWANCE = Decimal(200_000)
"""Pesos a month, for the lower wages: the figure of 2025, as an example."""
LOWER_WAGE = Decimal(2_800_000)
DAYS_PAID = 30

_BENEFITS = (
    (Account.SEVERANCE_EXPENSE, Account.SEVERANCE, "cesantías", "8.33"),
    (Account.SEVERANCE_INTEREST_EXPENSE, Account.SEVERANCE_INTEREST, "intereses de cesantías", "1"),
    (Account.BONUS_EXPENSE, Account.BONUS, "prima de servicios", "8.33"),
    (Account.HOLIDAYS_EXPENSE, Account.HOLIDAYS, "vacaciones", "4.17"),
)
_CONTRIBUTIONS = (
    (Account.HEALTH_EXPENSE, Account.HEALTH, "salud", "8.5"),
    (Account.PENSIONS_EXPENSE, Account.PENSIONS, "pensión", "12"),
    (Account.LABOUR_RISKS_EXPENSE, Account.LABOUR_RISKS, "riesgos laborales", "0.522"),
    (Account.FAMILY_FUND_EXPENSE, Account.FAMILY_FUND, "caja de compensación", "4"),
)
_DEPRECIATION = (
    (Account.DEPRECIATION_FURNITURE_EXPENSE, Account.DEPRECIATION_FURNITURE, "muebles", 412_500),
    (Account.DEPRECIATION_COMPUTERS_EXPENSE, Account.DEPRECIATION_COMPUTERS, "equipo de cómputo", 875_000),
    (Account.DEPRECIATION_VEHICLES_EXPENSE, Account.DEPRECIATION_VEHICLES, "vehículos", 1_650_000),
)


def wages(random: Random, parties: Parties) -> dict[str, Decimal]:
    """Employee's number → pesos a month, the same in every month."""
    return {each.tax_id: Decimal(random.randrange(1_800_000, 4_600_000, 10_000)) for each in parties.employees}


def payroll(ends: list[date], parties: Parties, pay: dict[str, Decimal]) -> Iterator[Voucher]:
    """A voucher for each employee and month."""
    number = PAYROLL_NUMBERS
    for day in ends:
        for employee in parties.employees:
            entries = _pay_of(employee, pay[employee.tax_id], parties)
            yield Voucher("N", 1, number, day, employee, entries, COST_CENTERS["administración"])
            number += 1


def _pay_of(employee: Party, wage: Decimal, parties: Parties) -> tuple[Entry, ...]:
    allowance = TRANSPORT_ALLOWANCE if wage <= LOWER_WAGE else Decimal(0)
    withheld = share(wage, "4")
    pensions, health = parties.others[-2:]
    lines = (
        debit(Account.SALARY, wage, "Sueldo del mes", payroll_concept=1, quantity_days_hours=DAYS_PAID),
        debit(Account.TRANSPORT_ALLOWANCE, allowance, "Auxilio de transporte", payroll_concept=2),
        credit(Account.HEALTH, withheld, "Aporte a salud 4 %", payroll_concept=60).owed_to(health),
        credit(Account.PENSIONS, withheld, "Aporte a pensión 4 %", payroll_concept=61).owed_to(pensions),
        credit(Account.WAGES_DUE, wage + allowance - 2 * withheld, f"Nómina por pagar {employee.name}"[:50]),
    )
    return tuple(line for line in lines if line.amount)


def provisions(ends: list[date], parties: Parties, pay: dict[str, Decimal]) -> Iterator[Voucher]:
    """Benefits, contributions and depreciation of each month."""
    company, base = parties.others[0], sum(pay.values(), Decimal(0))
    number = PROVISION_NUMBERS
    for day in ends:
        for entries in (_on(base, "Provisión de", _BENEFITS), _on(base, "Aporte a", _CONTRIBUTIONS), _depreciation()):
            yield Voucher("L", 1, number, day, company, entries, COST_CENTERS["administración"])
            number += 1


def _on(base: Decimal, what: str, rates: tuple[tuple[str, str, str, str], ...]) -> tuple[Entry, ...]:
    amounts = [(expense, owed, f"{what} {name}", share(base, rate)) for expense, owed, name, rate in rates]
    debits = [debit(expense, amount, text) for expense, _, text, amount in amounts]
    return (*debits, *(credit(owed, amount, text) for _, owed, text, amount in amounts))


def _depreciation() -> tuple[Entry, ...]:
    debits = [debit(expense, Decimal(value), f"Depreciación {name}") for expense, _, name, value in _DEPRECIATION]
    return (*debits, *(credit(kept, Decimal(value), f"Depreciación {name}") for _, kept, name, value in _DEPRECIATION))
