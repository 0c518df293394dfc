"""The pages on which a person decides about a document: what was sent, what was read from the ERP, and one form."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib import messages
from django.core import signing
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.views.decorators.http import require_POST

from integrations import decisions
from integrations.admin.kept_forms import fills_in_again, is_given_back
from integrations.admin.permissions import may_mark_by_hand, may_on_kind
from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.admin.record_pages import list_url, page_context, place_in, record_of, record_url
from integrations.admin.requesters import requester_of
from integrations.admin.result_messages import report
from integrations.admin.site import site
from integrations.choices import Target
from integrations.decisions import DecisionRefusedError
from integrations.decisions.requirements import may
from integrations.models import DecisionRequest, SyncStanding
from integrations.standings import transitions
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester

AGAIN = "otra-vez"
"""Value of the field `sigue` with which an annulled document may be sent again as a new one."""
NOT_DECIDED = "Su sesión terminó antes de decidir: no se decidió nada. Esto es lo que había escrito."
_MOMENTS = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class DecisionVerb:
    """One decision: its button, the permission that it needs (`integrations.<permission>_syncbatch`), its form."""

    label: str
    event: Event
    permission: str
    help: str
    asks_number: bool = False
    asks_moment: bool = False
    needs_look: bool = False
    """Only possible after a read of the ERP: a person's statement is not enough."""


VERBS: dict[str, DecisionVerb] = {
    "adoptar": DecisionVerb(
        "Adoptar este documento",
        Event.ADOPTED,
        "adopt",
        "El documento que está en el ERP queda como este. Nada se envía.",
        needs_look=True,
    ),
    "sobrescribir": DecisionVerb(
        "Enviar de nuevo como actualización",
        Event.OVERWRITTEN,
        "update_in_siigo",
        "Queda «Modificado»: al enviarlo, lo de aquí reemplaza en el ERP lo que alguien cambió allá.",
        needs_look=True,
    ),
    "no-existe": DecisionVerb(
        "Confirmo que no existe",
        Event.CONFIRMED_ABSENT,
        "confirm_absent",
        "Se podrá enviar de nuevo. Si el documento sí estaba, quedarían dos.",
        asks_moment=True,
    ),
    "a-mano": DecisionVerb(
        "Se registró a mano con el número…",
        Event.MARKED_BY_HAND,
        "mark_by_hand",
        "Queda como enviado, con el número que usted escribió. Nada se envía.",
        asks_number=True,
        asks_moment=True,
    ),
    "anulado": DecisionVerb(
        "Anulado en el ERP",
        Event.ANNULLED,
        "annul",
        "Queda escrito quién lo dice y por qué. Lo que se anuló en el ERP no se borra de aquí.",
        needs_look=True,
    ),
}


def may_decide(user: Any, verb: DecisionVerb) -> bool:
    """Whether a person has the permission for a decision."""
    return bool(user.has_perm(f"integrations.{verb.permission}_syncbatch"))


def offers(user: Any, row: SyncStanding) -> list[tuple[str, str]]:
    """(name in the URL, label) of the decisions that the person may take about a record in its present state."""
    return [(name, verb.label) for name, verb in VERBS.items() if may(row, verb.event) and may_decide(user, verb)]


@fills_in_again
def page(record_admin: RecordModelAdmin, request: HttpRequest, pk: int, target: str, verb: str) -> HttpResponse:
    """The page of one decision; a POST takes it, and goes back to the record. Raises: Http404, PermissionDenied."""
    record = record_of(record_admin, request, pk, target)
    row = SyncStanding.objects.of(record).select_related("connection", "company").get(target=target)
    decides = request.method == "POST" and not is_given_back(request)
    if verb in ("aprobar", "negar"):
        return _second_person(request, row, verb) if decides else redirect(record_url(record.kind, pk))
    decision = VERBS.get(verb)
    if decision is None:
        raise Http404
    if not may_decide(request.user, decision):
        raise PermissionDenied
    if is_given_back(request):
        messages.warning(request, NOT_DECIDED)
    if decides and _report_decision(request, lambda: _decide(request, row, verb)):
        return redirect(record_url(record.kind, pk))
    title = f"{decision.label} ({row.get_target_display()})"
    context = page_context(record_admin, request, record, title) | {
        "place": place_in(record, row.target),
        "can_verify": _can_be_read(row) and record_admin.has_resolve_permission(request),
        "command_url": record_admin.url_name("command"),
        "posted": request.POST,
    }
    return render(request, "admin/deciding.html", context | _form_context(row, decision))


def _form_context(row: SyncStanding, decision: DecisionVerb) -> dict[str, Any]:
    look = decisions.last_look(row)
    return {
        "row": row,
        "verb": decision,
        "is_allowed": may(row, decision.event),
        "look": look,
        "message": look.result.message(row.get_target_display()) if look else "",
        "asks_moment": _asks_moment(row, decision, look),
        "can_decide": look is not None or _needs_no_look(row, decision),
        "asks_what_follows": decision.event is Event.ANNULLED and decisions.can_stay(row.kind),
        "again": AGAIN,
    }


def _can_be_read(row: SyncStanding) -> bool:
    return not row.is_closed and transitions.may_be_read(row)


def _needs_no_look(row: SyncStanding, decision: DecisionVerb) -> bool:
    """Whether a person decides without a read of this very record: they say when they looked, or its register did."""
    vanished = decision.event is Event.ANNULLED and decisions.has_vanished(row)
    return vanished or not decision.needs_look or _asks_moment(row, decision, None)


def _asks_moment(row: SyncStanding, decision: DecisionVerb, look: decisions.Look | None) -> bool:
    """Whether the person says when they looked: no read did, or none can any more behind an archived connection."""
    if row.is_closed:
        return decision.asks_moment or decision.event is Event.ANNULLED
    return decision.asks_moment and look is None


def _decide(request: HttpRequest, row: SyncStanding, verb: str) -> str:
    """Take the decision; the message for the person. Raises: DecisionRefusedError, also if the record has changed."""
    requester, reason = requester_of(request), request.POST.get("motivo", "")
    if request.POST.get("intento", "") != str(row.attempt or ""):
        raise DecisionRefusedError("Esto cambió mientras usted decidía: revíselo de nuevo.")
    if verb == "adoptar":
        return decisions.adopt(row.pk, row.attempt, requester, reason)
    if verb == "anulado":
        stays = decisions.can_stay(row.kind) and request.POST.get("sigue") != AGAIN
        looked_at = _moment(request.POST.get("visto", ""))
        return decisions.annul(row.pk, row.attempt, requester, reason, stays=stays, looked_at=looked_at)
    if verb == "sobrescribir":
        return decisions.overwrite(row.pk, row.attempt, requester, reason)
    looked_at = _moment(request.POST.get("visto", ""))
    if verb == "no-existe":
        return decisions.confirm_absent(row.pk, row.attempt, requester, reason, looked_at)
    return decisions.mark_by_hand(row.pk, row.attempt, requester, request.POST.get("numero", ""), reason, looked_at)


def _moment(text: str) -> datetime | None:
    """A date with its hour in local time; None for a blank text. Raises: DecisionRefusedError for any other text."""
    if not text.strip():
        return None
    for moment_format in _MOMENTS:
        try:
            return timezone.make_aware(datetime.strptime(text.strip(), moment_format))  # noqa: DTZ007 - made aware here
        except ValueError:
            continue
    raise DecisionRefusedError(f"«{text.strip()}» no es una fecha con hora. Escriba, por ejemplo, 20/11/2026 14:30.")


def _second_person(request: HttpRequest, row: SyncStanding, verb: str) -> HttpResponse:
    """*Aprobar* and *Negar* of a decision that another person requested."""
    if not may_decide(request.user, VERBS["no-existe"]):
        raise PermissionDenied
    pending = DecisionRequest.objects.filter(standing=row, state=DecisionRequest.State.OPEN).first()
    if pending is None:
        messages.warning(request, "Esta petición ya no está por aprobar.")
    else:
        decide: Callable[[int, Requester], str] = decisions.approve if verb == "aprobar" else decisions.deny
        _report_decision(request, lambda: decide(pending.pk, requester_of(request)))
    return redirect(record_url(row.kind, row.record_id))


def _report_decision(request: HttpRequest, decide: Callable[[], str]) -> bool:
    """Decide, with the result or the refusal as a message. Returns whether it was decided."""
    try:
        messages.success(request, decide())
    except DecisionRefusedError as refused:
        messages.error(request, str(refused))
        return False
    return True


# --- many records at once: those that were in the ERP before this product

_SALT = "already-there"
_HOURS = 12


def history_page(
    request: HttpRequest, context: dict[str, Any], kind: str, target: Target, ids: list[int]
) -> HttpResponse:
    """The page before «Ya está en el ERP, no enviar»; one field holds every id, as Django refuses forms with many."""
    context |= {
        "title": f"Ya está en {target.label}, no enviar",
        "count": len(ids),
        "target": target,
        "chosen": signing.dumps({"kind": kind, "target": target.value, "ids": ids}, salt=_SALT, compress=True),
        "back_url": list_url(kind),
    }
    return render(request, "admin/already_there.html", context)


@site.page("ya-esta/", "already_there")
@require_POST
def mark_history(request: HttpRequest) -> HttpResponse:
    """Mark the selected records as already in the ERP. Raises: PermissionDenied."""
    if not may_mark_by_hand(request):
        raise PermissionDenied
    try:
        chosen = signing.loads(request.POST.get("elegidos", ""), salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature:
        messages.error(request, "La selección venció: elija los documentos de nuevo.")
        return redirect("admin:index")
    if not may_on_kind(request, chosen["kind"], "change"):
        raise PermissionDenied
    tally = decisions.already_there(
        kind=chosen["kind"],
        record_ids=chosen["ids"],
        target=chosen["target"],
        requester=requester_of(request),
        reason=request.POST.get("motivo", "").strip(),
    )
    report(request, "Marcados como que ya están en el ERP", tally)
    return redirect(list_url(chosen["kind"]))
