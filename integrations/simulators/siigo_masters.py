"""Masters of the Siigo stand-in: read by `import` and, for two of them, written by `export`.

Column names come from notes 1.4, whose lists are cut; keys, the answer and the exports are assumed.
"""

import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass

from integrations.simulators.siigo_rows import RowRefusal
from integrations.simulators.siigo_vouchers import read_json, write_json
from integrations.simulators.store import Store

MasterRow = Mapping[str, object]
TABLES = ("siigo_masters",)
SCHEMA = """
CREATE TABLE IF NOT EXISTS siigo_masters (connection TEXT, resource TEXT, key INTEGER, branch INTEGER, row TEXT,
  PRIMARY KEY (connection, resource, key, branch)) WITHOUT ROWID;
"""


@dataclass(frozen=True, slots=True)
class MasterResource:
    """One resource: the filter that bounds it, the filter's last value, and the number it bounds."""

    filter: str
    last: int
    key: Callable[[MasterRow], int]
    exported: bool = False
    required: tuple[str, ...] = ()
    """What an export of it must bear in each row (notes, section 1.4)."""


def _joined(*columns: tuple[str, int]) -> Callable[[MasterRow], int]:
    """The columns one behind the other, each with its digits. Raises ValueError for what is no number."""
    return lambda row: int("".join(str(row.get(name) or 0).zfill(digits) for name, digits in columns))


MASTERS = {
    "thirds": MasterResource(
        "third",
        999_999_999_999,
        _joined(("identification", 12)),
        exported=True,
        required=("identification", "branch"),
    ),
    "inventory_products": MasterResource(
        "product",
        999_999_999_999,
        _joined(("line", 3), ("group", 4), ("product", 6)),
        exported=True,
        required=("line", "group", "product"),
    ),
    "accounting_accounts": MasterResource(
        "account",
        9_999_999_999,
        _joined(("group", 2), ("account", 2), ("sub_account", 2), ("auxiliary", 2), ("sub_auxiliary", 2)),
    ),
    "lines_groups": MasterResource("line_group", 9_999_999, _joined(("inventory_line", 3), ("inventory_group", 4))),
    "warehouses": MasterResource("warehouse", 9999, _joined(("warehouse_code", 4))),
}


def keep(db: sqlite3.Connection, connection: str, resource: str, rows: Iterable[MasterRow]) -> None:
    """Write rows over those with the same key; a third has one row for each branch. Raises ValueError."""
    key = MASTERS[resource].key
    db.executemany(
        "INSERT OR REPLACE INTO siigo_masters VALUES (?, ?, ?, ?, ?)",
        ((connection, resource, key(row), int(str(row.get("branch") or 0)), write_json(row)) for row in rows),
    )


def errors(store: Store, connection: str, resource: str, rows: Sequence[MasterRow]) -> list[RowRefusal]:
    """What is refused in rows to be written: obligatory fields that are missing, and a product whose line and
    group nobody made, where any were made (assumed). Raises ValueError, AttributeError for what is no row.
    """
    missing = [
        RowRefusal(position, name, "required", f"El campo {name} es obligatorio")
        for position, row in enumerate(rows, 1)
        for name in MASTERS[resource].required
        if row.get(name) in (None, "")
    ]
    return missing or _unknown_groups(store, connection, resource, rows)


def _unknown_groups(store: Store, connection: str, resource: str, rows: Sequence[MasterRow]) -> list[RowRefusal]:
    groups = {MASTERS["lines_groups"].key(row) for row in read(store, connection, "lines_groups", 1, 9_999_999)}
    if resource != "inventory_products" or not groups:
        return []
    names = _joined(("line", 3), ("group", 4))
    return [
        RowRefusal(position, "group", "unknown_group", "La línea y el grupo de inventario no existen")
        for position, row in enumerate(rows, 1)
        if names(row) not in groups
    ]


def seed(store: Store, connection: str, resource: str, rows: Iterable[MasterRow]) -> None:
    """Many rows in one transaction, as people at the ERP would have typed them."""
    with store.transaction() as db:
        keep(db, connection, resource, rows)


def read(store: Store, connection: str, resource: str, first: int, last: int) -> list[MasterRow]:
    """Rows between two keys. A last filter value means no upper bound: a product has 13 digits, the filter 12."""
    until = 10**13 if last >= MASTERS[resource].last else last
    found = store.rows(
        "SELECT row FROM siigo_masters WHERE connection = ? AND resource = ? AND key BETWEEN ? AND ? ORDER BY key",
        (connection, resource, first, until),
    )
    return [read_json(row["row"]) for row in found]
