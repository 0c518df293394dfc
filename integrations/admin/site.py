"""The administration as staff see it: its own site, so that only what is meant for staff is in it.

The queue's own pages are registered on Django's default site, which is not mounted: one of them resubmits
tasks that already succeeded.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.admin import AdminSite, ModelAdmin
from django.db.models import Model
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from integrations import closures, selectors, switch
from integrations.models import SyncBatch

_GROUPS = ("Operación", "Catálogos", "Archivos", "Seguimiento", "Configuración")


@dataclass(frozen=True)
class MenuEntry:
    """One line of the side menu. `count` is how many things there wait for a person."""

    label: str
    url: str
    current: bool
    count: int
    count_title: str


class StaffSite(AdminSite):
    """The one site. Each `StaffAdmin` says where it stands in the menu."""

    site_header = "Integrador contable"
    site_title = "Integrador contable"
    index_title = "Inicio"
    site_url = None
    enable_nav_sidebar = True

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from integrations.admin import deciding, exporting, pages, stopping

        def view(page: Any) -> Any:
            return self.admin_view(page)

        mine = [
            path("envios/<str:verb>/", view(stopping.command), name="all_sending"),
            path("plantilla/<str:kind>/", view(exporting.template_file), name="integrations_template"),
            path("ya-esta/", view(deciding.mark_history), name="already_there"),
            path("lote/<int:batch_id>/confirmar/", view(pages.confirm), name="batch_confirm"),
            path("lote/<int:batch_id>/", view(pages.progress), name="batch"),
            path("lote/<int:batch_id>/avance/", view(pages.progress_data), name="batch_data"),
            path("lote/<int:batch_id>/<str:verb>/", view(pages.command), name="batch_command"),
        ]
        return [*mine, *super().get_urls()]

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if context.get("has_permission"):
            context["menu"] = list(self._menu(request))
            context["all_sending"] = switch.current()
            context["may_stop"] = cast("Any", request.user).has_perm("integrations.stop_sendingswitch")
            context["on_front_page"] = request.path == reverse("admin:index")
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        user: Any = request.user
        context = {
            "overview": [one for one in selectors.overview() if user.has_perm(_viewing(one["model"]))],
            "batches": selectors.newest_batches() if user.has_perm(_viewing(SyncBatch)) else [],
            "lanes": closures.lanes_now(),
            "silent": switch.SILENT if switch.is_silent() else "",
        }
        return super().index(request, {**context, **(extra_context or {})})

    def _menu(self, request: HttpRequest) -> Iterator[tuple[str, list[MenuEntry]]]:
        counts = selectors.menu_counts()
        shown = [one for one in self._registry.values() if getattr(one, "menu_group", "")]
        shown.sort(key=lambda one: cast("Any", one).menu_order)
        for group in _GROUPS:
            entries = [
                entry
                for one in shown
                if cast("Any", one).menu_group == group and one.has_view_or_change_permission(request)
                for entry in _entries(one, request, counts)
            ]
            if entries:
                yield group, entries


def _viewing(model: type[Model]) -> str:
    return f"{model._meta.app_label}.view_{model._meta.model_name}"


def _entries(model_admin: "ModelAdmin[Any]", request: HttpRequest, counts: dict[str, int]) -> Iterator[MenuEntry]:
    """The entry of a list, then those of its saved views that people work through."""
    meta, told = model_admin.model._meta, cast("Any", model_admin)
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    places = (url, *(f"{reverse('admin:index')}{meta.app_label}/{name}/" for name in getattr(told, "menu_holds", ())))
    views = getattr(told, "menu_views", ())
    view = request.GET.get("vista") if request.path == url else None
    key = getattr(told, "menu_count", "")
    inside = request.path.startswith(places) or (key == "batches" and "/lote/" in request.path)
    current = inside and view not in [name for _label, name, _key in views]
    for label, name in getattr(told, "menu_pages", ()):
        page = reverse(name)
        yield MenuEntry(label, page, request.path == page, 0, "")
        current = current and request.path != page
    after = getattr(told, "menu_pages_after", ())
    current = current and request.path not in [reverse(name) for _label, name in after]
    plural = str(meta.verbose_name_plural)
    yield MenuEntry(plural[0].upper() + plural[1:], url, current, counts.get(key, 0), _count_title(key, counts))
    for label, name, its_key in views:
        count, title = counts.get(its_key, 0), _count_title(its_key, counts)
        yield MenuEntry(label, f"{url}?vista={name}", view == name, count, title)
    for label, name in after:
        page = reverse(name)
        yield MenuEntry(label, page, request.path == page, 0, "")


def _count_title(key: str, counts: dict[str, int]) -> str:
    if key == "batches":
        return "en proceso"
    return "espera a una persona" if counts.get(key) == 1 else "esperan a una persona"


site = StaffSite(name="admin")
