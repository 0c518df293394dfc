"""*Documentos desbloqueados*: those that waited for a master or a code that has arrived, with a button to send them."""

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
from integrations.admin.permissions import may_send
from integrations.admin.record_pages import record_url
from integrations.admin.site import site
from integrations.admin.wording import counted_documents
from integrations.choices import Target
from integrations.inbox import records_of
from integrations.inbox.viewers import viewable_kinds
from integrations.models import Company, SyncStanding, Unblocking
from integrations.models.syncable import model_for
from integrations.standings import transitions, unblockings
from integrations.standings.lifecycle import Event

DAYS = 7
_MOST = 500

BatchKey = tuple[int, str, str]
"""Company id, kind, target: the records of one batch have these in common."""


@site.page("desbloqueados/", "unblocked")
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The unblocked records of the last days, each once; a POST drafts one batch. Raises: PermissionDenied."""
    kinds = viewable_kinds(request.user)
    if not kinds:
        raise PermissionDenied
    newest = _newest(kinds)
    standings = [unblocking.standing for unblocking in newest]
    sendable = _sendable(standings)
    if request.method == "POST":
        return _send(request, sendable) or redirect("admin:unblocked")
    records = records_of(standings)
    context = {
        **site.each_context(request),
        "title": "Documentos desbloqueados",
        "days": DAYS,
        "rows": [_row(each, records.get((each.standing.kind, each.standing.record_id))) for each in newest],
        "sends": [_button(key, ids) for key, ids in sendable.items()] if may_send(request) else [],
    }
    return render(request, "admin/unblocked.html", context)


def _newest(kinds: tuple[str, ...]) -> list[Unblocking]:
    """The newest unblocking of each record."""
    since = timezone.now() - timedelta(days=DAYS)
    newest: dict[int, Unblocking] = {}
    for unblocking in unblockings.since(since, kinds)[:_MOST]:
        newest.setdefault(unblocking.standing_id, unblocking)
    return list(newest.values())


def _sendable(rows: list[SyncStanding]) -> dict[BatchKey, list[int]]:
    """The ids of the records that can be sent, by batch."""
    sendable: dict[BatchKey, list[int]] = defaultdict(list)
    for row in rows:
        if transitions.allows(row, Event.REQUESTED) and not row.verify_first:
            sendable[row.company_id, row.kind, row.target].append(row.record_id)
    return sendable


def _button(key: BatchKey, ids: list[int]) -> tuple[str, str]:
    """(value, label)."""
    company_id, kind, target = key
    return f"{company_id}-{kind}-{target}", f"Enviar {counted_documents(kind, len(ids))} a {Target(target).label}"


def _send(request: HttpRequest, sendable: dict[BatchKey, list[int]]) -> HttpResponse | None:
    if not may_send(request):
        raise PermissionDenied
    for key, ids in sendable.items():
        if _button(key, ids)[0] == request.POST.get("enviar"):
            company_id, kind, target = key
            company = Company.objects.get(pk=company_id)
            return actions.start_batch(request, model_for(kind), company, target, sorted(ids))
    messages.info(request, "Ya no queda ninguno por enviar de los desbloqueados.")
    return None


def _row(unblocking: Unblocking, record: Any) -> dict[str, Any]:
    row = unblocking.standing
    return {
        "url": record_url(row.kind, row.record_id),
        "label": str(record) if record else "Ya no existe",
        "party": record.party_label if record else "",
        "erp": row.get_target_display(),
        "badge": badge(row.status),
        "reason": unblocking.reason,
        "at": moment(unblocking.at),
    }
