"""One read-only SELECT, by a parser that knows T-SQL, not by a pattern; and the text that leaves in its place.

What leaves is what was judged, unit by unit as it was typed (`sag.query_text`): without comments, with the values of
its parameters and a limit of rows.
"""

from collections.abc import Collection, Mapping, Sequence
from datetime import date
from decimal import Decimal
from itertools import chain

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from integrations.erp.sag.query_text import Unit, UnreadableQueryError, filled, text_of, units_of, with_limit

MOST_ROWS = 200_000
"""The most rows one query may ask for; a live installation was seen to answer 125,000 (notes, 2.2)."""

MOST_CHARACTERS = 20_000
"""The longest query that is parsed; the parser takes seconds for more, in the process that serves pages."""

Parameter = str | Decimal | date

_WRITES = (
    exp.Insert,
    exp.Update,
    exp.Delete,
    exp.Merge,
    exp.Create,
    exp.Drop,
    exp.Alter,
    exp.Command,
    exp.Into,
    exp.TruncateTable,
    exp.Execute,
    exp.NextValueFor,
)  # fmt: skip - a class a line would be half a page
_RESERVED = frozenset(
    {
        "ALTER",
        "BACKUP",
        "BEGIN",
        "BULK",
        "COMMIT",
        "CREATE",
        "DBCC",
        "DECLARE",
        "DELETE",
        "DENY",
        "DROP",
        "EXEC",
        "EXECUTE",
        "GRANT",
        "INSERT",
        "INTO",
        "KILL",
        "MERGE",
        "OPENDATASOURCE",
        "OPENQUERY",
        "OPENROWSET",
        "OPENXML",
        "RECONFIGURE",
        "RESTORE",
        "REVERT",
        "REVOKE",
        "ROLLBACK",
        "SAVE",
        "SET",
        "SHUTDOWN",
        "TRUNCATE",
        "UPDATE",
        "UPDATETEXT",
        "USE",
        "WAITFOR",
        "WRITETEXT",
    }
)  # fmt: skip - a word a line would be a page
"""Reserved by T-SQL, so no bare name: `SELECT 1 DELETE FROM x` is two statements there and one alias here."""
_PROCEDURES = ("xp_", "sp_")
_LOCKS = frozenset(
    {"HOLDLOCK", "PAGLOCK", "REPEATABLEREAD", "ROWLOCK", "SERIALIZABLE", "TABLOCK", "TABLOCKX", "UPDLOCK", "XLOCK"}
)
_WRONG_LIMIT = "Escriba TOP, o FETCH NEXT, con un número de filas, sin PERCENT ni WITH TIES; LIMIT no existe en SAG."
_UNREADABLE = "La consulta no se entiende como SQL: revise comillas, paréntesis y comas."


class RefusedQueryError(ValueError):
    """The query may not be sent to SAG. Its text says why, in Spanish."""


def why_not_read_only(query: str) -> str:
    """Why the query may not be sent, in Spanish; empty where it is one SELECT that only reads."""
    try:
        _judge(_one_select(_units(query)))
    except RefusedQueryError as refused:
        return str(refused)
    return ""


def prepared(
    query: str, limit: int, parameters: Mapping[str, Parameter] | None = None, tables: Collection[str] = ()
) -> str:
    """The text to send: at most `limit` rows (1 to MOST_ROWS), each `@name` a literal of its value.

    `tables` are the only ones that it may read, each a name or the beginning of names with `*`; empty: all.
    Raises: RefusedQueryError.
    """
    if not 1 <= limit <= MOST_ROWS:
        raise RefusedQueryError(f"El límite de filas va de 1 a {MOST_ROWS}.")
    literals = {name.lower(): _literal(value) for name, value in (parameters or {}).items()}
    units = filled(_units(query), literals)
    statement = _one_select(units)
    if _own_limit(statement) is not None and not any(unit.word in ("TOP", "FETCH") for unit in units):
        raise RefusedQueryError(_WRONG_LIMIT)
    try:
        limited = with_limit(units, limit, is_union=isinstance(statement, exp.SetOperation))
    except UnreadableQueryError:
        raise RefusedQueryError(_WRONG_LIMIT) from None
    # Judged as it leaves.
    final = _one_select(limited)
    _judge(final)
    _refuse_other_tables(final, tables)
    if _own_limit(final) not in range(limit + 1):
        raise RefusedQueryError(_WRONG_LIMIT)
    return text_of(limited)


def _units(query: str) -> list[Unit]:
    if len(query) > MOST_CHARACTERS:
        raise RefusedQueryError(
            f"La consulta tiene {len(query)} caracteres; el máximo es {MOST_CHARACTERS}. Acórtela o divídala en varias."
        )
    try:
        return units_of(query)
    except UnreadableQueryError:
        raise RefusedQueryError(_UNREADABLE) from None


def _one_select(units: Sequence[Unit]) -> exp.Query:
    words = {unit.word for unit in units}
    _refuse_reserved(set(chain.from_iterable(word.split() for word in words)))
    statements = _statements(units) if ";" not in words else []
    if len(statements) != 1:
        raise RefusedQueryError("Escriba una sola consulta SELECT.")
    if not isinstance(statements[0], exp.Select | exp.SetOperation):
        raise RefusedQueryError("Solo se permite SELECT: la consulta no puede modificar datos.")
    return statements[0]


def _statements(units: Sequence[Unit]) -> list[exp.Expr]:
    try:
        return [one for one in sqlglot.parse(text_of(units), read="tsql") if one is not None]
    except (SqlglotError, RecursionError, UnreadableQueryError):
        raise RefusedQueryError(_UNREADABLE) from None


def _refuse_reserved(bare: set[str]) -> None:
    """Before it is parsed: the word is the reason that a person understands, where the parser only stumbles."""
    words = sorted(bare & _RESERVED)
    if words:
        raise RefusedQueryError(f"Solo se permite leer: la consulta no puede usar {', '.join(words)}.")


def _judge(statement: exp.Query) -> None:
    for node in statement.walk():
        if isinstance(node, _WRITES):
            raise RefusedQueryError("Solo se permite leer: la consulta intenta escribir (INTO, INSERT u otra orden).")
        if isinstance(node, exp.Parameter | exp.SessionParameter):
            raise RefusedQueryError(f"Falta el valor de {node.sql('tsql')}: la consulta no puede usar variables.")
        if isinstance(node, exp.Func) and node.name.lower().startswith(_PROCEDURES):
            raise RefusedQueryError(f"No se permite ejecutar procedimientos: {node.name}.")
        if isinstance(node, exp.WithTableHint) and _locks(node):
            raise RefusedQueryError("La consulta no puede bloquear tablas: use solo WITH (NOLOCK).")


def _locks(hint: exp.WithTableHint) -> bool:
    return any(lock.name.upper() in _LOCKS for lock in hint.expressions)


def _refuse_other_tables(statement: exp.Query, tables: Collection[str]) -> None:
    """What an administrator did not allow. Another database never is: there may be another company in it."""
    wanted = [table.lower() for table in tables]
    own = {cte.alias.lower() for cte in statement.find_all(exp.CTE)}
    for parts in _read_names(statement):
        if len(parts) > 2:
            raise RefusedQueryError(f"La consulta no puede leer otra base de datos: {'.'.join(parts)}.")
        name = parts[-1].lower()
        is_own = len(parts) == 1 and name in own
        if wanted and not is_own and not any(_is_named(name, table) for table in wanted):
            raise RefusedQueryError(f"Esta conexión no permite consultar «{'.'.join(parts)}». Pídalo al administrador.")


def _is_named(name: str, table: str) -> bool:
    return name.startswith(table[:-1]) if table.endswith("*") else name == table


def _read_names(statement: exp.Query) -> list[list[str]]:
    """The parts of the names of what is read: tables, views, and functions that a schema owns, which may read any."""
    found = []
    for node in statement.find_all(exp.Table, exp.Lateral, exp.Dot):
        if isinstance(node, exp.Table):
            # `base..tabla` has three parts too: its schema is empty.
            outer = [node.catalog, node.db] if node.catalog else [node.db] if node.db else []
            found.append([*outer, *_dotted(node.this)])
        elif isinstance(node.find(exp.Anonymous), exp.Anonymous) and not isinstance(node.parent, exp.Dot):
            found.append(_dotted(node.this) if isinstance(node, exp.Lateral) else _dotted(node))
    return [parts for parts in found if parts[-1]]


def _dotted(node: exp.Expression | None) -> list[str]:
    if isinstance(node, exp.Dot):
        return [*_dotted(node.this), *_dotted(node.expression)]
    return [node.name if node is not None else ""]


def _literal(value: Parameter) -> str:
    """A date as YYYYMMDD, the form that does not depend on the server's DATEFORMAT (notes, 2.2)."""
    if isinstance(value, Decimal):
        return format(value, "f")
    text = f"{value:%Y%m%d}" if isinstance(value, date) else value
    return "'" + text.replace("'", "''") + "'"


def _own_limit(statement: exp.Query) -> int | None:
    """How many rows the query itself asks for; None where it does not say. Raises: RefusedQueryError."""
    asked = statement.args.get("limit")
    if isinstance(statement, exp.SetOperation):
        if asked or statement.args.get("offset"):
            raise RefusedQueryError("Una UNION se limita sola: quite OFFSET y FETCH.")
        return None
    if asked is None and statement.args.get("offset") is None:
        return None
    if not isinstance(asked, exp.Limit | exp.Fetch) or _relative(asked):
        raise RefusedQueryError(_WRONG_LIMIT)
    return _amount(asked.args.get("expression" if isinstance(asked, exp.Limit) else "count"))


def _relative(asked: exp.Expression) -> bool:
    options = asked.args.get("limit_options")
    return bool(options and (options.args.get("percent") or options.args.get("with_ties")))


def _amount(rows: exp.Expression | None) -> int:
    bare = rows.unnest() if isinstance(rows, exp.Paren) else rows
    if not isinstance(bare, exp.Literal) or bare.is_string or not bare.name.isdecimal():
        raise RefusedQueryError("Escriba TOP con un número entero de filas.")
    return int(bare.name)
