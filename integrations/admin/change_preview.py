"""*Ver qué cambia*: what the ERP holds of a record beside what would be sent now."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.admin.record_pages import labels_of, record_of, record_url
from integrations.choices import SendKind, Target
from integrations.erp.body_diff import ChangeKind, count_by_kind, line_changes
from integrations.payloads import updates
from integrations.selectors import pages

_NOTHING_KEPT = "No se conserva lo que se envió la última vez: no hay con qué comparar."
_WORDS = {
    ChangeKind.CHANGED: ("cambia", "cambian"),
    ChangeKind.ADDED: ("se agrega", "se agregan"),
    ChangeKind.REMOVED: ("se quita", "se quitan"),
    ChangeKind.SAME: ("queda igual", "quedan iguales"),
}


def page(record_admin: RecordModelAdmin, request: HttpRequest, pk: int, target: str) -> HttpResponse:
    """The page, or with `?parte` only its table, for the confirm page."""
    record = record_of(record_admin, request, pk, target)
    place = next((one for one in pages.places(record) if one.target == target), None)
    context: dict[str, Any] = {
        **record_admin.admin_site.each_context(request),
        "title": f"Qué cambia en {Target(target).label}",
        "subtitle": str(record),
        "opts": record_admin.opts,
        "record": record,
        "place": place,
        "record_url": record_url(record.kind, record.pk),
        **_compared(record, place),
    }
    part = "parte" in request.GET
    return render(request, "admin/changes_part.html" if part else "admin/changes.html", context)


def _compared(record: Any, place: pages.Place | None) -> dict[str, Any]:
    if place is None or place.connection is None:
        return {"impossible": place.why_not if place else "No va a ese ERP."}
    if place.row.send_kind != SendKind.UPDATE:
        return {"impossible": f"{place.target.label} todavía no tiene este documento: se enviaría completo."}
    held = updates.held_attempt(place.row)
    judgement = pages.would_be_sent(record, place.connection)
    if held is None or held.payload is None:
        return {"impossible": _NOTHING_KEPT}
    if judgement is None or judgement.payload is None:
        return {"impossible": judgement.reason if judgement else _NOTHING_KEPT}
    labels = labels_of(record.kind, place.target)
    try:
        found = line_changes(held.payload.body.decode(), judgement.payload.body, labels)
    except ValueError:
        return {"impossible": _NOTHING_KEPT}
    counts = count_by_kind(found)
    return {
        "held": held,
        "lines": [line for line in found if line.kind is not ChangeKind.SAME],
        "same": counts[ChangeKind.SAME],
        "summary": ", ".join(_said(kind, count) for kind, count in counts.items() if count),
        "why_not": judgement.reason,
    }


def _said(kind: ChangeKind, count: int) -> str:
    one, several = _WORDS[kind]
    return f"1 línea {one}" if count == 1 else f"{count} líneas {several}"
