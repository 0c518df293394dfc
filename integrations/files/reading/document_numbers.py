"""Numbers of documents with more in them than digits: `FE-1131` has a prefix, `F-1-10` a type and a code.

How programs of the country print them is a habit (*assumed*).
"""

import re
from typing import NamedTuple

_PREFIXED = re.compile(r"(?P<prefix>[^\W_][\w.]*?)(?:\s*[-–/ ]\s*|(?<=[^\W\d]))(?P<number>[0-9]{1,18})")
_TYPED = re.compile(r"(?P<type>[^\W\d_]{1,4})[\s\-–/.]*(?P<code>[0-9]{1,6})[\s\-–/.]+(?P<number>[0-9]{1,18})")
_SOURCED = re.compile(
    r"(?P<source>[^\W_]{1,20})[\s\-–/]+(?:(?P<prefix>[^\W\d_][\w.]*?)[\s\-–/]*)?(?P<number>[0-9]{1,18})"
)

_MOST_LETTERS = 60


class PrefixedNumber(NamedTuple):
    """`FE-1131`, `FE1131`, `SETP 990000123`: the prefix, and the number without its leading zeros."""

    prefix: str
    number: int


class VoucherName(NamedTuple):
    """Siigo's `F-1-10`, `F 001 00000010`: type, code and number."""

    voucher_type: str
    voucher_code: int
    number: int


class SourceName(NamedTuple):
    """SAG's `FV-1131`, `FV FE-1131`: fuente, prefix (may be empty) and number."""

    source_code: str
    prefix: str
    number: int


def prefixed_number(text: str) -> PrefixedNumber | None:
    """A number with a prefix that has a letter; None for any other text, as `10-20` or `F-1-10`."""
    match = _PREFIXED.fullmatch(_short(text))
    if match is None or not any(letter.isalpha() for letter in match["prefix"]):
        return None
    return PrefixedNumber(match["prefix"].rstrip("."), int(match["number"]))


def voucher_name(text: str) -> VoucherName | None:
    """Type, code and number of a voucher of Siigo; None for any other text."""
    match = _TYPED.fullmatch(_short(text))
    return VoucherName(match["type"].upper(), int(match["code"]), int(match["number"])) if match else None


def source_name(text: str) -> SourceName | None:
    """Fuente, prefix and number of a document of SAG; None for any other text."""
    match = _SOURCED.fullmatch(_short(text))
    return SourceName(match["source"].upper(), match["prefix"] or "", int(match["number"])) if match else None


def _short(text: str) -> str:
    """The text without blanks around it; empty where it is too long for a name."""
    bare = text.strip()
    return bare if len(bare) <= _MOST_LETTERS else ""
