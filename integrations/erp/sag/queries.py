"""One read-only SELECT, by a parser that knows T-SQL, not by a pattern; and the text that leaves in its place.

What was typed never leaves: what leaves is written anew from the tree that was judged, without comments, so
that this parser and SQL Server can't read the same text differently.
"""

from collections.abc import Mapping
from datetime import date
from decimal import Decimal

import sqlglot
from sqlglot import exp
from sqlglot.dialects.tsql import TSQL
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import TokenType

MOST_ROWS = 200_000
"""The most rows one query may ask for; a live installation was seen to answer 125,000 (notes, 2.2)."""

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
_QUOTED = frozenset({TokenType.STRING, TokenType.NATIONAL_STRING, TokenType.IDENTIFIER})
_PROCEDURES = ("xp_", "sp_")
_LOCKS = frozenset(
    {"HOLDLOCK", "PAGLOCK", "REPEATABLEREAD", "ROWLOCK", "SERIALIZABLE", "TABLOCK", "TABLOCKX", "UPDLOCK", "XLOCK"}
)
_UNREADABLE = "La consulta no se entiende como SQL: revise comillas, paréntesis y comas."


class RefusedQueryError(ValueError):
    """The query may not be sent to SAG. Its text says why, in Spanish."""


def why_not_read_only(query: str) -> str:
    """Why the query may not be sent, in Spanish; empty where it is one SELECT that only reads."""
    try:
        _judge(_one_select(query))
    except RefusedQueryError as refused:
        return str(refused)
    return ""


def prepared(query: str, limit: int, parameters: Mapping[str, Parameter] | None = None) -> str:
    """The text to send: at most `limit` rows (1 to MOST_ROWS), each `@name` a literal of its value.

    Raises RefusedQueryError.
    """
    if not 1 <= limit <= MOST_ROWS:
        raise RefusedQueryError(f"El límite de filas va de 1 a {MOST_ROWS}.")
    filled = _filled(_one_select(query), parameters or {})
    _judge(filled)
    return _limited(filled, limit).sql("tsql", comments=False, normalize_functions=False)


def _one_select(query: str) -> exp.Query:
    try:
        tokens = TSQL().tokenize(query)
        _refuse_reserved({token.text.upper() for token in tokens if token.token_type not in _QUOTED})
        statements = [statement for statement in sqlglot.parse(query, read="tsql") if statement is not None]
    except (SqlglotError, RecursionError):
        raise RefusedQueryError(_UNREADABLE) from None
    if len(statements) != 1 or any(token.token_type == TokenType.SEMICOLON for token in tokens[:-1]):
        raise RefusedQueryError("Escriba una sola consulta SELECT.")
    if not isinstance(statements[0], exp.Select | exp.SetOperation):
        raise RefusedQueryError("Solo se permite SELECT: la consulta no puede modificar datos.")
    return statements[0]


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


def _filled(statement: exp.Query, parameters: Mapping[str, Parameter]) -> exp.Query:
    values = {name.lower(): value for name, value in parameters.items()}

    def fill(node: exp.Expression) -> exp.Expression:
        if isinstance(node, exp.Parameter) and node.name.lower() in values:
            return _literal(values[node.name.lower()])
        return node

    filled = statement.transform(fill)
    assert isinstance(filled, exp.Query)  # noqa: S101 - a parameter is never the root
    return filled


def _literal(value: Parameter) -> exp.Expression:
    """A date as YYYYMMDD, the form that does not depend on the server's DATEFORMAT (notes, 2.2)."""
    if isinstance(value, Decimal):
        return exp.Literal.number(format(value, "f"))
    return exp.Literal.string(f"{value:%Y%m%d}" if isinstance(value, date) else value)


def _limited(statement: exp.Query, limit: int) -> exp.Query:
    if isinstance(statement, exp.SetOperation):
        return _wrapped(statement, limit)
    asked = statement.args.get("limit")
    if asked is None and statement.args.get("offset") is None:
        return statement.limit(limit)
    if isinstance(asked, exp.Limit | exp.Fetch) and not _relative(asked):
        place = "expression" if isinstance(asked, exp.Limit) else "count"
        asked.set(place, exp.Literal.number(min(limit, _amount(asked.args.get(place)))))
        return statement
    raise RefusedQueryError("Escriba TOP, o FETCH NEXT, con un número de filas, sin PERCENT ni WITH TIES.")


def _relative(asked: exp.Expression) -> bool:
    options = asked.args.get("limit_options")
    return bool(options and (options.args.get("percent") or options.args.get("with_ties")))


def _amount(rows: exp.Expression | None) -> int:
    bare = rows.unnest() if isinstance(rows, exp.Paren) else rows
    if not isinstance(bare, exp.Literal) or bare.is_string or not bare.name.isdecimal():
        raise RefusedQueryError("Escriba TOP con un número entero de filas.")
    return int(bare.name)


def _wrapped(statement: exp.SetOperation, limit: int) -> exp.Query:
    """T-SQL wants WITH and ORDER BY outside of a subquery."""
    if statement.args.get("limit") or statement.args.get("offset"):
        raise RefusedQueryError("Una UNION se limita sola: quite OFFSET y FETCH.")
    ctes, order = statement.args.get("with_") or statement.args.get("with"), statement.args.get("order")
    for name in ("with_", "with", "order"):
        statement.set(name, None)
    outer = exp.select("*").from_(statement.subquery("consulta")).limit(limit)
    outer.set("with_" if "with_" in exp.Select.arg_types else "with", ctes)
    outer.set("order", order)
    return outer
