"""Convert cells to field values: numbers and days in the format of the file, codes as they were typed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from integrations.erp.fields.parsing import FieldError
from integrations.erp.fields.spec import Field, ValueType
from integrations.files.reading.cells import BrokenCell, InputCell, display_text
from integrations.files.reading.csv_table import unquote
from integrations.files.reading.dates import DateOrder, from_serial, is_another_day, read_date
from integrations.files.reading.numbers import (
    FORMAT_LABELS,
    MAX_DIGITS_OF_EXCEL,
    NumberFormat,
    is_exponent,
    read_number,
)

CellConverter = Callable[[InputCell], object]
_YES = frozenset({"s", "si", "sí", "x", "1", "verdadero", "true"})
_NO = frozenset({"n", "no", "0", "falso", "false"})
_NOTHING = frozenset({"-", "–", "—"})
"""A dash alone in a column of numbers: nothing, as the accounting format shows a zero."""


def converter_of(field: Field, numbers: NumberFormat | None, dates: DateOrder | None) -> CellConverter:
    """A function from a cell that is not empty to a value that `fields.storing.store` takes.

    It raises FieldError where the cell is no such value.
    """
    if field.value_type in (ValueType.INTEGER, ValueType.DECIMAL):
        return _number(field, numbers or NumberFormat.PLAIN)
    if field.value_type is ValueType.DATE:
        return _date(field, dates or DateOrder.PLAIN)
    return _flag if field.value_type is ValueType.FLAG else _text(field)


def _number(field: Field, form: NumberFormat) -> CellConverter:
    def convert(cell: InputCell) -> object:
        if isinstance(cell, str):
            return cell if cell.isdecimal() and cell.isascii() else _written_number(field, form, cell)
        if isinstance(cell, bool | date | BrokenCell):
            raise FieldError(field, cell, _not_a("un número", cell, field))
        return cell

    return convert


def _written_number(field: Field, form: NumberFormat, cell: str) -> Decimal:
    text = unquote(cell.strip())
    if is_exponent(text):
        raise FieldError(field, cell, _lost_digits(text))
    number = Decimal(0) if text in _NOTHING else read_number(text, form)
    if number is None:
        raise FieldError(field, cell, f"«{text}» no es un número{_in_stated_format(form, text)}.{_advice(field)}")
    return number


def _in_stated_format(form: NumberFormat, text: str) -> str:
    """« en el formato elegido (…)» where the text would be a number in another format, else empty."""
    if form is NumberFormat.PLAIN or all(read_number(text, other) is None for other in FORMAT_LABELS):
        return ""
    return f" en el formato elegido ({FORMAT_LABELS[form].lower()})"


def _date(field: Field, order: DateOrder) -> CellConverter:
    def convert(cell: InputCell) -> object:
        day = cell if isinstance(cell, date) else _written_date(cell, order)
        if day is None:
            raise FieldError(field, cell, _no_date(cell, field))
        return day

    return convert


def _written_date(cell: InputCell, order: DateOrder) -> date | None:
    if isinstance(cell, int | Decimal) and not isinstance(cell, bool):
        return from_serial(int(cell)) or read_date(str(cell), order)
    return read_date(cell, order, short_years=True) if isinstance(cell, str) else None


def _no_date(cell: InputCell, field: Field) -> str:
    if isinstance(cell, str) and is_another_day(cell):
        return f"«{cell.strip()}» está en la hora de otro país y aquí es otro día. Escriba solo la fecha."
    return _not_a("una fecha", cell, field, " Escriba, por ejemplo, 31/12/2026.")


def _flag(cell: InputCell) -> object:
    text = display_text(cell).strip().casefold()
    if text in _YES:
        return "S"
    return "N" if text in _NO else display_text(cell)


def _text(field: Field) -> CellConverter:
    def convert(cell: InputCell) -> object:
        if isinstance(cell, str):
            text = unquote(cell.strip())
            if text and text[0].isdigit() and is_exponent(text) and "+" in text:
                raise FieldError(field, cell, _lost_digits(text))
            return text
        if isinstance(cell, bool | BrokenCell):
            raise FieldError(field, cell, _not_a("un texto", cell, field))
        if isinstance(cell, date):
            return _date_as_text(field, cell)
        return _digits(field, cell)

    return convert


def _digits(field: Field, cell: int | Decimal | None) -> object:
    text = f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
    if field.digits_only and len(text) > MAX_DIGITS_OF_EXCEL:
        message = (
            f"«{text}» tiene más de {MAX_DIGITS_OF_EXCEL} cifras y Excel cambió las últimas. Escríbalo como texto."
        )
        raise FieldError(field, cell, message)
    return text


def _date_as_text(field: Field, cell: date) -> object:
    if field.digits_only:
        raise FieldError(field, cell, f"Excel convirtió el código en la fecha {cell:%d/%m/%Y}. Escríbalo como texto.")
    return cell.isoformat()


def _lost_digits(text: str) -> str:
    return f"Excel dejó «{text}» y perdió cifras. Ponga la columna en formato Número o Texto y escríbalo completo."


def _not_a(wanted: str, cell: InputCell, field: Field, advice: str | None = None) -> str:
    if isinstance(cell, BrokenCell):
        return cell.reason
    return f"«{display_text(cell)}» no es {wanted}.{_advice(field) if advice is None else advice}"


def _advice(field: Field) -> str:
    return f" Escriba, por ejemplo, {field.sample}." if field.sample else ""
