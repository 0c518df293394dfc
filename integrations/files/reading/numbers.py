"""Numbers as people write them. Which mark is the decimal one is found out of all of them, or asked: `1.250` alone
says nothing.
"""

import re
from collections.abc import Iterable, Iterator
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
_DRESS = re.compile(r"COP|[$%\s\u00a0\u202f]")
_BODY = re.compile(r"9+(?:[.,]9+)*")
_PLAIN = re.compile(r"-?[0-9]+")
_GROUPED = {
    NumberFormat.COMMA: re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,[0-9]+)?"),
    NumberFormat.POINT: re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.[0-9]+)?"),
}
_THOUSAND_DIGITS = 3
MOST_DIGITS_OF_EXCEL = 15
_EXPONENT = re.compile(r"[0-9]([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)


def shape(text: str) -> str:
    """The text with every digit a 9: what says how numbers are written, and is soon known for a whole column."""
    return text.translate(_NINES)


@dataclass(frozen=True)
class Evidence:
    """What the numbers of a file say about their format; the examples are as written."""

    comma: str = ""
    point: str = ""
    either: str = ""

    @property
    def ways(self) -> tuple[str, str]:
        """An example of each way that is sure."""
        return self.comma, self.point

    @property
    def verdict(self) -> NumberFormat | None:
        """None: nobody can tell, or they contradict each other."""
        if self.comma and self.point:
            return None
        if self.comma or self.point:
            return NumberFormat.COMMA if self.comma else NumberFormat.POINT
        return None if self.either else NumberFormat.PLAIN


def weigh(examples: Iterable[tuple[str, str]]) -> Evidence:
    """Evidence of (shape, one value of that shape) pairs."""
    found: dict[str, str] = {}
    for form, example in examples:
        body = _undressed(form)[0]
        if _BODY.fullmatch(body):
            found.setdefault(_says(body), example)
    return Evidence(found.get("comma", ""), found.get("point", ""), found.get("either", ""))


def _says(body: str) -> str:
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


def _undressed(text: str) -> tuple[str, bool]:
    """A number without currency and spaces, and whether it is negative: `(1.250)`, `1.250-`, `-1.250`."""
    bare = _DRESS.sub("", text)
    if bare.startswith("(") and bare.endswith(")"):
        return bare[1:-1], True
    if bare.endswith("-"):
        return bare[:-1], True
    return (bare[1:], True) if bare[:1] in "-−" and bare else (bare.removeprefix("+"), False)


def read_number(text: str, form: NumberFormat) -> Decimal | None:
    """The number that a text says in a format; None where it says none, as `1.25` where commas are decimal."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    body, negative = _undressed(text)
    form = NumberFormat.COMMA if form is NumberFormat.PLAIN else form
    if not _GROUPED[form].fullmatch(body):
        return None
    decimal, thousands = _MARK[form]
    number = Decimal(body.replace(thousands, "").replace(decimal, "."))
    return -number if negative else number


def is_exponent(text: str) -> bool:
    """`1,23E+09`: what a spreadsheet leaves of a long code, its last digits gone."""
    return bool(_EXPONENT.fullmatch(text.strip()))


def examples(seen: dict[str, str]) -> Iterator[str]:
    """Values that show a format best: those with marks first."""
    yield from sorted(seen.values(), key=lambda text: ("." not in text and "," not in text, len(text)))
