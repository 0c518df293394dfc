"""Form fields for numbers and dates as staff write them: `1.234.567,50`, dd/mm/aaaa. Ambiguous ones are refused."""

import re
from collections.abc import Callable, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.contrib.admin.widgets import AdminDateWidget
from django.core.exceptions import ValidationError
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

from integrations.files.reading.document_numbers import prefixed_number

_GROUPED = re.compile(r"-?\d{1,3}(\.\d{3})+(,\d+)?", re.ASCII)
_COMMA = re.compile(r"-?\d+(,\d+)?", re.ASCII)
_POINT = re.compile(r"-?\d+\.\d+", re.ASCII)
_NOT_A_NUMBER = "«%s» no es un número. Escriba, por ejemplo, 1250,50."
DAY_FORMAT = "%d/%m/%Y"


def read_number(text: str, *, grouped: bool) -> Decimal:
    """The number in a text. `grouped`: a point may separate thousands, as in pesos.

    Raises: ValidationError for a text that is no number, or that could be two.
    """
    compact = re.sub(r"[\s$]", "", text).replace("−", "-")
    if _COMMA.fullmatch(compact):
        return Decimal(compact.replace(",", "."))
    plain = compact.replace(".", "")
    looks_grouped = _GROUPED.fullmatch(compact) is not None and not compact.lstrip("-").startswith("0")
    if looks_grouped and (grouped or compact.count(".") > 1 or "," in compact):
        return Decimal(plain.replace(",", "."))
    if looks_grouped:
        raise ValidationError(f"«{text}» puede ser {plain} o {compact.replace('.', ',')}: escriba una.")
    if _POINT.fullmatch(compact):
        return Decimal(compact)
    raise ValidationError(_NOT_A_NUMBER % text)


def write_number(number: Decimal, *, grouped: bool, decimals: int | None = None) -> str:
    """The number as staff write it, without trailing zeros, but with at least `decimals` where it has a fraction."""
    number = number.normalize() if number != number.to_integral_value() else number.quantize(Decimal(1))
    whole, _, fraction = format(abs(number), ",f" if grouped else "f").partition(".")
    if fraction and decimals:
        fraction = fraction.ljust(decimals, "0")
    text = whole.replace(",", ".") + (f",{fraction}" if fraction else "")
    return f"-{text}" if number < 0 else text


class DecimalInput(forms.DecimalField):
    """A decimal as staff write it. `grouped` for pesos: thousands with points, two decimals."""

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
        if not isinstance(value, Decimal):
            return value
        return write_number(value, grouped=self.grouped, decimals=2 if self.grouped else None)


class WholeNumberInput(forms.IntegerField):
    """A whole number in a plain box: a browser's box for numbers sends nothing at all where other text was typed."""

    widget = forms.TextInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self.widget.attrs.update({"inputmode": "numeric", "autocomplete": "off", "class": "vIntegerField"})

    def to_python(self, value: Any) -> Any:
        try:
            return super().to_python(value)
        except ValidationError:
            raise ValidationError(f"«{value}» no es un número entero. Escriba, por ejemplo, 1131.") from None


class DocumentNumberInput(WholeNumberInput):
    """The number of a document; `FE-1131` is its prefix, kept as `prefix`, and its number."""

    prefix = ""

    def to_python(self, value: Any) -> Any:
        parts = prefixed_number(value) if isinstance(value, str) else None
        self.prefix = parts.prefix if parts else ""
        return super().to_python(str(parts.number) if parts else value)


class DayField(forms.DateField):
    """A date, dd/mm/aaaa, with Django's calendar: the browser's date input would use the order of its own locale."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=[DAY_FORMAT, "%Y-%m-%d", "%Y/%m/%d"], **kwargs)
        self.widget = AdminDateWidget(format=DAY_FORMAT)
        self.widget.is_required = self.required


class CodesInput(forms.TextInput):
    """A text input that suggests codes. Any other text is allowed: the ERP may have a code that was not read yet."""

    def __init__(self, list_id: str, codes: Callable[[], Sequence[tuple[str, str]]]) -> None:
        super().__init__(attrs={"list": list_id, "autocomplete": "off"})
        self.codes = codes

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        options = format_html_join("", '<option value="{}">{}</option>', self.codes())
        box = super().render(name, value, attrs, renderer)
        return format_html('{}<datalist id="{}">{}</datalist>', box, self.attrs["list"], options)
