"""Finding our third parties and products in Siigo and comparing them with what was sent. Pure.

A third party's key is its identification and branch; a product's, its line, group and code (notes, 1.4). The rows
of the answer are *assumed* to carry the names that the export uses. Only what both sides carry is compared: an
ERP fills in what was not sent.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from integrations.erp.equality import pair
from integrations.erp.findings import Finding, Found, Match, Pair, Question, judged
from integrations.erp.receipts import Reference
from integrations.erp.siigo.document import HIGHEST_READ, PRODUCTS, THIRDS
from integrations.erp.siigo.fields import PRODUCT, THIRD

Row = Mapping[str, Any]
Read = Callable[[str, tuple[int, int]], Sequence[Row]]
"""One complete read: a resource and two keys, both included; rows, or QueryError."""

_KEY_FIELDS = {THIRDS: (("identification", 13), ("branch", 0)), PRODUCTS: (("line", 3), ("group", 4), ("product", 6))}
_LABELS = {THIRDS: THIRD.by_spelling, PRODUCTS: PRODUCT.by_spelling}


class MasterKey(NamedTuple):
    """What Siigo knows a master by. `number` bounds a read; `branch` is of a third party, 0 for products."""

    resource: str
    number: int
    branch: int

    @property
    def reference(self) -> Reference:
        shown = f"{self.number:013}" if self.resource == PRODUCTS else str(self.number)
        told = f"{shown} sucursal {self.branch}" if self.branch else shown
        return Reference(told, f"{self.number}/{self.branch}", self.resource)


def resource_of(body: str) -> str:
    """The resource that a request of ours writes."""
    return str(json.loads(body)["resource"])


def key_of(resource: str, row: Row) -> MasterKey | None:
    """The key of a row; None where it carries none."""
    try:
        if resource == THIRDS:
            return MasterKey(resource, int(row["identification"]), int(row.get("branch") or 0))
        digits = "".join(str(int(row[name])).zfill(width) for name, width in _KEY_FIELDS[resource])
        return MasterKey(resource, int(digits), 0)
    except (KeyError, TypeError, ValueError):
        return None


def filters(resource: str, keys: tuple[int, int], year: int) -> dict[str, Any]:
    """`params` of a read of the masters between two keys, both included (notes, 1.4).

    assumed: classification T is «all», and the widest days of opening leave nobody out.
    """
    name = {THIRDS: "third", PRODUCTS: "product"}[resource]
    params: dict[str, Any] = {"year": year, f"{name}_initial": keys[0], f"{name}_final": keys[1]}
    if resource == THIRDS:
        params |= {"classification": "T", "date_opening_initial": 19000101, "date_opening_final": 99991231}
    return params


def reference_of(resource: str, row: Row) -> Reference:
    """How a master about to be sent will be known; empty where it has no key."""
    key = key_of(resource, row)
    return key.reference if key is not None else Reference()


def find(read: Read, questions: Sequence[Question], known_bodies: Iterable[str]) -> dict[int, Finding]:
    """What one complete read says of each master: one range of keys per resource.

    The range reaches to the nearest master that is known to be there: seen in the same read, it proves that the
    rest would have been. What no read can ask for stays unproven. Raises QueryError, ExchangeError from `read`.
    """
    found = {question.key: Finding(Match.UNPROVEN) for question in questions}
    known = [key for body in known_bodies if (key := _sent(body)[0]) is not None]
    sought: dict[str, list[tuple[MasterKey, Question]]] = defaultdict(list)
    for question in questions:
        key, _row = _sent(question.body)
        if key is not None and 1 <= key.number <= HIGHEST_READ:
            sought[key.resource].append((key, question))
    for resource, mine in sought.items():
        found |= _find(read, mine, [key for key in known if key.resource == resource])
    return found


def _sent(body: str) -> tuple[MasterKey | None, Row]:
    request = json.loads(body, parse_float=Decimal)
    row: Row = request["data"]["list"][0]
    return key_of(request["resource"], row), row


def _find(read: Read, sought: Sequence[tuple[MasterKey, Question]], known: Sequence[MasterKey]) -> dict[int, Finding]:
    control = _control_beside([key for key, _question in sought], known)
    numbers = [key.number for key, _question in sought] + ([control.number] if control else [])
    resource = sought[0][0].resource
    rows: dict[MasterKey | None, list[Row]] = defaultdict(list)
    for row in read(resource, (min(numbers), max(numbers))):
        rows[key_of(resource, row)].append(row)
    seen = control is not None and control in rows
    return {question.key: _judged(question, key, rows.get(key, []), seen) for key, question in sought}


def _control_beside(sought: Sequence[MasterKey], known: Sequence[MasterKey]) -> MasterKey | None:
    """The nearest master that is known to be there and that a read can ask for."""
    others = [key for key in known if key not in sought and 1 <= key.number <= HIGHEST_READ]
    return min(others, key=lambda key: abs(key.number - sought[0].number), default=None)


def _judged(question: Question, key: MasterKey, rows: Sequence[Row], control_seen: bool) -> Finding:
    found = [_compared(question.body, row, key) for row in rows]
    before = [_compared(question.before, row, key) for row in rows] if question.before else []
    return judged(found, before=before, proven_absent=control_seen)


def _compared(body: str, row: Row, key: MasterKey) -> Found:
    _key, sent = _sent(body)
    return Found(key.reference, tuple(_pairs(key.resource, sent, row)))


def _pairs(resource: str, sent: Row, found: Row) -> Iterator[Pair]:
    for name, ours in sent.items():
        if found.get(name) is not None:
            yield pair(_LABELS[resource][name].label.lower(), ours, found[name])
