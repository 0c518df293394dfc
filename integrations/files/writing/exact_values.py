"""A record's own values under an ERP's wire names: no default, no second spelling, nothing translated.

What a connection would send is another thing (`payloads`): a file must come back as the record that it was.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from integrations.erp.fields.spec import Catalogue, Field, ValueType, WireType
from integrations.erp.fields.values import stored_values
from integrations.files.cell_text import OutputCell, output_cell

_THOUSAND_DIGITS, _THOUSAND = -3, 1000
JsonValue = str | int | Decimal


def own_values(catalogue: Catalogue, record: Any) -> list[tuple[Field, OutputCell]]:
    """(field, cell) of every value that the record has, in the ERP's order; set and empty is a blank text."""
    order = _order(catalogue.key, catalogue.fields)
    cells = [
        (field, output_cell(field, _exact(field, record, value))) for field, value in stored_values(catalogue, record)
    ]
    return sorted(((field, cell) for field, cell in cells if cell is not None), key=lambda pair: order[pair[0].name])


@cache
def _order(_key: str, fields: tuple[Field, ...]) -> dict[str, int]:
    return {field.name: place for place, field in enumerate(fields)}


def _exact(field: Field, record: Any, value: object) -> object:
    """The value of a column: None where it is blank, unless the sparse JSON has what was imported."""
    if field.source is None or not (value == "" or isinstance(value, bool)):
        return value
    return getattr(record, field.sparse_in).get(field.name, None if value == "" else value)


def json_items(catalogue: Catalogue, record: Any) -> Iterator[tuple[str, JsonValue]]:
    """(wire name, value) for JSON: a code with leading zeros, and any literal that a number would change, as text."""
    for field, cell in own_values(catalogue, record):
        yield field.name, _json(field, cell)


def _json(field: Field, cell: OutputCell) -> JsonValue:
    if isinstance(cell, int | Decimal):
        return cell if field.wire_type is WireType.NUMBER else str(cell)
    text = as_text(field, cell)
    is_code = (
        field.value_type is ValueType.TEXT and field.wire_type is WireType.NUMBER and text.isascii() and text.isdigit()
    )
    return int(text) if is_code and str(int(text)) == text else text


def xml_items(catalogue: Catalogue, record: Any) -> Iterator[tuple[str, str]]:
    """(wire name, text) for XML."""
    for field, cell in own_values(catalogue, record):
        text = as_text(field, cell)
        yield field.name, f"{text}0" if field.source and _may_be_thousands(cell) else text


def _may_be_thousands(cell: OutputCell) -> bool:
    """Whether people would read a number as one with a point of thousands: `1.125`."""
    return isinstance(cell, Decimal) and cell.as_tuple().exponent == _THOUSAND_DIGITS and abs(cell) < _THOUSAND


def as_text(field: Field, cell: OutputCell) -> str:
    """The text of a cell: a date as the official text prints it, a number without exponent."""
    if isinstance(cell, date):
        return cell.strftime("%Y/%m/%d") if field.slash_date else cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)
