"""One value for all of a file, where the column of a field is missing or its cell is empty."""

from integrations.erp.fields.parsing import FieldError, parse
from integrations.erp.fields.spec import ValueType
from integrations.files.errors import FileError
from integrations.files.reading.cells import InputCell
from integrations.files.reading.dates import DateOrder, read_date
from integrations.files.reading.import_targets import ImportTarget


def fixed_cell(target: ImportTarget, text: str) -> InputCell:
    """The value as a cell; a date is day first, as in our forms. Raises: FileError where the field can't take it."""
    if target.field.value_type is ValueType.DATE:
        day = read_date(text, DateOrder.DAY_FIRST, short_years=False)
        if day is None:
            raise FileError(f"«{text}» no es una fecha para «{target.field.label}». Escriba, por ejemplo, 31/12/2026.")
        return day
    try:
        parse(target.field, text.strip())
    except FieldError as wrong:
        raise FileError(f"«{target.field.label}»: {wrong}") from None
    return text.strip()
