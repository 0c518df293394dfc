"""Which rows are one document: together in the table or scattered over it, without ever holding the table."""

import json
import math
import sqlite3
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import groupby, pairwise
from operator import itemgetter

from integrations.choices import Kind
from integrations.files.reading.cells import Broken, Cell, Row, is_empty, shown
from integrations.files.reading.import_targets import LINES, Room, attribute_of
from integrations.files.reading.payments import Payments
from integrations.models.syncable import model_for

_OF_A_MOVEMENT = ("origin", "external_id", "voucher_type", "voucher_code", "source_code", "prefix", "number", "number2",
                  "date")  # fmt: skip
_TOTALS = ("total", "subtotal", "gran total", "sumas iguales")
_NUMBERS = ("number", "number2", "external_id")


class Keys:
    """The key of each row's document: the cells that say which one it is.

    A row without a number goes with the one above while its other cells are the same and its sequence grows, or it
    carries nothing but a payment.
    """

    def __init__(self, kind: Kind | str, columns: Mapping[int, Room]) -> None:
        model = model_for(kind)
        self.has_lines = LINES in model.part_relations
        wanted = _OF_A_MOVEMENT if self.has_lines else model.natural_key_columns
        attributes = {column: attribute_of(room) for column, room in columns.items()}
        self.columns = [column for column, name in attributes.items() if name in wanted]
        self._numbers = [column for column, name in attributes.items() if name in _NUMBERS]
        self._sequence = next((column for column, name in attributes.items() if name == f"{LINES}.position"), None)
        self._payments = Payments(columns)
        self._last: tuple[object, ...] = ()
        self._before: object = None
        self._raw_of = itemgetter(*(self.columns or [0]))
        self._rightmost = max(self.columns, default=math.inf)
        self._raw: object = None
        self._is_numbered = False
        self._unnumbered = 0
        self._started: list[int] = []

    def of(self, cells: Sequence[Cell]) -> tuple[object, ...]:
        """The key of the next row."""
        width = len(cells)
        raw = self._raw_of(cells) if width > self._rightmost else None
        if raw is not None and raw == self._raw and self._is_numbered:
            return self._last
        self._raw = raw
        key = tuple([_plain(cells[column]) if column < width else "" for column in self.columns])
        if not self.has_lines:
            return key
        if any(column < width and _plain(cells[column]) not in ("", "0") for column in self._numbers):
            self._last, self._is_numbered = key, True
            return key
        self._is_numbered = False
        return self._unnumbered_key(key, cells)

    def _unnumbered_key(self, key: tuple[object, ...], cells: Sequence[Cell]) -> tuple[object, ...]:
        if self._last[:-1] == key and self._payments.only_pays(cells):
            return self._last
        now = _whole(cells[self._sequence]) if self._sequence is not None and self._sequence < len(cells) else None
        goes_on = self._last[:-1] == key and now is not None and self._before is not None and now > self._before  # type: ignore[operator]
        if not goes_on:
            self._unnumbered += 1
            self._last = (*key, self._unnumbered)
        self._before = now
        return self._last

    def see(self, cells: Sequence[Cell]) -> None:
        """Note the next row, for `scattered`."""
        before, has_begun = self._last, bool(self._started)
        key = self.of(cells)
        if not self.has_lines or key != before or not has_begun:
            self._started.append(hash(key))

    def scattered(self) -> frozenset[int]:
        """Hashes of the keys that begin more than once: their rows don't stand together."""
        self._started.sort()
        return frozenset(one for one, next_one in pairwise(self._started) if one == next_one)


def _plain(cell: Cell) -> str:
    if isinstance(cell, str):
        text = cell.strip()
        return text.lstrip("0") or "0" if text.isdigit() else text
    return "" if cell is None else str(cell)


def _whole(cell: Cell) -> int | None:
    text = _plain(cell)
    return int(text) if text.isdigit() else None


def documents(rows: Iterable[Row], keys: Keys, scattered: frozenset[int]) -> Iterator[list[Row]]:
    """The rows of each document, in the order of the table; those of scattered ones come last."""
    aside = _Aside() if scattered and keys.has_lines else None
    for key, group in groupby(rows, key=lambda row: keys.of(row.cells)):
        if not keys.has_lines:
            for row in group:
                yield [row]
        elif aside is not None and hash(key) in scattered:
            aside.keep(hash(key), group)
        else:
            yield list(group)
    if aside is not None:
        yield from aside.documents()


class _Aside:
    """Rows of scattered documents, kept on disk until all of each are there."""

    def __init__(self) -> None:
        self._file = tempfile.NamedTemporaryFile(prefix="aparte-")  # noqa: SIM115 - it lives as long as this object
        self._kept = sqlite3.connect(self._file.name, isolation_level=None)
        self._kept.executescript(
            "PRAGMA journal_mode=OFF; PRAGMA synchronous=OFF; BEGIN;"
            "CREATE TABLE row (document INTEGER, number INTEGER, cells TEXT);"
        )

    def keep(self, document: int, rows: Iterable[Row]) -> None:
        self._kept.executemany(
            "INSERT INTO row VALUES (?, ?, ?)", ((document, row.number, packed(row.cells)) for row in rows)
        )

    def documents(self) -> Iterator[list[Row]]:
        found = self._kept.execute(
            "SELECT row.document, row.number, row.cells FROM row JOIN "
            "(SELECT document, MIN(number) AS first FROM row GROUP BY document) AS begun USING (document) "
            "ORDER BY begun.first, row.number"
        )
        for _, group in groupby(found, key=lambda kept: kept[0]):
            yield [Row(number, unpacked(cells)) for _, number, cells in group]
        self._kept.close()
        self._file.close()


def packed(cells: Sequence[Cell]) -> str:
    """Cells as JSON that keeps their kinds: exact numbers, days, broken cells."""
    return json.dumps([_tagged(cell) for cell in cells], ensure_ascii=False, separators=(",", ":"))


def _tagged(cell: Cell) -> object:
    if isinstance(cell, Broken):
        return {"roto": list(cell)}
    if isinstance(cell, Decimal):
        return {"n": str(cell)}
    return {"d": cell.isoformat()} if isinstance(cell, date) else cell


def unpacked(text: str) -> list[Cell]:
    """What `packed` wrote."""
    return [_untagged(cell) if isinstance(cell, dict) else cell for cell in json.loads(text)]


def _untagged(cell: dict[str, object]) -> Cell:
    if "n" in cell:
        return Decimal(str(cell["n"]))
    if "d" in cell:
        return date.fromisoformat(str(cell["d"]))
    return Broken(*map(str, cell["roto"]))  # type: ignore[call-overload]


def looks_like_totals(row: Row, columns: Sequence[int]) -> bool:
    """A row of totals: it says so, or has nothing but amounts. `columns` hold texts that every document has.

    A row that has its code is none, whatever a description in it begins with.
    """
    cells = row.cells
    if len(columns) > 1 and all(column < len(cells) and not is_empty(cells[column]) for column in columns):
        return False
    held = [cells[column] for column in columns if column < len(cells) and not is_empty(cells[column])]
    texts = [cell.strip().casefold() for cell in cells if isinstance(cell, str) and cell.upper() != cell.lower()]
    codes = [cell for cell in held if not shown(cell).strip().casefold().startswith(_TOTALS)]
    is_named = any(text.startswith(_TOTALS) for text in texts)
    return (is_named and len(codes) < max(1, len(columns) - 1)) or (not held and not texts)
