"""Records as rows of a table: `shape` says the columns, here is what of them a file has and what stands in each."""

from collections.abc import Callable, Iterator
from typing import Any

from integrations.choices import Kind, Status, Target
from integrations.erp.exports import by_position
from integrations.files.cell_text import Cell
from integrations.files.table_columns import DOCUMENT, SHOWN_ONLY, Column, columns_of
from integrations.files.writing.export_source import Source

Row = list[Cell]
Read = Callable[[Any], Cell]
Dress = Callable[[Cell], Cell]
"""What a cell needs in the format of the file."""


class Table:
    """The headings and rows of a file. `rows` reads the records as they are asked for."""

    def __init__(self, source: Source, dress: Dress) -> None:
        self.source = source
        self._columns = present(source)
        self._shown = _shown_only(source)
        reads: list[tuple[str, Read]] = [(column.part, column.reader()) for column in self._columns]
        reads += [(DOCUMENT, read) for _heading, read in self._shown]
        self._width, self._dress = len(reads), dress
        self._by_part = {
            part: [(place, read) for place, (of, read) in enumerate(reads) if of == part] for part in _parts(source)
        }

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self._columns] + [heading for heading, _read in self._shown]

    def rows(self) -> Iterator[Row]:
        """One per line and one per payment, each with its document's columns; one for a record without either."""
        for record in self.source.read():
            head: Row = [None] * self._width
            self._fill(head, record, DOCUMENT)
            yield from self._part_rows(record, head)

    def _part_rows(self, record: Any, head: Row) -> Iterator[Row]:
        alone = True
        for relation in self.source.model.part_relations:
            for part in by_position(record, relation):
                row, alone = head.copy(), False
                self._fill(row, part, relation)
                yield row
        if alone:
            yield head

    def _fill(self, row: Row, holder: Any, part: str) -> None:
        dress = self._dress
        for place, read in self._by_part[part]:
            cell = read(holder)
            if cell is not None:
                row[place] = dress(cell)


def present(source: Source) -> list[Column]:
    """The record's own columns, and those of the ERPs that some record of the file holds."""
    names = {(part, held_in, name) for part in _parts(source) for held_in, name in _sparse_names(source, part)}
    return [c for c in columns_of(source.kind) if not c.held_in or (c.part, c.held_in, c.name) in names]


def _parts(source: Source) -> tuple[str, ...]:
    return (DOCUMENT, *source.model.part_relations)


def _sparse_names(source: Source, part: str) -> set[tuple[str, str]]:
    held = [target.value for target in Target if _has(source, part, target.value)]
    queryset = source.parts(part) if part else source.queryset.order_by()
    found: set[tuple[str, str]] = set()
    for values in queryset.values_list(*held).iterator():
        for held_in, sparse in zip(held, values, strict=True):
            found.update((held_in, name) for name in sparse)
    return found


def _has(source: Source, part: str, name: str) -> bool:
    owner = source.parts(part).model if part else source.model
    return any(column.name == name for column in owner._meta.concrete_fields)


def _shown_only(source: Source) -> list[tuple[str, Read]]:
    """Columns for people: who it is about, and where it stands."""
    _note, name, *states = SHOWN_ONLY
    found: list[tuple[str, Read]] = []
    if source.kind == Kind.MOVEMENT:
        found.append((name, lambda record: record.party_label or None))
    for target, heading in zip(Target, states, strict=True):
        if target in source.model.exports:
            found.append((heading, _state_of(target)))
    return found


def _state_of(target: Target) -> Read:
    return lambda record: Status(getattr(record, f"{target.value}_status")).label
