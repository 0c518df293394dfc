"""*Comparar lado a lado*: three columns with what was sent, what would be sent now, and what was read from the ERP."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations import decisions
from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.admin.record_pages import labels_of, page_context, place_in, record_of
from integrations.choices import Target
from integrations.erp.read_back import FoundRecord
from integrations.erp.sag.comparison import FIELD_NAMES as SAG_NAMES
from integrations.erp.siigo.comparison import FIELD_NAMES as SIIGO_NAMES
from integrations.erp.three_way_diff import side_by_side
from integrations.models import SyncAttempt
from integrations.selectors import pages
from integrations.standings import transitions

_NAMES = {Target.SIIGO: SIIGO_NAMES, Target.SAG: SAG_NAMES}
_NOTHING_TO_COMPARE = "No se conserva lo que se envió y hoy no se podría enviar: no hay qué comparar."
_UNREADABLE = "Lo que se envió no se puede leer por partes. Ábralo en la historia de envíos."


def page(record_admin: RecordModelAdmin, request: HttpRequest, pk: int, target: str) -> HttpResponse:
    """The page. Raises: Http404, PermissionDenied."""
    record = record_of(record_admin, request, pk, target)
    place = place_in(record, target)
    context = page_context(record_admin, request, record, f"Lado a lado con {Target(target).label}") | {
        "place": place,
        "command_url": record_admin.url_name("command"),
        "may_resolve": record_admin.has_resolve_permission(request),
        **(_comparison(record, place) if place else {"impossible": "Este registro no tiene estado en ese ERP."}),
    }
    return render(request, "admin/side_by_side.html", context)


def _comparison(record: Any, place: pages.StandingActions) -> dict[str, Any]:
    """The payloads with the attempt that they come from, and the columns or, under `impossible`, why there are none."""
    attempt = pages.last_send(record, place.target)
    judgement = pages.would_be_sent(record, place.connection) if place.connection else None
    now = judgement.payload.body if judgement and judgement.payload else ""
    sent = attempt.payload.body.decode() if attempt and attempt.payload else ""
    context = {"attempt": attempt, "can_verify": transitions.may_be_read(place.row), "has_now": bool(now)}
    if not (sent or now):
        return context | {"impossible": _NOTHING_TO_COMPARE}
    try:
        return context | _columns(record, place, attempt, sent, now)
    except ValueError:
        return context | {"impossible": _UNREADABLE}


def _columns(
    record: Any, place: pages.StandingActions, attempt: SyncAttempt | None, sent: str, now: str
) -> dict[str, Any]:
    """Raises: ValueError for a payload that is neither JSON nor XML."""
    look = decisions.last_look(place.row)
    is_older = look is not None and attempt is not None and look.at < attempt.started_at
    in_erp = _document(look.result.records) if look is not None and not is_older else None
    sections = side_by_side(sent, now, in_erp, labels_of(record.kind, place.target), _NAMES[place.target])
    return {
        "sections": sections,
        "only": _only_column(sent, now, in_erp, place.target.label),
        "differences": sum(section.differences + bool(section.kind) for section in sections),
        "look": look,
        "is_older": is_older,
        "in_erp": in_erp,
        "found": look.result.message(place.target.label) if look else "",
    }


def _only_column(sent: str, now: str, in_erp: FoundRecord | None, erp: str) -> str:
    """A sentence where only one column has anything; empty where two can be compared."""
    if in_erp is not None or (sent and now):
        return ""
    column = "lo que se envió" if sent else "lo que se enviaría ahora"
    return f"Todavía no hay con qué comparar: solo se ve {column} a {erp}."


def _document(found: tuple[FoundRecord, ...]) -> FoundRecord | None:
    """The first document that is not annulled, or the first; None where the ERP has none."""
    return next((document for document in found if not document.is_voided), found[0] if found else None)
