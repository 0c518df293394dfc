"""Finding our vouchers in Siigo and comparing them with what was sent. Pure.

The key of a voucher is (process year, type, code, number): `siigo-notes`, section 0.4. The answer's rows are
*assumed* to carry the names that the export uses (`siigo-notes`, section 1.4: the shape is not public).
"""

import json
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from typing import Any

from integrations.erp.equality import compare, same_value
from integrations.erp.read_back import (
    ComparedValue,
    ErpRow,
    FoundRecord,
    Match,
    ReadBackQuestion,
    ReadBackResult,
    read_back_result,
)
from integrations.erp.receipts import NO_REFERENCE, Reference
from integrations.erp.siigo.document import movement_filters

_COMPARED_FIELDS = {
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
FIELD_NAMES = {label.casefold(): name for name, label in _COMPARED_FIELDS.items()}
"""Spanish label of a compared value, in lower case → the field of the request."""
_DATE = ("document_year", "document_month", "document_day")
WIDEST_RANGE = 2_000
"""Numbers one read may span: 25,000 rows take Siigo over two minutes (`siigo-notes`, section 1.5)."""
_HIGHEST_NUMBER = 9_999_999_999

Read = Callable[[dict[str, object]], Sequence[ErpRow]]
"""One complete read of movements, by its filters: rows, or QueryError."""


@dataclass(frozen=True, slots=True)
class VoucherKey:
    """What Siigo knows a voucher by; `year` is the process year, `code` that of the voucher type."""

    year: int
    voucher_type: str
    code: int
    number: int

    @property
    def identifier(self) -> str:
        """`2025/F/1/987`: what names the voucher among all of the company."""
        return f"{self.series}/{self.number}"

    @property
    def series(self) -> str:
        """`2025/F/1`: what the voucher is numbered in."""
        return f"{self.year}/{self.voucher_type}/{self.code}"

    @property
    def reference(self) -> Reference:
        """The same as people read it, `F-1 987`, with identifier and series."""
        return Reference(f"{self.voucher_type}-{self.code} {self.number}", self.identifier, self.series)


def key_of(row: ErpRow, year: int) -> VoucherKey | None:
    """The key of a row's voucher; None where it carries no number."""
    try:
        return VoucherKey(year, str(row["voucher_type"]).strip(), int(row["voucher_code"]), int(row["document_number"]))
    except (KeyError, TypeError, ValueError):
        return None


def reference_of(rows: Sequence[ErpRow], year: int) -> Reference:
    """What Siigo will call a voucher that is about to be sent; empty where it has no number."""
    key = key_of(rows[0], year) if rows else None
    return key.reference if key is not None else NO_REFERENCE


def sent_rows(body: str) -> tuple[list[dict[str, Any]], int]:
    """The rows and the process year of a request that we sent."""
    data = json.loads(body, parse_float=Decimal)["data"]
    return data["list"], data["params"]["year"]


def keys_sent(body: str) -> list[VoucherKey]:
    """The keys of the vouchers that a request carries, the first one first."""
    rows, year = sent_rows(body)
    return list(dict.fromkeys(key for row in rows if (key := key_of(row, year)) is not None))


def _rows_of(body: str, key: VoucherKey) -> list[ErpRow]:
    """The rows of one voucher: a connection may send several together."""
    rows, year = sent_rows(body)
    return [row for row in rows if key_of(row, year) == key]


def _key_of_question(question: ReadBackQuestion) -> VoucherKey | None:
    keys = keys_sent(question.body)
    return next((key for key in keys if key.identifier == question.name), keys[0] if keys else None)


def filters(series: VoucherKey, numbers: tuple[int, int]) -> dict[str, object]:
    """The filters of a read of a range of numbers in one series, over the whole process year."""
    return movement_filters(
        year=series.year,
        since=date(series.year, 1, 1),
        until=date(series.year, 12, 31),
        voucher_type=series.voucher_type,
        voucher_codes=(series.code, series.code),
        numbers=numbers,
    )


def find(read: Read, questions: Sequence[ReadBackQuestion], control_bodies: Iterable[str]) -> dict[int, ReadBackResult]:
    """What one complete read says of each voucher: one range per series, split where it would be too wide.

    `control_bodies` were sent of vouchers known to be there. The keys are those of the questions.
    Raises QueryError and ExchangeError from `read`.
    """
    controls = [key for body in control_bodies for key in keys_sent(body)]
    results = {question.key: ReadBackResult(Match.UNPROVEN) for question in questions}
    by_series: dict[str, list[_Sought]] = defaultdict(list)
    for question in questions:
        key = _key_of_question(question)
        if key is not None:
            by_series[key.series].append((key, question))
    for series, sought in by_series.items():
        for span in _spans(sought):
            results |= _find_span(read, span, [key for key in controls if key.series == series])
    return results


_Sought = tuple[VoucherKey, ReadBackQuestion]
_Span = Sequence[_Sought]


def _spans(sought: _Span) -> Iterator[_Span]:
    """Neighbours that fit into one read."""
    span: list[_Sought] = []
    for key, question in sorted(sought, key=lambda item: item[0].number):
        if span and key.number - span[0][0].number >= WIDEST_RANGE:
            yield span
            span = []
        span.append((key, question))
    if span:
        yield span


def _find_span(read: Read, span: _Span, controls: Sequence[VoucherKey]) -> dict[int, ReadBackResult]:
    first, last = span[0][0].number, span[-1][0].number
    control = _nearest_control(span, controls)
    if control is not None:
        first, last = min(first, control.number), max(last, control.number)
    year = span[0][0].year
    rows_by_key: dict[VoucherKey | None, list[ErpRow]] = defaultdict(list)
    for row in read(filters(span[0][0], (first, last))):
        rows_by_key[key_of(row, year)].append(row)
    control_found = control is not None and control in rows_by_key
    return {question.key: _result(question, key, rows_by_key.get(key, []), control_found) for key, question in span}


def _nearest_control(span: _Span, controls: Sequence[VoucherKey]) -> VoucherKey | None:
    """The nearest voucher that is known to be there and that the same read can reach."""
    sought = {key for key, _ in span}
    first, last = span[0][0].number, span[-1][0].number
    reachable = [
        key for key in controls if key not in sought and max(last, key.number) - min(first, key.number) < WIDEST_RANGE
    ]
    return min(reachable, key=lambda key: abs(key.number - first), default=None)


def _result(question: ReadBackQuestion, key: VoucherKey, rows: Sequence[ErpRow], control_found: bool) -> ReadBackResult:
    if question.is_closed(key.reference):
        rows = [row for row in rows if not _is_voided([row])]
    sent = _rows_of(question.body, key)
    before = _rows_of(question.body_before, key) if question.body_before else []
    vouchers = _vouchers(sent, rows)
    compared_before = [_compared(before, voucher, key) for voucher in vouchers] if before else []
    result = read_back_result(
        [_compared(sent, voucher, key) for voucher in vouchers],
        compared_before=compared_before,
        proven_absent=control_found,
    )
    equals_both = result.match is Match.EQUAL and before and not compared_before[0].differences
    if equals_both and not _shows_the_update(sent, before, vouchers[0]):
        # Sending it again replaces the voucher by itself; calling it sent might leave the old texts there.
        return replace(result, match=Match.BEFORE)
    return result


def _shows_the_update(sent: Sequence[ErpRow], before: Sequence[ErpRow], found: Sequence[ErpRow]) -> bool:
    """Whether all that an update changes, texts too, reads as it was sent."""
    lines = zip(_by_sequence(sent), _by_sequence(before), _by_sequence(found), strict=True)
    return all(
        same_value(found_line.get(name, ""), sent_line.get(name, ""))
        for sent_line, line_before, found_line in lines
        for name in {*sent_line, *line_before}
        if not same_value(line_before.get(name, ""), sent_line.get(name, ""))
    )


def _vouchers(sent: Sequence[ErpRow], rows: Sequence[ErpRow]) -> list[Sequence[ErpRow]]:
    """The rows of one key as the vouchers that share it: a line's sequence is once in each."""
    if not any(row.get("sequence") for row in rows):
        return _repetitions(sent, rows) if rows else []
    times_seen: dict[Any, int] = defaultdict(int)
    vouchers: dict[int, list[ErpRow]] = defaultdict(list)
    for row in rows:
        sequence = row.get("sequence")
        vouchers[times_seen[sequence] if sequence else 0].append(row)
        times_seen[sequence] += 1
    return list(vouchers.values())


def _repetitions(sent: Sequence[ErpRow], rows: Sequence[ErpRow]) -> list[Sequence[ErpRow]]:
    """Without sequences, as many vouchers as the rows repeat the number of lines that was sent."""
    size = len(sent)
    if len(rows) % size:
        return [rows]
    return [rows[start : start + size] for start in range(0, len(rows), size)]


def _is_voided(rows: Sequence[ErpRow]) -> bool:
    return all(same_value(row.get("canceled_voucher") or "N", "S") for row in rows)


def _compared(sent: Sequence[ErpRow], found: Sequence[ErpRow], key: VoucherKey) -> FoundRecord:
    is_voided = _is_voided(found) and not _is_voided(sent)
    return FoundRecord(key.reference, tuple(_compared_values(sent, found)), is_voided)


def _compared_values(sent: Sequence[ErpRow], found: Sequence[ErpRow]) -> Iterator[ComparedValue]:
    days = [[str(row.get(name) or "").zfill(2) for name in _DATE] for row in (sent[0], found[0])]
    if all(part.strip("0") for day in days for part in day):
        yield compare("fecha", "-".join(days[0]), "-".join(days[1]))
    yield compare("número de líneas", len(sent), len(found))
    if len(sent) != len(found):
        return
    for position, (ours, theirs) in enumerate(zip(_by_sequence(sent), _by_sequence(found), strict=True), 1):
        for name, label in _COMPARED_FIELDS.items():
            if ours.get(name) is not None and theirs.get(name) is not None:
                yield compare(label, ours[name], theirs[name], position)


def _by_sequence(rows: Sequence[ErpRow]) -> list[ErpRow]:
    return sorted(rows, key=lambda row: int(row.get("sequence") or 0))


def last_number(read: Read, series: str, above: int) -> int:
    """The highest number of a series from `above` on, within one read; `above` where nothing follows it."""
    year, voucher_type, code = series.split("/")
    start = VoucherKey(int(year), voucher_type, int(code), 0)
    rows = read(filters(start, (max(1, above), min(above + WIDEST_RANGE, _HIGHEST_NUMBER))))
    return max((key.number for row in rows if (key := key_of(row, start.year)) is not None), default=above)
