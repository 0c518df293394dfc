"""How a table is read: what a person, or the file itself, says of its columns, numbers and dates."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any

from integrations.files.reading.attached_digits import AttachedDigits
from integrations.files.reading.dates import DateOrder
from integrations.files.reading.hidden_rows import HiddenRows
from integrations.files.reading.negatives import Negatives
from integrations.files.reading.numbers import NumberFormat
from integrations.files.reading.unnumbered import UnnumberedRows


@dataclass(frozen=True)
class ReadingPlan:
    """What is known of a table before its rows are read. Empty or None: to be found out, or asked."""

    kind: str = ""
    goes_to: str = ""
    """The one ERP that the company's documents go to; empty: several, or none yet."""
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
    number_columns: Mapping[int, NumberFormat] = field(default_factory=dict)
    """Column → its own format, where the columns of a table differ."""
    typed_numbers: tuple[tuple[str, str], ...] = ()
    """(heading or letter, `NumberFormat` value) of columns that were named by hand."""
    dates: DateOrder | None = None
    hidden_rows: HiddenRows | None = None
    negatives: Negatives | None = None
    """What negative debits and credits mean."""
    attached_digits: AttachedDigits | None = None
    """What the last of ten digits is that may be a NIT with its check digit."""
    unnumbered: UnnumberedRows | None = None
    """Which rows without a number are one document."""
    fixed: Mapping[str, str] = field(default_factory=dict)
    """Key of an import target → its value where the column is missing, or its cell is empty."""
    open: tuple[int, ...] = ()
    """The columns of which a person must still say what they are."""
    seen: tuple[str, ...] = ()
    """The attributes that the file itself told: they are found out anew where a person changes others."""

    def form_of(self, place: int) -> NumberFormat:
        """The format of a column's numbers."""
        return self.number_columns.get(place) or self.numbers or NumberFormat.PLAIN

    def as_data(self) -> dict[str, Any]:
        """The plan as a dict for JSON."""
        places = ("columns", "number_columns")
        return {**asdict(self), **{name: {str(k): v for k, v in getattr(self, name).items()} for name in places}}

    def changed(self, **answers: Any) -> "ReadingPlan":
        """A copy with other values of some attributes, as a person, or the caller, says."""
        return replace(self, seen=tuple(name for name in self.seen if name not in answers), **answers)

    def found(self, **answers: Any) -> "ReadingPlan":
        """A copy with values that the file told."""
        return replace(self, seen=(*self.seen, *answers), **answers)

    def without_seen(self) -> "ReadingPlan":
        """A copy with what a person said only."""
        blank = ReadingPlan()
        return replace(self, seen=(), **{name: getattr(blank, name) for name in self.seen})


def from_data(data: Mapping[str, Any]) -> ReadingPlan:
    """The plan of a dict from `as_data`."""
    number_columns = {int(column): NumberFormat(form) for column, form in data.get("number_columns", {}).items()}
    return ReadingPlan(
        **{
            **data,
            "columns": {int(column): key for column, key in data.get("columns", {}).items()},
            "typed": tuple((heading, name) for heading, name in data.get("typed", ())),
            "typed_numbers": tuple((heading, form) for heading, form in data.get("typed_numbers", ())),
            "numbers": NumberFormat(data["numbers"]) if data.get("numbers") else None,
            "number_columns": number_columns,
            "dates": DateOrder(data["dates"]) if data.get("dates") else None,
            "negatives": Negatives(data["negatives"]) if data.get("negatives") else None,
            "attached_digits": AttachedDigits(data["attached_digits"]) if data.get("attached_digits") else None,
            "unnumbered": UnnumberedRows(data["unnumbered"]) if data.get("unnumbered") else None,
            "open": tuple(data.get("open", ())),
            "seen": tuple(data.get("seen", ())),
            "hidden_rows": HiddenRows(data["hidden_rows"]) if data.get("hidden_rows") else None,
        }
    )
