"""A person's saved views of a list: its filters under a name. Only their owner sees and deletes them."""

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
_NOT_SAVED = frozenset({"p", "e", "all"})
"""Parameters that are no filter: the page number and Django's own."""
_LONGEST_QUERY = 2_000


def normalized(query: str) -> str:
    """The filters of a query string in one order, so that equal views compare equal."""
    return urlencode(sorted((key, value) for key, value in parse_qsl(query) if key not in _NOT_SAVED))


def context(request: HttpRequest, list_name: str) -> dict[str, Any]:
    """The person's views of a list, for its template: one query."""
    now = normalized(request.GET.urlencode())
    views = list(OwnView.objects.filter(user=request.user.pk, list=list_name))
    return {
        "list_name": list_name,
        "own_views": [{"view": view, "is_current": view.query == now} for view in views],
        "query_now": now,
        "may_keep_view": not _is_shared(now) and all(view.query != now for view in views),
    }


def _is_shared(query: str) -> bool:
    """Whether a query is the whole list, or one of the views that everybody has a link to."""
    return {key for key, _ in parse_qsl(query)} <= {"vista"}


@site.page("vistas/guardar/", "own_view_save")
@require_POST
def save(request: HttpRequest) -> HttpResponse:
    """Save the posted filters under a name, in place of a view with the same name."""
    name = " ".join(request.POST.get("nombre", "").split())[:40]
    query = normalized(request.POST.get("filtros", ""))[:_LONGEST_QUERY]
    list_name = request.POST.get("listado", "")
    address = _address(request, list_name)
    views = OwnView.objects.filter(user=request.user.pk, list=list_name)
    if not name or not query:
        messages.error(request, "Ponga un filtro y escriba un nombre para guardar la vista.")
    elif views.exclude(name=name).count() >= MOST_A_LIST:
        messages.error(request, f"Ya tiene {MOST_A_LIST} vistas en este listado. Elimine una para guardar otra.")
    else:
        views.update_or_create(user=cast("Any", request.user), list=list_name, name=name, defaults={"query": query})
        messages.success(request, f"Se guardó la vista «{name}».")
    return redirect(f"{address}?{query}" if query else address)


@site.page("vistas/<int:view_id>/eliminar/", "own_view_delete")
@require_POST
def delete(request: HttpRequest, view_id: int) -> HttpResponse:
    """Delete a view of the person. Raises: Http404 for another's."""
    view = get_object_or_404(OwnView, pk=view_id, user=request.user.pk)
    address = _address(request, view.list)
    view.delete()
    messages.success(request, f"Se eliminó la vista «{view.name}».")
    return redirect(address)


def _address(request: HttpRequest, list_name: str) -> str:
    """URL of a list. Raises: Http404 for an unknown one, PermissionDenied for one that the person may not see."""
    admins = (admin for model, admin in site._registry.items() if model._meta.label_lower == list_name)
    model_admin = next(admins, None)
    if model_admin is None:
        raise Http404
    if not model_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    return reverse(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist")
