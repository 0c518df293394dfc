"""What the text of an ERP's answer is worth: which success is published, and the same text with places. Pure.

A success is a published text, or one that a connection has learned (sync protocol, section 10.11). To be learned, a
text is kept with places for what differs from document to document: numbers, and the names of what was sent.
"""

import re
from collections.abc import Collection
from dataclasses import dataclass

from integrations.erp.causes import DENIED, OTHER_COUNT, UNKNOWN, fold
from integrations.erp.receipts import AnswerText

COUNT_PLACE, NUMBER_PLACE, NAME_PLACE = "«n»", "«#»", "«…»"
NO_TEXT = "«sin mensaje»"
LONGEST_TEMPLATE = 500
"""A longer text is never learned."""
_READ_CHARACTERS = 5_000
_SHORTEST_NAME = 3

_COUNTED = (
    r"(?:registro|movimiento|documento|comprobante|asiento|fila|linea|renglon|item|cliente|tercero|articulo|producto"
    r"|row|record)"
)
_COUNT = re.compile(
    rf"(?<![\w.,-])(?P<before>\d+)(?= (?:\w+ )?{_COUNTED}(?:e?s)?\b)"
    rf"|\b{_COUNTED}e?s\b(?: \w+){{0,2}} ?[:=] ?(?P<after>\d+)"
)
_NOTHING_BAD = re.compile(
    r"\b(?:sin|0|cero|ningun[ao]?|no (?:hubo|hay|se encontraron|se presentaron)) "
    r"(?:errores|error|advertencias?|fallas?|novedades|novedad|inconsistencias?|rechazad[ao]s?)\b"
    r"|\b(?:errores|advertencias|fallas|novedades|inconsistencias|rechazad[ao]s) ?[:=] ?0\b"
)
"""«sin errores», «0 rechazados»: words that deny no success."""
_DENIAL = re.compile(
    r"\bno (?:se |fue |fueron |quedo |quedaron |pudo |pudieron )*(?:\w+ )?"
    r"(?:grab|guard|insert|cre[ao]|registr|almacen|proces|contabiliz|actualiz|ingres|export|import)"
    r"|\bno (?:se )?(?:pudo|puede|pudieron|existe|encontr)|\bnada\b|\bningun|\bcero\b"
    r"|\berror|\bfall[ao]|\bfallid|\brechaz|\brevis[ae]\b|\bverifi(?:que|car)|\bcorrija"
    r"|cerrad[ao]|\binvalid|\bbloquead|\bincomplet|\bparcial|\bpendiente|\badvertencia"
    r"|\bsin (?:grabar|guardar|insertar)"
    r"|\bexception|\btimeout|\bfailed|\bnot (?:saved|stored|inserted)"
)
"""Words by which a text says that nothing was stored, or that somebody must look."""


@dataclass(frozen=True, slots=True)
class SentFacts:
    """What an answer may repeat of the request: how many records and lines it carried, and how they are called."""

    counts: frozenset[int] = frozenset()
    numbers: frozenset[str] = frozenset()
    """The document's own number and the NITs, as digits without leading zeros."""
    names: frozenset[str] = frozenset()
    """Codes, keys and names, folded."""


def sent_facts(counts: Collection[int], numbers: Collection[object], names: Collection[object]) -> SentFacts:
    """The facts as the texts are compared with them."""
    digits = (str(number).strip() for number in numbers if number is not None)
    words = (fold(str(name)) for name in names if name is not None)
    return SentFacts(
        frozenset(counts),
        frozenset(text.lstrip("0") for text in digits if text.isdecimal() and text.strip("0")),
        frozenset(word for word in words if len(word) >= _SHORTEST_NAME),
    )


def is_published(text: str, published: Collection[str]) -> bool:
    """Whether the text is one that an official text prints, but for case, accents and the final stop."""
    return fold(text[:_READ_CHARACTERS]).rstrip(" .!") in published


def doubt_of(text: str, sent: SentFacts, published: Collection[str]) -> str:
    """The cause for which a success's text proves none; empty where it is published."""
    if is_published(text, published):
        return ""
    plain = _NOTHING_BAD.sub(" ", _with_name_places(text, sent))
    counts = _counts_in(plain)
    if 0 in counts or _DENIAL.search(plain):
        return DENIED
    return UNKNOWN if sent.counts.issuperset(counts) else OTHER_COUNT


def template_of(text: str, sent: SentFacts) -> str:
    """The text folded, with places for counts, numbers and names; empty where it is too long to be learned."""
    plain = _NOTHING_BAD.sub(lambda words: words[0].replace("0", "cero"), _with_name_places(text, sent))
    counted = _COUNT.sub(_with_count_place, plain)
    template = re.sub(r"\d+", lambda run: _place_of(run[0], sent), counted)
    return (template or NO_TEXT) if len(template) <= LONGEST_TEMPLATE else ""


def answer_text(operation: str, text: str, sent: SentFacts, *, names_document: bool = False) -> AnswerText:
    """The text as it is learned; one that holds a foreign number names a document."""
    template = template_of(text, sent)
    return AnswerText(operation, template, text, names_document or NUMBER_PLACE in template)


def _with_name_places(text: str, sent: SentFacts) -> str:
    folded = fold(text[:_READ_CHARACTERS])
    for name in sorted(sent.names, key=len, reverse=True):
        folded = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", NAME_PLACE, folded)
    return folded


def _place_of(digits: str, sent: SentFacts) -> str:
    return NAME_PLACE if digits.lstrip("0") in sent.numbers else NUMBER_PLACE


def _counts_in(folded: str) -> list[int]:
    found = (match["before"] or match["after"] for match in _COUNT.finditer(folded))
    return [int(digits) if len(digits) < 10 else -1 for digits in found]


def _with_count_place(match: re.Match[str]) -> str:
    return match[0].replace(match["before"] or match["after"], COUNT_PLACE)
