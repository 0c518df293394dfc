"""*Exportaciones*: the list of the files that were exported. Nobody edits it."""

from django.contrib import admin

from integrations.admin.badges import clipped, moment
from integrations.admin.filters import date_range
from integrations.admin.site import site
from integrations.admin.staff_admin import ReadOnlyAdmin
from integrations.models import FileExport


@admin.register(FileExport, site=site)
class FileExportAdmin(ReadOnlyAdmin):
    """Each file: who exported it, when, with which filter, and how many records it has."""

    menu_group, menu_order = "Archivos", 60
    list_display = (
        "at_cell",
        "requested_by",
        "kind",
        "format",
        "record_count",
        "line_count",
        "left_out",
        "chosen_cell",
    )
    list_display_links = ("at_cell",)
    list_filter = (date_range("created_at", "Cuándo"), "kind")
    list_select_related = ("requested_by",)
    search_fields = ("chosen", "requested_by__username")
    search_help_text = "Busque por usuario o por lo que se exportó"
    empty_text = "Todavía no se ha exportado nada. Cada lista tiene su botón Exportar."
    fields = ("created_at", "requested_by", "kind", "format", "chosen", "record_count", "line_count", "left_out")

    @admin.display(description="Cuándo", ordering="created_at")
    def at_cell(self, file_export: FileExport) -> str:
        return moment(file_export.created_at)

    @admin.display(description="Qué se exportó")
    def chosen_cell(self, file_export: FileExport) -> str:
        return clipped(file_export.chosen)
