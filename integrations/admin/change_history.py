"""«Historial de cambios»: every change that a person made by hand, over all the lists. Nobody edits it."""

from typing import Any

from django.contrib import admin
from django.contrib.admin.models import ADDITION, CHANGE, DELETION
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.text import capfirst

from integrations.admin.asked_ids import id_in
from integrations.admin.badges import clipped, moment
from integrations.admin.filters import date_range
from integrations.admin.site import site
from integrations.admin.staff_admin import ReadOnlyAdmin
from integrations.models import HandChange

_DID = {ADDITION: "Agregó", CHANGE: "Cambió", DELETION: "Eliminó"}


class ActionFilter(admin.SimpleListFilter):
    """Additions, changes or deletions only."""

    title = "Qué hizo"
    parameter_name = "hizo"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(flag), label) for flag, label in _DID.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        chosen = id_in(self.value())
        return queryset.filter(action_flag=chosen) if chosen in _DID else queryset


@admin.register(HandChange, site=site)
class ChangeHistoryAdmin(ReadOnlyAdmin):
    """One row for each record that somebody saved or deleted in a form."""

    menu_group, menu_order = "Seguimiento", 40
    menu_label = "Historial de cambios"
    list_display = ("at", "who", "did", "of_what", "thing", "told")
    list_display_links = None
    list_filter = (date_range("action_time", "Cuándo"), ActionFilter)
    list_select_related = ("user", "content_type")
    tax_id_columns = ("object_repr",)
    search_fields = ("object_repr", "user__username", "user__first_name", "user__last_name")
    search_help_text = "Busque por lo que se cambió o por la persona"
    empty_text = "Todavía nadie ha cambiado nada a mano. Lo que sale hacia los ERP está en Intentos de envío."

    @admin.display(description="Fecha y hora", ordering="action_time")
    def at(self, entry: HandChange) -> str:
        return moment(entry.action_time)

    @admin.display(description="Usuario", ordering="user__username")
    def who(self, entry: HandChange) -> str:
        return entry.user.get_full_name() or entry.user.get_username()

    @admin.display(description="Qué hizo", ordering="action_flag")
    def did(self, entry: HandChange) -> str:
        return _DID.get(entry.action_flag, "–")

    @admin.display(description="De qué", ordering="content_type")
    def of_what(self, entry: HandChange) -> str:
        return capfirst(entry.content_type.name if entry.content_type else "")

    @admin.display(description="Cuál", ordering="object_repr")
    def thing(self, entry: HandChange) -> SafeString:
        name = entry.object_repr or "Sin nombre"
        url = "" if entry.is_deletion() else entry.get_admin_url()
        return format_html('<a href="{}" class="recorte">{}</a>', url, name) if url else clipped(name)

    @admin.display(description="Detalle")
    def told(self, entry: HandChange) -> SafeString:
        return clipped("" if entry.is_deletion() else entry.get_change_message())

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return redirect("admin:integrations_handchange_changelist")
