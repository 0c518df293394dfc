"""The attempts, and the decisions that wait for a second person. Nobody edits them."""

from typing import Any

from django.contrib import admin
from django.core.cache import cache
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from integrations.admin.asked_ids import by_id
from integrations.admin.badges import NOTHING, clipped, duration_between, moment, pill
from integrations.admin.body_tree import as_tree
from integrations.admin.filters import date_range
from integrations.admin.record_pages import labels_of, record_url
from integrations.admin.requesters import requester_name
from integrations.admin.site import site
from integrations.admin.staff_admin import ReadOnlyAdmin
from integrations.erp.causes import Cause
from integrations.erp.read_back import ReadBackResult
from integrations.erp.read_back_evidence import from_json
from integrations.erp.receipts import Verdict
from integrations.erp.sag.causes import CAUSES as SAG_CAUSES
from integrations.erp.siigo.causes import CAUSES as SIIGO_CAUSES
from integrations.models import DecisionRequest, StoredPayload, SyncAttempt
from integrations.standings.attempts import label_of

OUTCOMES: dict[str, tuple[str, str]] = {
    Verdict.ACCEPTED: ("synced", "✓ Aceptado"),
    Verdict.UNCOMMITTED: ("uncertain", "? Aceptado sin guardar"),
    Verdict.REFUSED: ("rejected", "✕ Rechazado"),
    Verdict.REFUSED_UNPROVEN: ("rejected", "✕ Rechazado, por verificar"),
    Verdict.DUPLICATE: ("conflict", "⚠ Ya existía"),
    Verdict.AMBIGUOUS: ("uncertain", "? Sin certeza"),
    Verdict.NEVER_SENT: ("queued", "◔ No salió"),
    Verdict.UNAUTHORIZED: ("rejected", "✕ Conexión no admitida"),
    Verdict.THROTTLED: ("queued", "◔ El ERP pidió esperar"),
    Verdict.REDIRECTED: ("uncertain", "? Dirección equivocada"),
    "equal": ("synced", "✓ Está en el ERP"),
    "before": ("changed", "↻ El cambio no llegó"),
    "other": ("conflict", "⚠ Otro contenido"),
    "several": ("conflict", "⚠ Más de uno"),
    "absent": ("new", "○ No está en el ERP"),
    "unproven": ("uncertain", "? Sin prueba"),
    "voided": ("conflict", "⚠ Anulado en el ERP"),
    "adopted": ("synced", "✓ Adoptado"),
    "absent_confirmed": ("new", "○ Confirmado que no existe"),
    "absence_requested": ("uncertain", "? Por aprobar"),
    "absence_denied": ("uncertain", "✕ No se aprobó"),
    "by_hand": ("synced", "✓ Registrado a mano"),
    "already_there": ("synced", "✓ Ya estaba en el ERP"),
    "annulled": ("new", "○ Anulado en el ERP"),
    "excluded": ("excluded", "– No aplica"),
    "included": ("new", "○ Vuelto a incluir"),
    "probed": ("synced", "✓ Clave probada"),
    "unread": ("uncertain", "? No se pudo consultar"),
}
"""Outcome → (CSS class, icon and words)."""
_CAUSES_SECONDS = 60
_CAUSES: dict[str, Cause] = {cause.code: cause for cause in (*SIIGO_CAUSES, *SAG_CAUSES)}


def outcome_badge(outcome: str, *, finished: bool = True) -> SafeString:
    """The pill of an attempt's outcome; a dash for an unknown one."""
    if not finished:
        return pill("sending", "◷", "En curso")
    look, label = OUTCOMES.get(outcome, ("", ""))
    return pill(look, *label.split(" ", 1)) if look else NOTHING


def cause_title(code: str) -> str:
    """The Spanish title of a cause; empty for codes that are not in an ERP's table of causes."""
    return _CAUSES[code].title if code in _CAUSES else ""


class OutcomeFilter(admin.SimpleListFilter):
    """The attempts with one outcome."""

    title = "Resultado"
    parameter_name = "resultado"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [(str(code), label) for code, (_, label) in OUTCOMES.items()]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(outcome=self.value()) if self.value() else queryset


class CauseFilter(admin.SimpleListFilter):
    """The attempts with one cause. The causes that occur are read at most once a minute."""

    title = "Causa"
    parameter_name = "causa"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        def read() -> list[str]:
            codes = SyncAttempt.objects.exclude(cause="").order_by().values_list("cause", flat=True)
            return list(codes.distinct())

        codes = cache.get_or_set("values-attempt-causes", read, _CAUSES_SECONDS) or []
        titles = [(code, cause_title(code)) for code in codes]
        return sorted(((code, title) for code, title in titles if title), key=lambda choice: choice[1])

    def queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> QuerySet[Any]:
        return queryset.filter(cause=self.value()) if self.value() else queryset


@admin.register(SyncAttempt, site=site)
class SyncAttemptAdmin(ReadOnlyAdmin):
    """Every call to an ERP and every decision about a record: when, who and the outcome."""

    menu_group, menu_order = "Seguimiento", 30
    list_display = (
        "at",
        "target_name",
        "document",
        "operation_name",
        "result",
        "http_cell",
        "cause_cell",
        "took",
        "batch_link",
        "who",
    )
    list_display_links = ("at",)
    list_filter = ("target", OutcomeFilter, CauseFilter, "operation", date_range("started_at", "Fecha"))
    search_fields = ("record_label", "reference", "=reference_key")
    tax_id_columns = ("record_label",)
    search_help_text = "Busque por documento o número en el ERP"
    list_select_related = ("batch", "requested_by")
    change_form_template = "admin/attempt.html"
    empty_text = "Todavía no se ha enviado nada."

    @admin.display(description="Fecha y hora", ordering="started_at")
    def at(self, attempt: SyncAttempt) -> str:
        return moment(attempt.started_at)

    @admin.display(description="Destino", ordering="target")
    def target_name(self, attempt: SyncAttempt) -> str:
        return attempt.get_target_display()

    @admin.display(description="Documento", ordering="record_label")
    def document(self, attempt: SyncAttempt) -> SafeString:
        url = record_url(attempt.kind, attempt.record_id)
        return format_html('<a href="{}" class="recorte">{}</a>', url, attempt.record_label or "Sin nombre")

    @admin.display(description="Qué se hizo", ordering="operation")
    def operation_name(self, attempt: SyncAttempt) -> str:
        return attempt.get_operation_display()

    @admin.display(description="Resultado", ordering="outcome")
    def result(self, attempt: SyncAttempt) -> SafeString:
        return outcome_badge(attempt.outcome, finished=attempt.finished_at is not None)

    @admin.display(description="Código de la respuesta", ordering="http_status")
    def http_cell(self, attempt: SyncAttempt) -> str:
        return str(attempt.http_status or "–")

    @admin.display(description="Causa", ordering="cause")
    def cause_cell(self, attempt: SyncAttempt) -> SafeString:
        return clipped(cause_title(attempt.cause) or (attempt.message if attempt.cause else ""))

    @admin.display(description="Duración")
    def took(self, attempt: SyncAttempt) -> str:
        return duration_between(attempt.started_at, attempt.finished_at)

    @admin.display(description="Lote", ordering="batch")
    def batch_link(self, attempt: SyncAttempt) -> SafeString:
        if attempt.batch_id is None:
            return NOTHING
        return format_html('<a href="{}">{}</a>', _batch_url(attempt.batch_id), attempt.batch_id)

    @admin.display(description="Usuario")
    def who(self, attempt: SyncAttempt) -> str:
        return requester_name(attempt.requested_by, attempt.requested_from)

    def changeform_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str | None = None, form_url: str = "", extra_context: Any = None
    ) -> HttpResponseBase:
        related = ("payload", "answer", "connection__company", "requested_by", "batch")
        attempt = by_id(SyncAttempt.objects.select_related(*related), object_id)
        context = _page_context(attempt) if attempt else {}
        if "parte" in request.GET and attempt is not None and self.has_view_permission(request, attempt):
            return render(request, "admin/attempt_bodies.html", context)
        return super().changeform_view(request, object_id, form_url, {**context, **(extra_context or {})})


def _page_context(attempt: SyncAttempt) -> dict[str, Any]:
    sent, answer = _body(attempt.payload), _body(attempt.answer)
    return {
        "title": str(attempt),
        "subtitle": None,
        "attempt": attempt,
        "outcome": outcome_badge(attempt.outcome, finished=attempt.finished_at is not None),
        "cause": _CAUSES.get(attempt.cause),
        "record_url": record_url(attempt.kind, attempt.record_id),
        "batch_url": _batch_url(attempt.batch_id) if attempt.batch_id else "",
        "sent": sent,
        "sent_tree": as_tree(sent, labels_of(attempt.kind, attempt.target)),
        "finding": _finding(attempt),
        "answer": answer,
        "answer_tree": as_tree(answer),
        "took": duration_between(attempt.started_at, attempt.finished_at),
    }


def _body(stored: StoredPayload | None) -> str:
    return stored.body.decode("utf-8", "replace") if stored is not None else ""


def _finding(attempt: SyncAttempt) -> ReadBackResult | None:
    """The stored finding of a verification; None for other attempts and for one stored in an older format."""
    if attempt.operation != SyncAttempt.Operation.VERIFY or attempt.answer is None:
        return None
    try:
        return from_json(attempt.answer.body)
    except (ValueError, KeyError, TypeError):
        return None


def _batch_url(batch_id: int) -> str:
    return reverse("admin:batch", args=[batch_id])


@admin.register(DecisionRequest, site=site)
class DecisionRequestAdmin(ReadOnlyAdmin):
    """Decisions that wait for a second person; each row opens its record, where they are approved."""

    menu_group, menu_order = "Operación", 25
    list_display = ("at", "document", "state", "reason_cell", "requested_by", "decided_by")
    list_display_links = ("at",)
    list_filter = ("state",)
    list_select_related = ("standing", "requested_by", "decided_by")
    empty_text = "Nada espera su aprobación. Aquí aparece lo que otra persona pide confirmar."

    @admin.display(description="Pedida", ordering="requested_at")
    def at(self, decision: DecisionRequest) -> str:
        return moment(decision.requested_at)

    @admin.display(description="Documento")
    def document(self, decision: DecisionRequest) -> SafeString:
        row = decision.standing
        url = record_url(row.kind, row.record_id)
        return format_html('<a href="{}">{} · {}</a>', url, label_of(row) or "Abrir", row.get_target_display())

    @admin.display(description="Motivo")
    def reason_cell(self, decision: DecisionRequest) -> SafeString:
        return clipped(decision.reason)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        decision = by_id(DecisionRequest.objects.select_related("standing"), object_id)
        if decision is None:
            return redirect("admin:integrations_decisionrequest_changelist")
        return redirect(record_url(decision.standing.kind, decision.standing.record_id))
