"""What an update would change: two bodies of one record, line by line and field by field. Pure."""

import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from difflib import SequenceMatcher
from enum import StrEnum
from typing import Any
from xml.etree.ElementTree import ParseError

from defusedxml import ElementTree

from integrations.erp.equality import compare
from integrations.erp.read_back import ComparedValue

Line = Mapping[str, Any]
"""The values of one line by wire name; the tag of an XML element is under the empty name."""
_IDENTIFYING_FIELDS = ("accounting_account", "nit", "debit_or_credit", "product_code", "articulo", "cuenta")
"""What tells the lines of a voucher apart when one is put in or taken out between them."""
_LINE_COUNTERS = ("sequence", "position")


class ChangeKind(StrEnum):
    """What an update does to a line, in the order in which it is summed up."""

    CHANGED = "changed"
    ADDED = "added"
    REMOVED = "removed"
    SAME = "same"


@dataclass(frozen=True, slots=True)
class LineChange:
    """One line before and now, by its number from 1; 0 where there is none.

    In each of `values` `found` is what the ERP accepted before, `sent` what would be sent now.
    """

    kind: ChangeKind
    before: int
    now: int
    name: str
    values: tuple[ComparedValue, ...]

    @property
    def place(self) -> str:
        """As staff count lines: «Línea 3», «Línea 3, antes 2»."""
        if self.now and self.before and self.now != self.before:
            return f"Línea {self.now}, antes {self.before}"
        return f"Línea {self.now or self.before}"

    @property
    def differing(self) -> tuple[ComparedValue, ...]:
        """The values that an update would change."""
        return tuple(value for value in self.values if value.differs)


def line_changes(before: str, now: str, labels: Mapping[str, str]) -> list[LineChange]:
    """Every line of two bodies, in the order of what would be sent. `labels` maps wire names to Spanish.

    A field that only counts the lines is no change by itself. Raises: ValueError where a body is neither
    Siigo's request nor SAG's document.
    """
    old, new = _lines(before), _lines(now)
    matcher = SequenceMatcher(
        None, [_identity(line) for line in old], [_identity(line) for line in new], autojunk=False
    )
    changes: list[LineChange] = []
    for _, old_first, old_last, new_first, new_last in matcher.get_opcodes():
        for step in range(max(old_last - old_first, new_last - new_first)):
            old_index, new_index = old_first + step, new_first + step
            number_before, line_before = (old_index + 1, old[old_index]) if old_index < old_last else (0, {})
            number_now, line_now = (new_index + 1, new[new_index]) if new_index < new_last else (0, {})
            changes.append(_change(number_before, line_before, number_now, line_now, labels))
    return changes


def _change(before: int, old: Line, now: int, new: Line, labels: Mapping[str, str]) -> LineChange:
    names = [name for name in dict.fromkeys([*new, *old]) if name not in _LINE_COUNTERS]
    values = tuple(compare(labels.get(name, name), new.get(name), old.get(name), now or before) for name in names)
    kind = ChangeKind.CHANGED if any(value.differs for value in values) else ChangeKind.SAME
    if not (before and now):
        kind = ChangeKind.REMOVED if before else ChangeKind.ADDED
    return LineChange(kind, before, now, _heading(new or old), values)


def _identity(line: Line) -> tuple[str, ...]:
    return tuple(str(line.get(name, "")) for name in ("", *_IDENTIFYING_FIELDS))


def _heading(line: Line) -> str:
    """A line's account or article, and its text."""
    subject = line.get("accounting_account") or line.get("product_code") or line.get("", "")
    return " · ".join(str(part) for part in (subject, line.get("sequence_description")) if part)


def _lines(body: str) -> list[Line]:
    if body.lstrip().startswith("{"):
        try:
            lines: list[Line] = json.loads(body, parse_float=Decimal)["data"]["list"]
        except (KeyError, TypeError):
            raise ValueError("no request of Siigo") from None
        return lines
    try:
        return list(_xml_lines(ElementTree.fromstring(body)))
    except ParseError as broken:
        raise ValueError(str(broken)) from None


def _xml_lines(node: Any) -> Iterator[Line]:
    """Every element that carries values: its attributes, and its children that are plain text."""
    leaves = {_tag(child): child.text or "" for child in node if not child.attrib and not len(child)}
    if node.attrib or leaves:
        yield {"": _tag(node), **node.attrib, **leaves}
    for child in node:
        if child.attrib or len(child):
            yield from _xml_lines(child)


def _tag(node: Any) -> str:
    return str(node.tag).rpartition("}")[2]


def count_by_kind(changes: Iterable[LineChange]) -> dict[ChangeKind, int]:
    """How many lines changed in each way, 0 included."""
    counts = Counter(change.kind for change in changes)
    return {kind: counts[kind] for kind in ChangeKind}
