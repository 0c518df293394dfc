"""*Comparar lado a lado*: what was sent, what would be sent now, and what the ERP holds."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations import decisions
from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.admin.record_pages import labels_of, record_of, record_url
from integrations.choices import Target
from integrations.erp.read_back import FoundRecord
from integrations.erp.sag.comparison import FIELD_NAMES as SAG_NAMES
from integrations.erp.siigo.read_back import FIELD_NAMES as SIIGO_NAMES
from integrations.erp.three_way_diff import side_by_side
from integrations.selectors import pages
from integrations.standings import transitions

_NAMES = {Target.SIIGO: SIIGO_NAMES, Target.SAG: SAG_NAMES}


def page(record_admin: RecordModelAdmin, request: HttpRequest, pk: int, target: str) -> HttpResponse:
    """The three columns. Raises: Http404, PermissionDenied."""
    record = record_of(record_admin, request, pk, target)
    place = next((one for one in pages.places(record) if one.target == target), None)
    context: dict[str, Any] = {
        **record_admin.admin_site.each_context(request),
        "title": f"Lado a lado con {Target(target).label}",
        "subtitle": str(record),
        "opts": record_admin.opts,
        "record": record,
        "place": place,
        "record_url": record_url(record.kind, pk),
        "command_url": f"admin:{record_admin.opts.app_label}_{record_admin.opts.model_name}_command",
        "may_resolve": record_admin.has_resolve_permission(request),
        **(_compared(record, place) if place else {"impossible": "Este registro no tiene estado en ese ERP."}),
    }
    return render(request, "admin/side_by_side.html", context)


def _compared(record: Any, place: pages.Place) -> dict[str, Any]:
    attempt = pages.last_send(record, place.target)
    judgement = pages.would_be_sent(record, place.connection) if place.connection else None
    now = judgement.payload.body if judgement and judgement.payload else ""
    sent = attempt.payload.body.decode() if attempt and attempt.payload else ""
    told: dict[str, Any] = {"attempt": attempt, "can_verify": transitions.may_be_read(place.row), "has_now": bool(now)}
    if not (sent or now):
        return told | {"impossible": "No se conserva lo que se envió y hoy no se podría enviar: no hay qué comparar."}
    look = decisions.last_look(place.row)
    is_older = look is not None and attempt is not None and look.at < attempt.started_at
    held = _document(look.finding.records) if look is not None and not is_older else None
    labels = labels_of(record.kind, place.target)
    try:
        sections = side_by_side(sent, now, held, labels, _NAMES[place.target])
    except ValueError:
        return told | {"impossible": "Lo que se envió no se puede leer por partes. Ábralo en la historia de envíos."}
    return told | {
        "sections": sections,
        "only": _only(sent, now, held, place.target.label),
        "differences": sum(one.differences + bool(one.kind) for one in sections),
        "look": look,
        "is_older": is_older,
        "held": held,
        "found": look.finding.message(place.target.label) if look else "",
    }


def _only(sent: str, now: str, held: FoundRecord | None, erp: str) -> str:
    """What there is to see where there is one side alone; empty where two can be compared."""
    if held is not None or (sent and now):
        return ""
    seen = "lo que se envió" if sent else "lo que se enviaría ahora"
    return f"Todavía no hay con qué comparar: solo se ve {seen} a {erp}."


def _document(found: tuple[FoundRecord, ...]) -> FoundRecord | None:
    """The one to compare with: the first that is not annulled."""
    return next((one for one in found if not one.is_voided), found[0] if found else None)
