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

from integrations.erp.equality import compare, same_value
from integrations.erp.fields.spec import ValueType
from integrations.erp.read_back import (
    ComparedValue,
    ErpRow,
    FoundRecord,
    KnownRecord,
    Match,
    ReadBack,
    ReadBackQuestion,
    ReadBackResult,
    Sending,
    Weight,
    read_back_result,
    with_lower_names,
)
from integrations.erp.receipts import NO_REFERENCE, Reference
from integrations.erp.siigo.document import movement_filters
from integrations.erp.siigo.fields import MOVEMENT
from integrations.errors import NoAnswerError

_PROVING_FIELDS = {
    "accounting_account": "cuenta",
    "debit_or_credit": "débito o crédito",
    "sequence_value": "valor",
    "nit": "NIT",
    "product_line": "línea del producto",
    "product_group": "grupo del producto",
    "product_code": "producto",
    "quantity": "cantidad",
}
"""What of a line tells one voucher from another, and how staff call it."""
_DATE = ("document_year", "document_month", "document_day")
_KEY_FIELDS = {"voucher_type", "voucher_code", "document_number", "sequence", *_DATE}
_LABELS = {name: field.label.lower() for name, field in MOVEMENT.by_spelling.items()} | {
    "cost_center": "centro de costo",
    "sub_cost_center": "subcentro de costo",
    "cross_document_number": "documento cruce",
    **_PROVING_FIELDS,
}
FIELD_NAMES = {label.casefold(): name for name, label in _LABELS.items()}
"""Spanish label of a compared value, in lower case → the field of the request."""
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


def _key_of_sending(sending: Sending) -> VoucherKey | None:
    keys = keys_sent(sending.body)
    return next((key for key in keys if key.identifier == sending.name), keys[0] if keys else None)


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


def find(read: Read, questions: Sequence[ReadBackQuestion], known: Sequence[KnownRecord]) -> ReadBack:
    """What one complete read says of each voucher: one range per series, split where it would be too wide.

    A voucher is looked for under every number that it was sent with. `known` were seen before: a complete read of
    their range brings them. Raises QueryError and ExchangeError from `read`.
    """
    controls = {key: record.standing for record in known for key in keys_sent(record.body)}
    by_series: dict[str, list[_Sought]] = defaultdict(list)
    for question in questions:
        for sending in question.sendings:
            key = _key_of_sending(sending)
            if key is not None and (key, question) not in by_series[key.series]:
                by_series[key.series].append((key, question))
    found: dict[int, list[ReadBackResult]] = defaultdict(list)
    missing: set[int] = set()
    for sought in by_series.values():
        for span in _spans(sought):
            missing |= _find_span(read, span, controls, found)
    return ReadBack(
        {question.key: _under_any_number(found[question.key]) for question in questions}, frozenset(missing)
    )


def _under_any_number(results: Sequence[ReadBackResult]) -> ReadBackResult:
    """What was found under any number that a voucher was sent with; absent only where it is absent under each."""
    there = [result for result in results if result.records]
    if there:
        return next((result for result in there if result.match is Match.EQUAL), there[0])
    is_absent = bool(results) and all(result.match is Match.ABSENT for result in results)
    return ReadBackResult(Match.ABSENT if is_absent else Match.UNPROVEN)


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


def _find_span(
    read: Read, span: _Span, controls: Mapping[VoucherKey, int], found: dict[int, list[ReadBackResult]]
) -> set[int]:
    """Add what one read says of each voucher of a span to `found`; the known vouchers that it did not bring."""
    first, last = span[0][0].number, span[-1][0].number
    nearest = _nearest_control(span, controls)
    if nearest is not None:
        first, last = min(first, nearest.number), max(last, nearest.number)
    rows_by_key: dict[VoucherKey, list[ErpRow]] = defaultdict(list)
    for row in with_lower_names(read(filters(span[0][0], (first, last)))):
        rows_by_key[_key_read(row, span[0][0].year)].append(row)
    sought = {key for key, _ in span}
    expected = {
        key: standing for key, standing in controls.items() if _is_in(key, span, first, last) and key not in sought
    }
    missing = {standing for key, standing in expected.items() if key not in rows_by_key}
    for key, question in span:
        is_complete = bool(expected) and not missing
        found[question.key].append(_result(question, key, rows_by_key.get(key, []), is_complete))
    return missing


def _key_read(row: ErpRow, year: int) -> VoucherKey:
    """The key of a row that Siigo gave back. Raises: NoAnswerError where the row names no voucher."""
    key = key_of(row, year)
    if key is None:
        raise NoAnswerError("Siigo respondió filas sin tipo, código o número de comprobante: no se pueden leer.")
    return key


def _is_in(key: VoucherKey, span: _Span, first: int, last: int) -> bool:
    return key.series == span[0][0].series and first <= key.number <= last


def _nearest_control(span: _Span, controls: Iterable[VoucherKey]) -> VoucherKey | None:
    """The nearest voucher that is known to be there and that the same read can reach."""
    sought = {key for key, _ in span}
    first, last = span[0][0].number, span[-1][0].number
    reachable = [
        key
        for key in controls
        if key.series == span[0][0].series
        and key not in sought
        and max(last, key.number) - min(first, key.number) < WIDEST_RANGE
    ]
    return min(reachable, key=lambda key: abs(key.number - first), default=None)


def _result(question: ReadBackQuestion, key: VoucherKey, rows: Sequence[ErpRow], is_complete: bool) -> ReadBackResult:
    if question.is_closed(key.reference):
        rows = [row for row in rows if not _is_voided([row])]
    if not rows:
        return read_back_result([], proven_absent=is_complete)
    places = [place for place, sending in enumerate(question.sendings) if key in keys_sent(sending.body)]
    results = [_beside_sending(question, place, key, rows) for place in places]
    return next((result for result in results if result.match is Match.EQUAL), results[0])


def _beside_sending(question: ReadBackQuestion, place: int, key: VoucherKey, rows: Sequence[ErpRow]) -> ReadBackResult:
    sent = _rows_of(question.sendings[place].body, key)
    before = _rows_of(question.body_before, key) if question.body_before else []
    vouchers = _vouchers(sent, rows)
    compared_before = [_compared(before, voucher, key) for voucher in vouchers] if before else []
    result = read_back_result(
        [_compared(sent, voucher, key) for voucher in vouchers],
        compared_before=compared_before,
        has_twin=question.has_twin,
    )
    equals_both = result.match is Match.EQUAL and before and not compared_before[0].differences
    if equals_both and not _shows_the_update(sent, before, vouchers[0]):
        # Sending it again replaces the voucher by itself; calling it sent might leave the old texts there.
        return replace(result, match=Match.BEFORE, sending=place)
    return replace(result, sending=place)


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
    """A voucher beside its rows. Its number says where to look and proves nothing: its content does."""
    is_voided = _is_voided(found) and not _is_voided(sent)
    values = tuple(_compared_values(sent, found))
    shown = {name for row in found for name, value in row.items() if value is not None}
    unread = dict.fromkeys(name for row in sent for name in row if name not in shown | _KEY_FIELDS)
    return FoundRecord(
        key.reference,
        values,
        is_voided,
        is_ours=False,
        not_compared=tuple(_LABELS.get(name, name) for name in unread),
        lines_compared=len(sent) == len(found) and {"accounting_account", "sequence_value"} <= shown,
    )


def _compared_values(sent: Sequence[ErpRow], found: Sequence[ErpRow]) -> Iterator[ComparedValue]:
    days = [[str(row.get(name) or "").zfill(2) for name in _DATE] for row in (sent[0], found[0])]
    if all(part.strip("0") for day in days for part in day):
        yield compare("fecha", "-".join(days[0]), "-".join(days[1]))
    yield compare("número de líneas", len(sent), len(found))
    if len(sent) != len(found):
        return
    for position, (ours, theirs) in enumerate(zip(_by_sequence(sent), _by_sequence(found), strict=True), 1):
        for name, value in ours.items():
            if value is not None and theirs.get(name) is not None and name not in _KEY_FIELDS:
                yield compare(_LABELS.get(name, name), value, theirs[name], position, _weight_of(name))


def _weight_of(name: str) -> Weight:
    """What it means that one field of a line differs."""
    if name in _PROVING_FIELDS:
        return Weight.PROOF
    field = MOVEMENT.by_spelling.get(name)
    is_text = field is None or (field.value_type in (ValueType.TEXT, ValueType.FLAG) and not field.digits_only)
    return Weight.TEXT if is_text else Weight.CODE


def _by_sequence(rows: Sequence[ErpRow]) -> list[ErpRow]:
    return sorted(rows, key=lambda row: int(row.get("sequence") or 0))


def last_number(read: Read, series: str, above: int) -> int:
    """The highest number of a series from `above` on, within one read; `above` where nothing follows it."""
    year, voucher_type, code = series.split("/")
    start = VoucherKey(int(year), voucher_type, int(code), 0)
    rows = with_lower_names(read(filters(start, (max(1, above), min(above + WIDEST_RANGE, _HIGHEST_NUMBER)))))
    return max((_key_read(row, start.year).number for row in rows), default=above)
