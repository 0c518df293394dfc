"""From a cell to what a field takes: numbers and days in the format that was stated, codes as they were typed."""

from collections.abc import Callable
from datetime import date
from decimal import Decimal

from integrations.erp.fields.parsing import FieldError
from integrations.erp.fields.spec import Field, ValueType
from integrations.files.reading.cells import Broken, Cell, shown
from integrations.files.reading.csv_table import unquoted
from integrations.files.reading.dates import DateOrder, from_serial, read_date
from integrations.files.reading.numbers import (
    FORMAT_LABELS,
    MOST_DIGITS_OF_EXCEL,
    NumberFormat,
    is_exponent,
    read_number,
)

Convert = Callable[[Cell], object]
_YES = frozenset({"s", "si", "sí", "x", "1", "verdadero", "true"})
_NO = frozenset({"n", "no", "0", "falso", "false"})


def converter(field: Field, numbers: NumberFormat | None, dates: DateOrder | None) -> Convert:
    """A function from a cell that is not empty to a value that `fields.store` takes.

    It raises FieldError where the cell says no such value.
    """
    if field.value_type in (ValueType.INTEGER, ValueType.DECIMAL):
        return _number(field, numbers or NumberFormat.PLAIN)
    if field.value_type is ValueType.DATE:
        return _date(field, dates or DateOrder.PLAIN)
    return _flag if field.value_type is ValueType.FLAG else _text(field)


def _number(field: Field, form: NumberFormat) -> Convert:
    def convert(cell: Cell) -> object:
        if isinstance(cell, str):
            if cell.isdecimal() and cell.isascii():
                return cell
            text = unquoted(cell.strip())
            if is_exponent(text):
                raise FieldError(field, cell, _told_exponent(text))
            number = read_number(text, form)
            if number is None:
                raise FieldError(field, cell, f"«{text}» no es un número{_in(form, text)}.{_advice(field)}")
            return number
        if isinstance(cell, bool | date | Broken):
            raise FieldError(field, cell, _told_other(cell, "un número", field))
        return cell

    return convert


def _in(form: NumberFormat, text: str) -> str:
    """Where the text would be a number in the other format, the format that was stated."""
    other = NumberFormat.COMMA if form is NumberFormat.POINT else NumberFormat.POINT
    if form is NumberFormat.PLAIN or read_number(text, other) is None:
        return ""
    return f" en el formato elegido ({FORMAT_LABELS[form].lower()})"


def _date(field: Field, order: DateOrder) -> Convert:
    def convert(cell: Cell) -> object:
        if isinstance(cell, date):
            return cell
        if isinstance(cell, int) and not isinstance(cell, bool):
            day = from_serial(cell) or read_date(str(cell), order)
        elif isinstance(cell, str):
            day = read_date(cell, order)
        else:
            day = None
        if day is None:
            raise FieldError(field, cell, _told_other(cell, "una fecha", field, " Escriba, por ejemplo, 31/12/2026."))
        return day

    return convert


def _flag(cell: Cell) -> object:
    text = shown(cell).strip().casefold()
    if text in _YES:
        return "S"
    return "N" if text in _NO else shown(cell)


def _text(field: Field) -> Convert:
    def convert(cell: Cell) -> object:
        if isinstance(cell, str):
            text = unquoted(cell.strip())
            if text and text[0].isdigit() and is_exponent(text) and "+" in text:
                raise FieldError(field, cell, _told_exponent(text))
            return text
        if isinstance(cell, bool | Broken):
            raise FieldError(field, cell, _told_other(cell, "un texto", field))
        if isinstance(cell, date):
            return _date_as_text(field, cell)
        return _digits(field, cell)

    return convert


def _digits(field: Field, cell: int | Decimal | None) -> object:
    text = f"{cell:f}" if isinstance(cell, Decimal) else str(cell)
    if field.digits_only and len(text) > MOST_DIGITS_OF_EXCEL:
        told = f"«{text}» tiene más de {MOST_DIGITS_OF_EXCEL} cifras y Excel cambió las últimas. Escríbalo como texto."
        raise FieldError(field, cell, told)
    return text


def _date_as_text(field: Field, cell: date) -> object:
    if field.digits_only:
        raise FieldError(field, cell, f"Excel convirtió el código en la fecha {cell:%d/%m/%Y}. Escríbalo como texto.")
    return cell.isoformat()


def _told_exponent(text: str) -> str:
    return f"Excel dejó «{text}» y perdió cifras. Ponga la columna en formato Número o Texto y escríbalo completo."


def _told_other(cell: Cell, wanted: str, field: Field, advice: str | None = None) -> str:
    if isinstance(cell, Broken):
        return cell.told
    return f"«{shown(cell)}» no es {wanted}.{_advice(field) if advice is None else advice}"


def _advice(field: Field) -> str:
    return f" Escriba, por ejemplo, {field.sample}." if field.sample else ""
