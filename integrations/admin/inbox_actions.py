"""What the buttons of the inbox do: each takes one card, calls one function and answers with counts."""

from collections import defaultdict
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from integrations import decisions, inbox
from integrations.admin import actions
from integrations.admin.batch_pages import may_send
from integrations.admin.inbox import asked_for, may_change
from integrations.admin.requester_names import requester
from integrations.admin.result_messages import report
from integrations.admin.site import site
from integrations.choices import Status
from integrations.dispatch import batches
from integrations.inbox import CauseCard, ErrorFilter, assignments, missing_items
from integrations.models import Company, SyncStanding
from integrations.models.syncable import model_for
from integrations.selectors import pages
from integrations.standings.requester import Tally

_MORE_THAN_ENOUGH = 5_000
"""Documents that one click takes."""


@site.page("errores/orden/", "inbox_command")
@require_POST
def command(request: HttpRequest) -> HttpResponse:
    """One button of one card. Whatever it does, the person comes back with counts, or to a page that asks first."""
    wanted = asked_for(request, request.POST)
    card = next((one for one in inbox.cards(wanted) if one.key == request.POST.get("causa")), None)
    if card is None:
        messages.info(request, "Esa causa ya no tiene documentos: no quedó nada por hacer.")
        return redirect("admin:inbox")
    # The buttons that carry a value of their own are named by what they do.
    named = next((name for name in ("maestros", "reintentar") if name in request.POST), request.POST.get("verbo", ""))
    verb = _VERBS.get(named)
    if verb is None:
        raise Http404
    return verb(request, card, wanted) or redirect(_back(request, card))


def _back(request: HttpRequest, card: CauseCard) -> str:
    query = QueryDict(mutable=True)
    query.update({name: request.POST[name] for name in ("erp", "mios") if request.POST.get(name)})
    query["causa"] = card.key
    return f"{reverse('admin:inbox')}?{query.urlencode()}"


def _retry_group(request: HttpRequest, card: CauseCard, wanted: ErrorFilter) -> HttpResponse | None:
    if not may_send(request):
        raise PermissionDenied
    company_id, _, kind = request.POST.get("reintentar", "").partition("-")
    if not company_id.isdecimal() or (int(company_id), kind) not in card.groups:
        raise Http404
    sure = inbox.members(card, wanted).filter(company=int(company_id), kind=kind, verify_first=False)
    ids = list(sure.filter(status=Status.REJECTED).order_by("record_id").values_list("record_id", flat=True))
    if not ids:
        messages.info(request, "Ya no queda ninguno por reintentar en esta causa.")
        return None
    company = Company.objects.get(pk=company_id)
    return actions.start_batch(request, model_for(kind), company, card.target, ids[:_MORE_THAN_ENOUGH])


def _send_masters(request: HttpRequest, card: CauseCard, wanted: ErrorFilter) -> HttpResponse | None:
    if not may_send(request):
        raise PermissionDenied
    kind = request.POST.get("maestros", "")
    connections = [one for one in pages.live_connections() if one.target == card.target]
    rows = missing_items.masters_of(card, connections, wanted).get(kind, [])
    companies = sorted({row.company_id for row in rows})
    if not companies:
        messages.info(request, "No falta ninguno por enviar: el ERP ya los tiene, o no los llevamos aquí.")
        return None
    ids = [row.record_id for row in rows if row.company_id == companies[0]]
    return actions.start_batch(request, model_for(kind), Company.objects.get(pk=companies[0]), card.target, ids)


def _verify(request: HttpRequest, card: CauseCard, wanted: ErrorFilter) -> None:
    if not request.user.has_perm("integrations.resolve_syncbatch"):
        raise PermissionDenied
    rows = inbox.members(card, wanted)[:_MORE_THAN_ENOUGH]
    verify_rows(request, [row for row in rows if row.verify_first or row.status == Status.UNCERTAIN])


def verify_rows(request: HttpRequest, rows: list[SyncStanding]) -> None:
    """Ask for a read of the ERP about these standings, and say how many."""
    who = requester(request)
    tallies = [
        batches.request_verification(kind=kind, record_ids=ids, target=target, requester=who)
        for (kind, target), ids in _grouped(rows).items()
    ]
    report(request, actions.VERIFY_TITLE, _together(tallies))


def _together(tallies: list[Tally]) -> Tally:
    reasons = list(dict.fromkeys(reason for tally in tallies for reason in tally.reasons))
    return Tally(sum(tally.done for tally in tallies), sum(tally.skipped for tally in tallies), reasons)


def _exclude(request: HttpRequest, card: CauseCard, wanted: ErrorFilter) -> None:
    reason = request.POST.get("motivo", "").strip()
    if not reason:
        messages.error(request, "Escriba el motivo: queda en la historia de cada documento.")
        return
    if not all(may_change(request, kind) for _company, kind in card.groups):
        raise PermissionDenied
    rows, who = _chosen(request, card, wanted), requester(request)
    tallies = [
        decisions.exclude(kind=kind, record_ids=ids, target=target, requester=who, reason=reason)
        for (kind, target), ids in _grouped(rows).items()
    ]
    if rows:
        report(request, actions.EXCLUDE_TITLE, _together(tallies))


def _assign(request: HttpRequest, card: CauseCard, wanted: ErrorFilter) -> None:
    if not request.user.has_perm(assignments.PERMISSION):
        raise PermissionDenied
    ids = [row.pk for row in _chosen(request, card, wanted)]
    if not ids:
        return
    named = request.POST.get("persona", "")
    if named == "nadie":
        messages.success(request, f"Sin responsable: {assignments.release(ids)}.")
        return
    person = assignments.people().filter(pk=named).first() if named.isdecimal() else None
    if person is None:
        messages.error(request, "Elija a quién se asigna.")
        return
    count = assignments.assign(ids, person, request.POST.get("nota", ""), request.user)
    name = person.get_short_name() or person.get_username()
    messages.success(request, f"Asignados a {name}: {count}.")


def _chosen(request: HttpRequest, card: CauseCard, wanted: ErrorFilter) -> list[SyncStanding]:
    """The documents that were marked; with «todos» those of the whole cause."""
    rows = inbox.members(card, wanted)
    if request.POST.get("alcance") != "todos":
        marked = [pk for pk in request.POST.getlist("doc") if pk.isdecimal()]
        rows = rows.filter(pk__in=marked)
    chosen = list(rows[:_MORE_THAN_ENOUGH])
    if not chosen:
        messages.warning(request, "Seleccione al menos un documento, o elija «Todos los de esta causa».")
    return chosen


def _grouped(rows: list[SyncStanding]) -> dict[tuple[str, str], list[int]]:
    found: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row in rows:
        found[row.kind, row.target].append(row.record_id)
    return found


_VERBS: dict[str, Any] = {
    "reintentar": _retry_group,
    "maestros": _send_masters,
    "verificar": _verify,
    "no-aplica": _exclude,
    "asignar": _assign,
}
