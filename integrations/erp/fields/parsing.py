"""From the text, integers and decimals of a file to Python values, strictly.

Decided here: a JSON integer in a text field is its digits (JSON has no leading zeros to lose); a JSON number
with decimals there is refused (`1.10` or `1.1`?), and so is any true or false: the ERPs' flags are S or N.
"""

import math
import re
from collections.abc import Callable
from datetime import date, datetime
from decimal import Decimal

from integrations.erp import tax_ids
from integrations.erp.fields.spec import Field, ValueType
from integrations.errors import PayloadError

Value = str | int | Decimal | bool | date | None
MOST_DIGITS = 40
_TOO_LARGE = 10**MOST_DIGITS
_NUMBER = re.compile(r"-?[0-9]+(\.[0-9]+)?")
_DATE = re.compile(r"([0-9]{4})([-/])([0-9]{2})\2([0-9]{2})")
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\ud800-\udfff\ufffe\uffff]")
_NOT_WRITABLE = "El texto tiene caracteres que no se pueden escribir. Bórrelos y vuelva a escribirlo."
FIRST_YEAR = 1900


class FieldError(PayloadError):
    """A value that a field can't take. The text says what is wrong and what to write; `value` is the raw one."""

    def __init__(self, field: Field, value: object, message: str) -> None:
        super().__init__(message)
        self.field = field
        self.value = value


def is_blank(raw: object) -> bool:
    """Whether it is None, or a text of blanks."""
    return raw is None or (isinstance(raw, str) and not raw.strip())


def parse(field: Field, raw: object) -> Value:
    """The Python value of what a file brings: text, int or Decimal (float only if exact text exists for it).

    Blank is None. Raises: FieldError where it isn't a value of the field's form; nothing is guessed.
    """
    return None if is_blank(raw) else _PARSERS[field.value_type](field, raw)


def literal_of(field: Field, raw: object) -> str:
    """The text that keeps a value as it was written: `1.0` stays `1.0`, `007` stays `007`. A NIT is stored plain.

    Raises: FieldError for a NIT that can't be read.
    """
    if field.is_tax_id and not is_blank(raw):
        return str(parse(field, raw))
    if isinstance(raw, str):
        return raw if field.value_type is ValueType.TEXT or is_blank(raw) else raw.strip()
    if isinstance(raw, float):
        return repr(raw)
    return raw.isoformat() if isinstance(raw, date) else str(raw)


def _parse_text(field: Field, raw: object) -> str:
    if field.is_tax_id:
        return _parse_tax_id(field, raw)
    text = _text_of(field, raw)
    if not field.digits_only:
        return text
    digits = text.strip()
    if not _is_digits(digits):
        raise FieldError(field, raw, f"{_shown(raw)} no es un número sin puntos ni guiones.{_advice(field)}")
    if len(digits) > MOST_DIGITS:
        raise FieldError(field, raw, f"{_shown(raw)} tiene demasiadas cifras.")
    return digits


def _text_of(field: Field, raw: object) -> str:
    if isinstance(raw, bool) or not isinstance(raw, str | int):
        raise FieldError(field, raw, f"{_shown(raw)} no es un texto.{_advice(field)}")
    text = raw if isinstance(raw, str) else _number_text(field, raw)
    if _UNWRITABLE.search(text):
        raise FieldError(field, raw, _NOT_WRITABLE)
    return text


def _parse_tax_id(field: Field, raw: object) -> str:
    text = _text_of(field, _without_fraction(raw)).strip()
    if field.coded and (_is_digits(text) or not field.digits_only):
        return tax_ids.code_or_number(text)
    try:
        return tax_ids.read(text, letters=not field.digits_only).number
    except tax_ids.TaxIdError as wrong:
        raise FieldError(field, raw, str(wrong)) from wrong


def _without_fraction(raw: object) -> object:
    """The whole number that a spreadsheet keeps as 800111222.0; anything else as it is."""
    is_whole = isinstance(raw, float | Decimal) and math.isfinite(raw) and abs(raw) < _TOO_LARGE and raw == int(raw)
    return int(raw) if is_whole else raw  # type: ignore[call-overload]


def _is_digits(text: str) -> bool:
    return text.isascii() and text.isdigit()


def _parse_integer(field: Field, raw: object) -> int:
    text = _number_text(field, raw)
    if "." in text:
        raise FieldError(field, raw, f"{_shown(raw)} tiene decimales y aquí va un número entero.{_advice(field)}")
    return int(text)


def _parse_decimal(field: Field, raw: object) -> Decimal:
    return Decimal(_number_text(field, raw))


def _number_text(field: Field, raw: object) -> str:
    text = _as_digits(raw)
    if text is None or not _NUMBER.fullmatch(text):
        hint = " Los decimales van con punto y los miles sin separador." if isinstance(raw, str) and "," in raw else ""
        raise FieldError(field, raw, f"{_shown(raw)} no es un número.{hint}{_advice(field)}")
    if len(text) > MOST_DIGITS:
        raise FieldError(field, raw, f"{_shown(raw)} tiene demasiadas cifras.")
    return text


def _as_digits(raw: object) -> str | None:
    """The written form of a number; None for what isn't one. An exponent survives and fails the pattern."""
    if isinstance(raw, bool):
        return None
    if isinstance(raw, int):
        # Python refuses to print integers of thousands of digits.
        return str(raw) if raw.bit_length() < MOST_DIGITS * 4 else "9" * (MOST_DIGITS + 1)
    if isinstance(raw, float):
        return repr(raw) if math.isfinite(raw) else None
    if isinstance(raw, str | Decimal):
        return str(raw).strip()
    return None


def _parse_date(field: Field, raw: object) -> date:
    if isinstance(raw, date) and not isinstance(raw, datetime):
        return raw
    match = _DATE.fullmatch(raw.strip()) if isinstance(raw, str) else None
    if match is None:
        raise FieldError(field, raw, f"{_shown(raw)} no es una fecha. Escriba año, mes y día, por ejemplo 2025-03-10.")
    year, month, day = int(match[1]), int(match[3]), int(match[4])
    try:
        if year < FIRST_YEAR:
            raise ValueError(year)
        return date(year, month, day)
    except ValueError:
        raise FieldError(field, raw, f"La fecha {match[4]}/{match[3]}/{match[1]} no existe.") from None


def _parse_flag(field: Field, raw: object) -> bool:
    text = raw.strip() if isinstance(raw, str) else raw
    if text not in ("S", "N"):
        raise FieldError(field, raw, f"{_shown(raw)} no es S ni N. Escriba S (sí) o N (no).")
    return text == "S"


_PARSERS: dict[ValueType, Callable[[Field, object], Value]] = {
    ValueType.TEXT: _parse_text,
    ValueType.INTEGER: _parse_integer,
    ValueType.DECIMAL: _parse_decimal,
    ValueType.DATE: _parse_date,
    ValueType.FLAG: _parse_flag,
}

_LONGEST_SHOWN = 60


def _shown(raw: object) -> str:
    """The raw value in a sentence, short and in words that staff know."""
    if isinstance(raw, bool):
        return "«verdadero»" if raw else "«falso»"
    if isinstance(raw, list | tuple):
        return "Una lista"
    if isinstance(raw, dict):
        return "Un grupo de datos"
    text = _as_digits(raw) if isinstance(raw, int) else str(raw)
    text = text or ""
    return f"«{text if len(text) <= _LONGEST_SHOWN else text[:_LONGEST_SHOWN] + '…'}»"


def _advice(field: Field) -> str:
    return f" Escriba, por ejemplo, {field.sample}." if field.sample else ""
