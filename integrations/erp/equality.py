"""Comparing what was sent with what an ERP gives back: padded, upper-cased, numbers with or without decimals. Pure."""

from decimal import Decimal, InvalidOperation

from integrations.erp.findings import Pair

CENT = Decimal("0.01")


def number(value: object) -> Decimal:
    """0 for what is no number."""
    try:
        return Decimal(str(value or 0).strip())
    except InvalidOperation:
        return Decimal(0)


def same(found: object, sent: object) -> bool:
    """Equal as ERPs keep things."""
    left, right = str(found).strip(), str(sent).strip()
    if left.casefold() == right.casefold():
        return True
    try:
        return Decimal(left) == Decimal(right)
    except InvalidOperation:
        return False


def pair(label: str, sent: object, found: object, line: int = 0) -> Pair:
    """Both values as text, and whether they differ."""
    return Pair(label, shown(sent), shown(found), not same(found, sent), line)


def shown(value: object) -> str:
    """As staff read it: no padding, no decimals that say nothing."""
    text = "" if value is None else str(value).strip()
    if "." not in text:
        return text
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return text
    return format(exact.normalize(), "f") if exact.is_finite() else text
