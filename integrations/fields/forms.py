"""The ERP-only fields of a record as typed form fields, in the catalogue's sections. The only Django here.

A form made by `sparse_form` shows `siigo__lot` or `sag__Lote` as any other field, checks it by its row, and
keeps it as text in the record's sparse JSON. An attribute that was there and empty stays there and empty.
"""

from collections.abc import Iterable
from typing import Any

from django import forms

from integrations.fields.spec import Catalogue, Field, Form
from integrations.fields.values import FieldError, literal, parse

_SEPARATOR = "__"
_LONG_TEXT = 120


def form_name(row: Field) -> str:
    """`siigo__lot`: the name of a row's form field."""
    return f"{row.sparse_in}{_SEPARATOR}{row.name}"


def sparse_rows(*catalogues: Catalogue) -> dict[str, Field]:
    """Form field name → row, for the rows that live in the sparse JSON and are a person's to fill in."""
    return {form_name(row): row for each in catalogues for row in each.sparse if not row.derived}


def sparse_fields(*catalogues: Catalogue) -> dict[str, forms.Field]:
    """Form field name → an optional form field with the official label and help."""
    return {name: _form_field(row) for name, row in sparse_rows(*catalogues).items()}


def _form_field(row: Field) -> forms.Field:
    facts: dict[str, Any] = {"label": row.label, "help_text": row.help, "required": False}
    if row.form is Form.FLAG or (row.allowed and row.value_rule == "value"):
        values = row.allowed or ("S", "N")
        return forms.ChoiceField(choices=[("", "—"), *((value, value) for value in values)], **facts)
    widget = forms.Textarea(attrs={"rows": 2}) if row.length and row.length > _LONG_TEXT else forms.TextInput()
    if row.form is Form.DATE:
        facts["help_text"] = f"{row.help} AAAA-MM-DD.".strip()
    return forms.CharField(widget=widget, **facts)


def sections(*catalogues: Catalogue) -> dict[str, tuple[str, ...]]:
    """Section title → form field names, in the ERP's order."""
    grouped: dict[str, list[str]] = {}
    for name, row in sparse_rows(*catalogues).items():
        grouped.setdefault(row.section, []).append(name)
    return {title: tuple(names) for title, names in grouped.items()}


class SparseFieldsMixin:
    """For a ModelForm whose declared fields include those of `sparse_fields(*sparse_catalogues)`."""

    sparse_catalogues: tuple[Catalogue, ...] = ()
    fields: dict[str, forms.Field]
    initial: dict[str, Any]
    instance: Any

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, row in self._rows().items():
            kept = getattr(self.instance, row.sparse_in, {}).get(row.name)
            if kept is not None:
                self.initial.setdefault(name, kept)
                _keep_choice(self.fields[name], kept)

    def _rows(self) -> dict[str, Field]:
        return {name: row for name, row in sparse_rows(*self.sparse_catalogues).items() if name in self.fields}

    def clean(self) -> Any:
        cleaned: dict[str, Any] = super().clean() or {}  # type: ignore[misc]
        for name, row in self._rows().items():
            said = cleaned.get(name)
            if said:
                try:
                    parse(row, said)
                except FieldError as wrong:
                    self.add_error(name, str(wrong))  # type: ignore[attr-defined]
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        cleaned: dict[str, Any] = getattr(self, "cleaned_data", {})
        for name, row in self._rows().items():
            if name in cleaned:
                _write(getattr(self.instance, row.sparse_in), row.name, literal(cleaned[name] or ""))


def _keep_choice(field: forms.Field, kept: str) -> None:
    """A value that came from a file and is none of the choices stays selectable, so that saving keeps it."""
    if isinstance(field, forms.ChoiceField) and kept:
        choices: list[Any] = list(field.choices)  # type: ignore[arg-type]
        if kept not in dict(choices):
            field.choices = [*choices, (kept, kept)]


def _write(sparse: dict[str, str], name: str, said: str) -> None:
    if said:
        sparse[name] = said
    elif sparse.get(name):
        del sparse[name]


def sparse_form(*catalogues: Catalogue, title: str = "SparseForm") -> type[forms.ModelForm[Any]]:
    """A ModelForm class with the ERP-only fields of these catalogues declared on it."""
    body: dict[str, Any] = {**sparse_fields(*catalogues), "sparse_catalogues": catalogues}
    metaclass: Any = type(forms.ModelForm)
    made: type[forms.ModelForm[Any]] = metaclass(title, (SparseFieldsMixin, forms.ModelForm), body)
    return made


def filled_sections(record: Any, catalogues: Iterable[Catalogue]) -> set[str]:
    """Titles of the sections where the record has something: these open, the empty ones stay closed."""
    return {
        row.section
        for row in sparse_rows(*catalogues).values()
        if getattr(record, row.sparse_in, {}).get(row.name) not in (None, "")
    }
