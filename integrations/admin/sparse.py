"""The ERP-only fields as typed form fields in the catalogue's sections.

Only what a person changed is written back: a value that came from a file stays as it was written there.
"""

from collections.abc import Iterable
from typing import Any

from django import forms

from integrations.admin.generic import AnyModelForm
from integrations.admin.inputs import DayField, NumberField
from integrations.fields.spec import Catalogue, Field, Form
from integrations.fields.values import FieldError, literal, parse

_SEPARATOR = "__"
_PER_ROW = 2
Sections = list[tuple[str, dict[str, Any]]]


def form_name(row: Field) -> str:
    return f"{row.sparse_in}{_SEPARATOR}{row.name}"


def label_of(row: Field) -> str:
    """The official label; Siigo prints its own in capitals, which nobody reads with pleasure."""
    return row.label.capitalize() if row.label.isupper() else row.label


def form_field(row: Field) -> forms.Field:
    """A row as a form field; empty means that the record does not have it."""
    told: dict[str, Any] = {"label": label_of(row), "required": False, "help_text": row.help}
    if row.form is Form.FLAG:
        return forms.ChoiceField(choices=[("", "–"), ("S", "Sí"), ("N", "No")], **told)
    if row.allowed:
        return forms.ChoiceField(choices=[("", "–"), *((value, value) for value in row.allowed)], **told)
    if row.form is Form.DATE:
        return DayField(**told)
    if row.form in (Form.INTEGER, Form.DECIMAL):
        return NumberField(**told) if not row.pattern else forms.CharField(**told)
    widget = forms.Textarea(attrs={"rows": 2}) if (row.length or 0) > 200 else forms.TextInput
    return forms.CharField(widget=widget, strip=False, **told)


class SparseForm(AnyModelForm):
    """Reads and writes the JSON columns through `rows`, form field name → catalogue row."""

    rows: dict[str, Field] = {}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for name, row in self.rows.items():
            if name in self.fields:
                kept = getattr(self.instance, row.sparse_in).get(row.name)
                self.initial.setdefault(name, "" if kept is None else kept)
                _keep_odd_choice(self.fields[name], self.initial[name])

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        for name, row in self.rows.items():
            if name not in self.changed_data:
                self.errors.pop(name, None)  # what a file brought is judged by the rules, not by the form
            elif cleaned.get(name) not in ("", None):
                try:
                    parse(row, _wire(row, cleaned[name]))
                except FieldError as wrong:
                    self.add_error(name, str(wrong))
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        for name, row in self.rows.items():
            if name in self.changed_data and name in self.cleaned_data:
                _write(getattr(self.instance, row.sparse_in), row, self.cleaned_data[name])


def _wire(row: Field, value: Any) -> Any:
    return value.isoformat() if row.form is Form.DATE else value


def _write(column: dict[str, Any], row: Field, value: Any) -> None:
    if value in ("", None):
        column.pop(row.name, None)
    else:
        column[row.name] = literal(_wire(row, value))


def _keep_odd_choice(field: forms.Field, value: Any) -> None:
    """A value that the official table does not list, but the record has: shown, and kept."""
    if isinstance(field, forms.ChoiceField) and value not in [key for key, _ in field.choices]:
        field.choices = [*field.choices, (value, f"{value} (no está en la lista)")]


def sparse_form(base: type[SparseForm], catalogues: Iterable[Catalogue]) -> type[SparseForm]:
    """`base` with a typed field for each ERP-only row of these catalogues."""
    rows = {form_name(row): row for catalogue in catalogues for row in catalogue.sparse}
    made = {name: form_field(row) for name, row in rows.items()}
    return type(base)(f"Sparse{base.__name__}", (base,), {**made, "rows": rows, "__module__": base.__module__})


def sparse_sections(catalogue: Catalogue, record: Any, erp: str) -> Sections:
    """The catalogue's sections of ERP-only fields as fieldsets; those without a value start closed."""
    made: Sections = []
    for title, rows in catalogue.sections().items():
        sparse = [row for row in rows if row.source is None]
        if not sparse:
            continue
        kept = getattr(record, sparse[0].sparse_in, {}) if record is not None else {}
        filled = sum(row.name in kept for row in sparse)
        names = [form_name(row) for row in sparse]
        lines = [tuple(names[start : start + _PER_ROW]) for start in range(0, len(names), _PER_ROW)]
        told = f"Solo {erp} · {title or catalogue.title}" + (f" ({filled})" if filled else "")
        made.append((told, {"fields": lines, "classes": () if filled else ("collapse",)}))
    return made
