"""*Detener todos los envíos* and *Reanudar*, from any page."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from integrations.admin.permissions import may_stop_all
from integrations.admin.site import site
from integrations.connections import stop_switch


@site.page("envios/<str:verb>/", "all_sending")
@require_POST
def command(request: HttpRequest, verb: str) -> HttpResponse:
    """Stop every connection at once, or resume. Calls in flight finish. Raises: PermissionDenied, Http404."""
    if not may_stop_all(request):
        raise PermissionDenied
    if verb == "detener":
        stop_switch.stop_all(f"{request.user}: {request.POST.get('motivo', '').strip() or 'sin motivo escrito'}")
        messages.warning(request, "Todos los envíos quedaron detenidos. Lo que ya estaba saliendo termina.")
    elif verb == "reanudar":
        stop_switch.resume_all()
        messages.success(request, "Los envíos se reanudaron. Las conexiones en pausa siguen en pausa.")
    else:
        raise Http404
    return redirect("admin:index")
