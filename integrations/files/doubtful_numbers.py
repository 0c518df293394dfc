"""Numbers of a JSON or an XML file that may be two: `15.000` is 15 by the official texts, 15,000 by the habit here.

What the file's other numbers don't tell is asked once for the file; what they do tell is said once.
"""

from collections.abc import Callable, Iterable
from decimal import Decimal
from functools import partial

from integrations.erp.fields.money import colombian
from integrations.erp.fields.parsing import FieldError
from integrations.erp.fields.spec import Field, ValueType
from integrations.files.reading.numbers import NumberFormat, digit_pattern, read_number, weigh_numbers
from integrations.files.reading.questions import SurveyQuestion

NUMERIC = (ValueType.INTEGER, ValueType.DECIMAL)
NumberTexts = Iterable[tuple[str, object]]
"""(name of the field, its value) of every number of a file."""
ConvertNumber = Callable[[Field, object], object]
"""A function from a field and what a file brings for it to what the official texts would have there."""
_QUESTION = (
    "«{text}» en «{name}» puede ser {decimal}, si el punto es de decimales como dicen los textos oficiales, "
    "o {thousands}, si separa miles: diga cuál es."
)
_NOTICE = "«{text}» en «{name}» se leyó como {read}: {way}."
_WAYS = {
    NumberFormat.POINT: "el punto es de decimales, como dicen los textos oficiales",
    NumberFormat.COMMA: "el punto separa miles y la coma decimales",
}
_MISFIT = "«{}» no es un número en el formato elegido."


class DoubtfulNumbers:
    """What the numbers of a file, written as texts, leave open; `chosen` is what a person said."""

    def __init__(self, numbers: NumberTexts, chosen: NumberFormat | None) -> None:
        first: dict[str, tuple[str, str]] = {}
        for name, text in numbers:
            if isinstance(text, str) and not text.isdigit():
                first.setdefault(_pattern(text.strip()), (text.strip(), name))
        self._names = dict(first.values())
        self._evidence = weigh_numbers((pattern, text) for pattern, (text, _) in first.items())
        self._chosen = chosen

    def questions(self) -> list[SurveyQuestion]:
        """What a person must say; nothing where they did, or where some number has its decimals by a point."""
        text = self._evidence.either_point
        if self._chosen or not text or self._evidence.point:
            return []
        decimal, thousands = (_read(text, form) for form in (NumberFormat.POINT, NumberFormat.COMMA))
        told = _QUESTION.format(text=text, name=self._names[text], decimal=decimal, thousands=thousands)
        choices = tuple((form.value, f"«{text}» es {_read(text, form)}: {way}") for form, way in _WAYS.items())
        return [SurveyQuestion("numbers", told, choices)]

    def notices(self) -> list[str]:
        """How a number that may be two was read."""
        text = self._evidence.either_point
        if not text:
            return []
        form = self._chosen or NumberFormat.POINT
        way = _WAYS.get(form, "cada número por su marca")
        return [_NOTICE.format(text=text, name=self._names[text], read=_read(text, form), way=way)]


def _pattern(text: str) -> str:
    """The pattern of a number; a point after a zero alone is sure to be of decimals."""
    return "9.9" if text.removeprefix("-").startswith("0.") else digit_pattern(text)


def _read(text: str, form: NumberFormat) -> str:
    number = read_number(text, form)
    return "ningún número" if number is None else colombian(number.normalize() if number else Decimal(0))


def number_converter(chosen: NumberFormat | None) -> ConvertNumber | None:
    """A function that reads numbers as a person said; None where nobody said anything."""
    return None if chosen is None else partial(_as_said, chosen)


def _as_said(chosen: NumberFormat, field: Field, value: object) -> object:
    if field.value_type not in NUMERIC or not isinstance(value, str) or not value.strip():
        return value
    number = read_number(value.strip(), chosen)
    if number is None:
        raise FieldError(field, value, _MISFIT.format(value.strip()))
    return value if _is_official(value.strip(), chosen) else format(number, "f")


def _is_official(text: str, chosen: NumberFormat) -> bool:
    """Whether a text is written as the official texts want a number: `1.0` stays `1.0`."""
    return chosen is NumberFormat.POINT and text.removeprefix("-").replace(".", "", 1).isdecimal()
