"""The rows of SAG's three queries, in one form: column name as selected → text, int, Decimal, bool or None.

- `json`: a text with a JSON array of flat objects.
- `json2`: lists of typed key/value pairs (notes, 2.1).
- `xml`: `<NewDataSet><Consultas>…`, as escaped text or as nodes; both are read, because nobody knows which
  it is. It carries no types and leaves NULL columns out. assumed: what reads as a number is one, and a
  column that any row has is None in the others. A column of digits is text in the other two methods only.

Texts are stripped in all three: CHAR columns come padded (notes, 2.2).
"""

import re
from collections.abc import Iterable
from decimal import Decimal, InvalidOperation
from typing import Any, Literal

import simplejson

from integrations.erp.sag.envelopes import Element, UnreadableError, children, is_nil, local_name, parse, text_of
from integrations.erp.storable import LONGEST_EXPONENT, cleaned, exact_number, needs_cleaning

QueryValue = str | int | Decimal | bool | None
QueryRow = dict[str, QueryValue]
QueryMethod = Literal["json", "json2", "xml"]

OPERATIONS: dict[QueryMethod, str] = {
    "json": "consultaSagJson",
    "json2": "consultaSagJson2",
    "xml": "consultaSagXml",
}

_TYPE = "{http://www.w3.org/2001/XMLSchema-instance}type"
_WHOLE_TYPES = frozenset(
    {
        "long",
        "int",
        "short",
        "byte",
        "integer",
        "unsignedInt",
        "unsignedShort",
        "unsignedByte",
        "unsignedLong",
    }
)
_EXACT_TYPES = frozenset({"decimal", "double", "float"})
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?", re.ASCII)
"""A number as SQL Server writes one; leading zeros make a code, which stays text."""
_ZONED = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?)(?:Z|[+-]\d\d:\d\d)", re.ASCII)
_ESCAPED_NAME = re.compile(r"_x([0-9A-Fa-f]{4})_")


def read_rows(result: Element, method: QueryMethod) -> list[QueryRow]:
    """The rows under a query's result element. Raises UnreadableError; an absence of rows must be said."""
    if is_nil(result):
        raise UnreadableError
    if method == "json2":
        return [pairs_of(row) for row in children(result, "ArrayOfKeyValueOfstringanyType")]
    if method == "json" or text_of(result).startswith("["):  # assumed: xml may fail with json's envelope
        return json_rows(text_of(result))
    return _filled(_data_set(result))


def json_rows(text: str) -> list[QueryRow]:
    """The rows of a JSON array of flat objects. Raises: UnreadableError."""
    try:
        rows = simplejson.loads(text, parse_float=exact_number, parse_constant=_no_constant)
    except (ValueError, RecursionError):
        raise UnreadableError from None
    rows = [rows] if isinstance(rows, dict) else rows
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise UnreadableError
    rows = cleaned(rows) if needs_cleaning(text.encode(errors="surrogatepass")) else rows
    return [{name: _json_value(value) for name, value in row.items()} for row in rows]


def _json_value(value: Any) -> QueryValue:
    if isinstance(value, str):
        return value.strip()
    if value is None or isinstance(value, (bool, int, Decimal)):
        return value
    raise UnreadableError


def _no_constant(name: str) -> None:
    raise ValueError(name)


def pairs_of(row: Element) -> QueryRow:
    """The row of one list of key/value pairs. Raises: UnreadableError."""
    return dict(_pair(pair) for pair in children(row, "KeyValueOfstringanyType"))


def _pair(pair: Element) -> tuple[str, QueryValue]:
    keys, values = list(children(pair, "Key")), list(children(pair, "Value"))
    if len(keys) != 1 or len(values) > 1:
        raise UnreadableError
    return text_of(keys[0]), _typed(values[0]) if values else None


def _typed(value: Element) -> QueryValue:
    if is_nil(value):
        return None
    type_name, text = value.get(_TYPE, "").rpartition(":")[2], text_of(value)
    try:
        if type_name in _WHOLE_TYPES:
            return int(text)
        if type_name in _EXACT_TYPES:
            return exact_number(text)
    except (ValueError, InvalidOperation):
        raise UnreadableError from None
    return text in ("true", "1") if type_name == "boolean" else text if type_name else _guessed(text)


def _data_set(result: Element) -> list[QueryRow]:
    tables = list(result.iter("{*}NewDataSet"))
    if len(result) == 0:
        root = parse(text_of(result).encode())
        tables = [root] if local_name(root) == "NewDataSet" else []
    if len(tables) != 1:
        raise UnreadableError
    return [columns_of(row) for row in tables[0] if local_name(row) not in ("", "schema")]


def columns_of(row: Element) -> QueryRow:
    """The row of one element of a `NewDataSet`; NULL columns are missing."""
    return {
        _unescaped(local_name(column)): None if is_nil(column) else _guessed(text_of(column))
        for column in row
        if local_name(column)
    }


def _unescaped(name: str) -> str:
    """A column's name as it was selected: .NET writes a blank in it as _x0020_."""
    return _ESCAPED_NAME.sub(lambda code: chr(int(code[1], 16)), name)


def _guessed(text: str) -> QueryValue:
    if len(text) <= LONGEST_EXPONENT and _NUMBER.fullmatch(text):
        return Decimal(text) if "." in text else int(text)
    zoned = _ZONED.fullmatch(text)
    return zoned[1] if zoned else text


def _filled(rows: list[QueryRow]) -> list[QueryRow]:
    """Every column in every row, in order of first appearance."""
    names = _union(row.keys() for row in rows)
    return [{name: row.get(name) for name in names} for row in rows]


def _union(keys: Iterable[Iterable[str]]) -> list[str]:
    return list(dict.fromkeys(name for names in keys for name in names))
