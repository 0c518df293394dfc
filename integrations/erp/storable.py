"""Whatever an ERP answers can be stored: texts that every database takes, of a bounded length. Pure."""

import re
from decimal import Decimal
from typing import Any

_REFUSED = re.compile("[\x00\ud800-\udfff]")
"""NUL, which PostgreSQL refuses, and lone surrogates, which no encoding takes."""
_IN_JSON = re.compile(rb"\\u(?:0000|[dD][89a-fA-F])")
_REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
LONGEST_EXPONENT = 400
"""A number beyond is no amount and no quantity: writing it out would fill the memory."""


def storable(text: str, most: int) -> str:
    """The text without what a database refuses, cut at `most` characters."""
    return _REFUSED.sub(_REPLACEMENT, text if len(text) <= most else text[: most - 1] + "…")


def exact_number(text: str) -> Decimal:
    """A number with a fraction or an exponent. Raises: ValueError where it is beyond all measure."""
    number = Decimal(text)
    if number.is_finite() and abs(number.adjusted()) > LONGEST_EXPONENT:
        raise ValueError(text[:LONGEST_EXPONENT])
    return number


def needs_cleaning(body: bytes) -> bool:
    """Whether a JSON body may hold a character that a database refuses."""
    return b"\x00" in body or _IN_JSON.search(body) is not None


def cleaned(content: Any) -> Any:
    """Parsed JSON with every text made storable, names too."""
    if isinstance(content, str):
        return storable(content, len(content) + 1)
    if isinstance(content, list):
        return [cleaned(part) for part in content]
    if isinstance(content, dict):
        return {cleaned(name): cleaned(value) for name, value in content.items()}
    return content
