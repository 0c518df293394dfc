"""Whether a text is one read-only SELECT, by a parser that knows T-SQL, not by a pattern."""

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

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
)


def why_not_read_only(query: str) -> str:
    """Why the query may not leave, in Spanish; empty where it is one SELECT that only reads."""
    try:
        statements = [statement for statement in sqlglot.parse(query, read="tsql") if statement is not None]
    except SqlglotError:
        return "La consulta no se entiende como SQL: revise comillas, paréntesis y comas."
    if len(statements) != 1:
        return "Escriba una sola consulta SELECT."
    statement = statements[0]
    if not isinstance(statement, exp.Select | exp.SetOperation):
        return "Solo se permite SELECT: la consulta no puede modificar datos."
    if any(statement.find(kind) is not None for kind in _WRITES):
        return "Solo se permite leer: la consulta intenta escribir (INTO, INSERT, EXEC u otra orden)."
    return ""
