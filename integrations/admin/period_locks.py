"""*Períodos cerrados*: the list and the form."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from integrations.admin.site import site
from integrations.admin.staff_admin import StaffAdmin
from integrations.choices import Target
from integrations.models import PeriodLock
from integrations.standings import verdicts


@admin.register(PeriodLock, site=site)
class PeriodLockAdmin(StaffAdmin):
    """Periods whose documents are not sent, with who closed them. A change judges the company's records again."""

    menu_group, menu_order = "Configuración", 45
    list_display = ("company", "since", "until", "reason", "closed_by", "closed_at")
    list_filter = ("company",)
    list_select_related = ("company", "closed_by")
    readonly_fields = ("closed_by", "closed_at")
    empty_text = "No hay períodos cerrados. Agregue uno para que no salga nada con fecha de un mes ya presentado."

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        if not change:
            obj.closed_by = request.user
        super().save_model(request, obj, form, change)
        _forget(obj)

    def delete_model(self, request: HttpRequest, obj: Any) -> None:
        super().delete_model(request, obj)
        _forget(obj)


def _forget(lock: PeriodLock) -> None:
    for target in Target:
        verdicts.forget(lock.company_id, target)
