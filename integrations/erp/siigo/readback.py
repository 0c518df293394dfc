"""Finding our vouchers in Siigo and comparing them with what was sent. Pure.

The key of a voucher is (process year, type, code, number): `siigo-notes`, section 0.4. The answer's rows are
*assumed* to carry the names that the export uses (`siigo-notes`, section 1.4: the shape is not public).
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from integrations.erp.equality import pair, same
from integrations.erp.findings import Finding, Found, Match, Pair, Question, judged
from integrations.erp.receipts import Reference

_COMPARED = {
    "accounting_account": "cuenta",
    "debit_or_credit": "débito o crédito",
    "sequence_value": "valor",
    "nit": "NIT",
    "cost_center": "centro de costo",
    "sub_cost_center": "subcentro de costo",
    "product_line": "línea del producto",
    "product_group": "grupo del producto",
    "product_code": "producto",
    "quantity": "cantidad",
    "cross_document_number": "documento cruce",
}
"""What of a line is compared. Texts are not: that Siigo keeps them whole is not known."""
NAMES = {label.casefold(): name for name, label in _COMPARED.items()}
"""How a compared value is called in what a read shows → the field of the request."""
_DATE = ("document_year", "document_month", "document_day")
WIDEST_RANGE = 2_000
"""Numbers one read may span: 25,000 rows take Siigo over two minutes (`siigo-notes`, section 1.5)."""
_HIGHEST = 9_999_999_999

Row = Mapping[str, Any]
Read = Callable[[dict[str, Any]], Sequence[Row]]
"""One complete read: the arguments of `document.import_request`; rows, or QueryError."""


@dataclass(frozen=True, slots=True)
class VoucherKey:
    """What Siigo knows a voucher by."""

    year: int
    voucher_type: str
    code: int
    number: int

    @property
    def text(self) -> str:
        return f"{self.series}/{self.number}"

    @property
    def series(self) -> str:
        return f"{self.year}/{self.voucher_type}/{self.code}"

    @property
    def reference(self) -> Reference:
        return Reference(f"{self.voucher_type}-{self.code} {self.number}", self.text, self.series)


def key_of(row: Row, year: int) -> VoucherKey | None:
    """The key of a row's voucher; None where it carries no number."""
    try:
        return VoucherKey(year, str(row["voucher_type"]).strip(), int(row["voucher_code"]), int(row["document_number"]))
    except (KeyError, TypeError, ValueError):
        return None


def reference_of(rows: Sequence[Row], year: int) -> Reference:
    """How a voucher about to be sent will be known; empty where it has no number."""
    key = key_of(rows[0], year) if rows else None
    return key.reference if key is not None else Reference()


def sent_rows(body: str) -> tuple[list[dict[str, Any]], int]:
    """The rows and the process year of a request that we sent."""
    data = json.loads(body, parse_float=Decimal)["data"]
    return data["list"], data["params"]["year"]


def keys_sent(body: str) -> list[VoucherKey]:
    """The keys of the vouchers that a request carries, the first one first."""
    rows, year = sent_rows(body)
    return list(dict.fromkeys(key for row in rows if (key := key_of(row, year)) is not None))


def _voucher_sent(body: str, key: VoucherKey) -> list[Row]:
    """The rows of one voucher: a connection may send several together."""
    rows, year = sent_rows(body)
    return [row for row in rows if key_of(row, year) == key]


def _key_asked(question: Question) -> VoucherKey | None:
    keys = keys_sent(question.body)
    return next((key for key in keys if key.text == question.name), keys[0] if keys else None)


def filters(series: VoucherKey, numbers: tuple[int, int]) -> dict[str, Any]:
    """Arguments of `document.import_request` for a range of a series, over the whole process year."""
    return {
        "year": series.year,
        "since": date(series.year, 1, 1),
        "until": date(series.year, 12, 31),
        "voucher_type": series.voucher_type,
        "voucher_codes": (series.code, series.code),
        "numbers": numbers,
    }


def find(read: Read, questions: Sequence[Question], known_bodies: Iterable[str]) -> dict[int, Finding]:
    """What one complete read says of each voucher: one range per series, split where it would be too wide.

    `known_bodies` were sent of vouchers known to be there. Raises QueryError and ExchangeError from `read`.
    """
    known = [key for body in known_bodies for key in keys_sent(body)]
    found = {question.key: Finding(Match.UNPROVEN) for question in questions}
    sought: dict[str, list[tuple[VoucherKey, Question]]] = defaultdict(list)
    for question in questions:
        key = _key_asked(question)
        if key is not None:
            sought[key.series].append((key, question))
    for series, mine in sought.items():
        for some in _spans(mine):
            found |= _find_span(read, some, [key for key in known if key.series == series])
    return found


Span = Sequence[tuple[VoucherKey, Question]]


def _spans(sought: Span) -> Iterator[Span]:
    """Neighbours that fit into one read."""
    ordered = sorted(sought, key=lambda one: one[0].number)
    span: list[tuple[VoucherKey, Question]] = []
    for one in ordered:
        if span and one[0].number - span[0][0].number >= WIDEST_RANGE:
            yield span
            span = []
        span.append(one)
    if span:
        yield span


def _find_span(read: Read, span: Span, known: Sequence[VoucherKey]) -> dict[int, Finding]:
    first, last = span[0][0].number, span[-1][0].number
    control = _control_beside(span, known)
    if control is not None:
        first, last = min(first, control.number), max(last, control.number)
    year = span[0][0].year
    documents: dict[VoucherKey | None, list[Row]] = defaultdict(list)
    for row in read(filters(span[0][0], (first, last))):
        documents[key_of(row, year)].append(row)
    seen = control is not None and control in documents
    return {question.key: _judged(question, key, documents.get(key, []), seen) for key, question in span}


def _control_beside(span: Span, known: Sequence[VoucherKey]) -> VoucherKey | None:
    """The nearest voucher that is known to be there and that the same read can reach."""
    sought = {key for key, _ in span}
    first, last = span[0][0].number, span[-1][0].number
    reachable = [
        key for key in known if key not in sought and max(last, key.number) - min(first, key.number) < WIDEST_RANGE
    ]
    return min(reachable, key=lambda key: abs(key.number - first), default=None)


def _judged(question: Question, key: VoucherKey, rows: Sequence[Row], control_seen: bool) -> Finding:
    if question.is_closed(key.reference):
        rows = [row for row in rows if not _is_voided([row])]
    sent = _voucher_sent(question.body, key)
    several = _documents(sent, rows)
    found = [_compared(sent, one, key) for one in several]
    earlier = _voucher_sent(question.before, key) if question.before else []
    before = [_compared(earlier, one, key) for one in several] if earlier else []
    finding = judged(found, before=before, proven_absent=control_seen)
    untold = finding.match is Match.EQUAL and earlier and not before[0].differences
    if untold and not _shows_the_update(sent, earlier, several[0]):
        # Sending it again replaces the voucher by itself; calling it sent might leave the old texts there.
        return replace(finding, match=Match.BEFORE)
    return finding


def _shows_the_update(sent: Sequence[Row], earlier: Sequence[Row], found: Sequence[Row]) -> bool:
    """Whether all that an update changes, texts too, reads as it was sent."""
    lines = zip(_ordered(sent), _ordered(earlier), _ordered(found), strict=True)
    return all(
        same(theirs.get(name, ""), ours.get(name, ""))
        for ours, was, theirs in lines
        for name in {*ours, *was}
        if not same(was.get(name, ""), ours.get(name, ""))
    )


def _documents(sent: Sequence[Row], rows: Sequence[Row]) -> list[Sequence[Row]]:
    """The vouchers that share one key: a line's sequence is once in each."""
    if not rows:
        return []
    seen: dict[Any, int] = defaultdict(int)
    documents: dict[int, list[Row]] = defaultdict(list)
    for row in rows:
        sequence = row.get("sequence")
        documents[seen[sequence] if sequence else 0].append(row)
        seen[sequence] += 1
    if len(documents) == 1 and not any(row.get("sequence") for row in rows):
        return _halves(sent, rows)
    return list(documents.values())


def _halves(sent: Sequence[Row], rows: Sequence[Row]) -> list[Sequence[Row]]:
    """Without sequences, as many whole repetitions of what was sent as there are."""
    size = len(sent)
    if len(rows) == size or len(rows) % size:
        return [rows]
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _is_voided(rows: Sequence[Row]) -> bool:
    return all(same(row.get("canceled_voucher") or "N", "S") for row in rows)


def _compared(sent: Sequence[Row], found: Sequence[Row], key: VoucherKey) -> Found:
    is_voided = _is_voided(found) and not _is_voided(sent)
    return Found(key.reference, tuple(_pairs(sent, found)), is_voided)


def _pairs(sent: Sequence[Row], found: Sequence[Row]) -> Iterator[Pair]:
    days = [[str(row.get(name) or "").zfill(2) for name in _DATE] for row in (sent[0], found[0])]
    if all(part.strip("0") for day in days for part in day):
        yield pair("fecha", "-".join(days[0]), "-".join(days[1]))
    yield pair("número de líneas", len(sent), len(found))
    if len(sent) != len(found):
        return
    for position, (ours, theirs) in enumerate(zip(_ordered(sent), _ordered(found), strict=True), 1):
        for name, label in _COMPARED.items():
            if ours.get(name) is not None and theirs.get(name) is not None:
                yield pair(label, ours[name], theirs[name], position)


def _ordered(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: int(row.get("sequence") or 0))


def last_number(read: Read, series: str, above: int) -> int:
    """The highest number of a series from `above` on, within one read; `above` where nothing follows it."""
    year, voucher_type, code = series.split("/")
    key = VoucherKey(int(year), voucher_type, int(code), 0)
    rows = read(filters(key, (max(1, above), min(above + WIDEST_RANGE, _HIGHEST))))
    found = [one.number for row in rows if (one := key_of(row, key.year)) is not None]
    return max(found, default=above)
