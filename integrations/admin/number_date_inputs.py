"""How staff write numbers and dates: `1.234.567,50`, dd/mm/aaaa. Nothing is guessed: what is ambiguous is asked."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

_GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?", re.ASCII)
_COMMA = re.compile(r"-?\d+(,\d+)?", re.ASCII)
_POINT = re.compile(r"-?\d+\.\d+", re.ASCII)
_NOT_A_NUMBER = "«%s» no es un número. Escriba, por ejemplo, 1250,50."
DAY_FORMAT = "%d/%m/%Y"


def read_number(text: str, *, grouped: bool) -> Decimal:
    """The number that was written. `grouped`: a point may separate thousands, as in pesos.

    Raises: ValidationError, in words, for what is no number or could be two.
    """
    said = re.sub(r"[\s$]", "", text).replace("−", "-")
    if _COMMA.fullmatch(said):
        return Decimal(said.replace(",", "."))
    looks_grouped = _GROUPED.fullmatch(said) is not None and not said.lstrip("-").startswith("0")
    if looks_grouped and (grouped or said.count(".") > 1 or "," in said):
        return Decimal(said.replace(".", "").replace(",", "."))
    if looks_grouped:
        raise ValidationError(f"«{text}» puede ser {said.replace('.', '')} o {said.replace('.', ',')}: escriba una.")
    if _POINT.fullmatch(said):
        return Decimal(said)
    raise ValidationError(_NOT_A_NUMBER % text)


def write_number(number: Decimal, *, grouped: bool, decimals: int | None = None) -> str:
    """The number as it is read back: no zeros that the column added."""
    number = number.normalize() if number != number.to_integral_value() else number.quantize(Decimal(1))
    whole, _, fraction = format(abs(number), ",f" if grouped else "f").partition(".")
    if fraction and decimals:
        fraction = fraction.ljust(decimals, "0")
    text = whole.replace(",", ".") + (f",{fraction}" if fraction else "")
    return f"-{text}" if number < 0 else text


class DecimalInput(forms.DecimalField):
    """A decimal as staff write it. `grouped` for pesos."""

    widget = forms.TextInput

    def __init__(self, *, grouped: bool = False, **kwargs: Any) -> None:
        self.grouped = grouped
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "decimal", "autocomplete": "off", "class": "numero"})

    def to_python(self, value: Any) -> Any:
        if value in self.empty_values:
            return None
        return value if isinstance(value, Decimal) else read_number(str(value), grouped=self.grouped)

    def prepare_value(self, value: Any) -> Any:
        return write_number(value, grouped=self.grouped, decimals=2 if self.grouped else None) if isinstance(
            value, Decimal
        ) else value  # fmt: skip


class DayField(forms.DateField):
    """A day, dd/mm/aaaa, with Django's own calendar: the browser's would show the browser's order."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[DAY_FORMAT, "%Y-%m-%d", "%Y/%m/%d"], **kwargs)
        self.widget = AdminDateWidget(format=DAY_FORMAT)
        self.widget.is_required = self.required


class OfferedInput(forms.TextInput):
    """A text with codes to choose from, and any other text allowed: the ERP may have one that was not read yet."""

    def __init__(self, list_id: str, codes: Callable[[], Sequence[tuple[str, str]]]) -> None:
        super().__init__(attrs={"list": list_id, "autocomplete": "off"})
        self.codes = codes

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options = format_html_join("", '<option value="{}">{}</option>', self.codes())
        box = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', box, self.attrs["list"], options)
