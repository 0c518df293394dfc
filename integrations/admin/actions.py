"""The actions over selected records of a list: each calls one function and reports with counts."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from integrations import decisions
from integrations.admin.companies import only_company
from integrations.admin.decision_pages import history_page
from integrations.admin.requesters import requester_of
from integrations.admin.result_messages import report
from integrations.choices import Target
from integrations.dispatch import batches
from integrations.errors import ConfigurationError
from integrations.models import Company, Syncable
from integrations.standings.requester import Tally

SEND_PREFIX = "enviar_"
Action = Callable[[Any, HttpRequest, "QuerySet[Any]"], HttpResponse | None]
Decide = Callable[[Any, HttpRequest, list[int], Target], Tally]


def start_batch(
    request: HttpRequest, model: type[Syncable], company: Company, target: Target | str, ids: list[int]
) -> HttpResponse | None:
    """Draft a batch of these records and go to its confirm page; without a connection, only a message."""
    try:
        batch = batches.draft(
            company=company, target=target, kind=model.kind, record_ids=ids, requester=requester_of(request)
        )
    except ConfigurationError as missing:
        messages.error(request, str(missing))
        return None
    return redirect("admin:batch_confirm", batch.pk)


def _send(target: Target) -> Action:
    @admin.action(description=f"Enviar a {target.label}", permissions=["send"])
    def send(model_admin: Any, request: HttpRequest, queryset: "QuerySet[Any]") -> HttpResponse | None:
        company = only_company(request, queryset)
        if company is None:
            return None
        ids = list(queryset.order_by(*model_admin.send_order).values_list("pk", flat=True))
        return start_batch(request, model_admin.model, company, target, ids)

    send.__name__ = f"{SEND_PREFIX}{target.value}"
    return send


def _decision(name: str, title: str, target: Target, permission: str, decide: Decide) -> Action:
    @admin.action(description=f"{title} ({target.label})", permissions=[permission])
    def run(model_admin: Any, request: HttpRequest, queryset: "QuerySet[Any]") -> None:
        ids = list(queryset.order_by("pk").values_list("pk", flat=True))
        report(request, title, decide(model_admin.model, request, ids, target))

    run.__name__ = f"{name}_{target.value}"
    return run


def verify(model: type[Syncable], request: HttpRequest, ids: list[int], target: Target | str) -> Tally:
    """Request a read of the ERP about each record."""
    return batches.request_verification(kind=model.kind, record_ids=ids, target=target, requester=requester_of(request))


def exclude(model: type[Syncable], request: HttpRequest, ids: list[int], target: Target | str) -> Tally:
    """Mark each record as not going to the ERP."""
    return decisions.exclude(kind=model.kind, record_ids=ids, target=target, requester=requester_of(request))


def include(model: type[Syncable], request: HttpRequest, ids: list[int], target: Target | str) -> Tally:
    """Undo `exclude`."""
    return decisions.include(kind=model.kind, record_ids=ids, target=target, requester=requester_of(request))


def _already_there(target: Target) -> Action:
    @admin.action(description=f"Ya está en el ERP, no enviar ({target.label})", permissions=["mark_by_hand"])
    def ask(model_admin: Any, request: HttpRequest, queryset: "QuerySet[Any]") -> HttpResponse | None:
        ids = list(queryset.order_by("pk").values_list("pk", flat=True))
        context = {**model_admin.admin_site.each_context(request), "opts": model_admin.opts}
        return history_page(request, context, model_admin.model.kind, target, ids)

    ask.__name__ = f"ya_esta_{target.value}"
    return ask


VERIFY_TITLE = "Verificación en el ERP pedida"
EXCLUDE_TITLE = "Marcar como No aplica"
INCLUDE_TITLE = "Volver a incluir"


def for_target(target: Target) -> list[Action]:
    """The actions of one ERP in a list, the send first."""
    return [
        _send(target),
        _decision("verificar", "Verificar en el ERP", target, "resolve", verify),
        _decision("no_aplica", EXCLUDE_TITLE, target, "change", exclude),
        _decision("incluir", INCLUDE_TITLE, target, "change", include),
        _already_there(target),
    ]
