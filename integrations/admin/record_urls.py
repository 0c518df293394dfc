"""Where the pages and the buttons of one record stand."""

from typing import Any

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from integrations.admin import change_preview, decision_pages, record_commands, record_pages, side_by_side
from integrations.admin.record_model_admin import RecordModelAdmin


def urls(record_admin: RecordModelAdmin) -> list[URLPattern]:
    """The pages and buttons of one record, beside Django's own."""
    site, meta = record_admin.admin_site, record_admin.opts
    prefix = f"{meta.app_label}_{meta.model_name}"

    def wired(page: Any) -> Any:
        return site.admin_view(lambda request, pk, target, **more: page(record_admin, request, pk, target, **more))

    press = require_POST(wired(record_commands.command))
    return [
        path("<int:pk>/enviaria/<str:target>/", wired(record_pages.would_send), name=f"{prefix}_would_send"),
        path("<int:pk>/cambios/<str:target>/", wired(change_preview.page), name=f"{prefix}_changes"),
        path("<int:pk>/lado-a-lado/<str:target>/", wired(side_by_side.page), name=f"{prefix}_side_by_side"),
        path("<int:pk>/<str:target>/decidir/<str:verb>/", wired(decision_pages.page), name=f"{prefix}_decide"),
        path("<int:pk>/<str:target>/<str:verb>/", press, name=f"{prefix}_command"),
    ]
