"""The template of a kind («Plantilla»): a workbook to fill in, with an example, and a sheet that explains it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import IO

from integrations.choices import Kind, Target
from integrations.erp.fields.docs import kind_of, limits_of, obligation_of
from integrations.erp.fields.parsing import parse
from integrations.erp.fields.spec import Field, ValueType, always
from integrations.files.cell_text import Cell, in_sheet
from integrations.files.table_columns import DOCUMENT, EXAMPLE, IDENTITY, NOTE, Column, catalogues, columns_of, place_of
from integrations.files.workbooks import Sheet, workbook
from integrations.models.syncable import model_for

FILL_IN, EXPLAINED = "Datos", "Columnas"
_EXPLAINED = ("Columna", "Qué es", "Va a", "Obligatoria", "Se escribe", "Límites", "Ejemplo", "También se lee como")
_WIDTHS = (44, 60, 12, 34, 18, 34, 24, 60)
_NOTE_WIDTH = 34


def book(kind: Kind | str) -> IO[bytes]:
    """The workbook, rewound; whoever takes it closes it."""
    kind = Kind(kind)
    columns = to_fill_in(kind)
    headings = [NOTE, *(column.heading for column in columns)]
    widths = (_NOTE_WIDTH, *(max(12, len(heading) + 2) for heading in headings[1:]))
    return workbook(
        [
            Sheet(FILL_IN, headings, _examples(kind, columns), widths=widths),
            Sheet(EXPLAINED, _EXPLAINED, _explanations(kind), widths=_WIDTHS),
        ]
    )


def to_fill_in(kind: Kind) -> list[Column]:
    """What a person fills in: the record's own columns, and what an ERP always asks for beyond them.

    The others stand in the second sheet: whoever needs one adds it.
    """
    return [column for column in columns_of(kind) if _is_offered(column)]


def _is_offered(column: Column) -> bool:
    if not column.held_in:
        return column.name not in IDENTITY
    row = column.field
    return row.source is None and row.required is always and row.default is None


def _examples(kind: Kind, columns: list[Column]) -> Iterator[list[Cell]]:
    model = model_for(kind)
    first, *others = model.part_relations or (DOCUMENT,)
    yield [f"{EXAMPLE}: borre esta fila", *(_sample(column, {DOCUMENT, first}) for column in columns)]
    for part in others:
        told = f"{EXAMPLE}: un medio de pago, en su fila o junto a una línea"
        yield [told, *(_sample(column, {DOCUMENT, part}) for column in columns)]


def _sample(column: Column, parts: set[str]) -> Cell:
    row = column.field
    if column.part not in parts or not row.sample:
        return None
    value = (
        parse(row, row.sample)
        if row.value_type in (ValueType.INTEGER, ValueType.DECIMAL, ValueType.DATE)
        else row.sample
    )
    return in_sheet(value) if isinstance(value, str | int | Decimal | date) else None


def _explanations(kind: Kind) -> Iterator[list[Cell]]:
    for column in columns_of(kind):
        if column.held_in and column.field.source is not None:
            continue  # the record's own column says it
        rows = list(_rows_of(kind, column))
        told = rows[0][1] if rows else column.field
        yield [
            in_sheet(cell)
            for cell in (column.heading, column.explained, _targets(rows), _obligations(rows), kind_of(told),
                         limits_of(told), column.field.sample, _other_names(column, rows))
        ]  # fmt: skip


def _rows_of(kind: Kind, column: Column) -> Iterator[tuple[Target, Field]]:
    """The rows of the ERPs that a column fills."""
    model = model_for(kind)
    for target in model.exports:
        for part, catalogue in catalogues(model, target):
            for row in catalogue:
                own = row is column.field if column.held_in else place_of(part, row) == (column.part, column.name)
                if own:
                    yield target, row


def _targets(rows: list[tuple[Target, Field]]) -> str:
    return " y ".join(dict.fromkeys(target.label for target, _row in rows))


def _obligations(rows: list[tuple[Target, Field]]) -> str:
    told = ((target, obligation_of(row)) for target, row in rows)
    return "; ".join(f"{target.label}: {word}" for target, word in told if word)


def _other_names(column: Column, rows: list[tuple[Target, Field]]) -> str:
    names = [name for _target, row in rows for name in (row.label, *row.spellings)]
    return ", ".join(dict.fromkeys(name for name in names if name != column.heading))
