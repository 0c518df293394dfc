"""A record's own values in an ERP's words: no default filled in, no second spelling, nothing translated.

What a connection would send is another thing (`payloads`): a file is to come back as the record that it was.
"""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from functools import cache
from typing import Any

from integrations.erp.fields.spec import Catalogue, Field, ValueType, WireType
from integrations.erp.fields.values import stored_values
from integrations.files.cell_text import Cell, cell_of

JsonValue = str | int | Decimal


def held(catalogue: Catalogue, record: Any) -> list[tuple[Field, Cell]]:
    """Every row that the record has a value of, in the ERP's order; set and empty is a blank text."""
    order = _order(catalogue.key, catalogue.fields)
    found = [(row, cell_of(row, _kept(row, record, value))) for row, value in stored_values(catalogue, record)]
    return sorted(((row, cell) for row, cell in found if cell is not None), key=lambda pair: order[pair[0].name])


@cache
def _order(_key: str, rows: tuple[Field, ...]) -> dict[str, int]:
    return {row.name: place for place, row in enumerate(rows)}


def _kept(row: Field, record: Any, value: object) -> object:
    """What goes out of a column: nothing where it is blank; a flag that was given blank as it was given."""
    if row.source is None or not (value == "" or isinstance(value, bool)):
        return value
    return getattr(record, row.sparse_in).get(row.name, None if value == "" else value)


def json_items(catalogue: Catalogue, record: Any) -> Iterator[tuple[str, JsonValue]]:
    """As JSON carries them: a code that begins with zeros, and any literal that its number would lose, as text."""
    for row, cell in held(catalogue, record):
        yield row.name, _json(row, cell)


def _json(row: Field, cell: Cell) -> JsonValue:
    if isinstance(cell, int | Decimal):
        return cell if row.wire_type is WireType.NUMBER else str(cell)
    text = as_text(row, cell)
    is_code = (
        row.value_type is ValueType.TEXT and row.wire_type is WireType.NUMBER and text.isascii() and text.isdigit()
    )
    return int(text) if is_code and str(int(text)) == text else text


def xml_items(catalogue: Catalogue, record: Any) -> Iterator[tuple[str, str]]:
    """As XML carries them: everything is text."""
    for row, cell in held(catalogue, record):
        yield row.name, as_text(row, cell)


def as_text(row: Field, cell: Cell) -> str:
    """A date as the official text prints it, a number without exponent."""
    if isinstance(cell, date):
        return cell.strftime("%Y/%m/%d") if row.slash_date else cell.isoformat()
    return format(cell, "f") if isinstance(cell, Decimal) else str(cell)
