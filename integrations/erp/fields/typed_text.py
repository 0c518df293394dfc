"""What a person types for a field, in the form that `parse` takes."""

import re

from integrations.erp.fields.parsing import FieldError
from integrations.erp.fields.spec import Field, ValueType

_STAFF_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_GROUPED = re.compile(r"-?[1-9][0-9]{0,2}(\.[0-9]{3})+(,[0-9]+)?")
_YES_OR_NO = {"sí": "S", "si": "S", "s": "S", "no": "N", "n": "N"}


def as_parsed(field: Field, text: str) -> str:
    """A date dd/mm/aaaa, a decimal with a comma or a «sí» in the form that `parse` takes; any other text unchanged."""
    if field.value_type is ValueType.DATE and (day := _STAFF_DAY.fullmatch(text.strip())):
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    if field.value_type is ValueType.DECIMAL and "." not in text:
        return text.replace(",", ".")
    if field.value_type is ValueType.FLAG:
        return _YES_OR_NO.get(text.strip().lower(), text)
    return text


def without_thousands(field: Field, text: str) -> str:
    """A decimal typed as `$ 1.250,50` as `1250,50`; any other text unchanged.

    Raises: FieldError for `15.000`, which may be fifteen or fifteen thousand.
    """
    compact = re.sub(r"[\s$]", "", text)
    if field.value_type is not ValueType.DECIMAL or not _GROUPED.fullmatch(compact):
        return text
    plain = compact.replace(".", "")
    if compact.count(".") == 1 and "," not in compact:
        raise FieldError(field, text, f"«{text}» puede ser {plain} o {compact.replace('.', ',')}: escriba una.")
    return plain
