"""What the rules of a voucher may know of the company and of its Siigo."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple, Protocol


class Lock(NamedTuple):
    """A closed period, both days included. `since` None: closed from the beginning."""

    since: date | None
    until: date

    def covers(self, day: date) -> bool:
        return day <= self.until and (self.since is None or day >= self.since)


class Ground(Protocol):
    """`accounts`: account of 10 digits → its flags as Siigo names them, as text; None: the chart was never read."""

    @property
    def accounts(self) -> Mapping[str, Mapping[str, str]] | None: ...

    @property
    def locks(self) -> Sequence[Lock]: ...


@dataclass(frozen=True)
class Known:
    """A ground in memory. Nothing known keeps the rules that need it silent."""

    accounts: Mapping[str, Mapping[str, str]] | None = None
    locks: Sequence[Lock] = ()


NOTHING_KNOWN = Known()
