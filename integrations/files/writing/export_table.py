"""Records as rows of a table: which of the columns of `table_columns` a file has, and the cells of each record."""

from collections.abc import Callable, Iterator
from typing import Any

from integrations.choices import Kind, Status, Target
from integrations.erp.exports import by_position
from integrations.files.cell_text import OutputCell
from integrations.files.table_columns import DOCUMENT, INFORMATION_HEADINGS, TableColumn, columns_of
from integrations.files.writing.export_source import ExportSource
from integrations.models.record_content import SPARSE_COLUMNS

OutputRow = list[OutputCell]
CellReader = Callable[[Any], OutputCell]
"""A function from a record, a line or a payment to a cell."""
CellFormatter = Callable[[OutputCell], OutputCell]
"""A function from a cell to what it is in the format of the file."""


class ExportTable:
    """The headings and rows of a file. `rows` reads the records as it goes."""

    def __init__(self, source: ExportSource, formatter: CellFormatter) -> None:
        self.source = source
        columns, information = used_columns(source), _information_columns(source)
        self.headings = [column.heading for column in columns] + list(information)
        readers: list[tuple[str, CellReader]] = [(column.part, column.reader()) for column in columns]
        readers += [(DOCUMENT, reader) for reader in information.values()]
        self._formatter = formatter
        self._readers = {
            part: [(place, reader) for place, (owner, reader) in enumerate(readers) if owner == part]
            for part in _parts(source)
        }

    def rows(self) -> Iterator[OutputRow]:
        """One per line and one per payment, each with its document's columns; one for a record without either."""
        for record in self.source.read():
            head: OutputRow = [None] * len(self.headings)
            self._fill(head, record, DOCUMENT)
            yield from self._part_rows(record, head)

    def _part_rows(self, record: Any, head: OutputRow) -> Iterator[OutputRow]:
        has_parts = False
        for relation in self.source.model.part_relations:
            for part in by_position(record, relation):
                row, has_parts = head.copy(), True
                self._fill(row, part, relation)
                yield row
        if not has_parts:
            yield head

    def _fill(self, row: OutputRow, instance: Any, part: str) -> None:
        formatter = self._formatter
        for place, reader in self._readers[part]:
            cell = reader(instance)
            if cell is not None:
                row[place] = formatter(cell)


def used_columns(source: ExportSource) -> list[TableColumn]:
    """The record's own columns, and those of the ERPs in which some record of the file has a value."""
    names = {(part, *sparse) for part in _parts(source) for sparse in _sparse_names(source, part)}
    return [
        column
        for column in columns_of(source.kind)
        if not column.sparse_field or (column.part, column.sparse_field, column.name) in names
    ]


def _parts(source: ExportSource) -> tuple[str, ...]:
    return (DOCUMENT, *source.model.part_relations)


def _sparse_names(source: ExportSource, part: str) -> set[tuple[str, str]]:
    """(JSON column, wire name) of every value in the sparse JSON of the records, or of their lines or payments."""
    queryset = source.parts(part) if part else source.queryset.order_by()
    present = {column.name for column in queryset.model._meta.concrete_fields}
    columns = [column for column in SPARSE_COLUMNS if column in present]
    names: set[tuple[str, str]] = set()
    for values in queryset.values_list(*columns).iterator():
        for column, sparse in zip(columns, values, strict=True):
            names.update((column, name) for name in sparse)
    return names


def _information_columns(source: ExportSource) -> dict[str, CellReader]:
    """Heading → reader of the columns for people: who the record is about, and its status in each ERP."""
    _note, party, *statuses = INFORMATION_HEADINGS
    readers: dict[str, CellReader] = {}
    if source.kind == Kind.MOVEMENT:
        readers[party] = lambda record: record.party_label or None
    for target, heading in zip(Target, statuses, strict=True):
        if target in source.model.exports:
            readers[heading] = _status_reader(target)
    return readers


def _status_reader(target: Target) -> CellReader:
    return lambda record: Status(getattr(record, f"{target.value}_status")).label
