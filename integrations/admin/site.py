"""The administration as staff see it: its own site, so that only what is meant for staff is in it.

The queue's own pages are registered on Django's default site, which is not mounted: one of them resubmits
tasks that already succeeded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, cast

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, reverse

from integrations.connections import stop_switch
from integrations.selectors import pages

Page = Callable[..., HttpResponseBase]
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


class StaffSite(AdminSite):
    """The one site. Each `StaffAdmin` says where it stands in the menu."""

    site_header = "Integrador contable"
    site_title = "Integrador contable"
    index_title = "Inicio"
    site_url = None
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.front: Callable[[HttpRequest], dict[str, Any]] = lambda _request: {}
        """What the front page shows to a person."""
        self._pages: list[tuple[str, Page, str]] = []
        self._in_menu: list[OwnPage] = []

    def page(self, route: str, name: str, menu: "OwnPage | None" = None) -> Callable[[Page], Page]:
        """Register a view of ours that is no list, as `admin.register` a list. Of two that fit, the first serves."""

        def registered(view: Page) -> Page:
            self._pages.append((route, view, name))
            self._in_menu += [menu] if menu else []
            return view

        return registered

    def get_urls(self) -> list[URLResolver | URLPattern]:
        mine = [path(route, self.admin_view(view), name=name) for route, view, name in self._pages]
        return [*mine, *super().get_urls()]

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Of one application only: our menu stands where Django, twice a page, would list all of them."""
        return super().get_app_list(request, app_label) if app_label else []

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if context.get("has_permission"):
            context["menu"] = list(self._menu(request))
            context["all_sending"] = stop_switch.current()
            context["may_stop"] = cast("Any", request.user).has_perm("integrations.stop_sendingswitch")
            context["on_front_page"] = request.path == reverse("admin:index")
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**self.front(request), **(extra_context or {})})

    def _own_pages(self) -> list[OwnPage]:
        """Ours, and those that the lists of records bring along."""
        brought = (page for told in self._registry.values() for page in getattr(told, "own_pages", ()))
        return [*self._in_menu, *brought]

    def own_paths(self) -> set[str]:
        """Where the menu leads to a page that is no list."""
        return {reverse(f"admin:{page.name}") for page in self._own_pages()}

    def _menu(self, request: HttpRequest) -> Iterator[tuple[str, list[MenuEntry]]]:
        counts = pages.menu_counts()
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
