"""The admin site of the staff, with its side menu.

It is not Django's default site, which stays unmounted: django-q2 registers pages there, one of which runs again tasks
that already succeeded.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import update_wrapper
from typing import Any, cast
from urllib.parse import urlsplit

from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import redirect
from django.template.response import TemplateResponse
from django.urls import URLPattern, URLResolver, path, resolve, reverse

from integrations.admin import kept_forms
from integrations.admin.impossible_addresses import checked
from integrations.admin.permissions import may_stop_all
from integrations.connections import stop_switch
from integrations.selectors import pages

View = Callable[..., HttpResponseBase]
_GROUPS = ("Operación", "Catálogos", "Archivos", "Seguimiento", "Configuración")


@dataclass(frozen=True)
class MenuEntry:
    """One line of the side menu. `count` is the number of documents there that wait for a person."""

    label: str
    url: str
    current: bool
    count: int
    count_title: str


@dataclass(frozen=True)
class OwnPage:
    """The menu entry of a page that is no list of a model. `name` is that of its URL."""

    group: str
    order: int
    label: str
    name: str
    count_key: str
    may_see: Callable[[HttpRequest], bool]

    def entry(self, request: HttpRequest, counts: dict[str, int]) -> MenuEntry:
        """The entry as the page of `request` shows it."""
        url = reverse(f"admin:{self.name}")
        current, count = request.path.startswith(url), counts.get(self.count_key, 0)
        return MenuEntry(self.label, url, current, count, _count_title(self.count_key, counts))


class StaffSite(AdminSite):
    """The menu has the pages registered with `page`, and each `StaffAdmin` that has a `menu_group`."""

    site_header = "Integrador contable"
    site_title = "Integrador contable"
    index_title = "Inicio"
    site_url = None
    enable_nav_sidebar = True

    def __init__(self, name: str = "admin") -> None:
        super().__init__(name)
        self.front: Callable[[HttpRequest], dict[str, Any]] = lambda _request: {}
        """Returns the context of the front page; set by `front_page`."""
        self._views: list[tuple[str, View, str]] = []
        self._menu_pages: list[OwnPage] = []

    def page(self, route: str, name: str, menu: "OwnPage | None" = None) -> Callable[[View], View]:
        """Decorator that registers a view. Of two routes that match, the one registered first wins."""

        def register(view: View) -> View:
            self._views.append((route, view, name))
            self._menu_pages += [menu] if menu else []
            return view

        return register

    def get_urls(self) -> list[URLResolver | URLPattern]:
        urls = [path(route, self.admin_view(view), name=name) for route, view, name in self._views]
        return [*urls, *super().get_urls()]

    def admin_view(self, view: Any, cacheable: bool = False) -> Any:
        """As Django's; what was written in a form whose session is over is kept, and given back on its page.

        An address that no link writes ends as a message or 404 (`impossible_addresses`).
        """
        inner, is_refilled = super().admin_view(checked(view), cacheable), kept_forms.can_fill_in_again(view)

        def with_kept_forms(request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
            if request.method == "POST" and not self.has_permission(request):
                return kept_forms.keep_and_ask_who(request)
            kept = (
                kept_forms.take(request, request.get_full_path()) if is_refilled and request.method == "GET" else None
            )
            answer = inner(kept_forms.as_sent(request, kept) if kept is not None else request, *args, **kwargs)
            return kept_forms.remember_who(request, answer)

        kept_page: Any = update_wrapper(with_kept_forms, inner)
        kept_page.given_back = is_refilled
        return kept_page

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[Any]:
        """Django's list of one application; none for all of them, whose place our menu takes."""
        return super().get_app_list(request, app_label) if app_label else []

    def each_context(self, request: HttpRequest) -> dict[str, Any]:
        context = super().each_context(request)
        if context.get("has_permission"):
            context["menu"] = list(self._menu(request))
            context["all_sending"] = stop_switch.current()
            context["may_stop"] = may_stop_all(request)
            context["on_front_page"] = request.path == reverse("admin:index")
        return context

    def index(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> TemplateResponse:
        return super().index(request, {**self.front(request), **(extra_context or {})})

    def _own_pages(self) -> list[OwnPage]:
        """The pages registered with `page`, and the `own_pages` of the lists."""
        of_lists = (page for model_admin in self._registry.values() for page in getattr(model_admin, "own_pages", ()))
        return [*self._menu_pages, *of_lists]

    def own_paths(self) -> set[str]:
        """The URL paths of the menu's pages that are no list."""
        return {reverse(f"admin:{page.name}") for page in self._own_pages()}

    def _menu(self, request: HttpRequest) -> Iterator[tuple[str, list[MenuEntry]]]:
        """(group, entries) for the person; groups without an entry are left out."""
        counts = pages.menu_counts()
        placed = [
            (page.group, page.order, page.entry(request, counts)) for page in self._own_pages() if page.may_see(request)
        ] + [
            (model_admin.menu_group, model_admin.menu_order, _list_entry(model_admin, request, counts))
            for model_admin in cast("Any", self._registry).values()
            if getattr(model_admin, "menu_group", "") and model_admin.has_view_or_change_permission(request)
        ]
        placed.sort(key=lambda place: place[1])
        for group in _GROUPS:
            entries = [entry for entry_group, _order, entry in placed if entry_group == group]
            if entries:
                yield group, entries


def _list_entry(model_admin: Any, request: HttpRequest, counts: dict[str, int]) -> MenuEntry:
    """The entry of a list. It is current on its own pages and on those of the lists in `menu_holds`."""
    meta = model_admin.model._meta
    url = reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")
    app_url = f"{reverse('admin:index')}{meta.app_label}/"
    paths = (url, *(f"{app_url}{name}/" for name in model_admin.menu_holds))
    key = model_admin.menu_count
    current = request.path.startswith(paths) and request.path not in model_admin.admin_site.own_paths()
    current = current or (key == "batches" and "/lote/" in request.path)
    return MenuEntry(model_admin.plural_label, url, current, counts.get(key, 0), _count_title(key, counts))


def _count_title(key: str, counts: dict[str, int]) -> str:
    if key in _TITLES:
        return _TITLES[key]
    return "espera a una persona" if counts.get(key) == 1 else "esperan a una persona"


_TITLES = {"batches": "en proceso", "jobs": "con falla"}
"""Of the counts that no record waits behind."""

site = StaffSite(name="admin")


@site.page("retomar/", "kept_form")
def kept_form(request: HttpRequest) -> HttpResponseBase:
    """Where one comes after entering again: the form that was written in, or what was asked for, to be asked again."""
    kept = kept_forms.waiting(request)
    if kept is None:
        return redirect("admin:index")
    if kept_forms.can_fill_in_again(resolve(urlsplit(kept.path).path).func):
        return redirect(kept.path)
    kept_forms.take(request, kept.path)
    return kept_forms.ask_again(request, kept, site.each_context(request))
