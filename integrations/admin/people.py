"""Companies, and who may enter: for administrators."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin
from django.contrib.auth.models import Group, User
from django.http import HttpRequest

from integrations.admin.generic import AnyTabularInline, AnyUserAdmin
from integrations.admin.records import StaffAdmin
from integrations.admin.site import site
from integrations.models import Company, SendingPolicy


class PolicyInline(AnyTabularInline):
    """Which kinds of document go to one ERP or to both; without rows, everything goes to both."""

    model = SendingPolicy
    extra = 0
    fields = ("kind", "code", "goes_to")


@admin.register(Company, site=site)
class CompanyAdmin(StaffAdmin):
    """Whose books they are."""

    menu_group, menu_order = "Configuración", 40
    list_display = ("name", "tax_id")
    search_fields = ("name", "tax_id")
    inlines = (PolicyInline,)
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
    readonly_fields = ("last_login", "date_joined")


@admin.register(Group, site=site)
class StaffGroupAdmin(GroupAdmin):
    """What each group may do."""

    menu_group, menu_order = "Configuración", 70
