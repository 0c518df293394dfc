"""Connections, for administrators: their form, their state, and the commands *Pausar*, *Reanudar*, *Archivar*."""

from functools import partial
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from integrations import decisions
from integrations.admin import key_probes, learned_answers
from integrations.admin.badges import moment
from integrations.admin.connection_form import DIALECTS, TypedConnectionForm, setting_name
from integrations.admin.rules import rules_page
from integrations.admin.site import site
from integrations.admin.staff_admin import StaffAdmin, in_pairs
from integrations.choices import Target
from integrations.connections import pausing, record_kinds, timeouts
from integrations.decisions import environments, restoring
from integrations.errors import ConfigurationError
from integrations.models import Connection, SyncAttempt
from integrations.queue import outbox
from integrations.queue.outbox import enqueue_registration
from integrations.selectors import lane_status
from integrations.selectors.throughput import pace_of

_FIXED_WITH_HISTORY = ("company", "target", "environment", "endpoint", "account")
_SECONDS = (
    "connect_seconds",
    "read_seconds",
    "deadline_seconds",
    "start_slack_seconds",
    "lease_seconds",
    "settle_seconds",
    "reads_apart_seconds",
    "longest_rest_seconds",
)
_PACE = (
    ("send_days", "send_from", "send_until"),
    ("gap_seconds", "calls_per_minute", "calls_per_day"),
    ("canaries", "canary_above"),
)


@admin.register(Connection, site=site)
class ConnectionAdmin(StaffAdmin):
    """A company's link to one ERP. Once it was used its address is fixed: staff archive it and add another."""

    menu_group, menu_order, forbidden = "Configuración", 50, ("delete",)
    form = TypedConnectionForm
    change_form_template = "admin/connection_change_form.html"
    list_display = ("name", "environment", "endpoint", "state", "answered")
    list_filter = ("target", "environment")
    list_select_related = ("company",)
    empty_text = "Todavía no hay conexiones. Agregue la de Siigo o la de SAG."

    @admin.display(description="Conexión", ordering="company")
    def name(self, connection: Connection) -> str:
        return f"{connection.company} · {connection.get_target_display()}"

    @admin.display(description="Estado")
    def state(self, connection: Connection) -> SafeString:
        look, icon, word = state_of(connection)
        html = '<span class="estado estado-{}" title="{}">{} {}</span>'
        return format_html(html, look, connection.pause_reason, icon, word)

    @admin.display(description="Última respuesta", ordering="answered_at")
    def answered(self, connection: Connection) -> str:
        return moment(connection.answered_at)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        account: Any = {Target.SIIGO: "account", Target.SAG: "login"}[obj.target] if obj else ("account", "login")
        return [
            (
                "Conexión",
                {"fields": ["company", ("target", "environment"), "endpoint", account, "new_credential"]},
            ),
            ("Ritmo y esperas", {"fields": ["concurrency", *in_pairs(_SECONDS)]}),
            ("Horario y ritmo", {"fields": [*_PACE]}),
            *(_dialect_fieldset(Target(target)) for target in ([obj.target] if obj else DIALECTS)),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        has_history = obj is not None and SyncAttempt.objects.filter(connection=obj).exists()
        return _FIXED_WITH_HISTORY if has_history else ("company", "target") if obj else ()

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        if record_kinds.switched_kinds(obj):
            enqueue_registration()
        renewed = 0 if change else environments.begin_production(obj)
        if renewed:
            messages.warning(request, f"{renewed} documentos enviados a pruebas vuelven a «Sin enviar».")
        for step in timeouts.broken_steps(obj):
            messages.warning(request, step)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        if obj is not None:
            context["look"], context["icon"], context["word"] = state_of(obj)
            context["why_closed"] = "" if obj.archived_at else lane_status.why_closed(obj)
            context["pace"] = pace_of(obj)
            context["learned_texts"] = learned_answers.learned_texts(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        forget = require_POST(view(partial(learned_answers.forget, self)))
        return [
            path("<int:pk>/orden/<str:verb>/", require_POST(view(self.command)), name="connection_command"),
            path("<int:pk>/prueba-de-clave/", view(partial(key_probes.page, self)), name="connection_probe"),
            path("<int:pk>/mensajes/<int:answer_pk>/olvidar/", forget, name="connection_forget_text"),
            path("<int:pk>/reglas/", view(partial(rules_page, self)), name="connection_rules"),
            *super().get_urls(),
        ]

    def command(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """One button of the form. Raises: PermissionDenied; Http404 for an unknown verb."""
        connection = get_object_or_404(Connection, pk=pk)
        if not self.has_change_permission(request, connection):
            raise PermissionDenied
        if verb == "pausar":
            pausing.pause(pk, f"En pausa por {request.user}.")
            messages.success(request, "La conexión quedó en pausa: nada más sale hasta que la reanude.")
        elif verb == "reanudar":
            pausing.resume(pk)
            messages.success(request, "La conexión se reanudó: lo que estaba en cola empieza a salir.")
        elif verb == "revisada":
            restoring.release(pk)
            outbox.enqueue_drain(pk, connection.concurrency)
            messages.success(request, "Queda escrito que revisó lo posterior a la copia: se crean documentos de nuevo.")
        elif verb == "archivar":
            _archive(request, pk)
        else:
            raise Http404
        return redirect("admin:integrations_connection_change", pk)


def _archive(request: HttpRequest, pk: int) -> None:
    try:
        decisions.archive(pk)
    except ConfigurationError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "La conexión quedó archivada. Ya puede registrar otra en su lugar.")


def state_of(connection: Connection) -> tuple[str, str, str]:
    """(CSS class, icon, word) of a connection's state."""
    if connection.archived_at:
        return "excluded", "–", "Archivada"
    if connection.is_paused:
        return "changed", "⏸", "En pausa"
    if connection.failures_in_a_row:
        return "rejected", "✕", "Sin respuesta"
    if connection.answered_at:
        return "synced", "✓", "Responde"
    return "new", "○", "Sin usar"


def _dialect_fieldset(target: Target) -> tuple[str, dict[str, Any]]:
    names = [setting_name(target, setting) for setting in DIALECTS[target]]
    return f"Formato de {target.label}", {"fields": names, "classes": ("collapse",)}
