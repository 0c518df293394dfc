"""The sparse rows of a catalogue as typed form fields: `siigo__net_weight`, `sag__Zona`.

The only Django of this package. Staff never see the JSON: each row is a field with its Spanish label, help
and kind, in the catalogue's sections.
"""

import re
from typing import TYPE_CHECKING, Any, ClassVar

from django import forms
from django.core.exceptions import ValidationError

from integrations.admin.quick_widgets import QuickArea, QuickChoice, QuickField, QuickSelect, QuickText
from integrations.erp.fields.docs import limits_of
from integrations.erp.fields.parsing import FieldError, is_blank, literal_of, parse
from integrations.erp.fields.spec import Catalogue, Field, ValueType

_FLAGS = (("", "---------"), ("S", "Sí"), ("N", "No"))
_LONG_TEXT = 200
_ISO_DAY = re.compile(r"([0-9]{4})[-/]([0-9]{2})[-/]([0-9]{2})")
_STAFF_DAY = re.compile(r"([0-9]{1,2})/([0-9]{1,2})/([0-9]{4})")
_ACRONYMS = frozenset({"NIT", "IVA", "CUFE", "AIU", "NIIF", "RETEIVA", "RUT", "SAG", "(L=LOCAL", "O=OFICINA)"})


class SparseField(QuickField, forms.CharField):
    """A text that must parse as its row says; its value is the literal text, `1.0` stays `1.0`."""

    def __init__(self, row: Field, **options: Any) -> None:
        self.row = row
        super().__init__(**options)

    def prepare_value(self, value: Any) -> Any:
        found = _ISO_DAY.fullmatch(str(value or "")) if self.row.value_type is ValueType.DATE else None
        return f"{found[3]}/{found[2]}/{found[1]}" if found else value

    def has_changed(self, initial: Any, data: Any) -> bool:
        return not self.disabled and str(self.prepare_value(initial) or "") != str(data or "")

    def clean(self, value: Any) -> str:
        if self.disabled:
            return str(value or "")
        text = _as_parsed(self.row, str(super().clean(value) or ""))
        try:
            parse(self.row, text)
        except FieldError as error:
            raise ValidationError(str(error), code="field") from error
        return text if is_blank(text) else literal_of(self.row, text)


class SparseFlag(QuickChoice):
    """S, N or nothing."""

    def __init__(self, row: Field, **options: Any) -> None:
        self.row = row
        super().__init__(choices=_FLAGS, widget=QuickSelect, **options)


class SparseChoice(QuickChoice):
    """One of the values that the ERP allows, or nothing. A value that came otherwise is kept until it is changed."""

    def __init__(self, row: Field, **options: Any) -> None:
        self.row = row
        super().__init__(choices=(_FLAGS[0], *choices_of(row)), widget=QuickSelect, **options)


def choices_of(row: Field) -> tuple[tuple[str, str], ...]:
    """(value, Spanish label) of a row's choices: the value alone where no text says what it means."""
    meanings = dict(row.meanings)
    return tuple((each, f"{each} · {meanings[each]}" if each in meanings else each) for each in row.allowed)


def _as_parsed(row: Field, text: str) -> str:
    """What staff write, as `parse` takes it: dd/mm/aaaa, and a comma before the decimals."""
    day = _STAFF_DAY.fullmatch(text.strip()) if row.value_type is ValueType.DATE else None
    if day:
        return f"{day[3]}-{int(day[2]):02}-{int(day[1]):02}"
    if row.value_type is ValueType.DECIMAL and "." not in text:
        return text.replace(",", ".")
    return text


def form_name(row: Field) -> str:
    """The form field's name of a sparse row."""
    return f"{row.sparse_in}__{row.name}"


def sparse_fields(*catalogues: Catalogue, compact: bool = False) -> dict[str, forms.Field]:
    """Form fields by name, in the catalogues' order. `compact` leaves help out, for lines in a table."""
    return {form_name(row): _form_field(row, compact=compact) for each in catalogues for row in each.sparse}


def _form_field(row: Field, *, compact: bool) -> forms.Field:
    help_text = "" if compact else _help(row)
    label = sentence_case(row.label)
    if row.value_type is ValueType.FLAG:
        return SparseFlag(row, label=label, help_text=help_text, required=False)
    if row.allowed:
        return SparseChoice(row, label=label, help_text=help_text, required=False)
    return SparseField(
        row,
        label=label,
        help_text=help_text,
        required=False,
        widget=_widget(row, compact=compact),
        strip=False,
    )


def _widget(row: Field, *, compact: bool) -> forms.Widget:
    if row.value_type is ValueType.DATE:
        return QuickText(attrs={"placeholder": "dd/mm/aaaa", "size": 12})
    if row.value_type in (ValueType.INTEGER, ValueType.DECIMAL):
        return QuickText(attrs={"inputmode": "decimal", "size": 8 if compact else 16})
    if row.length is not None and row.length > _LONG_TEXT and not compact:
        return QuickArea(attrs={"rows": 3})
    return QuickText(attrs={"size": 12 if compact else 40})


def sentence_case(label: str) -> str:
    """Siigo's labels are all capitals: a form reads better without shouting."""
    if not label.isupper():
        return label
    words = [word if word in _ACRONYMS else word.lower() for word in label.split()]
    sentence = " ".join(words)
    return sentence[:1].upper() + sentence[1:]


def _help(row: Field) -> str:
    limits = limits_of(row)
    parts = [row.help, limits[:1].upper() + limits[1:] + "." if limits and not row.help else ""]
    return " ".join(part for part in parts if part)


def sections(*catalogues: Catalogue) -> list[tuple[str, list[str]]]:
    """(Spanish title, form field names) for fieldsets, only of sections that have sparse rows."""
    grouped: dict[str, list[str]] = {}
    for catalogue in catalogues:
        for row in catalogue.sparse:
            grouped.setdefault(row.section, []).append(form_name(row))
    return list(grouped.items())


def section_is_empty(record: Any, names: list[str]) -> bool:
    """Whether a record has nothing in a section: such sections come closed."""
    pairs = (name.partition("__")[::2] for name in names)
    return not any(getattr(record, home).get(wire_name) for home, wire_name in pairs)


if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[Any]
else:
    _ModelForm = forms.ModelForm


class SparseFieldsMixin(_ModelForm):
    """For ModelForms of records with `siigo` and `sag`: those two are edited field by field, never as JSON.

    Only what is set is written. A value that the form leaves blank goes away, unless it was explicitly empty:
    that stays as it was.
    """

    catalogues: ClassVar[tuple[Catalogue, ...]] = ()
    compact: ClassVar[bool] = False

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name in {row.sparse_in for catalogue in self.catalogues for row in catalogue}:
            self.fields.pop(name, None)
        for name, form_field in sparse_fields(*self.catalogues, compact=self.compact).items():
            self.fields.setdefault(name, form_field)
            home, _separator, wire_name = name.partition("__")
            held = getattr(self.instance, home).get(wire_name)
            if held is not None:
                self.initial[name] = held
                _keep_choice(self.fields[name], str(held))

    def _post_clean(self) -> None:
        self._write_sparse()
        super()._post_clean()  # type: ignore[misc]

    def _write_sparse(self) -> None:
        for catalogue in self.catalogues:
            for row in catalogue.sparse:
                if form_name(row) in self.cleaned_data and form_name(row) in self.changed_data:
                    self._write_row(row, str(self.cleaned_data[form_name(row)] or ""))

    def _write_row(self, row: Field, text: str) -> None:
        # A new dict, so that nothing shared with the form's start changes under it.
        held: dict[str, str] = dict(getattr(self.instance, row.sparse_in))
        if not is_blank(text):
            held[row.name] = text
        elif not is_blank(held.get(row.name)):
            del held[row.name]
        else:
            return
        setattr(self.instance, row.sparse_in, held)


def _keep_choice(field: forms.Field, held: str) -> None:
    """A value that isn't among the choices is shown as it is, so that saving does not lose it."""
    if isinstance(field, forms.ChoiceField) and held not in dict(field.choices):  # type: ignore[arg-type]
        field.choices = [*field.choices, (held, held)]  # type: ignore[misc]


def sparse_form(*catalogues: Catalogue, compact: bool = False) -> type[SparseFieldsMixin]:
    """A ModelForm to inherit from, its sparse fields declared, so that an admin's fieldsets may name them."""
    body: dict[str, Any] = {"catalogues": catalogues, "compact": compact, "__module__": __name__}
    body |= sparse_fields(*catalogues, compact=compact)
    return type("SparseForm", (SparseFieldsMixin,), body)
