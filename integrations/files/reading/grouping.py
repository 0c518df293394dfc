"""Which rows are one document: together in the table or scattered over it, without keeping the table in memory."""

import json
import math
import sqlite3
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise
from operator import itemgetter

from integrations.choices import Kind
from integrations.files.reading.cells import BrokenCell, InputCell, RowProblem, TableRow
from integrations.files.reading.import_targets import LINES, PAYMENTS, ImportTarget, attribute_of
from integrations.files.reading.payments import PaymentColumns
from integrations.files.reading.unnumbered import UnnumberedRows
from integrations.models.syncable import model_for

_NUMBERS = ("number", "number2", "external_id", "document", "source_document")
_MOVEMENT_KEY = (*_NUMBERS, "origin", "voucher_type", "voucher_code", "source_code", "prefix", "date")


class DocumentKeys:
    """The key of each row's document: the cells that say which document it is. Rows are given in their order.

    A row without a number belongs to the one above while the other cells of the document are the same and its sequence
    grows, or where it has nothing but a payment; without sequences as `unnumbered` says, by the `balance` of each row.
    """

    def __init__(
        self,
        kind: Kind | str,
        columns: Mapping[int, ImportTarget],
        unnumbered: UnnumberedRows | None = None,
        balance: Callable[[Sequence[InputCell]], Decimal] | None = None,
    ) -> None:
        model = model_for(kind)
        self.has_lines = LINES in model.part_relations
        wanted = _MOVEMENT_KEY if self.has_lines else model.natural_key_columns
        attributes = {column: attribute_of(target) for column, target in columns.items()}
        self.columns = [column for column, name in attributes.items() if name in wanted]
        self.numbers = [column for column, name in attributes.items() if name in _NUMBERS]
        self.sequence = next((column for column, name in attributes.items() if name == f"{LINES}.position"), -1)
        """The column of the line's number; -1: none."""
        self._header = [column for column, target in columns.items() if _is_of_document(target)]
        self._way, self._balance = unnumbered, balance
        self.joined_blank = self.joined_zero = 0
        """Rows that may belong to the one above: without a number, and with 0 for one."""
        self._payments = PaymentColumns(columns)
        self._last_header: tuple[object, ...] = ()
        self._running = Decimal(0)
        self._key_cells = itemgetter(*(self.columns or [0]))
        self._rightmost = max(self.columns, default=math.inf)
        self._last_key: tuple[object, ...] = ()
        self._last_cells: object = None
        self._last_is_numbered = False
        self._last_sequence: int | None = None
        self._unnumbered = 0
        self._starts: list[int] = []

    def key_of(self, cells: Sequence[InputCell]) -> tuple[object, ...]:
        """The key of the next row."""
        width = len(cells)
        key_cells = self._key_cells(cells) if width > self._rightmost else None
        if key_cells is not None and key_cells == self._last_cells and self._last_is_numbered:
            return self._last_key
        self._last_cells = key_cells
        key = tuple([_key_text(cells[column]) if column < width else "" for column in self.columns])
        if not self.has_lines:
            return key
        if any(column < width and _key_text(cells[column]) not in ("", "0") for column in self.numbers):
            self._last_key, self._last_is_numbered = key, True
            return key
        self._last_is_numbered = False
        return self._unnumbered_key(key, cells)

    def _unnumbered_key(self, key: tuple[object, ...], cells: Sequence[InputCell]) -> tuple[object, ...]:
        is_alike = bool(self._last_key) and self._last_key[:-1] == key
        if is_alike and self._payments.has_only_payment(cells):
            return self._last_key
        width = len(cells)
        header = tuple([_key_text(cells[column]) if column < width else "" for column in self._header])
        sequence = _whole(cells[self.sequence]) if 0 <= self.sequence < width else None
        last_sequence, self._last_sequence = self._last_sequence, sequence
        is_alike = is_alike and header == self._last_header
        if not (is_alike and self._goes_on(cells, sequence, last_sequence)):
            self._unnumbered += 1
            self._last_key, self._running = (*key, self._unnumbered), Decimal(0)
        self._last_header = header
        if self._balance is not None:
            self._running += self._balance(cells)
        return self._last_key

    def _goes_on(self, cells: Sequence[InputCell], sequence: int | None, last: int | None) -> bool:
        """Whether a row with the same data of the document as the one above belongs to it."""
        if sequence is not None:
            return last is not None and sequence > last
        is_zero = any(column < len(cells) and _key_text(cells[column]) == "0" for column in self.numbers)
        self.joined_zero += is_zero
        self.joined_blank += not is_zero
        is_open = self._way is UnnumberedRows.BALANCED and self._running != 0
        return self._way is UnnumberedRows.TOGETHER or is_open

    def see(self, cells: Sequence[InputCell]) -> None:
        """Note where documents start, for `scattered`."""
        last, has_begun = self._last_key, bool(self._starts)
        key = self.key_of(cells)
        if not self.has_lines or key != last or not has_begun:
            self._starts.append(hash(key))

    @property
    def count(self) -> int:
        """How many documents were seen, a scattered one once."""
        return len(set(self._starts))

    def scattered(self) -> frozenset[int]:
        """Hashes of the keys that start more than once: their rows don't follow one another."""
        self._starts.sort()
        return frozenset(start for start, following in pairwise(self._starts) if start == following)


def _is_of_document(target: ImportTarget) -> bool:
    """Whether a column holds something of the document, not of a line or a payment."""
    return not target.path.startswith(f"{LINES}.") and target.relation != PAYMENTS


def _key_text(cell: InputCell) -> str:
    """A cell of a key, without the zeros that a number begins with."""
    if isinstance(cell, str):
        text = cell.strip()
        return text.lstrip("0") or "0" if text.isdigit() else text
    return "" if cell is None else str(cell)


def _whole(cell: InputCell) -> int | None:
    text = _key_text(cell)
    return int(text) if text.isdigit() else None


def group_rows(rows: Iterable[TableRow], keys: DocumentKeys, scattered: frozenset[int]) -> Iterator[list[TableRow]]:
    """The rows of each document, in the order of the table; scattered ones come last."""
    aside = _ScatteredRows() if scattered and keys.has_lines else None
    for key, group in groupby(rows, key=lambda row: keys.key_of(row.cells)):
        if not keys.has_lines:
            for row in group:
                yield [row]
        elif aside is not None and hash(key) in scattered:
            aside.add(hash(key), group)
        else:
            yield list(group)
    if aside is not None:
        yield from aside.documents()


class _ScatteredRows:
    """Rows of scattered documents, on disk until all of each are there."""

    def __init__(self) -> None:
        self._file = tempfile.NamedTemporaryFile(prefix="aparte-")  # noqa: SIM115 - it lives as long as this object
        self._database = sqlite3.connect(self._file.name, isolation_level=None)
        self._database.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;"
            "CREATE TABLE row (document INTEGER, number INTEGER, cells TEXT);"
        )

    def add(self, document: int, rows: Iterable[TableRow]) -> None:
        self._database.executemany(
            "INSERT INTO row VALUES (?, ?, ?)", ((document, row.number, pack_cells(row.cells)) for row in rows)
        )

    def documents(self) -> Iterator[list[TableRow]]:
        rows = self._database.execute(
            "SELECT row.document, row.number, row.cells FROM row JOIN "
            "(SELECT document, MIN(number) AS first FROM row GROUP BY document) AS begun USING (document) "
            "ORDER BY begun.first, row.number"
        )
        for _, group in groupby(rows, key=itemgetter(0)):
            yield [TableRow(number, unpack_cells(cells)) for _, number, cells in group]
        self._database.close()
        self._file.close()


def pack_cells(cells: Sequence[InputCell]) -> str:
    """Cells as JSON that keeps exact numbers, days and broken cells."""
    return json.dumps([_tagged(cell) for cell in cells], ensure_ascii=False, separators=(",", ":"))


def _tagged(cell: InputCell) -> object:
    if isinstance(cell, BrokenCell):
        return {"fila" if isinstance(cell, RowProblem) else "roto": list(cell)}
    if isinstance(cell, Decimal):
        return {"n": str(cell)}
    return {"d": cell.isoformat()} if isinstance(cell, date) else cell


def unpack_cells(text: str) -> list[InputCell]:
    """The cells of a text from `pack_cells`."""
    return [_untagged(cell) if isinstance(cell, dict) else cell for cell in json.loads(text)]


def _untagged(cell: dict[str, object]) -> InputCell:
    if "n" in cell:
        return Decimal(str(cell["n"]))
    if "d" in cell:
        return date.fromisoformat(str(cell["d"]))
    if "fila" in cell:
        return RowProblem(*map(str, cell["fila"]))  # type: ignore[call-overload]
    return BrokenCell(*map(str, cell["roto"]))  # type: ignore[call-overload]
