"""*Probar en qué campo viaja la clave*: requested by an administrator, on a test company only."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render

from integrations.admin.asked_ids import id_in
from integrations.admin.permissions import may_probe_keys
from integrations.admin.requesters import requester_of
from integrations.dispatch import key_probe_requests
from integrations.dispatch.key_probe_requests import ProbeRefusedError
from integrations.models import Connection, KeyProbe

_WORDS = {
    key_probe_requests.INTACT: ("synced", "✓", "Vuelve intacta"),
    key_probe_requests.LOST: ("rejected", "✕", "No vuelve"),
    key_probe_requests.UNREAD: ("uncertain", "?", "No se pudo leer"),
}


def page(model_admin: Any, request: HttpRequest, pk: int) -> HttpResponse:
    """The documents that a probe can use, and the results of earlier ones. A POST requests a probe."""
    if not may_probe_keys(request):
        raise PermissionDenied
    connection = get_object_or_404(Connection.objects.select_related("company"), pk=pk)
    if request.method == "POST":
        _request_probe(request, connection)
        return redirect("admin:connection_probe", pk)
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Probar en qué campo viaja la clave",
        "subtitle": str(connection),
        "opts": model_admin.opts,
        "connection": connection,
        "refused": key_probe_requests.why_not(connection),
        "documents": key_probe_requests.sample_documents(connection),
        "probes": [_probe_row(probe) for probe in KeyProbe.objects.filter(connection=connection)[:5]],
    }
    return render(request, "admin/key_probe.html", context)


def _request_probe(request: HttpRequest, connection: Connection) -> None:
    chosen = request.POST.get("documento", "")
    try:
        key_probe_requests.request_probe(connection, id_in(chosen) or 0, requester_of(request))
    except ProbeRefusedError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, "La prueba quedó en cola. Vuelva a esta página en un momento para ver el resultado.")


def _probe_row(probe: KeyProbe) -> dict[str, Any]:
    rows = [(field, *_WORDS.get(result, ("new", "○", result))) for field, result in probe.results.items()]
    return {"probe": probe, "rows": rows}
