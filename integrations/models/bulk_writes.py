"""Writing rows by the thousand, without signals or guards: COPY on PostgreSQL, prepared statements elsewhere."""

import json
from collections.abc import Callable, Mapping, Sequence
from operator import attrgetter
from typing import Any

from django.db import connection, models

_PLAIN = (models.CharField, models.TextField, models.IntegerField, models.BooleanField, models.ForeignKey)
"""Columns whose Python value is the database's own."""
_EMPTY_JSON = "{}"
Writer = Callable[[Any], Any]
"""A row → one value of it, as the database takes it."""


def insert_many(rows: Sequence[Any]) -> None:
    """Insert unsaved rows of one model and give each its key. Inside the caller's transaction.

    Raises: IntegrityError as any insert does; nothing of the list is there then.
    """
    if not rows:
        return
    model = type(rows[0])
    keys_for = _new_keys if connection.vendor == "postgresql" else _free_keys
    with connection.cursor() as cursor:
        _give_keys(rows, keys_for(cursor, model, len(rows)))
        _write(cursor, model, rows, model._meta.concrete_fields)


def insert_unkeyed(rows: Sequence[Any]) -> None:
    """Insert unsaved rows that stay without their keys, which the database assigns.

    Inside the caller's transaction. Raises: IntegrityError as `insert_many`.
    """
    if not rows:
        return
    model = type(rows[0])
    columns = [column for column in model._meta.concrete_fields if not column.primary_key]
    with connection.cursor() as cursor:
        _write(cursor, model, rows, columns)


def insert_alike(pattern: models.Model, values: Mapping[str, Sequence[int | str]]) -> None:
    """Insert the unsaved row `pattern` many times, each with values of its own in some columns: one statement.

    `values` is column (attribute name) → its value in each row: equally long lists, not empty. No row gets its key in
    memory. Inside the caller's transaction. Raises: IntegrityError as `insert_many`.
    """
    model = type(pattern)
    columns = [column for column in model._meta.concrete_fields if not column.primary_key]
    own = _row_writer(columns, _for_insert)(pattern)
    places = {name: f"each.c{number}" for number, name in enumerate(values)}
    selected = ", ".join(places.get(str(column.attname), "%s") for column in columns)
    fixed = [value for value, column in zip(own, columns, strict=True) if column.attname not in places]
    source, parameters = (_from_arrays if connection.vendor == "postgresql" else _from_json)(values)
    statement = f"INSERT INTO {_table(model)} ({_names(columns)}) SELECT {selected} FROM {source}"  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(statement, [*fixed, *parameters])


def _from_arrays(values: Mapping[str, Sequence[int | str]]) -> tuple[str, list[Any]]:
    """A source of rows with the columns c0, c1… for PostgreSQL, and its parameters."""
    arrays = ", ".join("%s::text[]" if isinstance(each[0], str) else "%s::bigint[]" for each in values.values())
    source = f"unnest({arrays}) AS each ({', '.join(f'c{number}' for number in range(len(values)))})"
    return source, [list(each) for each in values.values()]


def _from_json(values: Mapping[str, Sequence[int | str]]) -> tuple[str, list[Any]]:
    """The same for SQLite."""
    columns = ", ".join(f"json_extract(value, '$[{number}]') AS c{number}" for number in range(len(values)))
    source = f"(SELECT {columns} FROM json_each(%s)) AS each"  # noqa: S608 - numbers of our own
    return source, [json.dumps(list(zip(*values.values(), strict=True)))]


def update_many(rows: Sequence[Any], columns: Sequence[str]) -> None:
    """Write plain values of saved rows of one model, one prepared statement for all. Inside the caller's transaction.

    A column that is named twice is written once, as PostgreSQL wants it.
    Django's `bulk_update` builds a CASE of every value of every row: five times the work of the write itself.
    """
    if not rows:
        return
    model, quoted = type(rows[0]), connection.ops.quote_name
    fields = [model._meta.get_field(name) for name in dict.fromkeys(columns)]
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


def _write(cursor: Any, model: type[models.Model], rows: Sequence[Any], columns: Sequence[Any]) -> None:
    write = _copy if connection.vendor == "postgresql" else _insert
    write(cursor, model, rows, columns)


def _copy(cursor: Any, model: type[models.Model], rows: Sequence[Any], columns: Sequence[Any]) -> None:
    """Four times as fast as INSERT … VALUES, most of which is quoting."""
    values_of = _row_writer(columns, _for_copy)
    statement = f"COPY {_table(model)} ({_names(columns)}) FROM STDIN"
    with connection.wrap_database_errors, cursor.copy(statement) as copy:
        for row in rows:
            copy.write_row(values_of(row))


def _insert(cursor: Any, model: type[models.Model], rows: Sequence[Any], columns: Sequence[Any]) -> None:
    """The statement is prepared once; `bulk_create` writes it anew for every 26 rows of a wide table."""
    values_of = _row_writer(columns, _for_insert)
    places = ", ".join(["%s"] * len(columns))
    statement = f"INSERT INTO {_table(model)} ({_names(columns)}) VALUES ({places})"  # noqa: S608 - our own names
    cursor.executemany(statement, [values_of(row) for row in rows])


def _row_writer(columns: Sequence[Any], for_column: Callable[[Any], Writer | None]) -> Callable[[Any], list[Any]]:
    """A function from a row to the values of its columns, those that the database takes otherwise converted."""
    attributes = attrgetter(*(column.attname for column in columns))
    converted = [(index, write) for index, column in enumerate(columns) if (write := for_column(column))]

    def values_of(row: Any) -> list[Any]:
        values = list(attributes(row))
        for index, write in converted:
            values[index] = write(row)
        return values

    return values_of


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)


def _names(columns: Sequence[Any]) -> str:
    return ", ".join(connection.ops.quote_name(str(column.column)) for column in columns)


def _new_keys(cursor: Any, model: type[models.Model], count: int) -> list[int]:
    key = model._meta.auto_field or model._meta.concrete_fields[0]
    # OFFSET keeps the planner from looking the sequence up again for every row: nine tenths of the time.
    cursor.execute(
        "SELECT nextval(named.sequence) FROM generate_series(1, %s), "
        "(SELECT pg_get_serial_sequence(%s, %s)::regclass AS sequence OFFSET 0) AS named",
        [count, _table(model), key.column or "id"],
    )
    return [found for (found,) in cursor.fetchall()]


def _free_keys(cursor: Any, model: type[models.Model], count: int) -> range:
    """Keys that no row ever had. SQLite has one writer, and a transaction of ours is that one from its start."""
    cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
    highest = cursor.fetchone()
    first = (highest[0] if highest else 0) + 1
    return range(first, first + count)


def _for_copy(column: Any) -> Writer | None:
    """How COPY takes a column's value; None where it takes the attribute as it is."""
    if not isinstance(column, models.JSONField):
        return _set_on_saving(column)
    name = column.attname

    def as_json(row: Any) -> Any:
        value = getattr(row, name)
        return _EMPTY_JSON if value == {} else None if value is None else json.dumps(value, ensure_ascii=False)

    return as_json


def _for_insert(column: Any) -> Writer | None:
    """How a statement takes a column's value; None where it takes the attribute as it is."""
    moment = _set_on_saving(column)
    if isinstance(column, _PLAIN) or column.primary_key:
        return moment
    name, is_json = column.attname, isinstance(column, models.JSONField)

    def prepared(row: Any) -> Any:
        value = moment(row) if moment else getattr(row, name)
        if is_json and value == {}:
            return _EMPTY_JSON
        return None if value is None else column.get_db_prep_save(value, connection)

    return prepared


def _set_on_saving(column: Any) -> Writer | None:
    """A moment that is set whenever the row is written."""
    if getattr(column, "auto_now", False) or getattr(column, "auto_now_add", False):
        return lambda row: column.pre_save(row, add=True)
    return None
