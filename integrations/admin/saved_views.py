"""A person's own views of a list: saved under a name, opened with a click, deleted by who saved them."""

from typing import Any, cast
from urllib.parse import parse_qsl, urlencode

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from integrations.admin.site import site
from integrations.models import OwnView

MOST_A_LIST = 20
_NOT_KEPT = frozenset({"p", "e", "all"})
"""The page one is on, and what Django adds, are no part of a view."""
_LONGEST_QUERY = 2_000


def normal(query: str) -> str:
    """The same filters read the same, in whatever order they were put."""
    return urlencode(sorted((key, value) for key, value in parse_qsl(query) if key not in _NOT_KEPT))


def context(request: HttpRequest, list_name: str) -> dict[str, Any]:
    """What a list shows of its reader's views: one query."""
    now = normal(request.GET.urlencode())
    views = list(OwnView.objects.filter(user=request.user.pk, list=list_name))
    return {
        "list_name": list_name,
        "own_views": [{"it": one, "is_current": one.query == now} for one in views],
        "query_now": now,
        "may_keep_view": not _is_everyones(now) and all(one.query != now for one in views),
    }


def _is_everyones(query: str) -> bool:
    """The whole list, or one of the views that everybody has a link to."""
    return {key for key, _ in parse_qsl(query)} <= {"vista"}


@site.page("vistas/guardar/", "own_view_save")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Keep the filters in force; a name that was there takes the new ones."""
    name = " ".join(request.POST.get("nombre", "").split())[:40]
    query = normal(request.POST.get("filtros", ""))[:_LONGEST_QUERY]
    list_name = request.POST.get("listado", "")
    address = _address(request, list_name)
    mine = OwnView.objects.filter(user=request.user.pk, list=list_name)
    if not name or not query:
        messages.error(request, "Ponga un filtro y escriba un nombre para guardar la vista.")
    elif mine.exclude(name=name).count() >= MOST_A_LIST:
        messages.error(request, f"Ya tiene {MOST_A_LIST} vistas en este listado. Elimine una para guardar otra.")
    else:
        mine.update_or_create(user=cast("Any", request.user), list=list_name, name=name, defaults={"query": query})
        messages.success(request, f"Se guardó la vista «{name}».")
    return redirect(f"{address}?{query}" if query else address)


@site.page("vistas/<int:view_id>/eliminar/", "own_view_delete")
@require_POST
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    """Only its owner's. Raises: Http404."""
    view = get_object_or_404(OwnView, pk=view_id, user=request.user.pk)
    address = _address(request, view.list)
    view.delete()
    messages.success(request, f"Se eliminó la vista «{view.name}».")
    return redirect(address)


def _address(request: HttpRequest, list_name: str) -> str:
    """Where the list is. Raises: Http404 for what is no list, PermissionDenied for one that the person may not see."""
    found = next((one for model, one in site._registry.items() if model._meta.label_lower == list_name), None)
    if found is None:
        raise Http404
    if not found.has_view_or_change_permission(request):
        raise PermissionDenied
    return reverse(f"admin:{found.opts.app_label}_{found.opts.model_name}_changelist")
