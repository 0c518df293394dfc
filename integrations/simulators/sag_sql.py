"""T-SQL for SQLite: enough of it for the queries that integrators send.

Rewrites TOP, OFFSET … FETCH, WITH (NOLOCK), N'…', `dbo.`, INFORMATION_SCHEMA.COLUMNS, `+` beside a text, date
literals compared with date columns, and the functions of `sag_functions`. Not rewritten: `+` between two columns
of text, APPLY, TOP inside a UNION.
"""

import re
import sqlite3
from collections.abc import Mapping

from integrations.simulators.sag_functions import FUNCTIONS, NAMED_ARGUMENT
from integrations.simulators.store import Store

TOKEN = re.compile(
    r"(?P<skip>\s+|--[^\n]*|/\*.*?\*/)"
    r"|(?P<text>[Nn]?'(?:[^']|'')*')"
    r"|(?P<name>\[[^\]]+\]|\"[^\"]+\"|[^\W\d]\w*)"
    r"|(?P<number>\d+(?:\.\d+)?)"
    r"|(?P<sign><>|!=|<=|>=|.)",
    re.DOTALL,
)
DATE_LITERAL = re.compile(r"'(\d{4})[-/]?(\d{2})[-/]?(\d{2})(?:[ T](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?))?'")
DATE_COLUMN = re.compile(r"(?:d|dd|ddt)_\w+", re.IGNORECASE)
PAGE = re.compile(r"\bOFFSET\0(\d+)\0ROWS?(?:\0FETCH\0(?:NEXT|FIRST)\0(\d+)\0ROWS?\0ONLY)?\b", re.IGNORECASE)
COLUMNS = """(SELECT m.name COLLATE NOCASE AS TABLE_NAME, p.name AS COLUMN_NAME, p.type AS DATA_TYPE,
 NULL AS CHARACTER_MAXIMUM_LENGTH FROM sqlite_master m JOIN pragma_table_info(m.name) p
 WHERE m.type IN ('table', 'view') AND m.name NOT LIKE 'sqlite%')"""

ResultSet = tuple[list[str], list[tuple[object, ...]]]


class QueryFailedError(Exception):
    """SAG answers a FALLIDO row with SQL Server's English text."""


def run(store: Store, sql: str, shadows: Mapping[str, str] | None = None) -> ResultSet:
    """Names and rows of one SELECT, in which `shadows` stand for tables. Raises `QueryFailedError`."""
    tokens = _tokens_of_select(sql)
    try:
        return store.query(rewrite(tokens), shadows)
    except (sqlite3.Error, sqlite3.Warning) as error:
        raise QueryFailedError(_as_sql_server(str(error))) from None


def _tokens_of_select(sql: str) -> list[str]:
    """The tokens of the one SELECT that a text is. Raises `QueryFailedError` where it is anything else."""
    tokens = tokenize(sql)
    while tokens and tokens[-1] == ";":
        tokens.pop()
    if not tokens or tokens[0].upper() not in ("SELECT", "WITH"):
        raise QueryFailedError(f"Incorrect syntax near '{tokens[0] if tokens else ''}'.")
    if ";" in tokens or {"INTO", "INSERT", "UPDATE", "DELETE", "DROP", "EXEC"} & {t.upper() for t in tokens}:
        raise QueryFailedError("Only one SELECT statement is allowed (simulador).")
    return tokens


def _as_sql_server(message: str) -> str:
    name = message.rpartition(": ")[2]
    if message.startswith("no such table"):
        return f"Invalid object name '{name}'."
    if message.startswith("no such column"):
        return f"Invalid column name '{name.rpartition('.')[2]}'."
    if near := re.match(r'near "(.*)": syntax error', message):
        return f"Incorrect syntax near '{near[1]}'."
    if message == "interrupted":
        return "Execution Timeout Expired. The timeout period elapsed prior to completion of the operation."
    return message


def tokenize(sql: str) -> list[str]:
    """Everything but blanks and comments."""
    return [match.group() for match in TOKEN.finditer(sql) if match.lastgroup != "skip"]


def rewrite(tokens: list[str]) -> str:
    """SQLite's text for the tokens of one T-SQL SELECT."""
    return " ".join(_pages(_limits(_dates(_joined_texts(_words(_hints(tokens)))))))


def _hints(tokens: list[str]) -> list[str]:
    """Without `WITH (NOLOCK)`, `(NOLOCK)` and `dbo.`."""
    remaining: list[str] = []
    position = 0
    while position < len(tokens):
        upper = [token.upper().strip("[]") for token in tokens[position : position + 4]]
        if upper == ["WITH", "(", "NOLOCK", ")"]:
            position += 4
        elif upper[:3] == ["(", "NOLOCK", ")"]:
            position += 3
        elif upper[:2] == ["DBO", "."]:
            position += 2
        elif upper[:3] == ["INFORMATION_SCHEMA", ".", "COLUMNS"]:
            remaining.append(COLUMNS)
            position += 3
        else:
            remaining.append(tokens[position])
            position += 1
    return remaining


def _words(tokens: list[str]) -> list[str]:
    """Functions by SQLite's names; N'…' without its N; type and date-part arguments as text."""
    words: list[str] = []
    for position, token in enumerate(tokens):
        upper = token.upper()
        called = tokens[position + 1 : position + 2] == ["("]
        if token[:2] in ("N'", "n'"):
            words.append(token[1:])
        elif upper in FUNCTIONS and called:
            words.append(FUNCTIONS[upper])
        elif upper in ("DATE", "DATETIME", "DATETIME2") and words[-1:] and words[-1].upper() == "AS":
            words.append("TEXT")
        elif words[-1:] == ["("] and words[-2:-1] and words[-2] in NAMED_ARGUMENT:
            words.append(f"'{token}'")
        else:
            words.append(token)
    return _without_widths(words)


def _without_widths(words: list[str]) -> list[str]:
    """CONVERT's `'VARCHAR' ( 10 )` keeps only its type."""
    joined = "\0".join(words)
    return re.sub(r"(SAG_CONVERT\0\(\0'\w+')\0\(\0\d+\0\)", r"\1", joined).split("\0")


def _joined_texts(words: list[str]) -> list[str]:
    """`+` beside a text joins texts; between two columns nobody knows which it is, so it adds."""
    beside = [*words[1:], ""], ["", *words[:-1]]
    texts = [any(neighbour.startswith("'") for neighbour in pair) for pair in zip(*beside, strict=True)]
    return ["||" if word == "+" and text else word for word, text in zip(words, texts, strict=True)]


def _pages(words: list[str]) -> list[str]:
    """`OFFSET n ROWS FETCH NEXT m ROWS ONLY` as SQLite says it."""
    return PAGE.sub(lambda page: f"LIMIT\0{page[2] or -1}\0OFFSET\0{page[1]}", "\0".join(words)).split("\0")


def _dates(words: list[str]) -> list[str]:
    """A date literal compared with a date column takes the form in which dates are stored."""
    column = ""
    dated: list[str] = []
    for word in words:
        if re.fullmatch(r"[^\W\d]\w*", word) and word.upper() not in ("AND", "BETWEEN", "NOT", "IN"):
            column = word
        literal = DATE_LITERAL.fullmatch(word) if DATE_COLUMN.fullmatch(column) else None
        dated.append(f"'{_iso(literal)}'" if literal else word)
    return dated


def _iso(literal: re.Match[str]) -> str:
    year, month, day, time = literal.groups()
    return f"{year}-{month}-{day}T{time or '00:00:00'}"


def _limits(words: list[str]) -> list[str]:
    """`SELECT TOP n …` of each nesting becomes `SELECT … LIMIT n` at the end of that nesting."""
    limits: list[str | None] = [None]
    written: list[str] = []
    pending = list(words)
    while pending:
        word = pending.pop(0)
        if word.upper() == "TOP" and written and written[-1].upper() in ("SELECT", "DISTINCT"):
            limits[-1] = _taken(pending)
            continue
        if word == "(":
            limits.append(None)
        elif word == ")" and len(limits) > 1 and (limit := limits.pop()):
            written += ["LIMIT", limit]
        written.append(word)
    return [*written, "LIMIT", limits[0]] if limits[0] else written


def _taken(pending: list[str]) -> str:
    """The count after TOP, in brackets or not."""
    word = pending.pop(0) if pending else ""
    if word == "(" and len(pending) > 1:
        word = pending.pop(0)
        pending.pop(0)
    if not word.isdecimal():
        raise QueryFailedError(f"Incorrect syntax near '{word}'.")
    return word
