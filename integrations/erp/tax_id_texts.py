"""The ways of writing an identification number: what a text says, before anything of it is checked. Pure."""

import re
import unicodedata
from typing import NamedTuple

NIT = "NIT"
KINDS_WITH_LETTERS = frozenset({"CE", "PA", "PEP", "PPT", "RC", "NUIP", "TE"})
_JOINED_KINDS = frozenset({NIT, "CC"})
"""Kinds that may touch their number, `CC52123456`. `PA123456` is left alone: a passport's own number may begin so."""
LONGEST_TEXT = 80

_KINDS = {
    NIT: r"N ?\.? ?I ?\.? ?T|R\.?U\.?T",
    "CE": r"C[ÉE]DULA DE EXTRANJER[ÍI]A|C\.? ?E",
    "CC": r"C[ÉE]DULA(?: DE CIUDADAN[ÍI]A)?|C\.? ?C",
    "TI": r"TARJETA DE IDENTIDAD|T\.? ?I",
    "RC": r"REGISTRO CIVIL|R\.? ?C",
    "NUIP": "NUIP",
    "PEP": r"P\.?E\.?P|PE",
    "PPT": r"P\.?P\.?T|PT",
    "PA": "PASAPORTE|PAS|PA|PP",
    "TE": r"T\.? ?E",
    "NI": "NI",
}
"""Kind → its words. NI, PE and PT are those of PILA, the payroll's social security; NI is a NIT."""
_KIND_WORDS = "|".join(f"(?P<{kind}>{words})" for kind, words in _KINDS.items())
_NUMBER_WORD = r"(?:(?:N\.?O|NRO|N[ÚU]M|N[ÚU]MERO)(?:[.:] ?| )|N\.?[°º]\.?:? ?|[#№:] ?)?"
_KIND = re.compile(rf"(?:{_KIND_WORDS})(?P<gap>[.:;_ -]*){_NUMBER_WORD}(?=[0-9A-Z])", re.IGNORECASE)

_GROUPED = r"[0-9]{1,3}(?:'[0-9]{3}(?:\.[0-9]{3})+|(?P<mark>[.,' ])[0-9]{3}(?:(?P=mark)[0-9]{3})*)"
"""Thousands apart by one mark, or millions by an apostrophe as in handwriting: 1'052.123.456."""
_DIGIT = r" ?(?:-|-?D\.? ?V\.? ?[:-]?) ?(?P<digit>[0-9])"
_FORMS = tuple(
    re.compile(form, re.IGNORECASE)
    for form in (
        rf"(?P<number>{_GROUPED})(?:{_DIGIT})?",
        rf"(?P<number>{_GROUPED})(?: |(?P=mark))(?P<digit>[0-9])",
        rf"(?P<number>{_GROUPED})(?!(?P=mark))[.,]00?",
        rf"(?P<number>{_GROUPED}) ?-",
        rf"(?P<number>[0-9]+)(?:{_DIGIT})?",
        r"(?P<number>[0-9]{8,}) (?P<digit>[0-9])",
        r"(?P<number>[0-9]+)(?:[.,]0+| ?-)",
        r"(?P<number>(?=.*[0-9])[0-9A-Z]{3,20})",
    )
)
"""A digit behind a blank or a point is a check digit only where it can't be the end of the number."""

_PART = re.compile(r"(?P<number>[0-9.,' ]*[0-9][0-9.,' ]*)(?:-[0-9]?)?")
_DASHES = frozenset("\u2212\u00ad\u2043")
"""Dashes that Unicode does not file under them: minus, soft hyphen, hyphen bullet."""
_QUOTES = frozenset("’‘ʼ′´`")


class WrittenNumber(NamedTuple):
    """What a text says: the digits or letters of a number as they stand there, its kind and its check digit."""

    number: str
    kind: str = ""
    digit: str = ""


def taken_apart(text: str) -> WrittenNumber | None:
    """What a text says; None for what is no way of writing one number."""
    if len(text) > LONGEST_TEXT:
        return None
    kind, rest = _without_kind(with_plain_marks(text))
    for form in _FORMS:
        if match := form.fullmatch(rest):
            found = match.groupdict()
            number = re.sub("[.,' ]", "", found["number"])
            return WrittenNumber(number, kind, found.get("digit") or "")
    return None


def digits_in(text: str) -> str:
    """The digits of a part of a number, such as `111.222-7` without its check digit; empty for any other text."""
    if len(text) > LONGEST_TEXT:
        return ""
    part = _PART.fullmatch(_without_kind(with_plain_marks(text))[1])
    return re.sub("[^0-9]", "", part["number"]) if part else ""


def with_plain_marks(text: str) -> str:
    """The text with one dash, one apostrophe and single blanks for all that Unicode has, and nothing invisible."""
    marks = "".join(map(_plain_mark, unicodedata.normalize("NFC", text)))
    return " ".join(marks.split()).removeprefix("'")


def _plain_mark(letter: str) -> str:
    if letter in _DASHES or unicodedata.category(letter) == "Pd":
        return "-"
    if letter in _QUOTES:
        return "'"
    return "" if unicodedata.category(letter) == "Cf" else letter


def _without_kind(text: str) -> tuple[str, str]:
    """(kind, the rest); an empty kind and the whole text where the text names none."""
    match = _KIND.match(text)
    if match is None:
        return "", text
    kind, rest = next(name for name in _KINDS if match[name]), text[match.end() :]
    touches = not match["gap"]
    if touches and not (kind in _JOINED_KINDS and rest[0].isdigit()):
        return "", text
    return NIT if kind == "NI" else kind, rest
