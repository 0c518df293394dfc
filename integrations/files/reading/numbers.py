"""Numbers as people write them. Which mark is the decimal one is found from all of a column's numbers, or asked:
`1.250` alone says nothing, and `417.690` beside `$ 376,040.00` says two things.

Read too (habits of the country and of spreadsheets, *assumed*): pesos signs, `1'250.000`, spaces of any width between
thousands, `(1.250)` and `1.250-` as negatives, `$ -` as the nothing of the accounting format.
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
    MIXED = "mixed"
    """Each number by its own marks, where one column has both: three digits after a mark are thousands."""
    PLAIN = "plain"
    """Neither mark occurs."""


FORMAT_LABELS = {
    NumberFormat.COMMA: "Coma para decimales, punto para miles: 1.250,5",
    NumberFormat.POINT: "Punto para decimales, coma para miles: 1,250.5",
    NumberFormat.MIXED: "Cada número por su marca; si le siguen tres cifras, son miles: 1.250 y 1,250",
}
_NINES = str.maketrans("012345678", "999999999")
_PLAIN = re.compile(r"-?[0-9]+")
_SIGNS = str.maketrans({"−": "-", "–": "-", "’": "'", "‘": "'", "´": "'", "`": "'"})
_BEFORE = re.compile(r"(?:[\s(+-]|COP|COL\$|\$)*", re.IGNORECASE)
_AFTER = re.compile(r"(?:[\s)%-]|COP|\$)*\Z", re.IGNORECASE)
_NOTHING = re.compile(r"\s*(?:COP|COL\$|\$)\s*[-–—]\s*", re.IGNORECASE)
_NEGATIVE = (["-"], ["(", ")"])
_BODY = re.compile(r"9+(?:[.,' ]9+)*")
_GROUPED = {
    NumberFormat.COMMA: re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:[.' ][0-9]{3})+)(?:,[0-9]+)?"),
    NumberFormat.POINT: re.compile(r"(?:[0-9]+|[1-9][0-9]{0,2}(?:[,' ][0-9]{3})+)(?:\.[0-9]+)?"),
}
_THOUSANDS = {
    NumberFormat.COMMA: str.maketrans({".": "", "'": "", " ": "", ",": "."}),
    NumberFormat.POINT: str.maketrans({",": "", "'": "", " ": ""}),
}
# Where neither mark occurs, either format reads it.
_GROUPED[NumberFormat.PLAIN] = _GROUPED[NumberFormat.COMMA]
_THOUSANDS[NumberFormat.PLAIN] = _THOUSANDS[NumberFormat.COMMA]
_THOUSAND_DIGITS = 3
_MOST_LETTERS = 100
"""Longer texts are no numbers, whatever their signs."""
MAX_DIGITS_OF_EXCEL = 15
_EXPONENT = re.compile(r"[0-9]([.,][0-9]+)?E\+?[0-9]+", re.IGNORECASE)


def digit_pattern(text: str) -> str:
    """The text with every digit a 9: `1.250,50` → `9.999,99`. A whole column has only a few patterns."""
    return text.translate(_NINES)


@dataclass(frozen=True)
class NumberEvidence:
    """Examples, as written, of numbers that are sure to have a decimal comma or point, or may be either.

    `either_comma` has one comma before three digits, `either_point` a point. `long_comma` and `long_point` are sure
    ones with three decimals or more: with them, the three digits of an `either` may be decimals too.
    """

    comma: str = ""
    point: str = ""
    either_comma: str = ""
    either_point: str = ""
    long_comma: str = ""
    long_point: str = ""

    @property
    def either(self) -> str:
        """An example that may be read in two ways."""
        return self.either_comma or self.either_point

    @property
    def examples(self) -> tuple[str, str]:
        """Two that contradict each other, else empty texts."""
        if self.comma and self.point:
            return self.comma, self.point
        if self.comma and self._is_odd(NumberFormat.COMMA):
            return self.comma, self.either_comma
        return (self.either_point, self.point) if self.point and self._is_odd(NumberFormat.POINT) else ("", "")

    @property
    def is_contradictory(self) -> bool:
        """Whether no format fits all of them."""
        return any(self.examples)

    @property
    def sure(self) -> NumberFormat | None:
        """The format that some of them are sure to have, where no other one contradicts it."""
        if self.is_contradictory or not (self.comma or self.point):
            return None
        return NumberFormat.COMMA if self.comma else NumberFormat.POINT

    @property
    def verdict(self) -> NumberFormat | None:
        """The format of the numbers; None: nobody can tell, or they contradict each other."""
        return self.sure or (None if self.is_contradictory or self.either else NumberFormat.PLAIN)

    def allows(self, form: NumberFormat) -> bool:
        """Whether numbers of another column or file may have told their format: nothing here speaks against it."""
        if form is NumberFormat.MIXED:
            return True
        sure_other = self.point if form is NumberFormat.COMMA else self.comma
        return not self.is_contradictory and not sure_other and not self._is_odd(form)

    def _is_odd(self, form: NumberFormat) -> bool:
        """Whether in a format some number would have three decimals, although no other one has as many."""
        if form is NumberFormat.COMMA:
            return bool(self.either_comma and not self.long_comma)
        return form is NumberFormat.POINT and bool(self.either_point and not self.long_point)


def weigh_numbers(patterns: Iterable[tuple[str, str]]) -> NumberEvidence:
    """Evidence of the numbers of a column, as (`digit_pattern`, one number of that pattern) pairs."""
    examples: dict[str, str] = {}
    for pattern, example in patterns:
        body = _body_and_sign(pattern)[0]
        if _BODY.fullmatch(body):
            for name in _evidence_of(body):
                examples.setdefault(name, example)
    return NumberEvidence(**examples)


def _evidence_of(body: str) -> tuple[str, ...]:
    """The attributes of `NumberEvidence` that a number is an example of."""
    marks = [letter for letter in body if letter in ".,"]
    if not marks:
        return ()
    last = "comma" if marks[-1] == "," else "point"
    decimals = len(body) - body.rindex(marks[-1]) - 1
    if len(set(marks)) == 1 and _is_grouped(body, marks):
        if len(marks) > 1 or "'" in body:
            return ("point" if last == "comma" else "comma",)
        return (f"either_{last}",)
    if len(set(marks)) == 1 and len(marks) > 1:
        return ()
    return (last, f"long_{last}") if decimals >= _THOUSAND_DIGITS else (last,)


def _is_grouped(body: str, marks: list[str]) -> bool:
    """Whether the only kind of mark stands before every three digits, as thousands do; spaces are thousands already."""
    groups = re.split(r"[.,']", body) if "'" in body else body.split(marks[0])
    return all(len(group) == _THOUSAND_DIGITS for group in groups[1:]) and len(groups[0]) <= _THOUSAND_DIGITS


def _body_and_sign(text: str) -> tuple[str, bool]:
    """(digits and marks, whether it is negative): `(1.250)`, `1.250-`, `$ -1.250` → `1.250`, True.

    The body is empty where the signs make no sense.
    """
    if len(text) > _MOST_LETTERS:
        return "", False
    text = " ".join(text.translate(_SIGNS).split())
    before = _BEFORE.match(text)
    start = before.end() if before else 0
    after = _AFTER.search(text, start)
    end = after.start() if after else len(text)
    signs = [letter for letter in text[:start] + text[end:] if letter in "-()"]
    return (text[start:end], bool(signs)) if not signs or signs in _NEGATIVE else ("", False)


def read_number(text: str, form: NumberFormat) -> Decimal | None:
    """The number in a text of a format; None where it is none, as `1.25` where commas are decimal."""
    if _PLAIN.fullmatch(text):
        return Decimal(text)
    if _NOTHING.fullmatch(text):
        return Decimal(0)
    body, negative = _body_and_sign(text)
    form = _own_format(body) if form is NumberFormat.MIXED else form
    if not _GROUPED[form].fullmatch(body):
        return None
    number = Decimal(body.translate(_THOUSANDS[form]))
    return -number if negative else number


def _own_format(body: str) -> NumberFormat:
    """The format of one number by its own marks: a single mark before three digits is one of thousands."""
    names = _evidence_of(digit_pattern(body))
    if names and names[0].startswith("either"):
        is_decimal = body.startswith("0")
        return NumberFormat.COMMA if (names[0] == "either_comma") is is_decimal else NumberFormat.POINT
    return NumberFormat.POINT if "point" in names else NumberFormat.COMMA


def is_negative(text: str) -> bool:
    """Whether a text is a number below zero, in whatever format."""
    body, negative = _body_and_sign(text)
    return negative and any(digit in "123456789" for digit in body) and bool(_BODY.fullmatch(digit_pattern(body)))


def is_exponent(text: str) -> bool:
    """Whether a text is `1,23E+09`, as a spreadsheet shows a long code whose last digits it lost."""
    return bool(_EXPONENT.fullmatch(text.strip()))
