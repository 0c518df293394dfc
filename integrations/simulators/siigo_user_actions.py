"""What people do in Siigo itself, past the connector; and rows by the thousand."""

import sqlite3
import time
from collections.abc import Callable, Iterable, Mapping
from typing import Any

from integrations.simulators import siigo_masters as masters
from integrations.simulators.siigo_rows import MovementRow
from integrations.simulators.siigo_vouchers import read_json, write_json
from integrations.simulators.store import Store, insert


def act(store: Store, name: str, options: Mapping[str, Any]) -> object:
    """Do one of `ACTS` in a transaction. Raises ValueError; TypeError for options it does not take."""
    if name not in ACTS:
        raise ValueError(f"act: {name!r}; known: {', '.join(sorted(ACTS))}")
    with store.transaction() as db:
        return ACTS[name](db, **options)


def _voucher(db: sqlite3.Connection, type: str, code: int, number: int) -> sqlite3.Row:  # noqa: A002 - Siigo's name
    """The newest of a type, code and number."""
    sql = "SELECT * FROM siigo_vouchers WHERE type = ? AND code = ? AND number = ? ORDER BY id DESC"
    row = db.execute(sql, (type, code, number)).fetchone()
    if row is None:
        raise ValueError(f"no voucher {type}-{code}-{number}")
    return row  # type: ignore[no-any-return]


def annul(db: sqlite3.Connection, **key: Any) -> object:
    """Somebody annuls a voucher: each row says so (`canceled_voucher`, assumed)."""
    return change(db, {"canceled_voucher": "S"}, **key)


def change(db: sqlite3.Connection, values: MovementRow, **key: Any) -> object:
    """Somebody edits every row of a voucher: `values` by field."""
    voucher = _voucher(db, **key)
    rows = [{**row, **values} for row in read_json(voucher["rows"])]
    db.execute("UPDATE siigo_vouchers SET rows = ? WHERE id = ?", (write_json(rows), voucher["id"]))
    return {"rows": len(rows)}


def delete(db: sqlite3.Connection, **key: Any) -> object:
    """Somebody deletes a voucher, and its number is free again."""
    db.execute("DELETE FROM siigo_vouchers WHERE id = ?", (_voucher(db, **key)["id"],))
    return {"deleted": True}


def duplicate(db: sqlite3.Connection, **key: Any) -> object:
    """Somebody types a voucher again: the same, under the next number of its type and code."""
    voucher = _voucher(db, **key)
    same = (voucher["connection"], voucher["year"], voucher["type"], voucher["code"])
    sql = "SELECT MAX(number) + 1 FROM siigo_vouchers WHERE connection = ? AND year = ? AND type = ? AND code = ?"
    number = db.execute(sql, same).fetchone()[0]
    rows = [{**row, "document_number": number} for row in read_json(voucher["rows"])]
    named = {name: voucher[name] for name in ("connection", "year", "type", "code")}
    insert(db, "siigo_vouchers", {**named, "number": number, "rows": write_json(rows), "stored": time.time()})
    return {"number": number}


def keep(db: sqlite3.Connection, connection: str, resource: str, rows: Iterable[MovementRow]) -> object:
    """Somebody types masters: any of the five resources."""
    if resource not in masters.MASTERS:
        raise ValueError(f"resource: {resource!r}")
    masters.keep(db, connection, resource, rows)
    return {"resource": resource}


def seed(db: sqlite3.Connection, connection: str, third_parties: int = 0, vouchers: int = 0) -> object:
    """Many rows at once: terceros, and vouchers of one debit of the year 2026."""
    parties = ({"identification": 700_000_000 + n, "branch": 0, "name": f"TERCERO {n}"} for n in range(third_parties))
    masters.keep(db, connection, "thirds", parties)
    db.executemany(
        "INSERT INTO siigo_vouchers (connection, year, type, code, number, rows) VALUES (?, 2026, 'Q', 1, ?, ?)",
        ((connection, n, write_json([_line(n)])) for n in range(1, vouchers + 1)),
    )
    return {"third_parties": third_parties, "vouchers": vouchers}


def _line(number: int) -> dict[str, object]:
    return {
        "voucher_type": "Q", "voucher_code": 1, "document_number": number, "accounting_account": 1305050000,
        "debit_or_credit": "D", "sequence_value": 100, "document_year": 2026, "document_month": 1,
        "document_day": 15, "sequence": 1,
    }  # fmt: skip


ACTS: dict[str, Callable[..., object]] = {
    "annul": annul,
    "change": change,
    "delete": delete,
    "duplicate": duplicate,
    "keep": keep,
    "seed": seed,
}
