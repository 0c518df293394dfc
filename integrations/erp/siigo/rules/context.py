"""What the rules of a voucher know of the company and of its Siigo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple


class ClosedPeriod(NamedTuple):
    """The days from `since` to `until`, both included. `since` None: closed from the beginning."""

    since: date | None
    until: date

    def covers(self, day: date) -> bool:
        """Whether the day is in the period."""
        return day <= self.until and (self.since is None or day >= self.since)


@dataclass(frozen=True)
class RuleContext:
    """The chart of accounts as it was read, and the closed periods. The empty one keeps the rules silent that need it.

    `accounts`: account of 10 digits → its flags as Siigo names them, as text; None: the chart was never read.
    """

    accounts: Mapping[str, Mapping[str, str]] | None = None
    closed_periods: Sequence[ClosedPeriod] = ()
