"""The administration as staff see it: its own site, so that only what is meant for staff is in it.

The queue's own pages are registered on Django's default site, which is not mounted: one of them resubmits
tasks that already succeeded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.http import HttpRequest
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from integrations import selectors, switch

_GROUPS = ("Operación", "Catálogos", "Archivos", "Seguimiento", "Configuración")


@dataclass(frozen=True)
class MenuEntry:
    """One line of the side menu. `count` is how many things there wait for a person."""

    label: str
    url: str
    current: bool
    count: int
    count_title: str


@dataclass(frozen=True)
class OwnPage:
    """A page of ours that is no list: where it stands in the menu, and who sees it there."""

    group: str
    order: int
    label: str
    name: str
    count_key: str
    may_see: Callable[[HttpRequest], bool]

    def entry(self, request: HttpRequest, counts: dict[str, int]) -> MenuEntry:
        url = reverse(f"admin:{self.name}")
        current, count = request.path.startswith(url), counts.get(self.count_key, 0)
        return MenuEntry(self.label, url, current, count, _count_title(self.count_key, counts))


def _own_pages() -> tuple[OwnPage, ...]:
    from integrations.admin import importing, inbox

    return (
        OwnPage("Operación", 12, "Bandeja de errores", "inbox", "errors", inbox.may_see),
        OwnPage("Operación", 14, "Por confirmar", "doubts", "doubts", inbox.may_see),
        OwnPage("Archivos", 5, "Importar archivo", "integrations_importfile_add", "", importing.may_import),
    )


class StaffSite(AdminSite):
    """The one site. Each `StaffAdmin` says where it stands in the menu."""

    site_header = "Integrador contable"
    site_title = "Integrador contable"
    index_title = "Inicio"
    site_url = None
    enable_nav_sidebar = True

    def get_urls(self) -> list[URLResolver | URLPattern]:
        from integrations.admin import (
            deciding,
            doubting,
            exporting,
            first_day,
            inbox,
            notices,
            own_views,
            pages,
            putting_right,
            stopping,
            unblocked,
        )  # fmt: skip

        def view(page: Any) -> Any:
            return self.admin_view(page)

        mine = [
            path("envios/<str:verb>/", view(stopping.command), name="all_sending"),
            path("plantilla/<str:kind>/", view(exporting.template_file), name="integrations_template"),
            path("primer-dia/", view(first_day.page), name="first_day"),
            path("errores/", view(inbox.page), name="inbox"),
            path("avisos/", view(notices.page), name="notices"),
            path("desbloqueados/", view(unblocked.page), name="unblocked"),
            path("por-confirmar/", view(doubting.page), name="doubts"),
            path("errores/orden/", view(putting_right.command), name="inbox_command"),
            path("ya-esta/", view(deciding.mark_history), name="already_there"),
            path("vistas/guardar/", view(own_views.save), name="own_view_save"),
            path("vistas/<int:view_id>/eliminar/", view(own_views.delete), name="own_view_delete"),
            path("lote/<int:batch_id>/confirmar/", view(pages.confirm), name="batch_confirm"),
            path("lote/<int:batch_id>/", view(pages.progress), name="batch"),
            path("lote/<int:batch_id>/avance/", view(pages.progress_data), name="batch_data"),
            path("lote/<int:batch_id>/<str:verb>/", view(pages.command), name="batch_command"),
        ]
        return [*mine, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Of one application only: our menu stands where Django, twice a page, would list all of them."""
        return super().get_app_list(request, app_label) if app_label else []

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        from integrations.admin import first_day

        context = super().each_context(request)
        if context.get("has_permission"):
            context["menu"] = list(self._menu(request))
            context["all_sending"] = switch.current()
            context["may_stop"] = cast("Any", request.user).has_perm("integrations.stop_sendingswitch")
            context["on_front_page"] = request.path == reverse("admin:index")
            context["is_new_here"] = context["on_front_page"] and first_day.is_new()
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        from integrations.admin import front

        context = front.context(request)
        return super().index(request, {**context, **(extra_context or {})})

    def _own_pages(self) -> list[OwnPage]:
        """Ours, and those that the lists of records bring along."""
        brought = (page for told in self._registry.values() for page in getattr(told, "own_pages", ()))
        return [*_own_pages(), *brought]

    def own_paths(self) -> set[str]:
        """Where the menu leads to a page that is no list."""
        return {reverse(f"admin:{page.name}") for page in self._own_pages()}

    def _menu(self, request: HttpRequest) -> Iterator[tuple[str, list[MenuEntry]]]:
        counts = selectors.menu_counts()
        placed = [
            (one.group, one.order, one.entry(request, counts)) for one in self._own_pages() if one.may_see(request)
        ] + [
            (told.menu_group, told.menu_order, _entry(told, request, counts))
            for told in cast("Any", self._registry).values()
            if getattr(told, "menu_group", "") and told.has_view_or_change_permission(request)
        ]
        placed.sort(key=lambda place: place[1])
        for group in _GROUPS:
            entries = [entry for its_group, _order, entry in placed if its_group == group]
            if entries:
                yield group, entries


def _entry(told: Any, request: HttpRequest, counts: dict[str, int]) -> MenuEntry:
    """The entry of a list; what stands under it in the menu marks it, too."""
    meta = told.model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    places = (url, *(f"{reverse('admin:index')}{meta.app_label}/{name}/" for name in getattr(told, "menu_holds", ())))
    key = getattr(told, "menu_count", "")
    current = request.path.startswith(places) and request.path not in told.admin_site.own_paths()
    current = current or (key == "batches" and "/lote/" in request.path)
    return MenuEntry(told.plural_label, url, current, counts.get(key, 0), _count_title(key, counts))


def _count_title(key: str, counts: dict[str, int]) -> str:
    if key == "batches":
        return "en proceso"
    return "espera a una persona" if counts.get(key) == 1 else "esperan a una persona"


site = StaffSite(name="admin")
