"""Where a correction in bulk begins: a list, the confirm page of a batch, a card of the inbox."""

from collections.abc import Sequence
from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from integrations.admin.companies import only_company
from integrations.admin.permissions import may_on_kind, may_send, who_may_change
from integrations.admin.record_pages import list_url
from integrations.admin.requesters import requester_of
from integrations.admin.site import site
from integrations.admin.wording import kind_name
from integrations.choices import BatchState, Kind, Target
from integrations.corrections import causes, drafting
from integrations.models import Company, SyncBatch
from integrations.payloads.record_fields import key_of_wire_name
from integrations.selectors import pages

CORRECT_ACTION = "corregir_en_bloque"


def correction_url(correction_id: int) -> str:
    """URL of the page of a correction, whatever its state."""
    return reverse("admin:integrations_correction_change", args=[correction_id])


@admin.action(description="Corregir en bloque", permissions=["change"])
def correct_selected(model_admin: Any, request: HttpRequest, queryset: "QuerySet[Any]") -> HttpResponse | None:
    """Begin a correction of the selected records, or of all that the list's filters leave."""
    company = only_company(request, queryset)
    if company is None:
        return None
    ids = list(queryset.order_by(*model_admin.send_order).values_list("pk", flat=True))
    return begin(request, company, model_admin.model.kind, ids)


correct_selected.__name__ = CORRECT_ACTION


def begin(
    request: HttpRequest, company: Company, kind: Kind | str, ids: Sequence[int], keys: Sequence[str] = ()
) -> HttpResponse:
    """Save the selection and go to its form, with the first of `keys` as the field; refused with whom to ask."""
    if not may_on_kind(request, kind, "change"):
        refuse(request, kind)
        return redirect(list_url(kind))
    if not ids:
        messages.info(request, "Ya no queda ninguno por corregir.")
        return redirect(list_url(kind))
    field = {"field": keys[0]} if keys else {}
    return redirect(correction_url(drafting.begin(company, kind, ids, requester_of(request), **field).pk))


def refuse(request: HttpRequest, kind: Kind | str) -> None:
    """Say that the person may not change records of a kind, and who may."""
    messages.error(request, f"No tiene permiso de cambiar {kind_name(kind)}. {who_may_change(kind)}")


@site.page("lote/<int:batch_id>/confirmar/corregir/", "batch_correct")
@require_POST
def of_batch(request: HttpRequest, batch_id: int) -> HttpResponse:
    """Correct what one cause stops in a draft (`regla`, `campo`), or all that does not pass. Raises: Http404."""
    if not may_send(request):
        raise PermissionDenied
    batch = get_object_or_404(SyncBatch.objects.select_related("company"), pk=batch_id, state=BatchState.DRAFT)
    rule, name = request.POST.get("regla", ""), request.POST.get("campo", "")
    found = causes.causes_of(batch)
    chosen = {cause: ids for cause, ids in found.items() if not rule or (cause.rule, cause.name) == (rule, name)}
    ids = list(dict.fromkeys(record_id for several in chosen.values() for record_id in several))
    keys = [key for cause in chosen if (key := key_of_wire_name(batch.kind, batch.target, cause.name))]
    return begin(request, batch.company, batch.kind, ids, keys)


def of_cause(
    request: HttpRequest, company_id: int, kind: str, target: Target, ids: Sequence[int], rule: str
) -> HttpResponse:
    """Correct the documents of a card; the fields that its rule is about are looked for in some of them."""
    company = Company.objects.get(pk=company_id)
    connections = [each for each in pages.live_connections() if each.company_id == company_id and each.target == target]
    keys = causes.fields_of_rule(connections[0], kind, ids, rule) if connections and rule else []
    return begin(request, company, kind, ids, keys)
