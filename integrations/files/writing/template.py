"""The template of a kind («Plantilla»): a workbook to fill in, with an example, and a sheet that explains it."""

from collections.abc import Iterator
from datetime import date
from decimal import Decimal
from typing import IO

from integrations.choices import Kind, Target
from integrations.erp.fields.docs import kind_of, limits_of, obligation_of
from integrations.erp.fields.parsing import parse
from integrations.erp.fields.spec import Field, ValueType, always
from integrations.files.cell_text import OutputCell, sheet_cell
from integrations.files.table_columns import (
    DOCUMENT,
    EXAMPLE_MARK,
    IDENTITY_HEADINGS,
    NOTE_HEADING,
    TableColumn,
    attribute_of,
    catalogues,
    columns_of,
)
from integrations.files.workbooks import WorkbookSheet, workbook
from integrations.models.syncable import model_for

_EXPLANATION_WIDTHS = {
    "Columna": 44,
    "Qué es": 60,
    "Va a": 12,
    "Obligatoria": 34,
    "Se escribe": 18,
    "Límites": 34,
    "Ejemplo": 24,
    "También se lee como": 60,
}
"""Heading of the second sheet → width in characters."""
_NOTE_WIDTH = 34


def template_workbook(kind: Kind | str) -> IO[bytes]:
    """A temporary file with the workbook, rewound; the caller closes it."""
    kind = Kind(kind)
    columns = template_columns(kind)
    headings = [NOTE_HEADING, *(column.heading for column in columns)]
    widths = (_NOTE_WIDTH, *(max(12, len(heading) + 2) for heading in headings[1:]))
    explanation_headings, explanation_widths = zip(*_EXPLANATION_WIDTHS.items(), strict=True)
    data = WorkbookSheet("Datos", headings, _examples(kind, columns), widths=widths)
    explained = WorkbookSheet("Columnas", explanation_headings, _explanations(kind), widths=explanation_widths)
    return workbook([data, explained])


def template_columns(kind: Kind) -> list[TableColumn]:
    """The columns to fill in: the record's own, and what an ERP always asks for beyond them.

    The others are explained in the second sheet: a person who needs one adds it.
    """
    return [column for column in columns_of(kind) if _is_in_template(column)]


def _is_in_template(column: TableColumn) -> bool:
    if not column.sparse_field:
        return column.name not in IDENTITY_HEADINGS
    field = column.field
    return field.source is None and field.required is always and field.default is None


def _examples(kind: Kind, columns: list[TableColumn]) -> Iterator[list[OutputCell]]:
    first, *others = model_for(kind).part_relations or (DOCUMENT,)
    yield [f"{EXAMPLE_MARK}: borre esta fila", *(_sample(column, {DOCUMENT, first}) for column in columns)]
    for part in others:
        note = f"{EXAMPLE_MARK}: un medio de pago, en su fila o junto a una línea"
        yield [note, *(_sample(column, {DOCUMENT, part}) for column in columns)]


def _sample(column: TableColumn, parts: set[str]) -> OutputCell:
    field = column.field
    if column.part not in parts or not field.sample:
        return None
    is_text = field.value_type not in (ValueType.INTEGER, ValueType.DECIMAL, ValueType.DATE)
    value = field.sample if is_text else parse(field, field.sample)
    return sheet_cell(value) if isinstance(value, str | int | Decimal | date) else None


def _explanations(kind: Kind) -> Iterator[list[OutputCell]]:
    for column in columns_of(kind):
        # An ERP's column for what the record's own column has is not offered.
        if not column.sparse_field or column.field.source is None:
            yield [sheet_cell(cell) for cell in _explanation(column, list(_erp_fields(kind, column)))]


def _explanation(column: TableColumn, fields: list[tuple[Target, Field]]) -> tuple[str, ...]:
    main = fields[0][1] if fields else column.field
    return (
        column.heading,
        column.explanation,
        " y ".join(dict.fromkeys(target.label for target, _ in fields)),
        _obligations(fields),
        kind_of(main),
        limits_of(main),
        column.field.sample,
        _other_names(column, fields),
    )


def _erp_fields(kind: Kind, column: TableColumn) -> Iterator[tuple[Target, Field]]:
    """The fields of the ERPs that a column fills."""
    model = model_for(kind)
    for target in model.exports:
        for part, catalogue in catalogues(model, target):
            for field in catalogue:
                if column.sparse_field:
                    is_filled = field is column.field
                else:
                    is_filled = attribute_of(part, field) == (column.part, column.name)
                if is_filled:
                    yield target, field


def _obligations(fields: list[tuple[Target, Field]]) -> str:
    obligations = ((target, obligation_of(field)) for target, field in fields)
    return "; ".join(f"{target.label}: {obligation}" for target, obligation in obligations if obligation)


def _other_names(column: TableColumn, fields: list[tuple[Target, Field]]) -> str:
    names = [name for _, field in fields for name in (field.label, *field.spellings)]
    return ", ".join(dict.fromkeys(name for name in names if name != column.heading))
