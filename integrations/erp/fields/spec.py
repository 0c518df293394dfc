"""The row of the field catalogue, which describes one field of an ERP's format, and the catalogue. Data only.

A *section* is a titled group of fields; a *catalogue* is all the fields of one thing that an ERP takes
(`siigo.fields.MOVEMENT`, `sag.fields.CLIENT`), in the ERP's own order.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum
from functools import cached_property
from typing import Any

Condition = Callable[[Any], bool]
"""A test on the record that owns the field (`fields.conditions` has the named ones)."""


class ValueType(StrEnum):
    """The kind of value. Codes that look like numbers but are identifiers are `TEXT` with `digits_only`."""

    TEXT = "text"
    INTEGER = "integer"
    DECIMAL = "decimal"
    DATE = "date"
    FLAG = "flag"
    """S or N."""


class WireType(StrEnum):
    """How the value travels in the ERP's format."""

    STRING = "string"
    NUMBER = "number"


class Certainty(StrEnum):
    """Where the description of a field comes from."""

    OFFICIAL = "official"
    """The official text's tables."""
    EXAMPLE = "example"
    """Only an example of the official text shows it."""
    NOTES = "notes"
    """Known beyond the official text; a setting or a warning."""
    ASSUMED = "assumed"
    """No text says so; a connection can switch it."""


def always(_record: object) -> bool:
    """The condition of what every record must have."""
    return True


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of an ERP's format.

    `source` is a dotted path on the record (`movement.date.year`, `tax_id`) whose last part may be a
    property; without it the value lives in the record's sparse JSON under `name`. A path that ends in
    `.year`, `.month` or `.day` is a part of a date.
    """

    name: str
    label: str
    value_type: ValueType
    wire_type: WireType
    section: str = ""
    length: int | None = None
    """Most characters of a text."""
    digits: int | None = None
    """Most digits before the decimal point."""
    decimals: int | None = None
    """Most digits after it; None: not limited by any text."""
    minimum: str | None = None
    """Smallest number allowed, as decimal text; likewise `maximum`."""
    maximum: str | None = None
    allowed: tuple[str, ...] = ()
    meanings: tuple[tuple[str, str], ...] = ()
    """What the values of `allowed` mean, as (value, Spanish words), where a text says it."""
    pattern: str | None = None
    """A regular expression that the whole text matches."""
    digits_only: bool = False
    """An identifier kept as text that must be written in digits, like a NIT."""
    is_tax_id: bool = False
    """A NIT or another document's number: read as people write it, stored plain (`tax_ids`)."""
    required: Condition | None = None
    optional_on_update: bool = False
    """Required to create, not to update what the ERP already has."""
    required_rule: str = "required"
    """The id of the rule that a missing value breaks."""
    width_rule: str = "width"
    """The id of the rule that a value out of its width, range or choices breaks."""
    source: str | None = None
    limits_of: str | None = None
    """Where `source` ends in a property: the column whose length or precision holds the value."""
    coded: str = ""
    """The kind of code it holds, of `dialect.MAPPED_KINDS`: a connection may translate it."""
    sparse_in: str = "sag"
    """The record's JSON attribute for what has no column: `siigo` or `sag`."""
    also_as: tuple[str, ...] = ()
    """Further spellings that carry the same value; each is a switch of the connection."""
    also_on_update: tuple[str, ...] = ()
    """Likewise, sent only in an update."""
    read_as: tuple[str, ...] = ()
    """Further spellings that are read and never sent."""
    default: str | None = None
    """Filled in when the record has none: only where it is harmless, and a switch of the connection."""
    default_when: Condition | None = None
    """The records that get the default; None: all."""
    derived: bool = False
    """Computed by us (a correlator of the owner): reading a file passes over it."""
    keep_case: bool = False
    """Never upper-cased, whatever the connection says: addresses of mail, logins."""
    slash_date: bool = False
    """A date that the official text writes YYYY/MM/DD; others are YYYY-MM-DD."""
    certainty: Certainty = Certainty.OFFICIAL
    sample: str = ""
    """A valid value as wire text: the published example where it is valid."""
    help: str = ""
    """The official description, or the note, in Spanish: help text of forms and docs."""

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every name under which the value is read."""
        return (self.name, *self.also_as, *self.also_on_update, *self.read_as)


@dataclass(frozen=True)
class Catalogue:
    """The fields of one thing that an ERP takes, in the ERP's order. `title` is Spanish."""

    key: str
    title: str
    fields: tuple[Field, ...] = field(repr=False)

    def __iter__(self) -> Iterator[Field]:
        return iter(self.fields)

    def __len__(self) -> int:
        return len(self.fields)

    @cached_property
    def by_spelling(self) -> dict[str, Field]:
        """Any spelling → its row. Exact case: the ERPs' names are case-sensitive."""
        return {spelling: row for row in self.fields for spelling in row.spellings}

    @cached_property
    def sparse(self) -> tuple[Field, ...]:
        """The rows that live in the record's sparse JSON."""
        return tuple(row for row in self.fields if row.source is None)

    @cached_property
    def sparse_by_name(self) -> dict[str, Field]:
        """Wire name → row, of those that live in the record's sparse JSON."""
        return {row.name: row for row in self.sparse}

    @cached_property
    def columns(self) -> tuple[Field, ...]:
        """The rows whose value a column, or a property over columns, holds."""
        return tuple(row for row in self.fields if row.source is not None)

    @cached_property
    def coded(self) -> tuple[Field, ...]:
        """The rows whose codes a connection may translate."""
        return tuple(row for row in self.fields if row.coded)

    @cached_property
    def obligatory(self) -> tuple[Field, ...]:
        """The rows that some record must have."""
        return tuple(row for row in self.fields if row.required is not None)

    def sections(self) -> dict[str, tuple[Field, ...]]:
        """Section title → its rows, in order of first appearance."""
        grouped: dict[str, list[Field]] = {}
        for row in self.fields:
            grouped.setdefault(row.section, []).append(row)
        return {title: tuple(rows) for title, rows in grouped.items()}
