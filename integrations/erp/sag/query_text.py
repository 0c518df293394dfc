"""The text of a query as the units that SQL Server reads: what was judged is what leaves, unit by unit.

Comments never leave. Each unit is held against a rule of T-SQL of its own, so that the parser that judges and the
server can't read the same text differently.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from sqlglot.dialects.tsql import TSQL
from sqlglot.errors import SqlglotError
from sqlglot.tokenizer_core import Token, TokenType

_STRINGS = frozenset({TokenType.STRING, TokenType.NATIONAL_STRING})
_QUOTED = _STRINGS | {TokenType.IDENTIFIER}
_STRING = re.compile(r"[Nn]?'(?:[^']|'')*+'")
_IDENTIFIER = re.compile(r'\[(?:[^\]]|\]\])*+\]|"(?:[^"]|"")*+"')
_BARE = re.compile(r"""(?:(?!--|/\*|\*/)[^'"\[\]])+""")


class UnreadableQueryError(ValueError):
    """The text is no sequence of units of T-SQL."""


@dataclass(frozen=True, slots=True)
class Unit:
    """A word, sign, text or name as it was typed; `is_apart` where something stood between it and the one before."""

    text: str
    kind: TokenType
    is_apart: bool = True

    @property
    def word(self) -> str:
        """In capitals; empty for a text or a name in quotes or brackets, which is no word of the language."""
        return "" if self.kind in _QUOTED else " ".join(self.text.upper().split())


def units_of(query: str) -> list[Unit]:
    """The units of a query, without comments and without the semicolon at its end. Raises: UnreadableQueryError."""
    tokens = _tokens(query)
    ends = [-1, *(token.end for token in tokens)]
    units = [
        Unit(query[token.start : token.end + 1], token.token_type, token.start > before + 1)
        for token, before in zip(tokens, ends, strict=False)
    ]
    if not all(map(_is_one, units)):
        raise UnreadableQueryError
    return units[:-1] if units and units[-1].kind == TokenType.SEMICOLON else units


def _tokens(query: str) -> list[Token]:
    try:
        return TSQL().tokenize(query)
    except (SqlglotError, RecursionError):
        raise UnreadableQueryError from None


def _is_one(unit: Unit) -> bool:
    """Whether SQL Server reads the unit as one, too."""
    if unit.kind in _STRINGS:
        return _STRING.fullmatch(unit.text) is not None
    if unit.kind == TokenType.IDENTIFIER:
        return _IDENTIFIER.fullmatch(unit.text) is not None
    return _BARE.fullmatch(unit.text) is not None


def text_of(units: Sequence[Unit]) -> str:
    """The units as a text: one blank where something stood between two. Raises: UnreadableQueryError."""
    text = "".join(f" {unit.text}" if unit.is_apart else unit.text for unit in units).strip()
    if [unit.text for unit in units_of(text)] != [unit.text for unit in units]:
        raise UnreadableQueryError
    return text


def filled(units: Sequence[Unit], literals: Mapping[str, str]) -> list[Unit]:
    """Each `@name` of `literals` (in small letters) as its literal; others stay."""
    done: list[Unit] = []
    is_after_literal = False
    for unit in units:
        is_parameter = bool(done) and done[-1].kind == TokenType.PARAMETER and unit.text.lower() in literals
        if is_parameter:
            # Apart on both sides: `-@n` must not become a comment, nor two texts one.
            done[-1:] = _units_within(literals[unit.text.lower()])
        else:
            done.append(replace(unit, is_apart=True) if is_after_literal else unit)
        is_after_literal = is_parameter
    return done


def with_limit(units: Sequence[Unit], limit: int, *, is_union: bool) -> list[Unit]:
    """The query with at most `limit` rows: a TOP or FETCH that is more becomes `limit`, and where there is none a TOP.

    A union is put in brackets, with its WITH and ORDER BY outside, as T-SQL wants.
    Raises: UnreadableQueryError where its own limit is no number, or nothing is selected.
    """
    if is_union:
        return _around_union(units, limit)
    depths = _depths(units)
    select = _first(n for n, unit in enumerate(units) if unit.word == "SELECT" and not depths[n])
    after = _first(n for n in range(select + 1, len(units)) if units[n].word not in ("ALL", "DISTINCT"))
    found = _number_after(units, depths, after)
    if found is None:
        top, rest = _units_within(f"TOP {limit}"), [replace(units[after], is_apart=True), *units[after + 1 :]]
        return [*units[:after], *top, *rest]
    most = min(limit, int(units[found].text))
    return [*units[:found], replace(units[found], text=str(most)), *units[found + 1 :]]


def _number_after(units: Sequence[Unit], depths: Sequence[int], after: int) -> int | None:
    """The place of the number of rows of a TOP at `after`, or of a FETCH; None where there is neither."""
    starts = (
        [after]
        if units[after].word == "TOP"
        else [n for n, unit in enumerate(units) if unit.word == "FETCH" and not depths[n]]
    )
    for start in starts:
        return _first(n for n in range(start, len(units)) if units[n].kind == TokenType.NUMBER)
    return None


def _around_union(units: Sequence[Unit], limit: int) -> list[Unit]:
    depths = _depths(units)
    body = _end_of_with(units)
    orders = [n for n, unit in enumerate(units) if unit.word == "ORDER BY" and not depths[n]]
    order = orders[-1] if orders else len(units)
    inside = [replace(units[body], is_apart=False), *units[body + 1 : order]]
    before = _units_within(f"SELECT TOP {limit} * FROM (")  # noqa: S608 - a number of ours
    return [*units[:body], *before, *inside, *_units_within(") AS consulta", is_apart=False), *units[order:]]


def _end_of_with(units: Sequence[Unit]) -> int:
    """Where the query begins after its WITH: after the last `AS (…)` that no comma follows."""
    if units[0].word != "WITH":
        return 0
    depths = _depths(units)
    closings = [n for n, unit in enumerate(units) if unit.text == ")" and not depths[n]]
    return _first(n + 1 for n in closings if units[n + 1 : n + 2] and units[n + 1].word in ("SELECT", "("))


def _depths(units: Sequence[Unit]) -> list[int]:
    """How many brackets are open around each unit; a bracket is as deep as what stands outside of it."""
    depths, depth = [], 0
    for unit in units:
        depth -= unit.text == ")"
        depths.append(depth)
        depth += unit.text == "("
    return depths


def _units_within(text: str, *, is_apart: bool = True) -> list[Unit]:
    units = units_of(text)
    return [replace(units[0], is_apart=is_apart), *units[1:]]


def _first(places: Iterator[int]) -> int:
    """Raises: UnreadableQueryError where there is none."""
    for place in places:
        return place
    raise UnreadableQueryError
