"""The page of one record beside Django's form: its state in each ERP, its history, and what would be sent."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from integrations import decisions
from integrations.admin.body_tree import as_tree
from integrations.admin.fixed_fields import places_of
from integrations.admin.permissions import may_renumber
from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.choices import ItemVerdict, Kind, SendKind, Target
from integrations.erp.fields.labels import sentence_case
from integrations.erp.fields.severity import Severity
from integrations.inbox import code_mappings
from integrations.models import Syncable
from integrations.models.syncable import model_for
from integrations.payloads.context import codes_of
from integrations.selectors import pages


def record_url(kind: Kind | str, record_id: int) -> str:
    """URL of the form of a record."""
    meta = model_for(kind)._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record_id])


def list_url(kind: Kind | str) -> str:
    """URL of the list of a kind."""
    meta = model_for(kind)._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def labels_of(kind: Kind | str, target: Target | str) -> dict[str, str]:
    """Name in the payload → official label, for every field of a kind that goes to `target`."""
    export = model_for(kind).exports.get(Target(target))
    if export is None:
        return {}
    parts = getattr(export, "parts", ())
    catalogues = [export.catalogue, *(part.catalogue for part in parts)]
    tags = {part.tag: part.catalogue.title.rpartition(": ")[2].capitalize() for part in parts}
    rows = (row for catalogue in catalogues for row in catalogue)
    return tags | {name: sentence_case(row.label) for row in rows for name in row.spellings}


def strip_context(record_admin: RecordModelAdmin, request: HttpRequest, object_id: str) -> dict[str, Any]:
    """Context of the strip above the form: the record's state in each ERP, its history, and the buttons of both."""
    record = record_admin.get_object(request, object_id)
    if record is None:
        return {}
    story, annulled = pages.story(record), annulments(record)
    return {
        "places": places_of(request, record),
        "story": story,
        "more_story": len(story) == pages.STORY_ROWS,
        "annulments": annulled,
        "closed_elsewhere": _not_includable(request, record, annulled),
        "replaces": linked(decisions.original_of(record)),
        "copy_url": record_admin.copy_url(record) if record_admin.has_add_permission(request) else "",
        "may_number": may_renumber(request) and bool(getattr(record, "number", None)),
        "may_send": record_admin.has_send_permission(request),
        "may_resolve": record_admin.has_resolve_permission(request),
        "may_change": record_admin.has_change_permission(request, record),
        **{f"{page}_url": record_admin.url_name(page) for page in _PAGES},
    }


_PAGES = ("decide", "command", "changes", "side_by_side", "would_send")


def annulments(record: Syncable) -> list[dict[str, Any]]:
    """The annulments in force of a record, each with the link to the record that replaces it."""
    in_force = decisions.in_force(record.kind, [record.pk])
    replacement_ids = [annulment.replacement_id for annulment in in_force if annulment.replacement_id]
    replacements = type(record)._default_manager.in_bulk(replacement_ids)
    return [
        {"annulment": annulment, "replacement": linked(replacements.get(annulment.replacement_id or 0))}
        for annulment in in_force
    ]


def _not_includable(request: HttpRequest, record: Syncable, annulled: list[dict[str, Any]]) -> set[str]:
    """ERPs in which this person may not include an annulled record again; all, for who may not annul."""
    if not annulled:
        return set()
    may_annul = request.user.has_perm(decisions.MAY_ANNUL)
    includable = {row["annulment"].target for row in annulled} if may_annul else set()
    return {target.value for target in record.exports if target not in includable}


def linked(record: Syncable | None) -> dict[str, str] | None:
    """Name and address of a record."""
    return {"name": str(record), "url": record_url(record.kind, record.pk)} if record else None


def record_of(record_admin: RecordModelAdmin, request: HttpRequest, pk: int, target: str) -> Syncable:
    """The record of a page. Raises: Http404 where `target` takes no such record, PermissionDenied."""
    record: Syncable | None = record_admin.model._default_manager.filter(pk=pk).first()
    if record is None or target not in record.exports:
        raise Http404
    if not record_admin.has_view_or_change_permission(request, record):
        raise PermissionDenied
    return record


def place_in(record: Syncable, target: str) -> pages.StandingActions | None:
    """Where a record stands with one ERP; None where it has no standing there."""
    return next((place for place in pages.standing_actions(record) if place.target == target), None)


def page_context(record_admin: RecordModelAdmin, request: HttpRequest, record: Syncable, title: str) -> dict[str, Any]:
    """What the template of every page of one record needs."""
    return {
        **record_admin.admin_site.each_context(request),
        "title": title,
        "subtitle": str(record),
        "opts": record_admin.opts,
        "record": record,
        "record_url": record_url(record.kind, record.pk),
    }


def would_send(record_admin: RecordModelAdmin, request: HttpRequest, pk: int, target: str) -> HttpResponse:
    """*Ver lo que se enviaría*: the payload as the ERP would get it, and the problems of the local checks.

    With `?parte` only the part that another page loads.
    """
    record = record_of(record_admin, request, pk, target)
    place = place_in(record, target)
    context = page_context(record_admin, request, record, f"Lo que se enviaría a {Target(target).label}")
    context |= {"place": place, **_preview(record, place)}
    part = "parte" in request.GET
    return render(request, "admin/would_send_part.html" if part else "admin/would_send.html", context)


def _preview(record: Syncable, place: pages.StandingActions | None) -> dict[str, Any]:
    if place is None or place.connection is None:
        return {"impossible": place.why_not if place else "No va a ese ERP."}
    judgement = pages.would_be_sent(record, place.connection)
    if judgement is None:
        return {"impossible": "No va a ese ERP."}
    problems = judgement.problems_as_data()
    preview: dict[str, Any] = {
        "blocking": sentences(problems, Severity.BLOCK),
        "warnings": sentences(problems, Severity.WARN),
        "is_update": place.row.send_kind == SendKind.UPDATE,
        "not_now": judgement.reason if judgement.verdict == ItemVerdict.SKIPPED else "",
        "translations": code_mappings.translations(record, place.connection, codes_of(place.connection)),
    }
    if judgement.payload is not None:
        body = judgement.payload.body
        preview |= {"body": body, "tree": as_tree(body, labels_of(record.kind, place.target))}
    return preview


def sentences(problems: list[dict[str, Any]], severity: str) -> list[str]:
    """The problems of one severity, each message once, with the numbers of the lines that have it."""
    lines: dict[str, set[int]] = {}
    for problem in problems:
        if problem["severity"] == severity:
            line = problem.get("line")
            message = problem["message"].removeprefix(f"Línea {line}: ")
            lines.setdefault(message, set()).update([line] if line is not None else [])
    return [_at_lines(sorted(numbers)) + message for message, numbers in lines.items()]


def _at_lines(lines: list[int]) -> str:
    if not lines:
        return ""
    if len(lines) == 1:
        return f"Línea {lines[0]}: "
    if lines == list(range(lines[0], lines[-1] + 1)):
        return f"Líneas {lines[0]} a {lines[-1]}: "
    return f"Líneas {', '.join(map(str, lines))}: "
