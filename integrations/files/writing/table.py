"""Records as rows of a table: `shape` says the columns, here is what of them a file has and what stands in each."""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from integrations.choices import Kind, Status, Target
from integrations.exports import in_order
from integrations.files.cells import Cell
from integrations.files.shape import DOCUMENT, SHOWN_ONLY, Column, columns_of
from integrations.files.writing.source import Source

Row = list[Cell]
_Part = list[tuple[int, Column]]


class Table:
    """The headings and rows of a file. `rows` reads the records as they are asked for."""

    def __init__(self, source: Source) -> None:
        self.source = source
        self.columns = present(source)
        self.shown = _shown_only(source)
        self._by_part = _by_part(self.columns)

    @property
    def headings(self) -> list[str]:
        return [column.heading for column in self.columns] + [heading for heading, _read in self.shown]

    def rows(self) -> Iterator[Row]:
        """One per line and one per payment, each with its document's columns; one for a record without either."""
        for record in self.source.read():
            head = self._empty()
            self._fill(head, record, DOCUMENT)
            for place, (_heading, read) in enumerate(self.shown, len(self.columns)):
                head[place] = read(record)
            yield from self._part_rows(record, head)

    def _part_rows(self, record: Any, head: Row) -> Iterator[Row]:
        alone = True
        for relation in self.source.model.part_relations:
            for part in in_order(record, relation):
                row, alone = list(head), False
                self._fill(row, part, relation)
                yield row
        if alone:
            yield head

    def _fill(self, row: Row, holder: Any, part: str) -> None:
        for place, column in self._by_part.get(part, ()):
            row[place] = column.cell(holder)

    def _empty(self) -> Row:
        return [None] * (len(self.columns) + len(self.shown))


def _by_part(columns: Sequence[Column]) -> dict[str, _Part]:
    found: dict[str, _Part] = {}
    for place, column in enumerate(columns):
        found.setdefault(column.part, []).append((place, column))
    return found


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


def _shown_only(source: Source) -> list[tuple[str, Callable[[Any], str]]]:
    """Columns for people: who it is about, and where it stands."""
    _note, name, *states = SHOWN_ONLY
    found: list[tuple[str, Callable[[Any], str]]] = []
    if source.kind == Kind.MOVEMENT:
        found.append((name, lambda record: record.party_label))
    for target, heading in zip(Target, states, strict=True):
        if target in source.model.exports:
            found.append((heading, _state_of(target)))
    return found


def _state_of(target: Target) -> Callable[[Any], str]:
    return lambda record: Status(getattr(record, f"{target.value}_status")).label
