"""`StaffAdmin`, the one class between Django and every ModelAdmin of ours."""

from collections.abc import Sequence
from typing import Any

from django.conf import settings
from django.db import models
from django.forms import Media
from django.http import HttpRequest, HttpResponseBase

from integrations.admin import saved_views
from integrations.admin.list_totals import TotalledPaginator
from integrations.admin.number_date_inputs import DayField, DecimalInput
from integrations.admin.quick_widgets import QuickText
from integrations.admin.typed_django import AnyModelAdmin

PESOS_PLACES = 2


def number_facts(db_field: Any) -> dict[str, Any]:
    """How a decimal column is written in a form: pesos with thousands apart, other numbers plain."""
    if not isinstance(db_field, models.DecimalField):
        return {}
    return {"form_class": DecimalInput, "grouped": db_field.decimal_places == PESOS_PLACES}


class StaffAdmin(AnyModelAdmin):
    """What every list and form shares. `menu_group` and `menu_order` say where it stands in the side menu."""

    menu_group = ""
    menu_order = 0
    menu_label = ""
    """What the menu and the list's title call it; empty: the plural name of the model."""
    add_label = ""
    """What the list's button says; empty: «Agregar» and the model's name."""
    menu_count = ""
    menu_holds: tuple[str, ...] = ()
    """Other lists of the same app that stand under this entry."""
    date_column = ""
    list_per_page = 50
    show_full_result_count = False
    actions_on_top = True
    actions: Sequence[Any] | None = ()
    empty_value_display = "–"
    save_on_top = False
    empty_text = "Todavía no hay nada aquí."
    total_column = ""
    """What a list adds up, in pesos, beside its count."""
    formfield_overrides = {
        models.DateField: {"form_class": DayField},
        models.CharField: {"widget": QuickText(attrs={"class": "vTextField"})},
    }

    @property
    def plural_label(self) -> str:
        return self.menu_label or _capital(self.opts.verbose_name_plural)

    @property
    def media(self) -> Media:
        """Django's own without what makes slugs as one types: nobody does here, and it is half the weight."""
        minified = "" if settings.DEBUG else ".min"
        names = (f"vendor/jquery/jquery{minified}.js", "jquery.init.js", "core.js", "admin/RelatedObjectLookups.js",
                 "actions.js", "prepopulate.js")  # fmt: skip
        return Media(js=[f"admin/js/{name}" for name in names])

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        return super().formfield_for_dbfield(db_field, request, **number_facts(db_field), **kwargs)

    def get_paginator(
        self, request: HttpRequest, queryset: Any, per_page: int, orphans: int = 0, allow_empty_first_page: bool = True
    ) -> TotalledPaginator:
        # The page of a record's own changes asks for one too.
        column = self.total_column if queryset.model is self.model else ""
        return TotalledPaginator(queryset, per_page, orphans, allow_empty_first_page, column=column)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponseBase:  # type: ignore[override]
        context = {"empty_text": self.empty_text, "title": self.plural_label}
        if self.list_filter:
            context |= saved_views.context(request, self.opts.label_lower)
        return super().changelist_view(request, {**context, **(extra_context or {})})

    def changeform_view(  # type: ignore[override]
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponseBase:
        name = str(self.opts.verbose_name)
        title = {"title": _capital(name) if object_id else f"Agregar {name}"}
        return super().changeform_view(request, object_id, form_url, {**title, **(extra_context or {})})


class ReadOnlyAdmin(StaffAdmin):
    """Evidence: nobody adds, changes or deletes it by hand."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


def _capital(text: Any) -> str:
    said = str(text)
    return said[:1].upper() + said[1:]
