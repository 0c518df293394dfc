"""How a table is read: what a person, or the file itself, says of its columns, numbers and dates."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from integrations.files.reading.dates import DateOrder
from integrations.files.reading.numbers import NumberFormat


@dataclass(frozen=True)
class ReadingPlan:
    """What is known of a table before its rows are read. Empty or None: to be found out, or asked."""

    kind: str = ""
    encoding: str = ""
    separator: str = ""
    sheet: str = ""
    heading: int = 0
    """The row of the headings, from 1."""
    columns: Mapping[int, str] = field(default_factory=dict)
    """Column, from 0 → key of its import target."""
    typed: tuple[tuple[str, str], ...] = ()
    """(heading or letter, name of a field or empty) that go before what the headings say."""
    numbers: NumberFormat | None = None
    dates: DateOrder | None = None

    def as_data(self) -> dict[str, Any]:
        """The plan as a dict for JSON."""
        return {**asdict(self), "columns": {str(column): key for column, key in self.columns.items()}}

    def changed(self, **answers: Any) -> "ReadingPlan":
        """A copy with other values of some attributes."""
        return replace(self, **answers)


def from_data(data: Mapping[str, Any]) -> ReadingPlan:
    """The plan of a dict from `as_data`."""
    return ReadingPlan(
        **{
            **data,
            "columns": {int(column): key for column, key in data.get("columns", {}).items()},
            "typed": tuple((heading, name) for heading, name in data.get("typed", ())),
            "numbers": NumberFormat(data["numbers"]) if data.get("numbers") else None,
            "dates": DateOrder(data["dates"]) if data.get("dates") else None,
        }
    )
