"""The buttons of one record: send, verify, exclude, include again, issue the next number."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect

from integrations.admin import actions
from integrations.admin.permissions import may_renumber
from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.admin.record_pages import record_of, record_url
from integrations.admin.requesters import requester_of
from integrations.admin.result_messages import report
from integrations.choices import Target
from integrations.decisions import renumbering
from integrations.errors import ConfigurationError
from integrations.models import Syncable


def command(record_admin: RecordModelAdmin, request: HttpRequest, pk: int, target: str, verb: str) -> HttpResponse:
    """Do what one button says, and go back to the record. Raises: Http404 for an unknown verb."""
    record = record_of(record_admin, request, pk, target)
    allowed = {
        "siguiente-numero": target == Target.SIIGO and may_renumber(request),
        "enviar": record_admin.has_send_permission(request),
        "verificar": record_admin.has_resolve_permission(request),
        "no-aplica": record_admin.has_change_permission(request, record),
        "incluir": record_admin.has_change_permission(request, record),
    }
    if verb not in allowed:
        raise Http404
    if not allowed[verb]:
        messages.error(request, f"No tiene permiso para esto en {Target(target).label}. Pídalo al administrador.")
        return redirect(record_url(record.kind, pk))
    return _run(request, record, target, verb) or redirect(record_url(record.kind, pk))


def _renumber(request: HttpRequest, record: Syncable) -> None:
    try:
        number = renumbering.give_next(
            kind=record.kind,
            record_id=record.pk,
            requester=requester_of(request),
            reason=request.POST.get("motivo", ""),
        )
    except ConfigurationError as refused:
        messages.error(request, str(refused))
    else:
        messages.success(request, f"El movimiento tiene ahora el número {number}. Revíselo y envíelo de nuevo.")


_DECISIONS = {
    "verificar": (actions.VERIFY_TITLE, actions.verify),
    "no-aplica": (actions.EXCLUDE_TITLE, actions.exclude),
    "incluir": (actions.INCLUDE_TITLE, actions.include),
}


def _run(request: HttpRequest, record: Syncable, target: str, verb: str) -> HttpResponse | None:
    model, ids = type(record), [record.pk]
    if verb == "enviar":
        return actions.start_batch(request, model, record.company, target, ids)
    if verb == "siguiente-numero":
        _renumber(request, record)
        return None
    title, decide = _DECISIONS[verb]
    report(request, title, decide(model, request, ids, target))
    return None
