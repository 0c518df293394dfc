"""What a stand-in remembers: an SQLite file that survives a restart and a `kill -9`, or memory."""

import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import count
from pathlib import Path

QUERY_STEPS = 1_000
"""Virtual machine steps between two looks at a query's budget."""
QUERY_BUDGET = 200_000
"""Looks allowed to one query: an endless one ends instead of holding the stand-in."""


class Store:
    """One SQLite database shared by the threads of one process. `path` None keeps it in memory.

    WAL with synchronous NORMAL: a committed document outlives the process, not a power cut.
    """

    def __init__(self, path: str | Path | None = None) -> None:
        self._lock = threading.RLock()
        self._db = sqlite3.connect(
            str(path) if path else ":memory:", check_same_thread=False, isolation_level=None, timeout=20
        )
        self._db.row_factory = sqlite3.Row
        self._db.create_collation("PADDED", _compare_padded)
        self._db.execute("PRAGMA journal_mode=WAL")
        self._db.execute("PRAGMA synchronous=NORMAL")

    @contextmanager
    def transaction(self) -> Iterator[sqlite3.Connection]:
        """Everything written inside is committed together, or nothing is."""
        with self._lock:
            self._db.execute("BEGIN IMMEDIATE")
            try:
                yield self._db
            except BaseException:
                self._db.execute("ROLLBACK")
                raise
            self._db.execute("COMMIT")

    def define(self, ddl: str) -> None:
        """Run a script of `CREATE … IF NOT EXISTS`; a file of an earlier version gets the columns it lacks."""
        with self._lock:
            self._db.executescript(ddl)
            for table, column in _columns(ddl):
                existing = {row["name"].lower() for row in self._db.execute(f'PRAGMA table_info("{table}")')}
                if column["name"].lower() not in existing:
                    default = f" DEFAULT {column['dflt_value']}" if column["dflt_value"] else ""
                    definition = f'"{column["name"]}" {column["type"]}{default}'
                    self._db.execute(f'ALTER TABLE "{table}" ADD COLUMN {definition}')

    def define_function(self, name: str, arguments: int, function: object) -> None:
        """Give SQL a function; `arguments` -1 takes any number."""
        self._db.create_function(name, arguments, function)  # type: ignore[arg-type]

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[sqlite3.Row]:
        """All rows of a statement of ours."""
        with self._lock:
            return self._db.execute(sql, parameters).fetchall()

    def query(self, sql: str, shadows: Mapping[str, str] | None = None) -> tuple[list[str], list[tuple[object, ...]]]:
        """Column names and rows of a statement of theirs: read-only and bounded.

        `shadows` stand for tables while it runs: a SELECT for each name.

        Raises `sqlite3.Error` for what SQLite refuses, and for a query past its budget.
        """
        with self._lock, self._shadowed(shadows or {}), self._read_only():
            cursor = self._db.execute(sql)
            names = [column[0] for column in cursor.description or ()]
            return names, [tuple(row) for row in cursor.fetchall()]

    @contextmanager
    def _shadowed(self, shadows: Mapping[str, str]) -> Iterator[None]:
        """A temporary view goes before the table of its name."""
        for name, select in shadows.items():
            self._db.execute(f'CREATE TEMP VIEW "{name}" AS {select}')
        try:
            yield
        finally:
            for name in shadows:
                self._db.execute(f'DROP VIEW temp."{name}"')

    @contextmanager
    def _read_only(self) -> Iterator[None]:
        looks = count(1)
        self._db.execute("PRAGMA query_only=ON")
        self._db.set_progress_handler(lambda: next(looks) > QUERY_BUDGET, QUERY_STEPS)
        try:
            yield
        finally:
            self._db.set_progress_handler(None, 0)
            self._db.execute("PRAGMA query_only=OFF")

    def clear(self, tables: Sequence[str]) -> None:
        """Forget what `tables` hold."""
        with self.transaction() as db:
            for table in tables:
                db.execute(f'DELETE FROM "{table}"')  # noqa: S608 - names of ours

    def close(self) -> None:
        """Close the database; nothing can be asked of it afterwards."""
        with self._lock:
            self._db.close()


def _compare_padded(left: str, right: str) -> int:
    """As SQL Server compares CHAR columns: neither case nor blanks at the end count."""
    left, right = left.rstrip(" ").upper(), right.rstrip(" ").upper()
    return (left > right) - (left < right)


def _columns(ddl: str) -> list[tuple[str, sqlite3.Row]]:
    """Each table's columns as the script would make them in an empty file."""
    fresh = sqlite3.connect(":memory:")
    fresh.row_factory = sqlite3.Row
    fresh.create_collation("PADDED", _compare_padded)
    fresh.executescript(ddl)
    tables = [row["name"] for row in fresh.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
    found = [(table, row) for table in tables for row in fresh.execute(f'PRAGMA table_info("{table}")')]
    fresh.close()
    return found


def insert(db: sqlite3.Connection, table: str, values: Mapping[str, object]) -> int:
    """Insert one row; its integer key."""
    columns = ", ".join(f'"{name}"' for name in values)
    marks = ", ".join("?" * len(values))
    cursor = db.execute(f'INSERT INTO "{table}" ({columns}) VALUES ({marks})', tuple(values.values()))  # noqa: S608
    return int(cursor.lastrowid or 0)


def update(db: sqlite3.Connection, table: str, key: str, identity: int, values: Mapping[str, object]) -> None:
    """Change the named columns of one row."""
    if not values:
        return
    changes = ", ".join(f'"{name}" = ?' for name in values)
    db.execute(f'UPDATE "{table}" SET {changes} WHERE "{key}" = ?', (*values.values(), identity))  # noqa: S608
