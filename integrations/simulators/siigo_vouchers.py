"""Siigo's vouchers: how rows become documents, which ones are refused, how they are read back."""

import json
import sqlite3
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

from integrations.simulators.siigo_rows import MovementRow, RowRefusal, whole
from integrations.simulators.store import Store, insert
from integrations.simulators.treatment import UNTREATED, Treatment

SCHEMA = """
CREATE TABLE IF NOT EXISTS siigo_vouchers (
  id INTEGER PRIMARY KEY AUTOINCREMENT, connection TEXT NOT NULL, year INTEGER NOT NULL, type TEXT NOT NULL,
  code INTEGER NOT NULL, number INTEGER NOT NULL, rows TEXT NOT NULL,
  stored REAL DEFAULT 0);
CREATE INDEX IF NOT EXISTS siigo_voucher_key ON siigo_vouchers (connection, year, type, code, number);
"""
TABLES = ("siigo_vouchers",)
MAX_LINES = 250
ACCOUNT_DIGITS = 10


@dataclass(frozen=True, slots=True)
class Rules:
    """Switches. The defaults take the published example as it stands: one debit line, a six-digit account."""

    balance: bool = False
    ten_digit_account: bool = False
    year_of_document: bool = False
    max_lines: bool = True
    unique_sequence: bool = True
    one_date: bool = True
    closed_periods: Sequence[str] = ()
    """`YYYY-MM` months that take no documents."""
    refused_types: str = "VYZ"
    """Letters that are no accounting vouchers (notes, section 2.2)."""
    strict_chart: bool = False
    """Accounts must be among the company's `accounting_accounts`, or in `chart_of_accounts`."""
    chart_of_accounts: Sequence[int] = ()
    """Given, they are the only accounts there are, besides those of the company's masters."""
    due_date_accounts: Sequence[str] = ()
    """First digits of the accounts that handle due dates, such as `1305`: they need a cross document."""


@dataclass(frozen=True, slots=True)
class VoucherRows:
    """Rows of one type, code and number, with their positions in the list. `number` 0: Siigo numbers it."""

    connection: str
    year: int
    type: str
    code: int
    number: int
    rows: tuple[tuple[int, MovementRow], ...]


def gather(connection: str, year: int, rows: Iterable[MovementRow]) -> list[VoucherRows]:
    """The vouchers of a list, in order of appearance."""
    gathered: dict[tuple[str, int, int], list[tuple[int, MovementRow]]] = {}
    for position, row in enumerate(rows, 1):
        key = (str(row["voucher_type"]), whole(row, "voucher_code"), whole(row, "document_number"))
        gathered.setdefault(key, []).append((position, row))
    return [VoucherRows(connection, year, *key, tuple(lines)) for key, lines in gathered.items()]


def chart(store: Store, connection: str, rules: Rules) -> frozenset[int] | None:
    """The accounts there are; None where any goes."""
    if not rules.strict_chart and not rules.chart_of_accounts:
        return None
    sql = "SELECT key FROM siigo_masters WHERE connection = ? AND resource = 'accounting_accounts'"
    return frozenset((*rules.chart_of_accounts, *(row["key"] for row in store.rows(sql, (connection,)))))


def rule_errors(voucher: VoucherRows, rules: Rules, accounts: frozenset[int] | None = None) -> Iterator[RowRefusal]:
    """What Siigo's import refuses in a voucher as a whole (notes, section 2.3). `accounts` None: any goes."""
    first = voucher.rows[0][0]
    lines = [row for _, row in voucher.rows]
    if rules.max_lines and len(lines) > MAX_LINES:
        yield RowRefusal(first, "sequence", "too_many_lines", f"Máximo {MAX_LINES} líneas por comprobante")
    if rules.balance and (difference := _difference(lines)):
        yield RowRefusal(first, "sequence_value", "unbalanced", f"Comprobante descuadrado en {difference}")
    if rules.one_date and len({_date(row) for row in lines}) > 1:
        yield RowRefusal(first, "document_day", "mixed_dates", "El comprobante tiene varias fechas")
    if "-".join(_date(lines[0])[:2]) in rules.closed_periods:
        yield RowRefusal(first, "document_month", "closed_period", "El período está cerrado")
    if rules.unique_sequence:
        yield from _repeated(voucher)
    yield from _line_errors(voucher, rules)
    yield from _account_errors(voucher, rules, accounts)


def _account_errors(voucher: VoucherRows, rules: Rules, accounts: frozenset[int] | None) -> Iterator[RowRefusal]:
    due = tuple(rules.due_date_accounts)
    for position, row in voucher.rows:
        account = whole(row, "accounting_account")
        if accounts is not None and account not in accounts:
            yield RowRefusal(position, "accounting_account", "unknown_account", f"La cuenta {account} no existe")
        crossed = row.get("cross_voucher_type") and row.get("cross_document_number")
        if due and str(account).startswith(due) and not crossed:
            message = f"La cuenta {account} maneja vencimientos y no tiene documento cruce"
            yield RowRefusal(position, "cross_document_number", "missing_cross_document", message)


def _line_errors(voucher: VoucherRows, rules: Rules) -> Iterator[RowRefusal]:
    for position, row in voucher.rows:
        if rules.ten_digit_account and len(str(row["accounting_account"])) != ACCOUNT_DIGITS:
            yield RowRefusal(position, "accounting_account", "invalid_account", "La cuenta debe tener 10 dígitos")
        if rules.year_of_document and row.get("document_year") not in (None, voucher.year):
            yield RowRefusal(position, "document_year", "wrong_year", "El año no es el del proceso")


def _difference(lines: Iterable[MovementRow]) -> Decimal:
    signed = (Decimal(str(row["sequence_value"])) * (1 if row["debit_or_credit"] == "D" else -1) for row in lines)
    return sum(signed, Decimal(0))


def _date(row: MovementRow) -> tuple[str, str, str]:
    year, month, day = (str(row.get(f"document_{part}", "")) for part in ("year", "month", "day"))
    return year, month.zfill(2), day.zfill(2)


def _repeated(voucher: VoucherRows) -> Iterator[RowRefusal]:
    seen: set[object] = set()
    for position, row in voucher.rows:
        sequence = row.get("sequence")
        if sequence is not None and sequence in seen:
            yield RowRefusal(position, "sequence", "repeated_sequence", f"Secuencia {sequence} repetida")
        seen.add(sequence)


_KEY = "connection = ? AND year = ? AND type = ? AND code = ?"


def commit(db: sqlite3.Connection, voucher: VoucherRows, *, replace_whole: bool, copies: int) -> RowRefusal | None:
    """Store a voucher, or say that it exists already. `copies` 2 is the duplicate fault."""
    key = (voucher.connection, voucher.year, voucher.type, voucher.code)
    voucher = _numbered(db, voucher, key)
    voucher_key = (*key, voucher.number)
    if replace_whole:
        db.execute(f"DELETE FROM siigo_vouchers WHERE {_KEY} AND number = ?", voucher_key)  # noqa: S608
    elif db.execute(f"SELECT 1 FROM siigo_vouchers WHERE {_KEY} AND number = ?", voucher_key).fetchone():  # noqa: S608
        name = f"{voucher.type}-{voucher.code:03d}-{voucher.number}"
        return RowRefusal(voucher.rows[0][0], "document_number", "exists", f"El documento {name} ya existe")
    rows = write_json([row for _, row in voucher.rows])
    for _ in range(copies):
        columns = ("connection", "year", "type", "code", "number")
        insert(
            db,
            "siigo_vouchers",
            {**dict(zip(columns, (*key, voucher.number), strict=True)), "rows": rows, "stored": time.time()},
        )
    return None


def _numbered(db: sqlite3.Connection, voucher: VoucherRows, key: tuple[object, ...]) -> VoucherRows:
    """Assumed: without a number Siigo gives the next of the type and code."""
    if voucher.number:
        return voucher
    last = db.execute(f"SELECT MAX(number) FROM siigo_vouchers WHERE {_KEY}", key).fetchone()[0] or 0  # noqa: S608
    rows = tuple((position, {**row, "document_number": last + 1}) for position, row in voucher.rows)
    return replace(voucher, number=last + 1, rows=rows)


@dataclass(frozen=True, slots=True)
class MovementFilters:
    """The filters of a read of movements, both ends included."""

    connection: str
    year: int
    type: str
    codes: tuple[int, int]
    numbers: tuple[int, int]
    accounts: tuple[int, int]
    products: tuple[int, int]
    days: tuple[str, str]
    """`MMDD`."""


def read(store: Store, filters: MovementFilters, treatment: Treatment = UNTREATED) -> list[MovementRow]:
    """The rows in range, as they were stored, but for the vouchers that the treatment leaves out."""
    until = time.time() - treatment.stale_seconds if treatment.stale_seconds else float("inf")
    vouchers = store.rows(
        "SELECT * FROM siigo_vouchers WHERE connection = ? AND year = ? AND (? = '*' OR type = ?)"
        " AND code BETWEEN ? AND ? AND number BETWEEN ? AND ? AND stored <= ?"
        " AND id NOT IN (SELECT id FROM siigo_vouchers ORDER BY id DESC LIMIT ?) ORDER BY type, code, number, id",
        (filters.connection, filters.year, filters.type, filters.type, *filters.codes, *filters.numbers, until,
         treatment.stale_documents),
    )  # fmt: skip
    shown = (voucher for voucher in vouchers if not {str(voucher["number"]), _name(voucher)} & {*treatment.hidden})
    return [row for voucher in shown for row in read_json(voucher["rows"]) if _in_range(row, filters)]


def _name(voucher: sqlite3.Row) -> str:
    """As people write it: F-001-12."""
    return f"{voucher['type']}-{voucher['code']:03d}-{voucher['number']}"


def _in_range(row: MovementRow, filters: MovementFilters) -> bool:
    _, month, day = _date(row)
    dated = row.get("document_month") is not None
    return (
        (not dated or filters.days[0] <= month + day <= filters.days[1])
        and filters.accounts[0] <= whole(row, "accounting_account") <= filters.accounts[1]
        and filters.products[0] <= (_product(row) or filters.products[0]) <= filters.products[1]
    )


def _product(row: MovementRow) -> int:
    """Line 3, group 4 and code 6 digits as one number; 0 for a row without product, which any range takes."""
    line, group, code = (whole(row, f"product_{part}") for part in ("line", "group", "code"))
    return line * 10**10 + group * 10**6 + code


def documents(store: Store) -> list[dict[str, object]]:
    """Every voucher, for `/_sim/documents`."""
    return [
        {
            **{name: row[name] for name in ("connection", "year", "type", "code", "number")},
            "rows": json.loads(row["rows"]),
        }
        for row in store.rows("SELECT * FROM siigo_vouchers ORDER BY id")
    ]


def read_json(text: str | bytes) -> Any:
    """Numbers with a point stay as they are written. Raises ValueError, for NaN and Infinity too."""
    return json.loads(text, parse_float=Decimal, parse_constant=_no_constant)


def _no_constant(name: str) -> object:
    raise ValueError(name)


def write_json(value: object) -> str:
    """JSON in which 1.0 stays 1.0 and 0.10 stays 0.10."""
    if isinstance(value, Decimal):
        return str(value)
    if isinstance(value, Mapping):
        members = (f"{json.dumps(name, ensure_ascii=False)}:{write_json(item)}" for name, item in value.items())
        return "{" + ",".join(members) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(write_json(item) for item in value) + "]"
    return json.dumps(value, ensure_ascii=False)
