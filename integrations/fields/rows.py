"""Constructors that make a row of the catalogue read like a line of the official table. Data only."""

from dataclasses import replace
from typing import Any

from integrations.fields.spec import Certainty, Field, Form, Wire

SIIGO: dict[str, Any] = {"sparse_in": "siigo"}


def text(name: str, label: str, length: int | None = None, **facts: Any) -> Field:
    """Free text or a code, as a string on the wire."""
    return Field(name, label, Form.TEXT, Wire.STRING, length=length, **facts)


def flag(name: str, label: str, **facts: Any) -> Field:
    """S or N."""
    return Field(name, label, Form.FLAG, Wire.STRING, **facts)


def date(name: str, label: str, **facts: Any) -> Field:
    """A calendar date."""
    return Field(name, label, Form.DATE, Wire.STRING, **facts)


def numeric_text(name: str, label: str, decimals: int | None = 0, **facts: Any) -> Field:
    """A number in an XML attribute; `decimals` None: not limited by any text."""
    form = Form.INTEGER if decimals == 0 else Form.DECIMAL
    return Field(name, label, form, Wire.STRING, decimals=decimals, **facts)


def number(name: str, label: str, digits: int | None = None, decimals: int | None = 0, **facts: Any) -> Field:
    """A JSON number of `digits` before and `decimals` after the point."""
    form = Form.INTEGER if decimals == 0 else Form.DECIMAL
    return Field(name, label, form, Wire.NUMBER, digits=digits, decimals=decimals, **SIIGO, **facts)


def string(name: str, label: str, length: int | None = None, **facts: Any) -> Field:
    """A JSON string."""
    return Field(name, label, Form.TEXT, Wire.STRING, length=length, **SIIGO, **facts)


def in_section(section: str, *rows: Field, **facts: Any) -> tuple[Field, ...]:
    """The same section, and any further shared facts, for several rows."""
    return tuple(replace(row, section=section, **facts) for row in rows)


EXAMPLE = Certainty.EXAMPLE
NOTES = Certainty.NOTES
ASSUMED = Certainty.ASSUMED
