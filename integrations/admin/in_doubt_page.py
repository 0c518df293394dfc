"""*Por confirmar*: documents that may be in the ERP, oldest first, with the decisions that are possible for each."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_http_methods

from integrations.admin import decision_pages
from integrations.admin.asked_ids import id_in
from integrations.admin.badges import badge, moment
from integrations.admin.inbox import error_filter_of, may_see, tabs_of
from integrations.admin.inbox_actions import verify_rows
from integrations.admin.permissions import may_verify
from integrations.admin.record_pages import record_url
from integrations.admin.site import OwnPage, site
from integrations.inbox import in_doubt, records_of
from integrations.models import DecisionRequest, Syncable, SyncStanding

ROWS_A_PAGE = 100
_MOST_AT_ONCE = 500


@site.page("por-confirmar/", "doubts", OwnPage("Operación", 14, "Por confirmar", "doubts", "doubts", may_see))
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The list; a POST requests a read of the ERP about the marked documents or, with `todos`, about all of them."""
    error_filter = error_filter_of(request, request.POST if request.method == "POST" else request.GET)
    standings = in_doubt.waiting(error_filter)
    if request.method == "POST":
        return _verify(request, standings)
    current = Paginator(standings, ROWS_A_PAGE).get_page(request.GET.get("p"))
    context = {
        **site.each_context(request),
        "title": "Por confirmar",
        "rows": _rows(request, list(current)),
        "page": current,
        "tabs": tabs_of(error_filter),
        "erp": error_filter.target,
        "may_verify": may_verify(request),
    }
    return render(request, "admin/doubts.html", context)


def _rows(request: HttpRequest, standings: list[SyncStanding]) -> list[dict[str, Any]]:
    records = records_of(standings)
    requests = DecisionRequest.objects.filter(state=DecisionRequest.State.OPEN, standing__in=standings)
    awaiting_approval = set(requests.values_list("standing_id", flat=True))
    return [
        _row(request, row, records.get((row.kind, row.record_id)), row.pk in awaiting_approval) for row in standings
    ]


def _verify(request: HttpRequest, rows: Any) -> HttpResponse:
    if not may_verify(request):
        raise PermissionDenied
    if "todos" not in request.POST:
        rows = rows.filter(pk__in=[pk for pk in map(id_in, request.POST.getlist("doc")) if pk is not None])
    chosen = list(rows[:_MOST_AT_ONCE])
    if chosen:
        verify_rows(request, chosen)
    else:
        messages.warning(request, "Seleccione al menos un documento.")
    target = request.POST.get("erp", "")
    return redirect(reverse("admin:doubts") + (f"?erp={target}" if target in ("siigo", "sag") else ""))


def _row(request: HttpRequest, row: SyncStanding, record: Syncable | None, awaits_approval: bool) -> dict[str, Any]:
    url = record_url(row.kind, row.record_id)
    due_at = in_doubt.verified_at(row)
    decide_url = url.removesuffix("change/") + f"{row.target}/decidir/"
    return {
        "standing": row.pk,
        "url": url,
        "label": str(record) if record else "Ya no existe",
        "party": record.party_label if record else "",
        "amount": record.amount_at_stake if record else None,
        "erp": row.get_target_display(),
        "badge": badge(row.status),
        "since": moment(row.progressed_at),
        "why": in_doubt.why(row),
        "due_at": moment(due_at) if due_at and due_at > timezone.now() else "",
        "is_due": due_at is not None,
        "batch": row.batch_id,
        "awaits_approval": awaits_approval,
        "decisions": [(label, f"{decide_url}{verb}/") for verb, label in decision_pages.offers(request.user, row)],
    }
