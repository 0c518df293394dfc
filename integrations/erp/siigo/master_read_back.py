"""Finding our third parties and products in Siigo and comparing them with what was sent. Pure.

A third party's key is its identification and branch; a product's, its line, group and code (notes, 1.4). The rows
of the answer are *assumed* to carry the names that the export uses. Only what both sides carry is compared: an
ERP fills in what was not sent.
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from typing import Any, NamedTuple

from integrations.erp import tax_ids
from integrations.erp.equality import compare, same_tax_id, same_value
from integrations.erp.read_back import (
    ComparedValue,
    ErpRow,
    FoundRecord,
    KnownRecord,
    Match,
    ReadBack,
    ReadBackQuestion,
    ReadBackResult,
    read_back_result,
    with_lower_names,
)
from integrations.erp.receipts import NO_REFERENCE, Reference
from integrations.erp.siigo.document import HIGHEST_READ, PRODUCTS, THIRDS
from integrations.erp.siigo.fields import PRODUCT, THIRD

Read = Callable[[str, tuple[int, int]], Sequence[ErpRow]]
"""One complete read: a resource and two keys, both included; rows, or QueryError."""

_KEY_FIELDS = {THIRDS: (("identification", 13), ("branch", 0)), PRODUCTS: (("line", 3), ("group", 4), ("product", 6))}
_FIELDS = {THIRDS: THIRD.by_spelling, PRODUCTS: PRODUCT.by_spelling}


class MasterKey(NamedTuple):
    """What Siigo knows a master by. `number` bounds a read; `branch` is of a third party, 0 for products."""

    resource: str
    number: int
    branch: int

    @property
    def reference(self) -> Reference:
        """`900123456 sucursal 2`, or the 13 digits of a product."""
        number = f"{self.number:013}" if self.resource == PRODUCTS else str(self.number)
        name = f"{number} sucursal {self.branch}" if self.branch else number
        return Reference(name, f"{self.number}/{self.branch}", self.resource)


def resource_of(body: str) -> str:
    """The resource that a request of ours writes."""
    return str(json.loads(body)["resource"])


def key_of(resource: str, row: ErpRow) -> MasterKey | None:
    """The key of a row; None where it carries none."""
    try:
        if resource == THIRDS:
            return MasterKey(resource, int(tax_ids.plain(row["identification"])), int(row.get("branch") or 0))
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


def reference_of(resource: str, row: ErpRow) -> Reference:
    """What Siigo will call a master that is about to be sent; empty where it has no key."""
    key = key_of(resource, row)
    return key.reference if key is not None else NO_REFERENCE


def find(read: Read, questions: Sequence[ReadBackQuestion], known: Sequence[KnownRecord]) -> ReadBack:
    """What one complete read says of each master: one range of keys per resource.

    The range reaches to the nearest master that is known to be there: seen in the same read, it proves that the
    rest would have been. What no read can ask for stays unproven. Raises QueryError, ExchangeError from `read`.
    """
    results = {question.key: ReadBackResult(Match.UNPROVEN, is_read=False) for question in questions}
    controls = [key for record in known if (key := _sent(record.body)[0]) is not None]
    for resource, sought in _readable_by_resource(questions).items():
        results |= _find(read, sought, [key for key in controls if key.resource == resource])
    return ReadBack(results)


def _readable_by_resource(
    questions: Sequence[ReadBackQuestion],
) -> dict[str, list[tuple[MasterKey, ReadBackQuestion]]]:
    """The masters whose key a read can ask for."""
    by_resource = defaultdict(list)
    for question in questions:
        key, _row = _sent(question.body)
        if key is not None and 1 <= key.number <= HIGHEST_READ:
            by_resource[key.resource].append((key, question))
    return by_resource


def _sent(body: str) -> tuple[MasterKey | None, ErpRow]:
    """The key and the row of a request."""
    request = json.loads(body, parse_float=Decimal)
    row: ErpRow = request["data"]["list"][0]
    return key_of(request["resource"], row), row


def _find(
    read: Read, sought: Sequence[tuple[MasterKey, ReadBackQuestion]], controls: Sequence[MasterKey]
) -> dict[int, ReadBackResult]:
    control = _nearest_control([key for key, _question in sought], controls)
    numbers = [key.number for key, _question in sought] + ([control.number] if control else [])
    resource = sought[0][0].resource
    rows: dict[MasterKey | None, list[ErpRow]] = defaultdict(list)
    for row in with_lower_names(read(resource, (min(numbers), max(numbers)))):
        rows[key_of(resource, row)].append(row)
    control_found = control is not None and control in rows
    return {question.key: _result(question, key, rows.get(key, []), control_found) for key, question in sought}


def _nearest_control(sought: Sequence[MasterKey], controls: Sequence[MasterKey]) -> MasterKey | None:
    """The nearest master that is known to be there and that a read can ask for."""
    others = [key for key in controls if key not in sought and 1 <= key.number <= HIGHEST_READ]
    return min(others, key=lambda key: abs(key.number - sought[0].number), default=None)


def _result(question: ReadBackQuestion, key: MasterKey, rows: Sequence[ErpRow], control_found: bool) -> ReadBackResult:
    found = [_compared(question.body, row, key) for row in rows]
    before = [_compared(question.body_before, row, key) for row in rows] if question.body_before else []
    return read_back_result(found, compared_before=before, proven_absent=control_found)


def _compared(body: str, row: ErpRow, key: MasterKey) -> FoundRecord:
    _key, sent = _sent(body)
    return FoundRecord(key.reference, tuple(_compared_values(key.resource, sent, row)))


def _compared_values(resource: str, sent: ErpRow, found: ErpRow) -> Iterator[ComparedValue]:
    for name, sent_value in sent.items():
        if found.get(name) is not None:
            field = _FIELDS[resource][name]
            is_same = same_tax_id if field.is_tax_id else same_value
            yield compare(field.label.lower(), sent_value, found[name], is_same=is_same)
