"""`StaffAdmin`, the one class between Django and every ModelAdmin of ours."""

from collections.abc import Sequence
from functools import reduce
from operator import or_
from typing import Any

from django import forms
from django.conf import settings
from django.contrib.admin.views.main import ERROR_FLAG
from django.db import DataError, models
from django.forms import Media
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import redirect
from django.utils.text import capfirst

from integrations.admin import kept_forms, saved_views, tax_id_inputs
from integrations.admin.list_totals import TotalledPaginator
from integrations.admin.number_date_inputs import DayField, DecimalInput, WholeNumberInput
from integrations.admin.quick_widgets import QuickText
from integrations.admin.typed_django import AnyModelAdmin
from integrations.erp import tax_ids
from integrations.erp.fields.columns import INTEGER_RANGES
from integrations.models.tax_id_column import TaxIdColumn

PESOS_PLACES = 2
THEN = "_y_luego"
"""Field of a button outside the form of a record: the path, below the record's own, that follows its saving."""
_MOST_SECONDS = 10**8
"""Three years: every float of ours is a wait in seconds."""
_SCRIPTS = (
    "core.js",
    "admin/RelatedObjectLookups.js",
    "actions.js",
    "prepopulate.js",
)


def column_options(db_field: Any) -> dict[str, Any]:
    """Options of `formfield` for a NIT, a whole number, or a decimal: pesos with thousands apart, others plain."""
    if isinstance(db_field, TaxIdColumn):
        return tax_id_inputs.options_of(db_field)
    if db_field.get_internal_type() in INTEGER_RANGES and not db_field.choices:
        lowest, highest = INTEGER_RANGES[db_field.get_internal_type()]
        limits = {"min_value": lowest, "max_value": highest}
        return {"form_class": WholeNumberInput, "widget": forms.TextInput, **limits}
    if isinstance(db_field, models.FloatField):
        return {"max_value": _MOST_SECONDS}
    if not isinstance(db_field, models.DecimalField):
        return {}
    return {"form_class": DecimalInput, "grouped": db_field.decimal_places == PESOS_PLACES}


def in_pairs(names: Sequence[str]) -> list[tuple[str, ...]]:
    """Field names two a line, for a fieldset."""
    return [tuple(names[start : start + 2]) for start in range(0, len(names), 2)]


class StaffAdmin(AnyModelAdmin):
    """What every list and form shares. `menu_group` and `menu_order` place it in the side menu."""

    menu_group = ""
    menu_order = 0
    menu_label = ""
    """Its name in the menu and its list's title; empty: the plural name of the model."""
    add_label = ""
    """Text of the list's add button; empty: «Agregar» and the model's name."""
    menu_count = ""
    """Key of `selectors.pages.menu_counts` shown beside the entry."""
    menu_holds: tuple[str, ...] = ()
    """Model names of other lists of the same app that are reached from this entry."""
    forbidden: tuple[str, ...] = ()
    """Of `add`, `change` and `delete`, those that nobody may do, whatever their permissions."""
    date_column = ""
    """Column of the view «Este mes»; empty: the list has no such view."""
    list_per_page = 50
    show_full_result_count = False
    tax_id_columns: tuple[str, ...] = ()
    """Columns with a NIT, or a text that names one: the search finds it however it is written, and a part of it."""
    actions_on_top = True
    actions: Sequence[Any] | None = ()
    empty_value_display = "–"
    save_on_top = False
    empty_text = "Todavía no hay nada aquí."
    total_column = ""
    """Column in pesos whose sum a list shows beside its count; empty: none."""
    formfield_overrides = {
        models.DateField: {"form_class": DayField},
        models.CharField: {"widget": QuickText(attrs={"class": "vTextField"})},
    }

    @property
    def plural_label(self) -> str:
        """Title of the list and of its menu entry."""
        return self.menu_label or capfirst(str(self.opts.verbose_name_plural))

    @property
    def media(self) -> Media:
        """Django's scripts without `urlify.js`, half of their weight: no form here fills in a slug."""
        jquery = f"vendor/jquery/jquery{'' if settings.DEBUG else '.min'}.js"
        return Media(js=[f"admin/js/{name}" for name in (jquery, "jquery.init.js", *_SCRIPTS)])

    def is_saving(self, request: HttpRequest) -> bool:
        """Whether the form of one record is being saved: Django reads the record inside the transaction that saves it.

        The pages that delete it or show its history read it outside of one, where PostgreSQL locks no row.
        """
        name = request.resolver_match.url_name if request.resolver_match else ""
        return request.method == "POST" and name == f"{self.opts.app_label}_{self.opts.model_name}_change"

    def has_add_permission(self, request: HttpRequest) -> bool:
        return "add" not in self.forbidden and super().has_add_permission(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "change" not in self.forbidden and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return "delete" not in self.forbidden and super().has_delete_permission(request, obj)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return super().formfield_for_dbfield(db_field, request, **column_options(db_field), **kwargs)

    def get_search_results(self, request: HttpRequest, queryset: Any, search_term: str) -> tuple[Any, bool]:
        found, may_repeat = super().get_search_results(request, queryset, search_term)
        return self.with_tax_ids(queryset, found, search_term), may_repeat

    def with_tax_ids(self, queryset: Any, found: Any, search_term: str) -> Any:
        """What was found, and what else of `queryset` names the NIT that the term writes."""
        parts = tax_ids.sought(search_term)
        named = [models.Q(**{f"{column}__contains": part}) for column in self.tax_id_columns for part in parts]
        return found | queryset.filter(reduce(or_, named)) if named else found

    def get_paginator(
        self, request: HttpRequest, queryset: Any, per_page: int, orphans: int = 0, allow_empty_first_page: bool = True
    ) -> TotalledPaginator:
        # The history page of a record asks for a paginator of `LogEntry` too.
        column = self.total_column if queryset.model is self.model else ""
        return TotalledPaginator(queryset, per_page, orphans, allow_empty_first_page, column=column)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        context = {"empty_text": self.empty_text, "title": self.plural_label}
        if self.list_filter:
            context |= saved_views.context(request, self.opts.label_lower)
        try:
            return super().changelist_view(request, {**context, **(extra_context or {})})
        except (
            OverflowError,
            DataError,
        ):  # of more digits than an id has: as Django does with texts
            return redirect(f"{request.path}?{ERROR_FLAG}=1")

    @kept_forms.fills_in_again
    def add_view(self, request: HttpRequest, form_url: str = "", extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]
        return super().add_view(request, form_url, extra_context)

    @kept_forms.fills_in_again
    def change_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        return super().change_view(request, object_id, form_url, extra_context)

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form = super().get_form(request, obj, change=change, **kwargs)
        return kept_forms.told_in_the_form(form) if kept_forms.is_given_back(request) else form

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        """After saving; a button that says so then goes on to what it is for, with what was sent."""
        following = request.POST.get(THEN, "")
        if not following.startswith(request.path.removesuffix("change/")):
            return super().response_change(request, obj)
        # 307: the browser sends the same form there, by POST.
        return HttpResponseRedirect(following, status=307)

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        if THEN in request.POST and not message:
            return None
        return super().log_change(request, obj, message)

    def changeform_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        name = str(self.opts.verbose_name)
        title = {"title": capfirst(name) if object_id else f"Agregar {name}"}
        return super().changeform_view(request, object_id, form_url, {**title, **(extra_context or {})})


class ReadOnlyAdmin(StaffAdmin):
    """A list of evidence: nobody adds, changes or deletes it by hand."""

    forbidden = ("add", "change", "delete")
