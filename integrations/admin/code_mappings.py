"""*Homologación*: the mapped codes of a connection, and the codes that wait to be mapped."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path

from integrations.admin.site import site
from integrations.admin.staff_admin import StaffAdmin
from integrations.files import mapping_files
from integrations.files.errors import FileError
from integrations.inbox import arrivals, code_mappings
from integrations.models import CodeMapping, Connection
from integrations.standings import unblockings, verdicts


@admin.register(CodeMapping, site=site)
class CodeMappingAdmin(StaffAdmin):
    """The pairs of our code and the ERP's. Saving one judges again the records that waited for it."""

    menu_group, menu_order = "Configuración", 55
    list_display = ("connection", "kind", "code", "erp_code", "updated_at")
    list_filter = ("connection", "kind")
    list_select_related = ("connection__company",)
    search_fields = ("code", "erp_code")
    empty_text = "Todavía no hay códigos homologados: todo sale con los códigos propios."

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _report_unblocked(request, obj.connection)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        verdicts.forget(obj.connection.company_id, obj.connection.target)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("sin-homologar/<int:pk>/", view(self.waiting), name="mappings_waiting"),
            path("tabla/<int:pk>.<str:file_format>", view(self.download), name="mappings_file"),
            *super().get_urls(),
        ]

    def waiting(self, request: HttpRequest, pk: int) -> HttpResponse:
        """*Sin homologar*: a form for each code that waits, and the upload and download of the whole table.

        Raises: Http404, PermissionDenied.
        """
        connection = get_object_or_404(Connection.objects.select_related("company"), pk=pk)
        may_change = self.has_add_permission(request) and self.has_change_permission(request)
        if not self.has_view_permission(request) or (request.method == "POST" and not may_change):
            raise PermissionDenied
        if request.method == "POST":
            _import(request, connection) if request.FILES else _fill_in(request, connection)
            return redirect("admin:mappings_waiting", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Sin homologar · {connection}",
            "connection": connection,
            "waiting": code_mappings.waiting(connection),
            "may_change": may_change,
        }
        return render(request, "admin/mappings_waiting.html", context)

    def download(self, request: HttpRequest, pk: int, file_format: str) -> HttpResponse:
        """The table as an `xlsx` file, else as CSV. Raises: Http404, PermissionDenied."""
        connection = get_object_or_404(Connection, pk=pk)
        if not self.has_view_permission(request):
            raise PermissionDenied
        xlsx = file_format == "xlsx"
        body = mapping_files.as_xlsx(connection) if xlsx else mapping_files.as_csv(connection)
        kind = mapping_files.XLSX_TYPE if xlsx else "text/csv; charset=utf-8"
        name = f"homologacion-{connection.target}.{'xlsx' if xlsx else 'csv'}"
        return HttpResponse(body, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _report_unblocked(request: HttpRequest, connection: Connection) -> None:
    """Judge the records that waited for a code; a message says how many can be sent now."""
    messages.info(request, f"{unblockings.counted(arrivals.codes_arrived(connection))}.")


def _fill_in(request: HttpRequest, connection: Connection) -> None:
    pair = {name: request.POST.get(name, "").strip() for name in ("kind", "code", "erp_code")}
    try:
        ready = code_mappings.fill_in(connection, **pair)
    except ValidationError as wrong:
        messages.error(request, f"«{pair['code']}»: {' '.join(wrong.messages)}")
    else:
        messages.success(request, f"{pair['code']} → {pair['erp_code']}. {unblockings.counted(ready)}.")


def _import(request: HttpRequest, connection: Connection) -> None:
    upload: Any = request.FILES["file"]
    try:
        count = mapping_files.take(connection, upload.name, upload.read(mapping_files.MAX_BYTES + 1))
    except FileError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, f"Se guardaron {count} códigos homologados.")
        _report_unblocked(request, connection)
