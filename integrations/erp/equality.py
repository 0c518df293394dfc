"""Comparing what was sent with what an ERP gives back: padded, upper-cased, numbers with or without decimals. Pure."""

import re
from collections.abc import Callable
from decimal import Decimal, InvalidOperation

from integrations.erp import tax_ids
from integrations.erp.read_back import ComparedValue, Weight

CENT = Decimal("0.01")
_MOST_WHOLE = Decimal(10) ** 20


def number_in(text: str) -> Decimal:
    """The number that a text says, also with a decimal comma where it can mean nothing else: 119.000,50 or 119000,5.

    1,234 may be either, and is no number here. Raises: InvalidOperation.
    """
    if _WITH_COMMA.fullmatch(text):
        text = text.replace(".", "").replace(",", ".")
    elif _WITH_COMMAS.fullmatch(text):
        text = text.replace(",", "")
    return Decimal(text)


_WITH_COMMA = re.compile(r"-?(?:\d{1,3}(?:\.\d{3})+,\d+|\d+,(?:\d{1,2}|\d{4,}))", re.ASCII)
_WITH_COMMAS = re.compile(r"-?\d{1,3}(?:,\d{3})+\.\d+", re.ASCII)


def decimal_or_zero(value: object) -> Decimal:
    """The value as a number; 0 for what is none."""
    try:
        return number_in(str(value or 0).strip())
    except InvalidOperation:
        return Decimal(0)


def whole_number(value: object) -> int | None:
    """The value as a whole number, however an ERP prints it: 101, «101 », 101.0; None for what is none."""
    try:
        number = Decimal(str(value).strip())
    except InvalidOperation:
        return None
    is_whole = number.is_finite() and abs(number) < _MOST_WHOLE and number == number.to_integral_value()
    return int(number) if is_whole else None


def same_value(found: object, sent: object) -> bool:
    """Whether two values are equal as ERPs store them: without padding, without case, as numbers where both are."""
    left, right = str(found).strip(), str(sent).strip()
    if left.casefold() == right.casefold():
        return True
    try:
        return number_in(left) == number_in(right)
    except InvalidOperation:
        return False


def same_tax_id(found: object, sent: object) -> bool:
    """Whether two values are one NIT or document, whichever of them has its check digit, points, or zeros in front."""
    return tax_ids.plain(found) == tax_ids.plain(sent)


def same_key(found: object, key: str) -> bool:
    """Whether a key comes back exactly as it was sent, but for the blanks that an ERP fills a column up with."""
    return str("" if found is None else found).rstrip() == key


def compare(
    label: str,
    sent: object,
    found: object,
    line: int = 0,
    weight: Weight = Weight.PROOF,
    *,
    is_same: Callable[[object, object], bool] = same_value,
) -> ComparedValue:
    """Both values as texts for staff, and whether they differ."""
    return ComparedValue(label, plain_text(sent), plain_text(found), not is_same(found, sent), line, weight)


def plain_text(value: object) -> str:
    """A value as staff read it: without padding, without trailing zeros after the point; None is empty."""
    text = "" if value is None else str(value).strip()
    if "." not in text:
        return text
    try:
        exact = Decimal(text)
    except InvalidOperation:
        return text
    return format(exact.normalize(), "f") if exact.is_finite() else text
