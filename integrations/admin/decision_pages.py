"""The pages on which a person decides: what was sent beside what the ERP showed, and one form."""

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
from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.admin.record_pages import list_url, record_of, record_url
from integrations.admin.requester_names import requester
from integrations.admin.result_messages import report
from integrations.admin.site import site
from integrations.choices import Target
from integrations.decisions import DecisionRefusedError
from integrations.decisions.requirements import may
from integrations.models import DecisionRequest, SyncStanding
from integrations.models.syncable import model_for
from integrations.selectors import pages
from integrations.standings import transitions
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester

AGAIN = "otra-vez"
"""What is posted as `sigue` where an annulled document is to be sent again as another one."""
_MOMENTS = ("%d/%m/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%Y-%m-%d %H:%M")


@dataclass(frozen=True)
class Verb:
    """One decision: how its button reads, who may press it, what its form asks."""

    label: str
    event: Event
    permission: str
    help: str
    asks_number: bool = False
    asks_moment: bool = False
    needs_look: bool = False
    """Only a read of the ERP can be its ground: no person's word."""


VERBS: dict[str, Verb] = {
    "adoptar": Verb(
        "Adoptar este documento",
        Event.ADOPTED,
        "adopt",
        "El documento que está en el ERP queda como este. Nada se envía.",
        needs_look=True,
    ),
    "no-existe": Verb(
        "Confirmo que no existe",
        Event.CONFIRMED_ABSENT,
        "confirm_absent",
        "Se podrá enviar de nuevo. Si el documento sí estaba, quedarían dos.",
        asks_moment=True,
    ),
    "a-mano": Verb(
        "Se registró a mano con el número…",
        Event.MARKED_BY_HAND,
        "mark_by_hand",
        "Queda como enviado, con el número que usted escribió. Nada se envía.",
        asks_number=True,
        asks_moment=True,
    ),
    "anulado": Verb(
        "Anulado en el ERP",
        Event.ANNULLED,
        "annul",
        "Queda escrito quién lo dice y por qué. Lo que se anuló en el ERP no se borra de aquí.",
        needs_look=True,
    ),
}


def may_decide(user: Any, verb: Verb) -> bool:
    return bool(user.has_perm(f"integrations.{verb.permission}_syncbatch"))


def offers(user: Any, row: SyncStanding) -> list[tuple[str, str]]:
    """(verb, label) of what this person may decide about this record as it stands."""
    return [(name, verb.label) for name, verb in VERBS.items() if may(row, verb.event) and may_decide(user, verb)]


def page(record_admin: RecordModelAdmin, request: HttpRequest, pk: int, target: str, verb: str) -> HttpResponse:
    """One decision: what was seen, and the form. A POST decides."""
    record = record_of(record_admin, request, pk, target)
    row = SyncStanding.objects.of(record).select_related("connection", "company").get(target=target)
    if verb in ("aprobar", "negar"):
        return _second_person(request, row, verb) if request.method == "POST" else redirect(record_url(record.kind, pk))
    chosen = VERBS.get(verb)
    if chosen is None:
        raise Http404
    if not may_decide(request.user, chosen):
        raise PermissionDenied
    if request.method == "POST" and _tell(request, lambda: _decided(request, row, verb)):
        return redirect(record_url(record.kind, pk))
    return render(request, "admin/deciding.html", _context(record_admin, request, record, row, verb), status=200)


def _context(record_admin: Any, request: HttpRequest, record: Any, row: SyncStanding, verb: str) -> dict[str, Any]:
    chosen = VERBS[verb]
    look = decisions.last_look(row)
    place = next(one for one in pages.places(record) if one.target == row.target)
    return {
        **record_admin.admin_site.each_context(request),
        "title": f"{chosen.label} ({row.get_target_display()})",
        "subtitle": str(record),
        "opts": record_admin.opts,
        "record": record,
        "record_url": record_url(record.kind, record.pk),
        "place": place,
        "row": row,
        "verb": chosen,
        "is_allowed": may(row, chosen.event),
        "look": look,
        "message": look.finding.message(row.get_target_display()) if look else "",
        "asks_moment": chosen.asks_moment and look is None,
        "asks_what_follows": chosen.event is Event.ANNULLED and decisions.can_stay(row.kind),
        "again": AGAIN,
        "given": request.POST,
        "can_verify": transitions.may_be_read(row) and record_admin.has_resolve_permission(request),
        "command_url": f"admin:{record_admin.opts.app_label}_{record_admin.opts.model_name}_command",
    }


def _decided(request: HttpRequest, row: SyncStanding, verb: str) -> str:
    """Do it, for the record as the page showed it."""
    who, reason = requester(request), request.POST.get("motivo", "")
    if request.POST.get("intento", "") != str(row.attempt or ""):
        raise DecisionRefusedError("Esto cambió mientras usted decidía: revíselo de nuevo.")
    if verb == "adoptar":
        return decisions.adopt(row.pk, row.attempt, who, reason)
    if verb == "anulado":
        stays = decisions.can_stay(row.kind) and request.POST.get("sigue") != AGAIN
        return decisions.annul(row.pk, row.attempt, who, reason, stays=stays)
    looked_at = _moment(request.POST.get("visto", ""))
    if verb == "no-existe":
        return decisions.confirm_absent(row.pk, row.attempt, who, reason, looked_at)
    return decisions.mark_by_hand(row.pk, row.attempt, who, request.POST.get("numero", ""), reason, looked_at)


def _moment(text: str) -> datetime | None:
    """Raises: DecisionRefusedError for what is no date and hour."""
    if not text.strip():
        return None
    for form in _MOMENTS:
        try:
            return timezone.make_aware(datetime.strptime(text.strip(), form))  # noqa: DTZ007 - made aware here
        except ValueError:
            continue
    raise DecisionRefusedError(f"«{text.strip()}» no es una fecha con hora. Escriba, por ejemplo, 20/11/2026 14:30.")


def _second_person(request: HttpRequest, row: SyncStanding, verb: str) -> HttpResponse:
    if not may_decide(request.user, VERBS["no-existe"]):
        raise PermissionDenied
    asked = DecisionRequest.objects.filter(standing=row, state=DecisionRequest.State.OPEN).first()
    if asked is None:
        messages.warning(request, "Esta petición ya no está por aprobar.")
    else:
        act: Callable[[int, Requester], str] = decisions.approve if verb == "aprobar" else decisions.deny
        _tell(request, lambda: act(asked.pk, requester(request)))
    return redirect(record_url(row.kind, row.record_id))


def _tell(request: HttpRequest, decide: Callable[[], str]) -> bool:
    """Whether it was decided; either way the person is told."""
    try:
        messages.success(request, decide())
    except DecisionRefusedError as refused:
        messages.error(request, str(refused))
        return False
    return True


# --- many at once: history that was in the ERP before

_SALT = "already-there"
_HOURS = 12


def ask_about_history(
    request: HttpRequest, context: dict[str, Any], kind: str, target: Target, ids: list[int]
) -> HttpResponse:
    """The page before «Ya está en el ERP, no enviar»: what it means, how many, and why."""
    return render(
        request,
        "admin/already_there.html",
        {
            **context,
            "title": f"Ya está en {target.label}, no enviar",
            "count": len(ids),
            "target": target,
            # One field, whatever the number of records: Django refuses forms of more than a thousand.
            "chosen": signing.dumps({"kind": kind, "target": target.value, "ids": ids}, salt=_SALT, compress=True),
            "back_url": list_url(kind),
        },
    )


@site.page("ya-esta/", "already_there")
@require_POST
def mark_history(request: HttpRequest) -> HttpResponse:
    """Mark the chosen records as being in the ERP."""
    user: Any = request.user
    if not user.has_perm("integrations.mark_by_hand_syncbatch"):
        raise PermissionDenied
    try:
        chosen = signing.loads(request.POST.get("elegidos", ""), salt=_SALT, max_age=_HOURS * 3600)
    except signing.BadSignature:
        messages.error(request, "La selección venció: elija los documentos de nuevo.")
        return redirect("admin:index")
    if not user.has_perm(
        f"{model_for(chosen['kind'])._meta.app_label}.change_{model_for(chosen['kind'])._meta.model_name}"
    ):
        raise PermissionDenied
    tally = decisions.already_there(
        kind=chosen["kind"],
        record_ids=chosen["ids"],
        target=chosen["target"],
        requester=requester(request),
        reason=request.POST.get("motivo", "").strip(),
    )
    report(request, "Marcados como que ya están en el ERP", tally)
    return redirect(list_url(chosen["kind"]))
