"""*Bandeja de errores*: a card for each cause, with advice and the buttons that put it right."""

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
from integrations.admin.permissions import may_on_kind, may_send, may_verify
from integrations.admin.record_pages import record_url
from integrations.admin.site import OwnPage, site
from integrations.admin.wording import counted_documents, kind_name
from integrations.choices import Kind, Target
from integrations.erp.causes import Remedy
from integrations.erp.fields.money import money
from integrations.inbox import CardDocument, CauseCard, ErrorFilter, assignments, missing_items
from integrations.inbox.viewers import viewable_kinds
from integrations.models import Connection
from integrations.selectors import pages
from integrations.standings import unblockings


def may_see(request: HttpRequest) -> bool:
    """Whether the person may see the records of any kind."""
    return bool(viewable_kinds(request.user))


def error_filter_of(request: HttpRequest, query: QueryDict) -> ErrorFilter:
    """The selection of errors in a query: `erp` narrows to one ERP, `mios` to those assigned to the person.

    Raises: PermissionDenied for who may see the records of no kind.
    """
    kinds = viewable_kinds(request.user)
    if not kinds:
        raise PermissionDenied
    target = query.get("erp", "")
    person = request.user if "mios" in query else None
    return ErrorFilter(target if target in Target else "", person, kinds)


@site.page("errores/", "inbox", OwnPage("Operación", 12, "Bandeja de errores", "inbox", "errors", may_see))
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Every cause, the first with its documents; `causa` opens another, `erp` and `mios` narrow."""
    error_filter = error_filter_of(request, request.GET)
    cards = inbox.cards(error_filter)
    rows = _card_rows(request, cards, error_filter)
    context = {
        **site.each_context(request),
        "title": "Bandeja de errores",
        "refused": [row for row in rows if not row["card"].is_local],
        "blocked": [row for row in rows if row["card"].is_local],
        "error_filter": error_filter,
        "tabs": tabs_of(error_filter),
        "kept": {"erp": error_filter.target, "mios": error_filter.person is not None},
        "people": assignments.people() if cards and request.user.has_perm(assignments.PERMISSION) else [],
        "unblocked": unblockings.count_since(timezone.now() - timedelta(days=1), error_filter.kinds or ()),
        "newest": pages.newest_batches(1) if not cards else [],
        "may_send": may_send(request),
        "may_verify": may_verify(request),
    }
    return render(request, "admin/inbox.html", context)


def _card_rows(request: HttpRequest, cards: list[CauseCard], error_filter: ErrorFilter) -> list[dict[str, Any]]:
    open_key = next((card.key for card in cards if card.key == request.GET.get("causa")), cards[0].key if cards else "")
    documents = inbox.documents(cards, open_key, _page_number(request), error_filter)
    connections = pages.live_connections()
    return [
        {
            **_card_row(request, card, documents[card.key], [c for c in connections if c.target == card.target]),
            "is_open": card.key == open_key,
            "masters": _masters(card, connections, error_filter) if card.key == open_key else [],
        }
        for card in cards
    ]


def _page_number(request: HttpRequest) -> int:
    number = request.GET.get("p", "1")
    return int(number) if number.isdecimal() and len(number) < 7 else 1


def tabs_of(error_filter: ErrorFilter) -> list[tuple[str, str, bool]]:
    """(label, query, current) of the links above the cards."""
    assigned = "mios=1" if error_filter.person is not None else ""
    erps = ((target.label, f"erp={target}", error_filter.target == target) for target in Target)
    tabs = [("Todos", "", not error_filter.target), *erps]
    return [(label, "?" + "&".join(filter(None, (query, assigned))), current) for label, query, current in tabs]


def _card_row(request: HttpRequest, card: CauseCard, shown: Any, connections: list[Connection]) -> dict[str, Any]:
    kinds = {part.kind for part in card.groups.values()}
    return {
        "card": card,
        "counted": counted(card),
        "amount": money(card.amount) if card.amount else "",
        "first": moment(card.first),
        "last": moment(card.last),
        "due": moment(card.due) if card.due else "",
        "documents": [_document_row(document) for document in shown.documents],
        "shown": shown,
        "links": _links(request, card, shown.documents, connections),
        "retries": [_retry(part) for part in card.groups.values() if part.sendable],
        "corrections": [_correct(request, part) for part in card.groups.values() if _is_to_correct(card)],
        "may_exclude": all(may_on_kind(request, kind, "change") for kind in kinds),
    }


def counted(card: CauseCard) -> str:
    """«44 documentos», «3 clientes»; «documentos» where the kinds are mixed."""
    kinds = {part.kind for part in card.groups.values()}
    return counted_documents(kinds.pop() if len(kinds) == 1 else "", card.count)


def _retry(part: inbox.CardGroup) -> dict[str, Any]:
    name = "el grupo" if part.kind == Kind.MOVEMENT else kind_name(part.kind)
    return {"value": f"{part.company_id}-{part.kind}", "label": f"Reintentar {name} ({part.sendable})"}


def _is_to_correct(card: CauseCard) -> bool:
    """Whether its documents themselves may be what is wrong, and can still be changed."""
    return card.remedy in _OF_THE_DOCUMENT and (card.is_local or card.sendable > 0)


_OF_THE_DOCUMENT = (Remedy.OPEN_DOCUMENT, Remedy.READ_ANSWER, Remedy.READ_REGISTER)


def _correct(request: HttpRequest, part: inbox.CardGroup) -> dict[str, Any]:
    name = "los" if part.kind == Kind.MOVEMENT else kind_name(part.kind)
    may = may_on_kind(request, part.kind, "change")
    return {"value": f"{part.company_id}-{part.kind}", "label": f"Corregir {name} {part.total} en bloque", "may": may}


def _document_row(document: CardDocument) -> dict[str, Any]:
    row, record, assignment = document.row, document.record, document.assignment
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
        "person": assignment.person if assignment else None,
        "note": assignment.note if assignment else "",
    }


def _links(
    request: HttpRequest, card: CauseCard, shown: list[CardDocument], connections: list[Connection]
) -> list[tuple[str, str]]:
    """(label, URL) of the page where the cause of a card is put right; none where the person may not see it."""
    user: Any = request.user
    first = connections[0] if connections else None
    if card.remedy is Remedy.MAP_CODES and first and user.has_perm("integrations.view_codemapping"):
        label = _mapping_label(missing_items.codes_waiting(first))
        return [(label, reverse("admin:mappings_waiting", args=[first.pk]))]
    if card.remedy is Remedy.OPEN_CONNECTION and first and user.has_perm("integrations.view_connection"):
        return [("Ir a la conexión", reverse("admin:integrations_connection_change", args=[first.pk]))]
    if card.remedy is Remedy.READ_REGISTER and user.has_perm("integrations.view_pullplan"):
        return [("Ir a Lecturas desde el ERP", reverse("admin:integrations_pullplan_changelist"))]
    if card.remedy is Remedy.READ_ANSWER and shown and shown[0].row.attempt:
        return [("Ver la respuesta", reverse("admin:integrations_syncattempt_change", args=[shown[0].row.attempt]))]
    if shown and card.remedy is Remedy.OPEN_DOCUMENT:
        return [("Abrir el primero", record_url(shown[0].row.kind, shown[0].row.record_id))]
    return []


def _mapping_label(count: int) -> str:
    if not count:
        return "Ir a Homologación"
    return "Homologar 1 código" if count == 1 else f"Homologar {count} códigos"


def _masters(card: CauseCard, connections: list[Connection], error_filter: ErrorFilter) -> list[tuple[str, str]]:
    """(kind, label) of the buttons that send the missing masters; none where that is not the remedy."""
    if card.remedy is not Remedy.SEND_MASTERS:
        return []
    counts = missing_items.counts(card, [c for c in connections if c.target == card.target], error_filter)
    return [(kind, f"Enviar {counted_documents(kind, count)} a {card.target.label}") for kind, count in counts.items()]
