"""Rows by the thousand, without signals or guards: COPY where the database has it, prepared statements elsewhere."""

import json
from collections.abc import Callable, Sequence
from typing import Any

from django.db import connection, models

_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)
"""Columns whose Python value is the database's own."""


def insert_many(rows: Sequence[Any]) -> None:
    """Insert unsaved rows of one model and give each its key. Inside the caller's transaction.

    Raises: IntegrityError as any insert does; nothing of the list is there then.
    """
    if not rows:
        return
    model = type(rows[0])
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            _give_keys(rows, _new_keys(cursor, model, len(rows)))
            _copy(cursor, model, rows)
        elif connection.vendor == "sqlite":
            _give_keys(rows, _free_keys(cursor, model, len(rows)))
            _insert(cursor, model, rows)
        else:
            model._default_manager.bulk_create(rows)


def update_many(rows: Sequence[Any], columns: Sequence[str]) -> None:
    """Write plain values of saved rows of one model, one prepared statement for all. Inside the caller's transaction.

    Django's `bulk_update` builds a CASE of every value of every row: five times the work of the write itself.
    """
    if not rows:
        return
    model, quoted = type(rows[0]), connection.ops.quote_name
    fields = [model._meta.get_field(name) for name in columns]
    assigned = ", ".join(f"{quoted(str(field.column))} = %s" for field in fields)
    key = quoted(str(model._meta.pk.column))
    values = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), row.pk] for row in rows
    ]
    with connection.cursor() as cursor:
        cursor.executemany(f"UPDATE {_table(model)} SET {assigned} WHERE {key} = %s", values)  # noqa: S608


def _give_keys(rows: Sequence[Any], keys: Sequence[int]) -> None:
    alias = connection.alias
    for row, key in zip(rows, keys, strict=True):
        row.pk = key
        row._state.adding, row._state.db = False, alias


def _copy(cursor: Any, model: type[models.Model], rows: Sequence[Any]) -> None:
    """Four times as fast as INSERT … VALUES, most of which is quoting."""
    writers = [_for_copy(column) for column in model._meta.concrete_fields]
    with cursor.copy(f"COPY {_table(model)} ({_columns(model)}) FROM STDIN") as copy:
        for row in rows:
            copy.write_row([write(row) for write in writers])


def _insert(cursor: Any, model: type[models.Model], rows: Sequence[Any]) -> None:
    """The statement is prepared once; `bulk_create` writes it anew for every 26 rows of a wide table."""
    writers = [_for_insert(column) for column in model._meta.concrete_fields]
    places = ", ".join(["%s"] * len(writers))
    statement = f"INSERT INTO {_table(model)} ({_columns(model)}) VALUES ({places})"  # noqa: S608 - our own names
    cursor.executemany(statement, [[write(row) for write in writers] for row in rows])


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _columns(model: type[models.Model]) -> str:
    return ", ".join(connection.ops.quote_name(str(column.column)) for column in model._meta.concrete_fields)


def _new_keys(cursor: Any, model: type[models.Model], count: int) -> list[int]:
    key = model._meta.auto_field or model._meta.concrete_fields[0]
    cursor.execute(
        "SELECT nextval(pg_get_serial_sequence(%s, %s)) FROM generate_series(1, %s)",
        [connection.ops.quote_name(model._meta.db_table), key.column or "id", count],
    )
    return [found for (found,) in cursor.fetchall()]


def _free_keys(cursor: Any, model: type[models.Model], count: int) -> range:
    """Keys that no row ever had. SQLite has one writer, and a transaction of ours is that one from its start."""
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
    held = cursor.fetchone()
    first = (held[0] if held else 0) + 1
    return range(first, first + count)


def _for_copy(column: Any) -> Callable[[Any], Any]:
    """A row → the column's value as COPY takes it."""
    held = _held(column)
    if not isinstance(column, models.JSONField):
        return held

    def as_json(row: Any) -> Any:
        value = held(row)
        return None if value is None else json.dumps(value, ensure_ascii=False)

    return as_json


def _for_insert(column: Any) -> Callable[[Any], Any]:
    """A row → the column's value as a statement's parameter."""
    held = _held(column)
    if isinstance(column, _PLAIN) or column.primary_key:
        return held

    def prepared(row: Any) -> Any:
        value = held(row)
        return None if value is None else column.get_db_prep_save(value, connection)

    return _empty_json(held, prepared) if isinstance(column, models.JSONField) else prepared


def _empty_json(held: Callable[[Any], Any], prepared: Callable[[Any], Any]) -> Callable[[Any], Any]:
    return lambda row: "{}" if held(row) == {} else prepared(row)


def _held(column: Any) -> Callable[[Any], Any]:
    """A row → what it holds; a moment that is set on saving is set."""
    if getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False):
        return lambda row: column.pre_save(row, add=True)
    name = column.attname
    return lambda row: getattr(row, name)
