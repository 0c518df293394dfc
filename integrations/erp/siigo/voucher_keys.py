"""What Siigo knows a voucher by, and the vouchers that a request of ours carries. Pure."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from integrations.erp.read_back import ErpRow, Sending
from integrations.erp.receipts import NO_REFERENCE, Reference


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


def rows_of_voucher(body: str, key: VoucherKey) -> list[ErpRow]:
    """The rows of one voucher: a connection may send several together."""
    rows, year = sent_rows(body)
    return [row for row in rows if key_of(row, year) == key]


def key_of_sending(sending: Sending) -> VoucherKey | None:
    keys = keys_sent(sending.body)
    return next((key for key in keys if key.identifier == sending.name), keys[0] if keys else None)
