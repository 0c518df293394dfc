"""*Desbloqueados*: what waited for something that arrived, and the button that takes it to the confirm page."""

from collections import defaultdict
from datetime import timedelta
from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from integrations.admin import actions
from integrations.admin.badges import badge, moment
from integrations.admin.batch_pages import may_send
from integrations.admin.inbox import kind_counted, records_of
from integrations.admin.record_pages import record_url
from integrations.admin.site import site
from integrations.choices import Target
from integrations.inbox.viewers import viewable_kinds
from integrations.models import Company, SyncStanding, Unblocking
from integrations.models.syncable import model_for
from integrations.standings import transitions, unblockings
from integrations.standings.lifecycle import Event

DAYS = 7
_MOST = 500

Lane = tuple[int, str, str]
"""Company, kind, target: what one batch takes."""


@site.page("desbloqueados/", "unblocked")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """What was let go in the last days, each record once; a POST starts a draft with one lane's."""
    kinds = viewable_kinds(request.user)
    if not kinds:
        raise PermissionDenied
    found = _newest(kinds)
    lanes = _lanes([one.standing for one in found])
    if request.method == "POST":
        return _send(request, lanes) or redirect("admin:unblocked")
    records = records_of([one.standing for one in found])
    context = {
        **site.each_context(request),
        "title": "Documentos desbloqueados",
        "days": DAYS,
        "rows": [_told(one, records.get((one.standing.kind, one.standing.record_id))) for one in found],
        "sends": [_button(lane, ids) for lane, ids in lanes.items()] if may_send(request) else [],
    }
    return render(request, "admin/unblocked.html", context)


def _newest(kinds: tuple[str, ...]) -> list[Unblocking]:
    since = timezone.now() - timedelta(days=DAYS)
    newest: dict[int, Unblocking] = {}
    for one in unblockings.since(since, kinds)[:_MOST]:
        newest.setdefault(one.standing_id, one)
    return list(newest.values())


def _lanes(rows: list[SyncStanding]) -> dict[Lane, list[int]]:
    """What of it waits to be sent, by what one batch takes."""
    lanes: dict[Lane, list[int]] = defaultdict(list)
    for row in rows:
        if transitions.allows(row, Event.REQUESTED) and not row.verify_first:
            lanes[row.company_id, row.kind, row.target].append(row.record_id)
    return lanes


def _button(lane: Lane, ids: list[int]) -> tuple[str, str]:
    company_id, kind, target = lane
    return f"{company_id}-{kind}-{target}", f"Enviar {kind_counted(kind, len(ids))} a {Target(target).label}"


def _send(request: HttpRequest, lanes: dict[Lane, list[int]]) -> HttpResponse | None:
    if not may_send(request):
        raise PermissionDenied
    for lane, ids in lanes.items():
        if _button(lane, ids)[0] == request.POST.get("enviar"):
            company_id, kind, target = lane
            company = Company.objects.get(pk=company_id)
            return actions.start_batch(request, model_for(kind), company, target, sorted(ids))
    messages.info(request, "Ya no queda ninguno por enviar de los desbloqueados.")
    return None


def _told(one: Unblocking, record: Any) -> dict[str, Any]:
    row = one.standing
    return {
        "url": record_url(row.kind, row.record_id),
        "label": str(record) if record else "Ya no existe",
        "party": record.party_label if record else "",
        "erp": row.get_target_display(),
        "badge": badge(row.status),
        "reason": one.reason,
        "at": moment(one.at),
    }
