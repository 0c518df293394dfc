"""The URLs of the pages and the buttons of one record."""

from functools import partial
from typing import Any

from django.urls import URLPattern, path
from django.views.decorators.http import require_POST

from integrations.admin import change_preview, decision_pages, record_commands, record_pages, side_by_side
from integrations.admin.record_model_admin import RecordModelAdmin


def urls(record_admin: RecordModelAdmin) -> list[URLPattern]:
    """To stand before Django's own in `get_urls`."""
    meta = record_admin.opts
    prefix = f"{meta.app_label}_{meta.model_name}"

    def view(page: Any) -> Any:
        return record_admin.admin_site.admin_view(partial(page, record_admin))

    return [
        path("<int:pk>/enviaria/<str:target>/", view(record_pages.would_send), name=f"{prefix}_would_send"),
        path("<int:pk>/cambios/<str:target>/", view(change_preview.page), name=f"{prefix}_changes"),
        path("<int:pk>/lado-a-lado/<str:target>/", view(side_by_side.page), name=f"{prefix}_side_by_side"),
        path("<int:pk>/<str:target>/decidir/<str:verb>/", view(decision_pages.page), name=f"{prefix}_decide"),
        path(
            "<int:pk>/<str:target>/<str:verb>/",
            require_POST(view(record_commands.command)),
            name=f"{prefix}_command",
        ),
    ]
