"""Numbers as people write them. Which mark is the decimal one is found from all of a file's numbers, or asked:
`1.250` alone says nothing.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum


class NumberFormat(StrEnum):
    """Which mark separates decimals; the other one may group thousands."""

    COMMA = "comma"
    """1.250,5"""
    POINT = "point"
    """1,250.5"""
    PLAIN = "plain"
    """Neither mark occurs."""


FORMAT_LABELS = {
    NumberFormat.COMMA: "Coma para decimales, punto para miles: 1.250,5",
    NumberFormat.POINT: "Punto para decimales, coma para miles: 1,250.5",
}
_MARK = {NumberFormat.COMMA: (",", "."), NumberFormat.POINT: (".", ",")}
_NINES = str.maketrans("012345678", "999999999")
_CURRENCY_AND_SPACES = re.compile(r"COP|[$%\s\u00a0\u202f]")
_BODY = re.compile(r"9+(?:[.,]9+)*")
_PLAIN = re.compile(r"-?[0-9]+")
_GROUPED = {
    NumberFormat.COMMA: re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?"),
    NumberFormat.POINT: re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?"),
}
_THOUSAND_DIGITS = 3
MAX_DIGITS_OF_EXCEL = 15
_EXPONENT = re.compile(r"[0-9]([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)


def digit_pattern(text: str) -> str:
    """The text with every digit a 9: `1.250,50` → `9.999,99`. A whole column has only a few patterns."""
    return text.translate(_NINES)


@dataclass(frozen=True)
class NumberEvidence:
    """Examples, as written, of numbers that are sure to have a decimal comma or point, or may be `either`."""

    comma: str = ""
    point: str = ""
    either: str = ""

    @property
    def examples(self) -> tuple[str, str]:
        """(comma, point) where one is sure, else empty."""
        return self.comma, self.point

    @property
    def verdict(self) -> NumberFormat | None:
        """The format of the numbers; None: nobody can tell, or they contradict each other."""
        if self.comma and self.point:
            return None
        if self.comma or self.point:
            return NumberFormat.COMMA if self.comma else NumberFormat.POINT
        return None if self.either else NumberFormat.PLAIN


def weigh_numbers(patterns: Iterable[tuple[str, str]]) -> NumberEvidence:
    """Evidence of all the numbers of a file, as (`digit_pattern`, one number of that pattern) pairs."""
    examples: dict[str, str] = {}
    for pattern, example in patterns:
        body = _without_currency_and_sign(pattern)[0]
        if _BODY.fullmatch(body):
            examples.setdefault(_format_of(body), example)
    return NumberEvidence(examples.get("comma", ""), examples.get("point", ""), examples.get("either", ""))


def _format_of(body: str) -> str:
    marks = [letter for letter in body if letter in ".,"]
    if not marks:
        return ""
    if len(set(marks)) > 1:
        return "comma" if marks[-1] == "," else "point"
    groups = body.split(marks[0])
    by_thousands = all(len(group) == _THOUSAND_DIGITS for group in groups[1:]) and len(groups[0]) <= _THOUSAND_DIGITS
    if len(groups) > 2:
        return ("comma" if marks[0] == "." else "point") if by_thousands else "odd"
    if by_thousands:
        return "either"
    return "comma" if marks[0] == "," else "point"


def _without_currency_and_sign(text: str) -> tuple[str, bool]:
    """(digits and marks, whether it is negative): `(1.250)`, `1.250-`, `-1.250` → `1.250`, True."""
    bare = _CURRENCY_AND_SPACES.sub("", text)
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1], True
    if bare.endswith("-"):
        return bare[:-1], True
    return (bare[1:], True) if bare[:1] in "-−" and bare else (bare.removeprefix("+"), False)


def read_number(text: str, form: NumberFormat) -> Decimal | None:
    """The number in a text of a format; None where it is none, as `1.25` where commas are decimal."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    body, negative = _without_currency_and_sign(text)
    form = NumberFormat.COMMA if form is NumberFormat.PLAIN else form
    if not _GROUPED[form].fullmatch(body):
        return None
    decimal, thousands = _MARK[form]
    number = Decimal(body.replace(thousands, "").replace(decimal, "."))
    return -number if negative else number


def is_exponent(text: str) -> bool:
    """Whether a text is `1,23E+09`, as a spreadsheet shows a long code whose last digits it lost."""
    return bool(_EXPONENT.fullmatch(text.strip()))
