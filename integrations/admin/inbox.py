"""*Bandeja de errores*: one card a cause, with what to do about it and the button that does it."""

from datetime import timedelta
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_GET

from integrations import inbox
from integrations.admin.badges import badge, moment
from integrations.admin.batch_pages import may_send
from integrations.admin.record_pages import record_url
from integrations.admin.site import OwnPage, site
from integrations.choices import Kind, Target
from integrations.erp.causes import Remedy
from integrations.erp.fields.money import money
from integrations.inbox import CardDocument, CauseCard, ErrorFilter, assignments, missing_items, records_of
from integrations.inbox.viewers import viewable_kinds
from integrations.models import Connection
from integrations.models.syncable import model_for
from integrations.selectors import pages
from integrations.standings import unblockings

__all__ = ["asked_for", "may_change", "may_see", "page", "records_of", "tabs_of", "viewable_kinds"]


def may_see(request: HttpRequest) -> bool:
    return bool(viewable_kinds(request.user))


def asked_for(request: HttpRequest, given: QueryDict) -> ErrorFilter:
    """Which errors a person asked for, of those that they may see.

    Raises: PermissionDenied for who may see none.
    """
    kinds = viewable_kinds(request.user)
    if not kinds:
        raise PermissionDenied
    target = given.get("erp", "")
    person = request.user if "mios" in given else None
    return ErrorFilter(target if target in Target else "", person, kinds)


@site.page("errores/", "inbox", OwnPage("Operación", 12, "Bandeja de errores", "inbox", "errors", may_see))
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Every cause, the first open; `causa` opens another, `erp` and `mios` narrow."""
    wanted = asked_for(request, request.GET)
    cards = inbox.cards(wanted)
    named = request.GET.get("causa", "")
    open_key = named if named in {card.key for card in cards} else (cards[0].key if cards else "")
    shown = inbox.documents(cards, open_key, _page_number(request), wanted)
    connections = pages.live_connections()
    rows = [_told(request, card, shown[card.key], card.key == open_key, connections, wanted) for card in cards]
    context = {
        **site.each_context(request),
        "title": "Bandeja de errores",
        "refused": [row for row in rows if not row["card"].is_local],
        "blocked": [row for row in rows if row["card"].is_local],
        "wanted": wanted,
        "tabs": tabs_of(wanted),
        "kept": {"erp": wanted.target, "mios": wanted.person is not None},
        "people": assignments.people() if cards and request.user.has_perm(assignments.PERMISSION) else [],
        "unblocked": unblockings.count_since(timezone.now() - timedelta(days=1), wanted.kinds or ()),
        "newest": pages.newest_batches(1) if not cards else [],
        "may_send": may_send(request),
        "may_verify": request.user.has_perm("integrations.resolve_syncbatch"),
    }
    return render(request, "admin/inbox.html", context)


def _page_number(request: HttpRequest) -> int:
    asked = request.GET.get("p", "1")
    return int(asked) if asked.isdecimal() and len(asked) < 7 else 1


def tabs_of(wanted: ErrorFilter) -> list[tuple[str, str, bool]]:
    """(label, query, current) of the links above the cards."""
    mine = "mios=1" if wanted.person is not None else ""
    tabs = [("Todos", "", not wanted.target), *((one.label, f"erp={one}", wanted.target == one) for one in Target)]
    return [(label, "?" + "&".join(filter(None, (query, mine))), current) for label, query, current in tabs]


def _told(
    request: HttpRequest, card: CauseCard, shown: Any, is_open: bool, connections: list[Connection], wanted: ErrorFilter
) -> dict[str, Any]:
    mine = [one for one in connections if one.target == card.target]
    kinds = {part.kind for part in card.groups.values()}
    return {
        "card": card,
        "is_open": is_open,
        "counted": counted(card),
        "amount": money(card.amount) if card.amount else "",
        "first": moment(card.first),
        "last": moment(card.last),
        "due": moment(card.due) if card.due else "",
        "documents": [_row(one) for one in shown.documents],
        "shown": shown,
        "links": _links(request, card, shown.documents, mine),
        "masters": _masters(card, mine, wanted) if is_open and card.remedy is Remedy.SEND_MASTERS else [],
        "retries": [_retry(part) for part in card.groups.values() if part.sendable],
        "may_exclude": all(may_change(request, kind) for kind in kinds),
    }


def counted(card: CauseCard) -> str:
    """«44 documentos», «3 clientes», «2 registros» where the kinds are mixed."""
    kinds = {part.kind for part in card.groups.values()}
    return kind_counted(kinds.pop() if len(kinds) == 1 else "", card.count)


def kind_counted(kind: str, count: int) -> str:
    if kind in ("", Kind.MOVEMENT):
        return f"{count} {'documento' if count == 1 else 'documentos'}"
    meta = model_for(kind)._meta
    return f"{count} {meta.verbose_name if count == 1 else meta.verbose_name_plural}"


def _retry(part: inbox.CardGroup) -> dict[str, Any]:
    what = "el grupo" if part.kind == Kind.MOVEMENT else str(model_for(part.kind)._meta.verbose_name_plural)
    return {"value": f"{part.company_id}-{part.kind}", "label": f"Reintentar {what} ({part.sendable})"}


def _row(one: CardDocument) -> dict[str, Any]:
    row, record = one.row, one.record
    given = one.assignment
    return {
        "standing": row.pk,
        "url": record_url(row.kind, row.record_id),
        "label": str(record) if record else "Ya no existe",
        "party": record.party_label if record else "",
        "amount": record.amount_at_stake if record else None,
        "badge": badge(row.status),
        "message": row.message,
        "at": moment(row.progressed_at),
        "answer": reverse("admin:integrations_syncattempt_change", args=[row.attempt]) if row.attempt else "",
        "problems": record_url(row.kind, row.record_id).removesuffix("change/") + f"enviaria/{row.target}/",
        "person": given.person if given else None,
        "note": given.note if given else "",
    }


def _links(
    request: HttpRequest, card: CauseCard, shown: list[CardDocument], connections: list[Connection]
) -> list[tuple[str, str]]:
    """(label, address) of what puts the cause right elsewhere."""
    user: Any = request.user
    first = connections[0] if connections else None
    if card.remedy is Remedy.MAP_CODES and first and user.has_perm("integrations.view_codemapping"):
        return [(_to_map(missing_items.codes_waiting(first)), reverse("admin:mappings_waiting", args=[first.pk]))]
    if card.remedy is Remedy.OPEN_CONNECTION and first and user.has_perm("integrations.view_connection"):
        return [("Ir a la conexión", reverse("admin:integrations_connection_change", args=[first.pk]))]
    if card.remedy is Remedy.READ_REGISTER and user.has_perm("integrations.view_pullplan"):
        return [("Ir a Lecturas desde el ERP", reverse("admin:integrations_pullplan_changelist"))]
    if card.remedy is Remedy.READ_ANSWER and shown and shown[0].row.attempt:
        return [("Ver la respuesta", reverse("admin:integrations_syncattempt_change", args=[shown[0].row.attempt]))]
    if shown and card.remedy is Remedy.OPEN_DOCUMENT:
        return [("Abrir el primero", record_url(shown[0].row.kind, shown[0].row.record_id))]
    return []


def _to_map(count: int) -> str:
    if not count:
        return "Ir a Homologación"
    return "Homologar 1 código" if count == 1 else f"Homologar {count} códigos"


def _masters(card: CauseCard, connections: list[Connection], wanted: ErrorFilter) -> list[tuple[str, str]]:
    """(kind, label) of the buttons that send what is missing."""
    found = missing_items.counts(card, connections, wanted)
    return [(kind, f"Enviar {kind_counted(kind, count)} a {card.target.label}") for kind, count in found.items()]


def may_change(request: HttpRequest, kind: str) -> bool:
    user: Any = request.user
    meta = model_for(kind)._meta
    return bool(user.has_perm(f"{meta.app_label}.change_{meta.model_name}"))
