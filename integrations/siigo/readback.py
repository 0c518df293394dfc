"""Finding our vouchers in Siigo and comparing them with what was sent. Pure.

The key of a voucher is (process year, type, code, number): `siigo-notes`, section 0.4. The answer's rows are
*assumed* to carry the names that the export uses (`siigo-notes`, section 1.4: the shape is not public).
"""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from integrations.findings import Finding, Match
from integrations.receipts import Reference

_COMPARED = ("accounting_account", "debit_or_credit", "sequence_value", "nit")
_LABELS = {
    "accounting_account": "la cuenta",
    "debit_or_credit": "débito o crédito",
    "sequence_value": "el valor",
    "nit": "el NIT",
}
_WIDEST_RANGE = 2_000
"""Numbers one read may span: 25,000 rows take Siigo over two minutes (`siigo-notes`, section 1.5)."""

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class VoucherKey:
    """What Siigo knows a voucher by."""

    year: int
    voucher_type: str
    code: int
    number: int

    @property
    def text(self) -> str:
        return f"{self.year}/{self.voucher_type}/{self.code}/{self.number}"

    def is_of_the_series_of(self, other: "VoucherKey") -> bool:
        mine = (self.year, self.voucher_type, self.code)
        return mine == (other.year, other.voucher_type, other.code)


def key_of(row: Row, year: int) -> VoucherKey | None:
    """The key of a row's voucher; None where it carries no number."""
    try:
        return VoucherKey(year, str(row["voucher_type"]).strip(), int(row["voucher_code"]), int(row["document_number"]))
    except (KeyError, TypeError, ValueError):
        return None


def reference_of(rows: Sequence[Row], year: int) -> Reference:
    """How a voucher about to be sent will be known; empty where it has no number."""
    key = key_of(rows[0], year) if rows else None
    if key is None:
        return Reference()
    return Reference(f"{key.voucher_type}-{key.code} {key.number}", key.text)


def sent_rows(body: str) -> tuple[list[dict[str, Any]], int]:
    """The rows and the process year of a request that we sent."""
    data = json.loads(body, parse_float=Decimal)["data"]
    return data["list"], data["params"]["year"]


def control_near(key: VoucherKey, known_bodies: Iterable[str]) -> VoucherKey | None:
    """The nearest voucher of the same series that is known to be in Siigo."""
    keys = (key_of(rows[0], year) for rows, year in map(sent_rows, known_bodies) if rows)
    same = [
        other
        for other in keys
        if other is not None and other.is_of_the_series_of(key) and 0 < abs(other.number - key.number) < _WIDEST_RANGE
    ]
    return min(same, key=lambda other: abs(other.number - key.number), default=None)


def read_filters(key: VoucherKey, control: VoucherKey | None) -> dict[str, Any]:
    """Arguments of `document.import_request` for the voucher and its control, over the whole process year."""
    numbers = [key.number] + ([control.number] if control else [])
    return {
        "year": key.year,
        "since": date(key.year, 1, 1),
        "until": date(key.year, 12, 31),
        "voucher_type": key.voucher_type,
        "voucher_codes": (key.code, key.code),
        "numbers": (min(numbers), max(numbers)),
    }


def find(body: str, body_before: str, key: VoucherKey, control: VoucherKey | None, rows: Sequence[Row]) -> Finding:
    """What one complete read says of the voucher that `body` sent."""
    ours = [row for row in rows if key_of(row, key.year) == key]
    reference = Reference(f"{key.voucher_type}-{key.code} {key.number}", key.text)
    if not ours:
        seen = control is not None and any(key_of(row, key.year) == control for row in rows)
        return Finding(Match.ABSENT if seen else Match.UNPROVEN)
    differences = _differences(sent_rows(body)[0], ours)
    if not differences:
        return Finding(Match.EQUAL, reference)
    if body_before and not _differences(sent_rows(body_before)[0], ours):
        return Finding(Match.BEFORE, reference)
    return Finding(Match.OTHER, reference, differences)


def _differences(sent: Sequence[Row], found: Sequence[Row]) -> tuple[str, ...]:
    if len(sent) != len(found):
        return (f"Se enviaron {len(sent)} líneas y en Siigo hay {len(found)}.",)
    said: list[str] = []
    for position, (ours, theirs) in enumerate(zip(_ordered(sent), _ordered(found), strict=True), 1):
        said += [
            f"Línea {position}: {_LABELS[name]} enviada es {ours[name]} y en Siigo es {theirs[name]}."
            for name in _COMPARED
            if name in ours and name in theirs and _normal(ours[name]) != _normal(theirs[name])
        ]
    return tuple(said)


def _ordered(rows: Sequence[Row]) -> list[Row]:
    return sorted(rows, key=lambda row: int(row.get("sequence") or 0))


def _normal(value: Any) -> Any:
    try:
        return Decimal(str(value))
    except InvalidOperation:
        return str(value).strip().casefold()
