"""*Reglas de llenado*: what a company always writes the same, as a table of conditions and values in plain words."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from integrations.admin.correction_form import condition_options, field_options
from integrations.admin.correction_starts import correction_url, refuse
from integrations.admin.correction_words import condition_words, label_of
from integrations.admin.permissions import may_on_kind
from integrations.admin.requesters import requester_of
from integrations.admin.site import site
from integrations.admin.staff_admin import StaffAdmin
from integrations.admin.typed_django import AnyModelForm
from integrations.admin.wording import kind_name
from integrations.choices import Kind
from integrations.corrections import drafting, rule_making, working
from integrations.erp.fields.parsing import FieldError
from integrations.models import FillingRule
from integrations.payloads.changing import ChangeError, Mode, resolved
from integrations.payloads.record_fields import field_of

_ALWAYS = ("", "Siempre")
_NOT_COPIED = ("", "No se copia")


class FillingRuleForm(AnyModelForm):
    """A rule of one kind of record, whose fields are chosen by their names."""

    kind_of_rule: Kind = Kind.MOVEMENT

    class Meta:
        model = FillingRule
        fields = ("company", "condition_field", "condition_value", "field", "value", "copied_from", "is_on")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        kind = Kind(self.instance.kind or self.kind_of_rule)
        self.instance.kind = kind.value
        self._offer("condition_field", [_ALWAYS, *condition_options(kind, "lines")], required=False)
        self._offer("field", [("", "Elija el campo"), *field_options(kind)], required=True)
        self._offer("copied_from", [_NOT_COPIED, *field_options(kind)], required=False)
        self.fields["value"].widget = forms.TextInput(attrs={"class": "vTextField"})

    def _offer(self, name: str, choices: list[Any], *, required: bool) -> None:
        if name in self.fields:
            label = self.fields[name].label
            self.fields[name] = forms.ChoiceField(label=label, choices=choices, required=required)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if bool(cleaned.get("value")) == bool(cleaned.get("copied_from")):
            raise forms.ValidationError("Escriba el valor, o elija de qué campo se copia: una de las dos cosas.")
        rule = FillingRule(**{**cleaned, "kind": self.instance.kind})
        try:
            resolved(rule, Mode.FILL_COPY if rule.copied_from else Mode.FILL)
        except (ChangeError, FieldError) as wrong:
            raise forms.ValidationError(str(wrong)) from wrong
        return cleaned


class InTableForm(AnyModelForm):
    """The one box of a rule that is changed in the table."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "is_on" in self.fields:
            label = label_of(self.instance.kind, self.instance.field)
            self.fields["is_on"].widget.attrs["aria-label"] = f"Se aplica: {label}"


@admin.register(FillingRule, site=site)
class FillingRuleAdmin(StaffAdmin):
    """The rules of every company; each row reads as a sentence. `de` says for which kind a new one is."""

    menu_group, menu_order = "Configuración", 57
    form = FillingRuleForm
    list_display = ("rule", "condition", "filled_with", "is_on", "kind_cell", "company", "by")
    list_display_links = ("rule",)
    list_editable = ("is_on",)
    list_filter = ("company", "kind", "is_on")
    list_select_related = ("company", "created_by")
    empty_text = "No hay reglas: lo que un archivo o una persona deja vacío queda vacío."
    change_form_template = "admin/filling_rule_form.html"

    @admin.display(description="Qué se llena", ordering="field")
    def rule(self, rule: FillingRule) -> str:
        return label_of(rule.kind, rule.field)

    @admin.display(description="De qué", ordering="kind")
    def kind_cell(self, rule: FillingRule) -> str:
        return kind_name(rule.kind)

    @admin.display(description="Cuándo")
    def condition(self, rule: FillingRule) -> str:
        return condition_words(rule) or "Siempre que esté vacío"

    @admin.display(description="Con qué")
    def filled_with(self, rule: FillingRule) -> SafeString:
        if rule.copied_from:
            return format_html("Lo mismo de «{}»", label_of(rule.kind, rule.copied_from))
        field = field_of(rule.kind, rule.field)
        words = dict(field.choices).get(rule.value, rule.value) if field is not None else rule.value
        return format_html("<strong>{}</strong>", words)

    @admin.display(description="La creó")
    def by(self, rule: FillingRule) -> str:
        if rule.created_by is None:
            return "Vino con el programa"
        return rule.created_by.get_full_name() or rule.created_by.get_username()

    def get_changelist_form(self, request: HttpRequest, **kwargs: Any) -> Any:
        return super().get_changelist_form(request, **{"form": InTableForm, **kwargs})

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        asked = request.GET.get("de", "")
        form.kind_of_rule = Kind(asked) if asked in Kind.values else Kind.MOVEMENT
        return form

    def render_change_form(self, request: HttpRequest, context: dict[str, Any], *args: Any, **kwargs: Any) -> Any:
        kind = context["adminform"].form.instance.kind
        context |= {
            "kind_words": kind_name(kind),
            "other_kinds": [(each.value, kind_name(each)) for each in Kind if each != kind],
            "apply_url": reverse("admin:filling_rule_apply", args=[kwargs["obj"].pk]) if kwargs.get("obj") else "",
        }
        return super().render_change_form(request, context, *args, **kwargs)

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.created_by = request.user
        super().save_model(request, obj, form, change)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/aplicar/", view(require_POST(self.apply)), name="filling_rule_apply"),
            *super().get_urls(),
        ]

    def apply(self, request: HttpRequest, pk: int) -> HttpResponse:
        """*Aplicar a lo que no se ha enviado*: the preview of a correction that fills in what is here already."""
        if not self.has_view_permission(request):
            raise PermissionDenied
        rule = get_object_or_404(FillingRule.objects.select_related("company"), pk=pk)
        if not may_on_kind(request, rule.kind, "change"):
            refuse(request, rule.kind)
            return redirect("admin:integrations_fillingrule_changelist")
        try:
            correction = rule_making.correction_of(rule, requester_of(request))
        except (ChangeError, FieldError) as wrong:
            messages.error(request, str(wrong))
            return redirect("admin:integrations_fillingrule_change", pk)
        if drafting.is_small(correction):
            working.work(correction.pk)
        return redirect(correction_url(correction.pk))
