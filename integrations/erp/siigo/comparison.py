"""What was sent to Siigo beside the rows that it gives back, value by value: every field that can be read. Pure."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from integrations.erp.equality import compare, same_tax_id, same_value
from integrations.erp.fields.spec import ValueType
from integrations.erp.read_back import ComparedValue, ErpRow, FoundRecord, Weight
from integrations.erp.siigo.fields import MOVEMENT
from integrations.erp.siigo.voucher_keys import VoucherKey

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


def shows_the_update(sent: Sequence[ErpRow], before: Sequence[ErpRow], found: Sequence[ErpRow]) -> bool:
    """Whether all that an update changes, texts too, reads as it was sent."""
    lines = zip(_by_sequence(sent), _by_sequence(before), _by_sequence(found), strict=True)
    return all(
        _sameness_of(name)(found_line.get(name, ""), sent_line.get(name, ""))
        for sent_line, line_before, found_line in lines
        for name in {*sent_line, *line_before}
        if not same_value(line_before.get(name, ""), sent_line.get(name, ""))
    )


def vouchers_in(sent: Sequence[ErpRow], rows: Sequence[ErpRow]) -> list[Sequence[ErpRow]]:
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


def is_voided(rows: Sequence[ErpRow]) -> bool:
    return all(same_value(row.get("canceled_voucher") or "N", "S") for row in rows)


def compared_voucher(sent: Sequence[ErpRow], found: Sequence[ErpRow], key: VoucherKey) -> FoundRecord:
    """A voucher beside its rows. Its number says where to look and proves nothing: its content does."""
    shown = {name for row in found for name, value in row.items() if value is not None}
    unread = dict.fromkeys(name for row in sent for name in row if name not in shown | _KEY_FIELDS)
    return FoundRecord(
        key.reference,
        tuple(_compared_values(sent, found)),
        is_voided=is_voided(found) and not is_voided(sent),
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
                label, is_same = _LABELS.get(name, name), _sameness_of(name)
                yield compare(label, value, theirs[name], position, _weight_of(name), is_same=is_same)


def _sameness_of(name: str) -> Callable[[object, object], bool]:
    """How two values of one field of a line are told to be the same."""
    field = MOVEMENT.by_spelling.get(name)
    return same_tax_id if field is not None and field.is_tax_id else same_value


def _weight_of(name: str) -> Weight:
    """What it means that one field of a line differs."""
    if name in _PROVING_FIELDS:
        return Weight.PROOF
    field = MOVEMENT.by_spelling.get(name)
    is_text = field is None or (field.value_type in (ValueType.TEXT, ValueType.FLAG) and not field.digits_only)
    return Weight.TEXT if is_text else Weight.CODE


def _by_sequence(rows: Sequence[ErpRow]) -> list[ErpRow]:
    return sorted(rows, key=lambda row: int(row.get("sequence") or 0))
