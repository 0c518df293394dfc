"""*Homologación*: the table of a connection, and what waits to be mapped."""

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
    """Our codes and the ERP's where they differ."""

    menu_group, menu_order = "Configuración", 55
    list_display = ("connection", "kind", "code", "erp_code", "updated_at")
    list_filter = ("connection", "kind")
    list_select_related = ("connection__company",)
    search_fields = ("code", "erp_code")
    empty_text = "Todavía no hay códigos homologados: todo sale con los códigos propios."

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        _tell_unblocked(request, obj.connection)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        _forget(obj.connection)

    def get_urls(self) -> list[URLPattern]:
        def view(page: Any) -> Any:
            return self.admin_site.admin_view(page)

        mine = [
            path("sin-homologar/<int:pk>/", view(self.waiting), name="mappings_waiting"),
            path("tabla/<int:pk>.<str:form>", view(self.download), name="mappings_file"),
        ]
        return [*mine, *super().get_urls()]

    def waiting(self, request: HttpRequest, pk: int) -> HttpResponse:
        """*Sin homologar*: a field to fill in for each code, and the table as a file, both ways."""
        connection = get_object_or_404(Connection.objects.select_related("company"), pk=pk)
        if not self.has_view_permission(request):
            raise PermissionDenied
        if request.method == "POST":
            if not (self.has_add_permission(request) and self.has_change_permission(request)):
                raise PermissionDenied
            _import(request, connection) if request.FILES else _fill_in(request, connection)
            return redirect("admin:mappings_waiting", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": f"Sin homologar · {connection}",
            "connection": connection,
            "waiting": code_mappings.waiting(connection),
            "may_change": self.has_add_permission(request) and self.has_change_permission(request),
        }
        return render(request, "admin/mappings_waiting.html", context)

    def download(self, request: HttpRequest, pk: int, form: str) -> HttpResponse:
        """The whole table as CSV or XLSX."""
        connection = get_object_or_404(Connection, pk=pk)
        if not self.has_view_permission(request):
            raise PermissionDenied
        xlsx = form == "xlsx"
        body = mapping_files.as_xlsx(connection) if xlsx else mapping_files.as_csv(connection)
        kind = mapping_files.XLSX_TYPE if xlsx else "text/csv; charset=utf-8"
        name = f"homologacion-{connection.target}.{'xlsx' if xlsx else 'csv'}"
        return HttpResponse(body, kind, headers={"Content-Disposition": f'attachment; filename="{name}"'})


def _forget(connection: Connection) -> None:
    verdicts.forget(connection.company_id, connection.target)


def _tell_unblocked(request: HttpRequest, connection: Connection) -> None:
    """Judge again what waited for a code, and say how many may leave."""
    messages.info(request, f"{unblockings.counted(arrivals.codes_arrived(connection))}.")


def _fill_in(request: HttpRequest, connection: Connection) -> None:
    given = {name: request.POST.get(name, "").strip() for name in ("kind", "code", "erp_code")}
    try:
        ready = code_mappings.fill_in(connection, **given)
    except ValidationError as wrong:
        messages.error(request, f"«{given['code']}»: {' '.join(wrong.messages)}")
    else:
        messages.success(request, f"{given['code']} → {given['erp_code']}. {unblockings.counted(ready)}.")


def _import(request: HttpRequest, connection: Connection) -> None:
    upload: Any = request.FILES["file"]
    try:
        count = mapping_files.take(connection, upload.name, upload.read(mapping_files.MAX_BYTES + 1))
    except FileError as wrong:
        messages.error(request, str(wrong))
    else:
        messages.success(request, f"Se guardaron {count} códigos homologados.")
        _tell_unblocked(request, connection)
