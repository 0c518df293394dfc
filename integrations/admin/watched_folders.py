"""*Carpetas vigiladas*: from which folders of the server files come in, and what their last pass found."""

from typing import Any

from django.contrib import admin

from integrations.admin.badges import moment
from integrations.admin.site import site
from integrations.admin.staff_admin import StaffAdmin
from integrations.models import WatchedFolder


@admin.register(WatchedFolder, site=site)
class WatchedFolderAdmin(StaffAdmin):
    """One row a folder, for administrators."""

    menu_group, menu_order = "Configuración", 60
    list_display = ("folder", "company", "kind", "imports_alone", "active", "passed_cell", "told")
    list_select_related = ("company",)
    readonly_fields = ("passed_at", "told")
    empty_text = "Ninguna carpeta se vigila. Los archivos se importan en Importar archivo."

    @admin.display(description="Última pasada", ordering="passed_at")
    def passed_cell(self, folder: Any) -> str:
        return moment(folder.passed_at)
