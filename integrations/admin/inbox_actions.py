"""The buttons of *Bandeja de errores*: each acts on the documents of one card and reports with counts."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from integrations import decisions, inbox
from integrations.admin import actions, correction_starts
from integrations.admin.asked_ids import by_id, id_in
from integrations.admin.inbox import error_filter_of
from integrations.admin.permissions import may_on_kind, may_send, may_verify
from integrations.admin.requesters import requester_of
from integrations.admin.result_messages import report
from integrations.admin.site import site
from integrations.choices import Status
from integrations.dispatch import batches
from integrations.inbox import CauseCard, ErrorFilter, assignments, missing_items
from integrations.models import Company, SyncStanding
from integrations.models.syncable import model_for
from integrations.selectors import pages
from integrations.standings.requester import Tally

_MOST_AT_ONCE = 5_000
"""Documents that one click acts on."""


@site.page("errores/orden/", "inbox_command")
@require_POST
def command(request: HttpRequest) -> HttpResponse:
    """One button of one card; then back to the inbox, or to the confirm page of a batch. Raises: Http404."""
    error_filter = error_filter_of(request, request.POST)
    card = next((card for card in inbox.cards(error_filter) if card.key == request.POST.get("causa")), None)
    if card is None:
        messages.info(request, "Esa causa ya no tiene documentos: no quedó nada por hacer.")
        return redirect("admin:inbox")
    # These buttons carry a value, so that their own name is the verb.
    valued = ("maestros", "reintentar", "corregir")
    verb = next((name for name in valued if name in request.POST), request.POST.get("verbo", ""))
    if verb not in _VERBS:
        raise Http404
    return _VERBS[verb](request, card, error_filter) or redirect(_inbox_url(request, card))


def _inbox_url(request: HttpRequest, card: CauseCard) -> str:
    """The inbox as it was, with this card open."""
    query = QueryDict(mutable=True)
    query.update({name: request.POST[name] for name in ("erp", "mios") if request.POST.get(name)})
    query["causa"] = card.key
    return f"{reverse('admin:inbox')}?{query.urlencode()}"


def _retry_group(request: HttpRequest, card: CauseCard, error_filter: ErrorFilter) -> HttpResponse | None:
    if not may_send(request):
        raise PermissionDenied
    company_id, kind = _group(request, card, "reintentar")
    group = {"company": company_id, "kind": kind, "status": Status.REJECTED, "verify_first": False}
    rejected = inbox.members(card, error_filter).filter(**group)
    if not (ids := list(rejected.order_by("record_id").values_list("record_id", flat=True)[:_MOST_AT_ONCE])):
        messages.info(request, "Ya no queda ninguno por reintentar en esta causa.")
        return None
    return actions.start_batch(request, model_for(kind), Company.objects.get(pk=company_id), card.target, ids)


def _group(request: HttpRequest, card: CauseCard, name: str) -> tuple[int, str]:
    """(company, kind) of a card that a button carries. Raises: Http404."""
    written, _, kind = request.POST.get(name, "").partition("-")
    company_id = id_in(written)
    if company_id is None or (company_id, kind) not in card.groups:
        raise Http404
    return company_id, kind


def _correct_group(request: HttpRequest, card: CauseCard, error_filter: ErrorFilter) -> HttpResponse:
    company_id, kind = _group(request, card, "corregir")
    rows = inbox.members(card, error_filter).filter(company=company_id, kind=kind)
    ids = list(rows.order_by("record_id").values_list("record_id", flat=True))
    rule = card.code if card.is_local else ""
    return correction_starts.of_cause(request, company_id, kind, card.target, ids, rule)


def _send_masters(request: HttpRequest, card: CauseCard, error_filter: ErrorFilter) -> HttpResponse | None:
    if not may_send(request):
        raise PermissionDenied
    kind = request.POST.get("maestros", "")
    connections = [connection for connection in pages.live_connections() if connection.target == card.target]
    rows = missing_items.masters_of(card, connections, error_filter).get(kind, [])
    companies = sorted({row.company_id for row in rows})
    if not companies:
        messages.info(request, "No falta ninguno por enviar: el ERP ya los tiene, o no los llevamos aquí.")
        return None
    ids = [row.record_id for row in rows if row.company_id == companies[0]]
    return actions.start_batch(request, model_for(kind), Company.objects.get(pk=companies[0]), card.target, ids)


def _verify(request: HttpRequest, card: CauseCard, error_filter: ErrorFilter) -> None:
    if not may_verify(request):
        raise PermissionDenied
    rows = inbox.members(card, error_filter)[:_MOST_AT_ONCE]
    verify_rows(request, [row for row in rows if row.verify_first or row.status == Status.UNCERTAIN])


def verify_rows(request: HttpRequest, rows: list[SyncStanding]) -> None:
    """Request a read of the ERP about these standings; a message reports the counts."""
    requester = requester_of(request)
    tallies = [
        batches.request_verification(kind=kind, record_ids=ids, target=target, requester=requester)
        for (kind, target), ids in _record_ids(rows).items()
    ]
    report(request, actions.VERIFY_TITLE, _sum(tallies))


def _sum(tallies: list[Tally]) -> Tally:
    reasons = list(dict.fromkeys(reason for tally in tallies for reason in tally.reasons))
    return Tally(sum(tally.done for tally in tallies), sum(tally.skipped for tally in tallies), reasons)


def _exclude(request: HttpRequest, card: CauseCard, error_filter: ErrorFilter) -> None:
    reason = request.POST.get("motivo", "").strip()
    if not reason:
        messages.error(request, "Escriba el motivo: queda en la historia de cada documento.")
        return
    if not all(may_on_kind(request, kind, "change") for _company, kind in card.groups):
        raise PermissionDenied
    rows, requester = _chosen(request, card, error_filter), requester_of(request)
    tallies = [
        decisions.exclude(kind=kind, record_ids=ids, target=target, requester=requester, reason=reason)
        for (kind, target), ids in _record_ids(rows).items()
    ]
    if rows:
        report(request, actions.EXCLUDE_TITLE, _sum(tallies))


def _assign(request: HttpRequest, card: CauseCard, error_filter: ErrorFilter) -> None:
    if not request.user.has_perm(assignments.PERMISSION):
        raise PermissionDenied
    ids = [row.pk for row in _chosen(request, card, error_filter)]
    if not ids:
        return
    person_id = request.POST.get("persona", "")
    if person_id == "nadie":
        messages.success(request, f"Sin responsable: {assignments.release(ids)}.")
        return
    person = by_id(assignments.people(), person_id)
    if person is None:
        messages.error(request, "Elija a quién se asigna.")
        return
    count = assignments.assign(ids, person, request.POST.get("nota", ""), request.user)
    name = person.get_short_name() or person.get_username()
    messages.success(request, f"Asignados a {name}: {count}.")


def _chosen(request: HttpRequest, card: CauseCard, error_filter: ErrorFilter) -> list[SyncStanding]:
    """The documents that were marked; with `alcance=todos` those of the whole cause. A message where there are none."""
    rows = inbox.members(card, error_filter)
    if request.POST.get("alcance") != "todos":
        marked = [pk for pk in map(id_in, request.POST.getlist("doc")) if pk is not None]
        rows = rows.filter(pk__in=marked)
    chosen = list(rows[:_MOST_AT_ONCE])
    if not chosen:
        messages.warning(request, "Seleccione al menos un documento, o elija «Todos los de esta causa».")
    return chosen


def _record_ids(rows: list[SyncStanding]) -> dict[tuple[str, str], list[int]]:
    """(kind, target) → record ids."""
    ids: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        ids[row.kind, row.target].append(row.record_id)
    return ids


_VERBS: dict[str, Any] = {
    "reintentar": _retry_group,
    "maestros": _send_masters,
    "corregir": _correct_group,
    "verificar": _verify,
    "no-aplica": _exclude,
    "asignar": _assign,
}
