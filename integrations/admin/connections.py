"""Companies, connections and who may enter: for administrators."""

from typing import Any

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, User
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from integrations import credentials, decisions, dispatch, ladder
from integrations.admin.badges import moment
from integrations.admin.generic import AnyModelForm, AnyUserAdmin
from integrations.admin.records import StaffAdmin
from integrations.admin.site import site
from integrations.choices import Target
from integrations.errors import ConfigurationError
from integrations.fields.dialect import Setting
from integrations.fields.rules import RULES
from integrations.models import Company, Connection, SyncAttempt
from integrations.sag import dialect as sag_dialect
from integrations.siigo import dialect as siigo_dialect

DIALECTS: dict[str, tuple[Setting, ...]] = {
    Target.SIIGO: siigo_dialect.SETTINGS,
    Target.SAG: sag_dialect.SETTINGS,
}
_SEVERITIES = [("", "Lo habitual"), ("block", "Impide enviar"), ("warn", "Solo avisa"), ("off", "No se revisa")]
_WORDS = {"block": "impide enviar", "warn": "solo avisa", "off": "no se revisa"}
_FIXED_WITH_HISTORY = ("company", "target", "environment", "endpoint", "account")


def setting_name(target: str, setting: Setting) -> str:
    return f"setting_{target}_{setting.key}"


def _setting_field(setting: Setting) -> forms.Field:
    told: dict[str, Any] = {"label": setting.label, "help_text": setting.help, "required": False}
    if isinstance(setting.default, bool):
        return forms.BooleanField(**told)
    if setting.choices:
        return forms.ChoiceField(choices=[(value, value) for value in setting.choices], **told)
    if isinstance(setting.default, int | float):
        return (forms.IntegerField if isinstance(setting.default, int) else forms.FloatField)(**told)
    return forms.CharField(**told)


class ConnectionForm(AnyModelForm):
    """The credential is written, never shown; settings and severities are typed fields, never raw JSON."""

    new_credential = forms.CharField(
        label="clave o token",
        required=False,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        help_text="La que entregó el ERP. Se guarda cifrada y no se vuelve a mostrar; vacía conserva la que hay.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for target, rows in DIALECTS.items():
            given = self.instance.settings if self.instance.target == target else {}
            for row in rows:
                self.initial.setdefault(setting_name(target, row), given.get(row.key, row.default))
        for rule in RULES:
            self.initial.setdefault(f"rule_{rule}", self.instance.severities.get(rule, ""))

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if not self.instance.credential and not cleaned.get("new_credential"):
            self.add_error("new_credential", "Escriba la clave o token de la conexión.")
        return cleaned

    def _post_clean(self) -> None:
        super()._post_clean()  # type: ignore[misc]
        if self.cleaned_data.get("new_credential"):
            self._seal(self.cleaned_data["new_credential"])
        self._keep_settings()
        self._keep_severities()
        broken = ladder.broken_steps(self.instance)
        if broken and not settings.DEBUG:
            self.add_error(None, ValidationError(broken))

    def _seal(self, secret: str) -> None:
        try:
            self.instance.credential = credentials.seal(secret)
        except ConfigurationError as missing:
            self.add_error("new_credential", str(missing))

    def _keep_settings(self) -> None:
        for row in DIALECTS.get(self.instance.target, ()):
            name = setting_name(self.instance.target, row)
            if name in self.changed_data and name in self.cleaned_data:
                value = self.cleaned_data[name]
                if value in ("", None) or value == row.default:
                    self.instance.settings.pop(row.key, None)
                else:
                    self.instance.settings[row.key] = value

    def _keep_severities(self) -> None:
        for rule in RULES:
            name = f"rule_{rule}"
            if name in self.changed_data and name in self.cleaned_data:
                if self.cleaned_data[name]:
                    self.instance.severities[rule] = self.cleaned_data[name]
                else:
                    self.instance.severities.pop(rule, None)


def _severity_field(title: str, default: str) -> forms.Field:
    return forms.ChoiceField(
        label=title, choices=_SEVERITIES, required=False, help_text=f"Lo habitual: {_WORDS[default]}."
    )


_EXTRA = {setting_name(target, row): _setting_field(row) for target, rows in DIALECTS.items() for row in rows}
_EXTRA |= {f"rule_{rule.id}": _severity_field(rule.title, str(rule.severity)) for rule in RULES.values()}
TypedConnectionForm: Any = type(ConnectionForm)(
    "TypedConnectionForm", (ConnectionForm,), {**_EXTRA, "__module__": __name__}
)


@admin.register(Connection, site=site)
class ConnectionAdmin(StaffAdmin):
    """A company's link to one ERP. With history it keeps its address: archive it and make another."""

    menu_group, menu_order = "Configuración", 50
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
        return format_html('<span class="estado estado-{}" title="{}">{} {}</span>', look,
                           connection.pause_reason, icon, word)  # fmt: skip

    @admin.display(description="Última respuesta", ordering="answered_at")
    def answered(self, connection: Connection) -> str:
        return moment(connection.answered_at)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        seconds = ("connect_seconds", "read_seconds", "deadline_seconds", "lease_seconds", "settle_seconds",
                   "reads_apart_seconds")  # fmt: skip
        main = ["company", ("target", "environment"), "endpoint", ("account", "login"), "new_credential"]
        targets = [obj.target] if obj else list(DIALECTS)
        dialects = [
            (
                f"Formato de {Target(target).label}",
                {"fields": [setting_name(target, row) for row in DIALECTS[target]], "classes": ("collapse",)},
            )
            for target in targets
        ]
        rules = [tuple(f"rule_{rule}" for rule in pair) for pair in _pairs(list(RULES))]
        return [
            ("Conexión", {"fields": main}),
            ("Ritmo y esperas", {"fields": ["concurrency", *_pairs(list(seconds))]}),
            *dialects,
            ("Qué impide enviar", {"fields": rules, "classes": ("collapse",)}),
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        has_history = obj is not None and SyncAttempt.objects.filter(connection=obj).exists()
        return _FIXED_WITH_HISTORY if has_history else ("company", "target") if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        for step in ladder.broken_steps(obj):
            messages.warning(request, step)

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        obj = kwargs.get("obj")
        if obj is not None:
            context["look"], context["icon"], context["word"] = state_of(obj)
        return super().render_change_form(request, context, *args, **kwargs)

    def get_urls(self) -> list[URLPattern]:
        view = require_POST(self.admin_site.admin_view(self.command))
        return [path("<int:pk>/orden/<str:verb>/", view, name="connection_command"), *super().get_urls()]

    def command(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """*Pausar*, *Reanudar*, *Archivar*."""
        connection = get_object_or_404(Connection, pk=pk)
        if not self.has_change_permission(request, connection):
            raise PermissionDenied
        if verb == "pausar":
            dispatch.pause(pk, f"En pausa por {request.user}.")
            messages.success(request, "La conexión quedó en pausa: nada más sale hasta que la reanude.")
        elif verb == "reanudar":
            dispatch.resume(pk)
            messages.success(request, "La conexión se reanudó: lo que estaba en cola empieza a salir.")
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
    """(look, icon, words) of how a connection is."""
    if connection.archived_at:
        return "excluded", "–", "Archivada"
    if connection.is_paused:
        return "changed", "⏸", "En pausa"
    if connection.failures_in_a_row:
        return "rejected", "✕", "Sin respuesta"
    if connection.answered_at:
        return "synced", "✓", "Responde"
    return "new", "○", "Sin usar"


def _pairs(names: list[str]) -> list[tuple[str, ...]]:
    return [tuple(names[start : start + 2]) for start in range(0, len(names), 2)]


@admin.register(Company, site=site)
class CompanyAdmin(StaffAdmin):
    """Whose books they are."""

    menu_group, menu_order = "Configuración", 40
    list_display = ("name", "tax_id")
    search_fields = ("name", "tax_id")
    empty_text = "Registre primero la empresa cuyos libros se llevan aquí."

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        return ("tax_id",) if obj else ()

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


@admin.register(User, site=site)
class StaffUserAdmin(AnyUserAdmin):
    """Who may enter, and in which group."""

    menu_group, menu_order = "Configuración", 60
    list_display = ("username", "first_name", "last_name", "is_active", "is_superuser")


@admin.register(Group, site=site)
class StaffGroupAdmin(GroupAdmin):
    """What each group may do."""

    menu_group, menu_order = "Configuración", 70
