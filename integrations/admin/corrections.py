"""*Correcciones en bloque*: what was put right in many records at once. Each has one URL, whose page is its state."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from integrations.admin import actions, correction_form, correction_pages
from integrations.admin.asked_ids import by_id_or_404
from integrations.admin.badges import clipped, moment, pill
from integrations.admin.correction_starts import correction_url, refuse
from integrations.admin.correction_words import rule_sentence, sentence_of
from integrations.admin.permissions import MAKE_RULES, may_make_rules, may_on_kind, may_send, who_may
from integrations.admin.record_pages import list_url
from integrations.admin.requesters import requester_name
from integrations.admin.site import site
from integrations.admin.staff_admin import ReadOnlyAdmin
from integrations.admin.wording import kind_name
from integrations.choices import Target
from integrations.corrections import drafting, rule_making, working
from integrations.erp.fields.parsing import FieldError
from integrations.models import Correction
from integrations.models.syncable import model_for
from integrations.payloads.changing import ChangeError
from integrations.selectors import corrections as selector

_State = Correction.State
_LOOKS: dict[str, tuple[str, str]] = {
    _State.CHOOSING: ("new", "○"),
    _State.PREPARING: ("queued", "◷"),
    _State.REVIEW: ("changed", "○"),
    _State.APPLYING: ("queued", "◷"),
    _State.DONE: ("synced", "✓"),
    _State.UNDOING: ("queued", "◷"),
    _State.UNDONE: ("excluded", "↶"),
    _State.CANCELLED: ("excluded", "–"),
    _State.FAILED: ("rejected", "✕"),
}


def state_badge(correction: Correction) -> SafeString:
    """The pill of a correction's state."""
    return pill(*_LOOKS[correction.state], correction.get_state_display())


@admin.register(Correction, site=site)
class CorrectionAdmin(ReadOnlyAdmin):
    """The corrections, newest first; the page of one is its present step."""

    menu_group, menu_order = "Seguimiento", 42
    list_display = ("number", "what", "kind_cell", "state_cell", "at", "who")
    list_display_links = ("number",)
    list_filter = ("state", "kind")
    list_select_related = ("requested_by",)
    empty_text = "Todavía no se ha corregido nada en bloque. Elija documentos en un listado y presione el botón."

    @admin.display(description="Corrección", ordering="pk")
    def number(self, correction: Correction) -> str:
        return f"Corrección {correction.pk}"

    @admin.display(description="Qué se corrige")
    def what(self, correction: Correction) -> SafeString:
        return clipped(sentence_of(correction))

    @admin.display(description="De qué", ordering="kind")
    def kind_cell(self, correction: Correction) -> str:
        return kind_name(correction.kind)

    @admin.display(description="Estado", ordering="state")
    def state_cell(self, correction: Correction) -> SafeString:
        return state_badge(correction)

    @admin.display(description="Fecha", ordering="created_at")
    def at(self, correction: Correction) -> str:
        return moment(correction.created_at)

    @admin.display(description="Usuario")
    def who(self, correction: Correction) -> str:
        return requester_name(correction.requested_by, correction.requested_from)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return super().has_view_permission(request, obj) or (
            obj is not None and may_on_kind(request, obj.kind, "change")
        )

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:pk>/avance/", view(require_GET(self.progress)), name="correction_progress"),
            path("<int:pk>/definir/", view(require_POST(self.choose)), name="correction_choose"),
            path("<int:pk>/<str:verb>/hacer/", view(require_POST(self.command)), name="correction_command"),
            *super().get_urls(),
        ]

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        correction = _correction(object_id)
        if not self.has_view_permission(request, correction):
            raise PermissionDenied
        return correction_pages.page(request, correction, state_badge(correction))

    def choose(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The form: what was typed is previewed, or shown again with what is wrong with it."""
        correction = _correction(pk)
        if not may_on_kind(request, correction.kind, "change"):
            refuse(request, correction.kind)
            return redirect(list_url(correction.kind))
        typed = correction_form.answers_of(request.POST)
        try:
            correction = drafting.choose(pk, **typed)
        except (ChangeError, FieldError) as wrong:
            return correction_pages.form(request, correction, typed, state_badge(correction), str(wrong))
        _work_if_small(correction)
        return redirect(correction_url(pk))

    def command(self, request: HttpRequest, pk: int, verb: str) -> HttpResponse:
        """*Corregir*, *Deshacer*, *Descartar*, *Enviar lo corregido*. Raises: Http404."""
        correction = _correction(pk)
        if not may_on_kind(request, correction.kind, "change"):
            refuse(request, correction.kind)
            return redirect(list_url(correction.kind))
        if verb in Target.values:
            return _send(request, correction, verb) or redirect(correction_url(pk))
        if verb not in _VERBS:
            raise Http404
        _VERBS[verb](request, correction)
        return redirect(correction_url(pk))

    def progress(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The progress as JSON, which the page polls."""
        correction = _correction(pk)
        if not self.has_view_permission(request, correction):
            return JsonResponse({"error": "Su sesión terminó. Entre de nuevo."}, status=403)
        return JsonResponse(correction_pages.progress_of(correction))


def _correction(pk: str | int) -> Correction:
    return by_id_or_404(Correction.objects.select_related("company", "requested_by", "undone_by"), pk)


def _work_if_small(correction: Correction) -> None:
    if drafting.is_small(correction):
        working.work(correction.pk)


def _apply(_request: HttpRequest, correction: Correction) -> None:
    if working.apply(correction.pk):
        _work_if_small(correction)


def _undo(request: HttpRequest, correction: Correction) -> None:
    if working.undo(correction.pk, request.user):
        _work_if_small(correction)


def _try_again(_request: HttpRequest, correction: Correction) -> None:
    if working.try_again(correction.pk):
        _work_if_small(correction)


def _give_up(_request: HttpRequest, correction: Correction) -> None:
    working.give_up(correction.pk)


def _discard(request: HttpRequest, correction: Correction) -> None:
    if drafting.discard(correction.pk):
        messages.success(request, "Se descartó la corrección: no se cambió nada.")


def _make_rule(request: HttpRequest, correction: Correction) -> None:
    """*Hacerlo siempre*: keep the rule that was chosen of those that the page offered."""
    if not may_make_rules(request):
        messages.error(request, f"No tiene permiso de crear reglas de llenado. {who_may(MAKE_RULES)}")
        return
    rules, chosen = rule_making.rules_of(correction), request.POST.get("regla", "")
    if not chosen.isdecimal() or int(chosen) >= len(rules):
        raise Http404
    rule = rule_making.keep(rules[int(chosen)], request.user)
    url = reverse("admin:integrations_fillingrule_change", args=[rule.pk])
    text = 'Desde ahora se va a {}. <a href="{}">Ver la regla</a>'
    messages.success(request, format_html(text, rule_sentence(rule), url))


_VERBS = {
    "corregir": _apply,
    "deshacer": _undo,
    "descartar": _discard,
    "siempre": _make_rule,
    "reintentar": _try_again,
    "dejar": _give_up,
}


def _send(request: HttpRequest, correction: Correction, target: str) -> HttpResponse | None:
    """Draft a batch of what the correction left ready for an ERP. Raises: PermissionDenied."""
    if not may_send(request):
        raise PermissionDenied
    ids = selector.ready_ids(correction, target)
    if not ids:
        messages.info(request, "Ya no queda ninguno listo de esta corrección.")
        return None
    return actions.start_batch(request, model_for(correction.kind), correction.company, target, ids)
