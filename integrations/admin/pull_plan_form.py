"""The form of a pull plan: its query, its schedule, and which column of the answer fills which field."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import capfirst

from integrations.admin.staff_admin import in_pairs
from integrations.admin.typed_django import AnyModelForm
from integrations.choices import Target
from integrations.models import PullPlan
from integrations.pulls.plans import column_problems, default_of, fields_of, query_problems, required_fields

COLUMN, FILTER = "column_", "param_"
_QUERY_HELP = (
    "Una sola consulta SELECT. {since} es el primer día que interesa, ya entre comillas ('AAAAMMDD'); {after} y "
    "{limit} sirven para leer por páginas, en el orden de la clave. Vacía: la consulta habitual."
)
_COLUMN_HELP = "Nombre de la columna en la respuesta; varias que forman un código van con +, como line:3+group:4."


class PlanForm(AnyModelForm):
    """Stores only what differs from the product's default, so that a plan follows later defaults."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "query" in self.fields and not self.instance.query:
            self.initial["query"] = default_of(self.instance).query

    def clean_query(self) -> str:
        query = str(self.cleaned_data["query"]).strip()
        query = "" if _squeezed(query) == _squeezed(default_of(self.instance).query) else query
        problems = query_problems(query)
        if problems:
            raise ValidationError(problems)
        return query

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        columns = self._filled(COLUMN, cleaned)
        for name, problem in column_problems(self.instance.register, columns):
            self.add_error(f"{COLUMN}{name}" if f"{COLUMN}{name}" in self.fields else None, problem)
        return cleaned

    def _filled(self, prefix: str, cleaned: dict[str, Any]) -> dict[str, Any]:
        """The values of the fields with a prefix, by name without it."""
        return {
            name.removeprefix(prefix): value
            for name, value in cleaned.items()
            if name.startswith(prefix) and value not in ("", None)
        }

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        usual = default_of(self.instance)
        columns, params = self._filled(COLUMN, self.cleaned_data), self._filled(FILTER, self.cleaned_data)
        self.instance.columns = {} if columns == dict(usual.columns) else columns
        self.instance.params = {} if params == dict(usual.params) else params


def form_for(plan: PullPlan) -> Any:
    """The form class of a plan: its fields depend on the ERP and on the register."""
    fields = fields_of(plan.register)
    extra: dict[str, Any] = {f"{COLUMN}{name}": _column(plan, name, label) for name, label in fields.items()}
    extra |= {f"{FILTER}{name}": _filter(plan, name, value) for name, value in default_of(plan).params.items()}
    if plan.connection.target == Target.SAG:
        area = forms.Textarea(attrs={"rows": 12, "cols": 100, "spellcheck": "false"})
        extra["query"] = forms.CharField(label="Consulta", required=False, widget=area, help_text=_QUERY_HELP)
    metaclass: Any = type(PlanForm)
    return metaclass("OnePlanForm", (PlanForm,), {**extra, "__module__": __name__})


def _column(plan: PullPlan, name: str, label: str) -> forms.Field:
    columns = plan.columns or default_of(plan).columns
    needed = name in required_fields(plan.register)
    return forms.CharField(
        label=capfirst(label),
        required=False,
        max_length=120,
        initial=columns.get(name, ""),
        help_text="Obligatoria." if needed else "",
        widget=forms.TextInput(attrs={"spellcheck": "false", "autocomplete": "off"}),
    )


def _filter(plan: PullPlan, name: str, usual: Any) -> forms.Field:
    kind = forms.IntegerField if isinstance(usual, int) else forms.CharField
    return kind(label=FILTERS.get(name, name), required=True, initial=plan.params.get(name, usual))


FILTERS = {
    "third_initial": "Identificación inicial",
    "third_final": "Identificación final",
    "classification": "Clasificación (T, C, P u O)",
    "date_opening_initial": "Fecha de apertura inicial (AAAAMMDD)",
    "date_opening_final": "Fecha de apertura final (AAAAMMDD)",
    "product_initial": "Producto inicial",
    "product_final": "Producto final",
    "account_initial": "Cuenta inicial",
    "account_final": "Cuenta final",
}


def fieldsets(plan: PullPlan) -> list[tuple[str, dict[str, Any]]]:
    """Fieldsets of a plan's form. Only reads of a register with more than key, code and name can create records."""
    usual, columns = default_of(plan), [f"{COLUMN}{name}" for name in fields_of(plan.register)]
    options = ["creates_records"] if len(columns) > len(("key", "code", "name")) else []
    options += ["overlap_days", "whole_every_days"] if usual.by_date else []
    return [
        ("Cuándo y qué hace", {"fields": [("scheduled", "interval_hours"), *([tuple(options)] if options else [])]}),
        ("Qué se pregunta a SAG", {"fields": ["query"]})
        if plan.connection.target == Target.SAG
        else ("Qué se pide a Siigo", {"fields": [f"{FILTER}{name}" for name in usual.params]}),
        ("Qué columna es cada dato", {"fields": in_pairs(columns), "description": _COLUMN_HELP}),
    ]


def _squeezed(query: str) -> str:
    return " ".join(query.split())
