"""What a request of ours wrote, in the words in which Siigo's answer may repeat it. Pure."""

import simplejson

from integrations.erp.success_texts import SentFacts, sent_facts

PUBLISHED: dict[str, frozenset[str]] = {
    "accounting_movements": frozenset({"movimientos contables insertados correctamente en siigo pyme"}),
}
"""Resource → the successes that the official text prints, folded. Those of masters are not public."""
_NUMBERS = ("document_number", "nit", "identification", "product_code")
_NAMES = ("name", "description")


def operation_of(request: bytes) -> str:
    """The resource that a request writes; empty where it is no request of ours."""
    return str(_read(request).get("resource") or "")


def facts_of(request: bytes) -> SentFacts:
    """How many vouchers and lines a request carries, and how they are called."""
    data = _read(request).get("data")
    rows = [row for row in (data or {}).get("list", []) if isinstance(row, dict)] if isinstance(data, dict) else []
    vouchers = {(row.get("voucher_type"), row.get("voucher_code"), row.get("document_number")) for row in rows}
    numbers = [row.get(name) for row in rows for name in _NUMBERS]
    return sent_facts({len(rows), len(vouchers)}, numbers, [row.get(name) for row in rows for name in _NAMES])


def _read(request: bytes) -> dict[str, object]:
    try:
        content = simplejson.loads(request)
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}
