"""Constructors for the rows of the field catalogue, one per type of value, and for sections and catalogues.

Rows files hold data only: `number("net_weight", "PESO NETO", sample="5")` says all there is to say.
"""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from integrations.erp.fields.spec import Catalogue, Certainty, Field, ValueType, WireType

Rows = tuple[Field, ...]


def text(name: str, label: str, length: int | None = None, **facts: Any) -> Field:
    """A text of at most `length` characters."""
    return Field(name, label, ValueType.TEXT, WireType.STRING, length=length, **facts)


def code(name: str, label: str, digits: int | None = None, **facts: Any) -> Field:
    """An identifier that the ERP types as a number and records keep as text: an account, a zone."""
    return Field(name, label, ValueType.TEXT, WireType.NUMBER, digits=digits, digits_only=True, **facts)


def tax_id(name: str, label: str, digits: int | None = None, **facts: Any) -> Field:
    """The NIT, or the number of another document, of somebody: a `code` that is read as people write it."""
    return code(name, label, digits, is_tax_id=True, **facts)


def integer(name: str, label: str, digits: int | None = None, **facts: Any) -> Field:
    """A whole number of at most `digits` digits."""
    return Field(name, label, ValueType.INTEGER, WireType.NUMBER, digits=digits, decimals=0, **facts)


def number(name: str, label: str, digits: int | None = None, decimals: int | None = None, **facts: Any) -> Field:
    """A number with at most `digits` before the point and `decimals` after it."""
    return Field(name, label, ValueType.DECIMAL, WireType.NUMBER, digits=digits, decimals=decimals, **facts)


def date(name: str, label: str, **facts: Any) -> Field:
    """A day of the calendar."""
    return Field(name, label, ValueType.DATE, WireType.STRING, **{"sample": "2025-05-28", **facts})


def flag(name: str, label: str, **facts: Any) -> Field:
    """S or N, and nothing else."""
    return Field(name, label, ValueType.FLAG, WireType.STRING, **{"sample": "N", **facts})


def section(title: str, *rows: Field) -> Rows:
    """Rows under a Spanish title, in the ERP's order."""
    return tuple(replace(row, section=title) for row in rows)


def assumed(*rows: Field) -> Rows:
    """Rows of which no public text says all: sent only where a connection switches them on."""
    return tuple(replace(row, certainty=Certainty.ASSUMED) for row in rows)


def series(row: Field, numbers: Iterable[int]) -> Rows:
    """One row per number, where the official text says «1 hasta 8»: `#` in name and label is the number."""
    return tuple(
        replace(
            row,
            name=row.name.replace("#", str(number)),
            label=row.label.replace("#", str(number)),
            read_as=tuple(spelling.replace("##", f"{number:02}") for spelling in row.read_as),
        )
        for number in numbers
    )


def json_catalogue(key: str, title: str, *sections: Rows) -> Catalogue:
    """A catalogue of Siigo: JSON types as each row says, sparse values in the record's `siigo`."""
    return Catalogue(key, title, tuple(replace(row, sparse_in="siigo") for row in sum(sections, ())))


def xml_catalogue(key: str, title: str, *sections: Rows) -> Catalogue:
    """A catalogue of SAG: every attribute of XML is text, sparse values in the record's `sag`."""
    rows = tuple(replace(row, sparse_in="sag", wire_type=WireType.STRING) for row in sum(sections, ()))
    return Catalogue(key, title, rows)
