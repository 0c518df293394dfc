"""*Eliminar* of a list: what never left goes, what an ERP has or may have stays, and why."""

from collections import Counter
from typing import Any

from django.contrib import admin, messages
from django.contrib.admin.helpers import ACTION_CHECKBOX_NAME
from django.contrib.admin.models import DELETION
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from integrations.admin.record_pages import record_url
from integrations.admin.wording import counted_records
from integrations.models.change_history import write_down
from integrations.models.syncable import model_for
from integrations.standings import deletion

_EXAMPLES = 5
_CHANGED = "La selección cambió mientras usted la miraba: revísela otra vez."


@admin.action(description="Eliminar", permissions=["delete"])
def delete_selected(model_admin: Any, request: HttpRequest, queryset: "QuerySet[Any]") -> HttpResponse | None:
    """First the page that says what goes and what stays; then, of what was shown, what still may."""
    ids = list(queryset.order_by("pk").values_list("pk", flat=True))
    kind = model_admin.model.kind
    shown = request.POST.get("confirmado", "")
    if shown == str(len(ids)):
        _delete(request, kind, ids)
        return None
    if shown:
        messages.warning(request, _CHANGED)
    return _ask(model_admin, request, kind, ids)


def _ask(model_admin: Any, request: HttpRequest, kind: str, ids: list[int]) -> HttpResponse:
    reasons: Counter[str] = Counter()
    examples: dict[str, list[tuple[str, str]]] = {}
    for some in _pieces(ids):
        records = model_for(kind)._default_manager.in_bulk(some)
        for pk, reason in deletion.why_they_stay(list(records.values())).items():
            reasons[deletion.general(reason)] += 1
            named = examples.setdefault(deletion.general(reason), [])
            if len(named) < _EXAMPLES:
                named.append((str(records[pk]), record_url(kind, pk)))
    going = len(ids) - sum(reasons.values())
    context = {
        **model_admin.admin_site.each_context(request),
        "title": "Eliminar",
        "opts": model_admin.opts,
        "going": going,
        "going_text": counted_records(kind, going),
        "stays": [(reason, count, examples[reason]) for reason, count in reasons.most_common()],
        "staying": len(ids) - going,
        "selected": len(ids),
        "checked": request.POST.getlist(ACTION_CHECKBOX_NAME),
        "checkbox_name": ACTION_CHECKBOX_NAME,
        "across": request.POST.get("select_across", "0"),
        "query": request.GET.urlencode(),
    }
    return render(request, "admin/delete_selected.html", context)


def _delete(request: HttpRequest, kind: str, ids: list[int]) -> None:
    gone, kept = 0, 0
    for some in _pieces(ids):
        done = deletion.delete_many(kind, some)
        user: Any = request.user
        write_down(user.pk, model_for(kind), DELETION, done.deleted.items(), "Se eliminó con otros desde la lista.")
        gone, kept = gone + len(done.deleted), kept + len(done.kept)
    if gone:
        verb = "eliminó" if gone == 1 else "eliminaron"
        messages.success(request, f"Se {verb} {counted_records(kind, gone)}.")
    if kept:
        verb = "se queda" if kept == 1 else "se quedan"
        messages.warning(request, f"{counted_records(kind, kept)} {verb}: un ERP los tiene o los puede tener.")


def _pieces(ids: list[int]) -> list[list[int]]:
    return [ids[start : start + deletion.AT_ONCE] for start in range(0, len(ids), deletion.AT_ONCE)]
