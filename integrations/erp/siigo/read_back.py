"""Finding our vouchers in Siigo and comparing them with what was sent. Pure.

The key of a voucher is (process year, type, code, number): `siigo-notes`, section 0.4. The answer's rows are
*assumed* to carry the names that the export uses (`siigo-notes`, section 1.4: the shape is not public).
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date

from integrations.erp.read_back import (
    ErpRow,
    KnownRecord,
    Match,
    ReadBack,
    ReadBackQuestion,
    ReadBackResult,
    proves_absence,
    read_back_result,
    with_lower_names,
)
from integrations.erp.siigo.comparison import compared_voucher, is_voided, shows_the_update, vouchers_in
from integrations.erp.siigo.document import movement_filters
from integrations.erp.siigo.voucher_keys import VoucherKey, key_of, key_of_sending, keys_sent, rows_of_voucher
from integrations.errors import NoAnswerError, PayloadError

WIDEST_RANGE = 2_000
"""Numbers one read may span: 25,000 rows take Siigo over two minutes (`siigo-notes`, section 1.5)."""
_HIGHEST_NUMBER = 9_999_999_999

Read = Callable[[dict[str, object]], Sequence[ErpRow]]
"""One complete read of movements, by its filters: rows, or QueryError."""


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

    A voucher is looked for under every number that it was sent with. `known` are there: a complete read of their range
    brings them. Raises QueryError and ExchangeError from `read`.
    """
    controls = {key: record for record in known for key in keys_sent(record.body)}
    found: dict[int, list[ReadBackResult]] = defaultdict(list)
    by_series: dict[str, list[_Sought]] = defaultdict(list)
    for key, question in dict.fromkeys(_sought(questions)):
        if _can_be_asked_for(key):
            by_series[key.series].append((key, question))
        else:
            found[question.key].append(ReadBackResult(Match.UNPROVEN, is_read=False))
    missing: set[int] = set()
    for sought in by_series.values():
        for span in _spans(sought):
            missing |= _find_span(read, span, controls, found)
    return ReadBack(
        {question.key: _under_any_number(found[question.key]) for question in questions}, frozenset(missing)
    )


def _sought(questions: Iterable[ReadBackQuestion]) -> Iterator["_Sought"]:
    """Each question with each number that its record was sent with."""
    for question in questions:
        for sending in question.sendings:
            key = key_of_sending(sending)
            if key is not None:
                yield key, question


def _can_be_asked_for(key: VoucherKey) -> bool:
    """Whether Siigo's filters can name it: one that they can't, as a type of two letters, must not stop the others."""
    try:
        filters(key, (key.number, key.number))
    except PayloadError:
        return False
    return True


def _under_any_number(results: Sequence[ReadBackResult]) -> ReadBackResult:
    """What was found under any number that a voucher was sent with; absent only where it is absent under each."""
    there = [result for result in results if result.records]
    if there:
        return next((result for result in there if result.match is Match.EQUAL), there[0])
    is_absent = bool(results) and all(result.match is Match.ABSENT for result in results)
    is_read = any(result.is_read for result in results)
    return ReadBackResult(Match.ABSENT if is_absent else Match.UNPROVEN, is_read=is_read)


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
    read: Read, span: _Span, controls: Mapping[VoucherKey, KnownRecord], found: dict[int, list[ReadBackResult]]
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
    known = {key: record for key, record in controls.items() if _is_in(key, span, first, last) and key not in sought}
    brought = {record.standing for key, record in known.items() if key in rows_by_key}
    is_complete = proves_absence(known.values(), brought)
    for key, question in span:
        found[question.key].append(_result(question, key, rows_by_key.get(key, []), is_complete))
    return {record.standing for record in known.values() if record.is_seen} - brought


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
        rows = [row for row in rows if not is_voided([row])]
    if not rows:
        return read_back_result([], proven_absent=is_complete)
    places = [place for place, sending in enumerate(question.sendings) if key in keys_sent(sending.body)]
    results = [_beside_sending(question, place, key, rows) for place in places]
    return next((result for result in results if result.match is Match.EQUAL), results[0])


def _beside_sending(question: ReadBackQuestion, place: int, key: VoucherKey, rows: Sequence[ErpRow]) -> ReadBackResult:
    sent = rows_of_voucher(question.sendings[place].body, key)
    before = rows_of_voucher(question.body_before, key) if question.body_before else []
    vouchers = vouchers_in(sent, rows)
    compared_before = [compared_voucher(before, voucher, key) for voucher in vouchers] if before else []
    result = read_back_result(
        [compared_voucher(sent, voucher, key) for voucher in vouchers],
        compared_before=compared_before,
        has_twin=question.has_twin,
    )
    equals_both = result.match is Match.EQUAL and before and not compared_before[0].differences
    if equals_both and not shows_the_update(sent, before, vouchers[0]):
        # Sending it again replaces the voucher by itself; calling it sent might leave the old texts there.
        return replace(result, match=Match.BEFORE, sending=place)
    return replace(result, sending=place)


def last_number(read: Read, series: str, above: int) -> int:
    """The highest number of a series from `above` on, within one read; `above` where nothing follows it."""
    year, voucher_type, code = series.split("/")
    start = VoucherKey(int(year), voucher_type, int(code), 0)
    rows = with_lower_names(read(filters(start, (max(1, above), min(above + WIDEST_RANGE, _HIGHEST_NUMBER)))))
    return max((_key_read(row, start.year).number for row in rows), default=above)
