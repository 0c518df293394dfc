"""An accounting voucher for Siigo: entries that balance, as rows of its published request (official text)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import ROUND_HALF_UP, Decimal

from ledger.demo.expectations import SYNCED, Ending
from ledger.demo.parties import Party

Value = int | str | Decimal
Row = dict[str, Value]

CENT, PESO = Decimal("0.01"), Decimal(1)


@dataclass(frozen=True, slots=True)
class Entry:
    """One line. `amount` is pesos without sign, `side` D or C; `further` are fields under their wire names."""

    account: str
    side: str
    amount: Decimal
    description: str
    further: Mapping[str, Value] = field(default_factory=dict)
    party: Party | None = None
    """Whose NIT goes, where it isn't the voucher's."""

    def owed_to(self, party: Party) -> "Entry":
        """The same line under another NIT."""
        return replace(self, party=party)

    def on(self, base: Decimal) -> "Entry":
        """The same line with the base of its tax."""
        return replace(self, further={**self.further, "withholding_base": json_number(base)})


def debit(account: str, amount: Decimal, description: str, **further: Value) -> Entry:
    """A debit line of `amount` pesos."""
    return Entry(account, "D", amount, description, further)


def credit(account: str, amount: Decimal, description: str, **further: Value) -> Entry:
    """A credit line of `amount` pesos."""
    return Entry(account, "C", amount, description, further)


@dataclass(frozen=True, slots=True)
class Voucher:
    """One comprobante: letter and code of its type, its number, and whom it is with."""

    letter: str
    code: int
    number: int
    day: date
    party: Party
    entries: tuple[Entry, ...]
    cost_center: int
    ending: Ending = SYNCED

    @property
    def name(self) -> str:
        return f"{self.letter}-{self.code} {self.number}"

    @property
    def difference(self) -> Decimal:
        """Debits minus credits, in pesos."""
        signed = (entry.amount if entry.side == "D" else -entry.amount for entry in self.entries)
        return sum(signed, Decimal(0))

    def rows(self) -> list[Row]:
        """One row of `data.list` for each entry, `sequence` from 1."""
        return [self._row(sequence, entry) for sequence, entry in enumerate(self.entries, 1)]

    def _row(self, sequence: int, entry: Entry) -> Row:
        return {
            "voucher_type": self.letter,
            "voucher_code": self.code,
            "document_number": self.number,
            "accounting_account": int(entry.account),
            "debit_or_credit": entry.side,
            "sequence_value": json_number(entry.amount),
            "document_year": self.day.year,
            "document_month": self.day.month,
            "document_day": self.day.day,
            "sequence": sequence,
            "cost_center": self.cost_center,
            "sub_cost_center": 1,
            "nit": int((entry.party or self.party).tax_id),
            "branch": 0,
            "sequence_description": entry.description,
            **entry.further,
        }


def json_number(value: Decimal) -> int | Decimal:
    """Whole pesos as an integer, cents as they are."""
    return int(value) if value == value.to_integral_value() else value


def share(base: Decimal, percentage: str, unit: Decimal = PESO) -> Decimal:
    """`percentage` % of `base`, rounded half up to the peso (withholdings, payroll) or the cent (VAT)."""
    return (base * Decimal(percentage) / 100).quantize(unit, ROUND_HALF_UP)


def crossing(number: int, due: date) -> dict[str, Value]:
    """The cross document of a receivable or payable: an own invoice crosses itself (notes, section 2.3).

    `cross_voucher_type` is left out: the table types it number, and real values such as F-001 are text.
    """
    return {
        "cross_document_number": number,
        "expiration_number": 1,
        "cross_document_expiration_year": due.year,
        "cross_document_expiration_month": due.month,
        "cross_document_expiration_day": due.day,
    }
