"""The page of a correction in bulk, one for each step: field, form, preview, progress and result."""

from collections.abc import Mapping
from typing import Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString

from integrations.admin import correction_form
from integrations.admin.badges import moment
from integrations.admin.correction_words import progress_sentence, reasons, rule_sentence, sentence_of
from integrations.admin.permissions import may_make_rules, may_on_kind, may_send
from integrations.admin.record_pages import list_url, record_url
from integrations.admin.requesters import requester_name
from integrations.admin.site import site
from integrations.admin.wording import counted_records, kind_name
from integrations.corrections import rule_making
from integrations.models import Correction, CorrectionItem
from integrations.payloads.record_fields import RecordField, field_of
from integrations.selectors import corrections as selector
from integrations.selectors.corrections import CorrectionCounts

ROWS_A_PAGE = 100
_MOST_CELLS = 4
"""Lines of one document that a row of the preview names."""
_State = Correction.State
_Verdict, _Check, _Outcome = CorrectionItem.Verdict, CorrectionItem.Check, CorrectionItem.Outcome
_STARTING = (_State.CHOOSING, _State.REVIEW)
_TABS: dict[str, tuple[tuple[str, str, dict[str, Any]], ...]] = {
    _State.REVIEW: (
        ("cambian", "Cambian", {"verdict": _Verdict.CHANGES}),
        ("no-sirve", "El valor no sirve", {"verdict": _Verdict.WRONG}),
        ("se-quedan", "Se quedan como están", {"verdict": _Verdict.STAYS}),
        ("iguales", "Nada que cambiar", {"verdict": _Verdict.SAME}),
    ),
    _State.DONE: (
        ("corregidos", "Corregidos", {"outcome": _Outcome.DONE}),
        ("quedaron", "Quedaron como estaban", {"outcome": _Outcome.LEFT}),
    ),
    _State.UNDONE: (
        ("deshechos", "Deshechos", {"outcome": _Outcome.UNDONE}),
        ("no-se-deshizo", "No se deshizo", {"outcome": _Outcome.KEPT}),
    ),
}
"""State → (name, label, condition on items) of what its page lists."""


def page(request: HttpRequest, correction: Correction, badge: SafeString) -> HttpResponse:
    """The page of a correction in its present state; `definir` goes back from the preview to the form."""
    may_change = may_on_kind(request, correction.kind, "change")
    is_form = correction.state == _State.CHOOSING or (correction.state == _State.REVIEW and "definir" in request.GET)
    if is_form and may_change:
        return form(request, correction, correction_form.typed_before(correction), badge)
    context = _context(request, correction, badge) | {"may_change": may_change, **_listed(request, correction)}
    if correction.state == _State.REVIEW:
        return render(request, "admin/correction_review.html", context)
    return render(request, "admin/correction_progress.html", context | _result(request, correction))


def form(
    request: HttpRequest, correction: Correction, typed: Mapping[str, str], badge: SafeString, problem: str = ""
) -> HttpResponse:
    """The choice of a field; with one, what becomes of it. `problem` says why it can't be as it was typed."""
    context = _context(request, correction, badge) | {"problem": problem}
    asked = typed["field"] if problem else request.GET.get("campo")
    field = correction_form.chosen_field(correction, asked)
    if field is None:
        context |= {"options": correction_form.field_options(correction.kind)}
        return render(request, "admin/correction_field.html", context)
    context |= correction_form.form_context(correction, field, typed)
    return render(request, "admin/correction_form.html", context, status=400 if problem else 200)


def _context(request: HttpRequest, correction: Correction, badge: SafeString) -> dict[str, Any]:
    total = correction.items.count()
    return {
        **site.each_context(request),
        "title": f"Corregir en bloque {counted_records(correction.kind, total)}",
        "correction": correction,
        "sentence": sentence_of(correction),
        "badge": badge,
        "total": total,
        "list_url": list_url(correction.kind),
        "plural": kind_name(correction.kind),
        "who": requester_name(correction.requested_by, correction.requested_from),
        "at": moment(correction.created_at),
    }


def _listed(request: HttpRequest, correction: Correction) -> dict[str, Any]:
    """The counts, and the rows of the chosen tab."""
    found = selector.counts(correction)
    tabs = [(name, label, _count(found, where), where) for name, label, where in _TABS.get(correction.state, ())]
    filled = [tab for tab in tabs if tab[2]]
    field = field_of(correction.kind, correction.field)
    if not filled or field is None:
        return {"counts": _counts(found), "tabs": [], "rows": []}
    name, _, _, where = next((tab for tab in filled if tab[0] == request.GET.get("ver")), filled[0])
    listed = Paginator(selector.items(correction, **where), ROWS_A_PAGE).get_page(request.GET.get("p"))
    return {
        "counts": _counts(found),
        "field_label": field.label,
        "tabs": filled,
        "tab": name,
        "page": listed,
        "rows": [_row(correction, field, item) for item in listed],
        "reasons": reasons(selector.stay_reasons(correction, **where)) if name in _TELLING else [],
    }


_TELLING = ("no-sirve", "se-quedan", "quedaron", "no-se-deshizo")
"""The tabs of what did not change, each with its reason."""


def _count(found: CorrectionCounts, where: Mapping[str, str]) -> int:
    return sum(int(getattr(found, column)[value]) for column, value in where.items())


def _counts(found: CorrectionCounts) -> dict[str, int]:
    names = (*_Verdict, *_Check, *_Outcome)
    every = found.verdict + found.check_result + found.outcome
    return {name.value: every[name.value] for name in names if name.value}


def _row(correction: Correction, field: RecordField, item: CorrectionItem) -> dict[str, Any]:
    is_undone = item.outcome == _Outcome.UNDONE
    cells = [
        {
            "line": change["position"],
            "old": field.shown(change["new" if is_undone else "old"]),
            "new": field.shown(change["old" if is_undone else "new"]),
        }
        for change in item.changes[:_MOST_CELLS]
    ]
    return {
        "item": item,
        "url": record_url(correction.kind, item.record_id),
        "label": item.label or "Ya no existe",
        "cells": cells,
        "more": len(item.changes) - len(cells),
    }


def _result(request: HttpRequest, correction: Correction) -> dict[str, Any]:
    progress = progress_of(correction)
    is_done = correction.state == _State.DONE
    rules = rule_making.rules_of(correction) if is_done and may_make_rules(request) else []
    return {
        "always": [rule_sentence(rule) for rule in rules],
        "progress": progress,
        "is_waiting": not progress["over"],
        "ready": [
            (target, count, target.label)
            for target, count in (selector.ready_counts(correction) if is_done and may_send(request) else {}).items()
        ],
    }


def progress_of(correction: Correction) -> dict[str, Any]:
    """The progress of a correction, in the shape that `progress.js` reads."""
    done, of_all = _extent(correction, selector.counts(correction))
    return {
        "state": correction.state,
        "over": correction.state not in Correction.WORKING,
        "message": progress_sentence(correction, done, of_all),
        "counts": {"total": of_all, "done": done},
        "rows": [],
    }


def _extent(correction: Correction, found: CorrectionCounts) -> tuple[int, int]:
    """(how many are done, of how many) in its present state."""
    undone = found.outcome[_Outcome.UNDONE]
    if correction.state == _State.PREPARING:
        return found.total - found.verdict[_Verdict.UNSEEN], found.total
    if correction.state == _State.APPLYING:
        return found.total - found.outcome[_Outcome.WAITING], found.verdict[_Verdict.CHANGES]
    if correction.state == _State.UNDOING:
        return undone + found.outcome[_Outcome.KEPT], found.total - found.outcome[_Outcome.WAITING]
    return (undone if correction.state == _State.UNDONE else found.outcome[_Outcome.DONE]), found.total
