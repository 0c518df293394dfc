"""Form fields for what a record stores in its JSON columns: `siigo__net_weight`, `sag__Zona`.

Staff never see the JSON: each field of the ERP's catalogue has an input with its Spanish label, help and type.
"""

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from integrations.admin.quick_widgets import QuickArea, QuickChoice, QuickField, QuickSelect, QuickText
from integrations.erp.fields.docs import limits_of
from integrations.erp.fields.labels import sentence_case
from integrations.erp.fields.parsing import FieldError, is_blank, literal_of, parse
from integrations.erp.fields.spec import Catalogue, Field, ValueType
from integrations.erp.fields.typed_text import as_parsed

_FLAGS = (("", "---------"), ("S", "Sí"), ("N", "No"))
_LONG_TEXT = 200
_ISO_DAY = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})")


class SparseField(QuickField, forms.CharField):
    """A text that must be of the catalogue field's type. Its value is the text as typed: `1.0` stays `1.0`."""

    def __init__(self, row: Field, **options: Any) -> None:
        self.row = row
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        day = _ISO_DAY.fullmatch(str(value or "")) if self.row.value_type is ValueType.DATE else None
        return f"{day[3]}/{day[2]}/{day[1]}" if day else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and str(self.prepare_value(initial) or "") != str(data or "")

    def clean(self, value: Any) -> str:
        if self.disabled:
            return str(value or "")
        text = as_parsed(self.row, str(super().clean(value) or ""))
        try:
            parse(self.row, text)
        except FieldError as error:
            raise ValidationError(str(error), code="field") from error
        return text if is_blank(text) else literal_of(self.row, text)


class SparseFlag(QuickChoice):
    """A choice of S, N or nothing."""

    def __init__(self, row: Field, **options: Any) -> None:
        self.row = row
        super().__init__(choices=_FLAGS, widget=QuickSelect, **options)


class SparseChoice(QuickChoice):
    """A choice of the values that the ERP allows, or nothing. A stored value that is none of them is kept."""

    def __init__(self, row: Field, **options: Any) -> None:
        self.row = row
        super().__init__(choices=(_FLAGS[0], *choices_of(row)), widget=QuickSelect, **options)


def choices_of(row: Field) -> tuple[tuple[str, str], ...]:
    """(value, Spanish label) of a field's choices; the label is the value alone where its meaning is not documented."""
    meanings = dict(row.meanings)
    return tuple((value, f"{value} · {meanings[value]}" if value in meanings else value) for value in row.allowed)


def form_name(row: Field) -> str:
    """The form field's name of a catalogue field: `<JSON column>__<name>`."""
    return f"{row.sparse_in}__{row.name}"


def sparse_fields(*catalogues: Catalogue, compact: bool = False) -> dict[str, forms.Field]:
    """Form fields by name, in the catalogues' order. `compact` leaves help out, for lines in a table."""
    rows = (row for catalogue in catalogues for row in catalogue.sparse)
    return {form_name(row): _form_field(row, compact=compact) for row in rows}


def _form_field(row: Field, *, compact: bool) -> forms.Field:
    help_text = "" if compact else _help(row)
    label = sentence_case(row.label)
    if row.value_type is ValueType.FLAG:
        return SparseFlag(row, label=label, help_text=help_text, required=False)
    if row.allowed:
        return SparseChoice(row, label=label, help_text=help_text, required=False)
    widget = _widget(row, compact=compact)
    return SparseField(row, label=label, help_text=help_text, required=False, widget=widget, strip=False)


def _widget(row: Field, *, compact: bool) -> forms.Widget:
    if row.value_type is ValueType.DATE:
        return QuickText(attrs={"placeholder": "dd/mm/aaaa", "size": 12})
    if row.value_type in (ValueType.INTEGER, ValueType.DECIMAL):
        return QuickText(attrs={"inputmode": "decimal", "size": 8 if compact else 16})
    if row.length is not None and row.length > _LONG_TEXT and not compact:
        return QuickArea(attrs={"rows": 3})
    return QuickText(attrs={"size": 12 if compact else 40})


def _help(row: Field) -> str:
    limits = limits_of(row)
    return row.help or (f"{capfirst(limits)}." if limits else "")


def sections(*catalogues: Catalogue) -> list[tuple[str, list[str]]]:
    """(Spanish title, form field names) of the sections of the catalogues, in their order."""
    names: dict[str, list[str]] = {}
    for catalogue in catalogues:
        for row in catalogue.sparse:
            names.setdefault(row.section, []).append(form_name(row))
    return list(names.items())


def section_is_empty(record: Any, names: list[str]) -> bool:
    """Whether a record has no value in any of these form fields."""
    pairs = (name.partition("__")[::2] for name in names)
    return not any(getattr(record, column).get(key) for column, key in pairs)


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class SparseFieldsMixin(_ModelForm):
    """For ModelForms of models with the JSON columns `siigo` and `sag`: both are edited field by field.

    Only changed fields are written. A value that is left blank is removed, unless it was stored as blank.
    """

    catalogues: ClassVar[tuple[Catalogue, ...]] = ()
    compact: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {row.sparse_in for catalogue in self.catalogues for row in catalogue}:
            self.fields.pop(name, None)
        for name, form_field in sparse_fields(*self.catalogues, compact=self.compact).items():
            self.fields.setdefault(name, form_field)
            column, _separator, key = name.partition("__")
            stored = getattr(self.instance, column).get(key)
            if stored is not None:
                self.initial[name] = stored
                _keep_choice(self.fields[name], str(stored))

    def _post_clean(self) -> None:
        self._write_sparse()
        super()._post_clean()  # type: ignore[misc]

    def _write_sparse(self) -> None:
        for catalogue in self.catalogues:
            for row in catalogue.sparse:
                if form_name(row) in self.cleaned_data and form_name(row) in self.changed_data:
                    self._write_row(row, str(self.cleaned_data[form_name(row)] or ""))

    def _write_row(self, row: Field, text: str) -> None:
        # A new dict: the form's initial values share the old one.
        values: dict[str, str] = dict(getattr(self.instance, row.sparse_in))
        if not is_blank(text):
            values[row.name] = text
        elif not is_blank(values.get(row.name)):
            del values[row.name]
        else:
            return
        setattr(self.instance, row.sparse_in, values)


def _keep_choice(field: forms.Field, stored: str) -> None:
    """Add a stored value that isn't among the choices, so that saving does not lose it."""
    if isinstance(field, forms.ChoiceField) and stored not in dict(field.choices):  # type: ignore[arg-type]
        field.choices = [*field.choices, (stored, stored)]  # type: ignore[misc]


def sparse_form(*catalogues: Catalogue, compact: bool = False) -> type[SparseFieldsMixin]:
    """A base ModelForm that declares the fields of the catalogues, so that a `ModelAdmin`'s fieldsets may name them."""
    body: dict[str, Any] = {"catalogues": catalogues, "compact": compact, "__module__": __name__}
    body |= sparse_fields(*catalogues, compact=compact)
    return type("SparseForm", (SparseFieldsMixin,), body)
