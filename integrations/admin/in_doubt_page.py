"""*Por confirmar*: what may be in the ERP, oldest first, with only the buttons that are safe."""

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
from integrations.admin.badges import badge, moment
from integrations.admin.inbox import asked_for, may_see, records_of, tabs_of
from integrations.admin.inbox_actions import verify_rows
from integrations.admin.record_pages import record_url
from integrations.admin.site import OwnPage, site
from integrations.inbox import in_doubt
from integrations.models import DecisionRequest, Syncable, SyncStanding

ROWS_A_PAGE = 100
_MOST_AT_ONCE = 500


@site.page("por-confirmar/", "doubts", OwnPage("Operación", 14, "Por confirmar", "doubts", "doubts", may_see))
@require_http_methods(["GET", "HEAD", "POST"])
def page(request: HttpRequest) -> HttpResponse:
    """The list; a POST asks the ERP about what was marked, or about all of it."""
    wanted = asked_for(request, request.POST if request.method == "POST" else request.GET)
    rows = in_doubt.waiting(wanted)
    if request.method == "POST":
        return _verify(request, rows)
    shown = Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("p"))
    records = records_of(list(shown))
    asked = set(
        DecisionRequest.objects.filter(state=DecisionRequest.State.OPEN, standing__in=list(shown)).values_list(
            "standing_id", flat=True
        )
    )
    context = {
        **site.each_context(request),
        "title": "Por confirmar",
        "rows": [_told(request, row, records.get((row.kind, row.record_id)), row.pk in asked) for row in shown],
        "page": shown,
        "tabs": tabs_of(wanted),
        "erp": wanted.target,
        "may_verify": request.user.has_perm("integrations.resolve_syncbatch"),
    }
    return render(request, "admin/doubts.html", context)


def _verify(request: HttpRequest, rows: Any) -> HttpResponse:
    if not request.user.has_perm("integrations.resolve_syncbatch"):
        raise PermissionDenied
    if "todos" not in request.POST:
        rows = rows.filter(pk__in=[pk for pk in request.POST.getlist("doc") if pk.isdecimal()])
    chosen = list(rows[:_MOST_AT_ONCE])
    if chosen:
        verify_rows(request, chosen)
    else:
        messages.warning(request, "Seleccione al menos un documento.")
    target = request.POST.get("erp", "")
    return redirect(reverse("admin:doubts") + (f"?erp={target}" if target in ("siigo", "sag") else ""))


def _told(request: HttpRequest, row: SyncStanding, record: Syncable | None, is_asked: bool) -> dict[str, Any]:
    address = record_url(row.kind, row.record_id)
    by_itself = in_doubt.verified_at(row)
    decide = address.removesuffix("change/") + f"{row.target}/decidir/"
    return {
        "standing": row.pk,
        "url": address,
        "label": str(record) if record else "Ya no existe",
        "party": record.party_label if record else "",
        "amount": record.amount_at_stake if record else None,
        "erp": row.get_target_display(),
        "badge": badge(row.status),
        "since": moment(row.progressed_at),
        "why": in_doubt.why(row),
        "by_itself": moment(by_itself) if by_itself and by_itself > timezone.now() else "",
        "is_due": by_itself is not None,
        "batch": row.batch_id,
        "asked": is_asked,
        "decisions": [(label, f"{decide}{verb}/") for verb, label in decision_pages.offers(request.user, row)],
    }
