"""The totals that a file states of itself, beside what was read of it."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django.db.models import QuerySet, Sum

from integrations.models import ImportFile, StagedDocument

_COMPARED = {"lines.debit": ("debit",), "lines.credit": ("credit",), "lines.amount": ("debit", "credit")}
"""Attribute of a row of totals → the columns of a staged document that add up to it."""
_CENT = Decimal("0.005")


@dataclass(frozen=True)
class ControlCheck:
    """One amount that the file states, and what its documents add up to: those that come in and those with errors."""

    row: int
    label: str
    first: int
    last: int
    heading: str
    stated: Decimal
    coming_in: Decimal
    left_out: Decimal

    @property
    def difference(self) -> Decimal:
        """What is missing, or too much, in pesos."""
        return self.stated - self.coming_in - self.left_out

    @property
    def agrees(self) -> bool:
        """Whether it adds up to the cent."""
        return abs(self.difference) < _CENT


def control_checks(file: ImportFile) -> list[ControlCheck]:
    """The rows of totals of a staged file that can be compared (`reading.totals_rows.ControlTotal.as_data`)."""
    return [
        _check(file, total, amount)
        for total in file.shown.get("control_totals", [])
        for amount in total["amounts"]
        if amount["attribute"] in _COMPARED
    ]


def _check(file: ImportFile, total: dict[str, Any], amount: dict[str, Any]) -> ControlCheck:
    first, last = total["rows"]
    of_rows = file.documents.filter(row__gte=first, row__lte=last)
    stated, columns = Decimal(amount["value"]), _COMPARED[amount["attribute"]]
    wrong = of_rows.filter(verdict=StagedDocument.Verdict.WRONG)
    fine = of_rows.exclude(verdict=StagedDocument.Verdict.WRONG)
    if len(columns) > 1:
        columns = _nearest(columns, of_rows, stated)
    said = {"row": total["row"], "label": total["label"], "first": first, "last": last, "heading": amount["heading"]}
    return ControlCheck(**said, stated=stated, coming_in=_sum(fine, columns), left_out=_sum(wrong, columns))


def _nearest(columns: tuple[str, ...], rows: "QuerySet[StagedDocument]", stated: Decimal) -> tuple[str, ...]:
    """Of one column with debits and credits some programs add all up, others one side only."""
    ways = [columns, *((column,) for column in columns)]
    return min(ways, key=lambda way: abs(stated - _sum(rows, way)))


def _sum(rows: "QuerySet[StagedDocument]", columns: tuple[str, ...]) -> Decimal:
    found = rows.order_by().aggregate(**{column: Sum(column) for column in columns})
    return sum((found[column] or Decimal(0) for column in columns), Decimal(0))
