"""Suggestions of codes while one types in the inputs of a movement; without JavaScript these are plain inputs."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, JsonResponse
from django.urls import reverse_lazy

from integrations.admin.asked_ids import id_in
from integrations.erp.tax_ids import shown, sought
from ledger.suggesting import BOXES, suggestions

_BOX_OF = {"tax_id": "nit", "account": "cuenta", "article": "articulo", "cost_center": "centro"}
_LONGEST_TERM = 60


def offer(fields: dict[str, Any]) -> None:
    """Add the URL of its suggestions to each input of a form that has some."""
    for name, box in _BOX_OF.items():
        if name in fields:
            address = reverse_lazy("admin:ledger_movement_suggest", args=[box])
            fields[name].widget.attrs |= {"data-suggest": address, "autocomplete": "off"}


def answer(record_admin: Any, request: HttpRequest, box: str) -> JsonResponse:
    """The suggestions for the text `q` of the company `empresa`, as JSON. Raises: PermissionDenied, Http404."""
    if not record_admin.has_view_or_change_permission(request):
        raise PermissionDenied
    if box not in BOXES:
        raise Http404
    company_id = id_in(request.GET.get("empresa"))
    term = request.GET.get("q", "")[:_LONGEST_TERM]
    pairs = suggestions(box, company_id, term)
    return JsonResponse(
        {"sugerencias": [{"valor": code, "texto": _text(box, code, name, term)} for code, name in pairs]}
    )


def _text(box: str, code: str, name: str, term: str) -> str:
    """What is offered beside a code. Browsers offer only what contains the term: a NIT is shown as it was typed too."""
    is_written_out = box == _BOX_OF["tax_id"] and not code.startswith(term) and sought(term)
    return f"{shown(code)} · {name}" if is_written_out else name
