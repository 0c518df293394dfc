"""The list of batches."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.html import format_html
from django.utils.safestring import SafeString

from integrations.admin.asked_ids import by_id_or_404
from integrations.admin.badges import NOTHING, batch_badge, moment, pesos
from integrations.admin.filters import date_range
from integrations.admin.requesters import requester_name
from integrations.admin.site import site
from integrations.admin.staff_admin import ReadOnlyAdmin
from integrations.admin.wording import counted_records
from integrations.models import SyncBatch
from integrations.selectors import pages


@admin.register(SyncBatch, site=site)
class SyncBatchAdmin(ReadOnlyAdmin):
    """The batches, newest first; each opens its own page."""

    menu_group, menu_order, menu_count = "Operación", 20, "batches"
    total_column = "ready_amount"
    list_display = ("number", "target_name", "kind_name", "began", "state_cell", "outcome", "amount", "who")
    list_filter = ("target", "state", date_range("created_at", "Fecha"))
    search_fields = ("=id",)
    search_help_text = "Busque por número de lote"
    list_select_related = ("requested_by",)
    empty_text = "Todavía no hay lotes. Elija documentos en un listado y presione Enviar."

    def get_queryset(self, request: HttpRequest) -> QuerySet[SyncBatch]:
        return pages.with_outcomes(super().get_queryset(request))

    @admin.display(description="Lote", ordering="pk")
    def number(self, batch: SyncBatch) -> str:
        return f"Lote {batch.pk}"

    @admin.display(description="Destino", ordering="target")
    def target_name(self, batch: SyncBatch) -> str:
        return batch.get_target_display()

    @admin.display(description="Contenido", ordering="kind")
    def kind_name(self, batch: SyncBatch) -> str:
        return counted_records(batch.kind, batch.selected_count)

    @admin.display(description="Inició", ordering="created_at")
    def began(self, batch: SyncBatch) -> str:
        return moment(batch.confirmed_at or batch.created_at)

    @admin.display(description="Estado", ordering="state")
    def state_cell(self, batch: SyncBatch) -> SafeString:
        return batch_badge(batch.state)

    @admin.display(description="✓ enviados · ✕ error · ? duda")
    def outcome(self, batch: Any) -> SafeString:
        html = (
            '<span class="cuentas"><span title="Enviados">✓ {}</span> <span title="Con error">✕ {}</span> '
            '<span title="Por confirmar">? {}</span></span>'
        )
        return format_html(html, batch.sent, batch.failed, batch.doubtful)

    @admin.display(description="Total", ordering="ready_amount")
    def amount(self, batch: SyncBatch) -> SafeString:
        return pesos(batch.ready_amount) if batch.ready_amount else NOTHING

    @admin.display(description="Usuario")
    def who(self, batch: SyncBatch) -> str:
        return requester_name(batch.requested_by, batch.requested_from)

    def change_view(
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: Any = None
    ) -> HttpResponse:
        return redirect("admin:batch", by_id_or_404(SyncBatch.objects.all(), object_id).pk)
