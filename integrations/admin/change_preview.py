"""*Ver qué cambia*: the payload that the ERP has of a record, compared with the one that would be sent now."""

from collections.abc import Sequence
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.admin.record_pages import labels_of, page_context, place_in, record_of
from integrations.choices import SendKind, Target
from integrations.erp.body_diff import ChangeKind, count_by_kind, line_changes
from integrations.payloads import updates
from integrations.selectors import pages

_NOT_STORED = "No se conserva lo que se envió la última vez: no hay con qué comparar."
_WORDS = {
    ChangeKind.CHANGED: ("cambia", "cambian"),
    ChangeKind.ADDED: ("se agrega", "se agregan"),
    ChangeKind.REMOVED: ("se quita", "se quitan"),
    ChangeKind.SAME: ("queda igual", "quedan iguales"),
}


def page(record_admin: RecordModelAdmin, request: HttpRequest, pk: int, target: str) -> HttpResponse:
    """The page, or with `?parte` only its table, which the confirm page loads. Raises: Http404, PermissionDenied."""
    record = record_of(record_admin, request, pk, target)
    place = place_in(record, target)
    context = page_context(record_admin, request, record, f"Qué cambia en {Target(target).label}")
    context |= {"place": place, **_comparison(record, place)}
    part = "parte" in request.GET
    return render(request, "admin/changes_part.html" if part else "admin/changes.html", context)


def _comparison(record: Any, place: pages.StandingActions | None) -> dict[str, Any]:
    """The lines that differ, or under `impossible` why there is no comparison."""
    if place is None or place.connection is None:
        return {"impossible": place.why_not if place else "No va a ese ERP."}
    if place.row.send_kind != SendKind.UPDATE:
        return {"impossible": f"{place.target.label} todavía no tiene este documento: se enviaría completo."}
    attempt = updates.last_accepted_send(place.row)
    judgement = pages.would_be_sent(record, place.connection)
    if attempt is None or attempt.payload is None:
        return {"impossible": _NOT_STORED}
    if judgement is None or judgement.payload is None:
        return {"impossible": judgement.reason if judgement else _NOT_STORED}
    labels = labels_of(record.kind, place.target)
    try:
        lines = line_changes(attempt.payload.body.decode(), judgement.payload.body, labels)
    except ValueError:
        return {"impossible": _NOT_STORED}
    return {"attempt": attempt, "why_not": judgement.reason, **_summary(lines)}


def _summary(lines: Sequence[Any]) -> dict[str, Any]:
    counts = count_by_kind(lines)
    return {
        "lines": [line for line in lines if line.kind is not ChangeKind.SAME],
        "same": counts[ChangeKind.SAME],
        "summary": ", ".join(_counted_lines(kind, count) for kind, count in counts.items() if count),
    }


def _counted_lines(kind: ChangeKind, count: int) -> str:
    singular, plural = _WORDS[kind]
    return f"1 línea {singular}" if count == 1 else f"{count} líneas {plural}"
