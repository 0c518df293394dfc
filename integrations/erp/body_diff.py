"""What an update would change: two bodies of one record, line by line and field by field. Pure."""

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree

from integrations.erp.equality import pair
from integrations.erp.findings import Pair

Row = Mapping[str, Any]
_NAMES_A_LINE = ("accounting_account", "nit", "debit_or_credit", "product_code", "articulo", "cuenta")
"""What tells the lines of a voucher apart when one is put in or taken out between them."""
_COUNTS_LINES = ("sequence", "position")


class Fate(StrEnum):
    """What becomes of a line."""

    SAME = "same"
    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"


_TOLD_FIRST = (Fate.CHANGED, Fate.ADDED, Fate.REMOVED, Fate.SAME)


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line before and now; 0 where there is none. In a pair `found` is what the ERP took, `sent` what would go."""

    fate: Fate
    before: int
    now: int
    name: str
    pairs: tuple[Pair, ...]

    @property
    def place(self) -> str:
        """As staff count lines: «Línea 3», «Línea 3, antes 2»."""
        if self.now and self.before and self.now != self.before:
            return f"Línea {self.now}, antes {self.before}"
        return f"Línea {self.now or self.before}"

    @property
    def differing(self) -> tuple[Pair, ...]:
        return tuple(one for one in self.pairs if one.differs)


def changes(before: str, now: str, labels: Mapping[str, str]) -> list[LineChange]:
    """Every line of two bodies, in the order of what would be sent. `labels` names the fields.

    A field that only counts the lines is no change by itself. Raises: ValueError where a body is neither
    Siigo's request nor SAG's document.
    """
    old, new = _rows(before), _rows(now)
    matched = SequenceMatcher(None, [_name(row) for row in old], [_name(row) for row in new], autojunk=False)
    found: list[LineChange] = []
    for _, old_first, old_last, new_first, new_last in matched.get_opcodes():
        for step in range(max(old_last - old_first, new_last - new_first)):
            left, right = old_first + step, new_first + step
            found.append(
                _line(
                    (left + 1, old[left]) if left < old_last else (0, {}),
                    (right + 1, new[right]) if right < new_last else (0, {}),
                    labels,
                )
            )
    return found


def _line(old: tuple[int, Row], new: tuple[int, Row], labels: Mapping[str, str]) -> LineChange:
    (before, was), (now, would_be) = old, new
    names = [name for name in dict.fromkeys([*would_be, *was]) if name not in _COUNTS_LINES]
    pairs = tuple(pair(labels.get(name, name), would_be.get(name), was.get(name), now or before) for name in names)
    fate = Fate.ADDED if not before else Fate.REMOVED if not now else Fate.SAME
    if fate is Fate.SAME and any(one.differs for one in pairs):
        fate = Fate.CHANGED
    return LineChange(fate, before, now, _told(would_be or was), pairs)


def _name(row: Row) -> tuple[str, ...]:
    return tuple(str(row.get(name, "")) for name in ("", *_NAMES_A_LINE))


def _told(row: Row) -> str:
    """How a line is called in its heading: its account or article, and its text."""
    parts = [
        row.get("accounting_account") or row.get("product_code") or row.get("", ""),
        row.get("sequence_description"),
    ]
    return " · ".join(str(part) for part in parts if part)


def _rows(body: str) -> list[Row]:
    if body.lstrip().startswith("{"):
        try:
            rows: list[Row] = json.loads(body, parse_float=Decimal)["data"]["list"]
        except (KeyError, TypeError):
            raise ValueError("no request of Siigo") from None
        return rows
    try:
        return list(_nodes(ElementTree.fromstring(body)))
    except ParseError as broken:
        raise ValueError(str(broken)) from None


def _nodes(node: Any) -> Iterator[Row]:
    """Every element that carries values: its attributes, and its children that are plain text."""
    leaves = {_tag(child): child.text or "" for child in node if not child.attrib and not len(child)}
    if node.attrib or leaves:
        yield {"": _tag(node), **node.attrib, **leaves}
    for child in node:
        if child.attrib or len(child):
            yield from _nodes(child)


def _tag(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def counted(found: Sequence[LineChange]) -> dict[Fate, int]:
    """How many lines met each fate."""
    return {fate: sum(1 for row in found if row.fate is fate) for fate in _TOLD_FIRST}
