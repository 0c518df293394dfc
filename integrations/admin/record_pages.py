"""What one record's page adds to Django's form: where it stands, what would be sent, and the buttons of its state."""

from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse

from integrations import decisions
from integrations.admin.body_tree import as_tree
from integrations.admin.fixed_fields import places_of
from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.admin.sparse_forms import readable
from integrations.choices import ItemVerdict, Kind, SendKind, Target
from integrations.erp.fields.severity import Severity
from integrations.inbox import code_mappings
from integrations.models import Syncable
from integrations.models.syncable import model_for
from integrations.payloads.context import codes_of
from integrations.selectors import pages

RENUMBER = "integrations.give_next_number"


def record_url(kind: Kind | str, record_id: int) -> str:
    """Where staff see one record."""
    meta = model_for(kind)._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_change", args=[record_id])


def list_url(kind: Kind | str) -> str:
    """Where staff see all records of a kind."""
    meta = model_for(kind)._meta
    return reverse(f"admin:{meta.app_label}_{meta.model_name}_changelist")


def labels_of(kind: Kind | str, target: Target | str) -> dict[str, str]:
    """Wire name → official label, for everything that this kind sends to `target`."""
    export = model_for(kind).exports.get(Target(target))
    if export is None:
        return {}
    parts = getattr(export, "parts", ())
    catalogues = [export.catalogue, *(part.catalogue for part in parts)]
    tags = {part.tag: part.catalogue.title.rpartition(": ")[2].capitalize() for part in parts}
    return tags | {name: readable(row.label) for one in catalogues for row in one for name in row.spellings}


def strip_context(record_admin: RecordModelAdmin, request: HttpRequest, object_id: str) -> dict[str, Any]:
    """Where the record stands with each ERP, and its story."""
    record = record_admin.get_object(request, object_id)
    if record is None:
        return {}
    story, annulled = pages.story(record), annulments(record)
    return {
        "places": places_of(request, record),
        "story": story,
        "more_story": len(story) == pages.STORY_ROWS,
        "annulments": annulled,
        "closed_elsewhere": _closed_elsewhere(request, record, annulled),
        "replaces": linked(decisions.original_of(record)),
        "copy_url": record_admin.copy_url(record) if record_admin.has_add_permission(request) else "",
        "may_send": record_admin.has_send_permission(request),
        "may_resolve": record_admin.has_resolve_permission(request),
        "may_number": request.user.has_perm(RENUMBER) and bool(getattr(record, "number", None)),
        "may_change": record_admin.has_change_permission(request, record),
        "decide_url": f"admin:{record_admin.opts.app_label}_{record_admin.opts.model_name}_decide",
        "command_url": f"admin:{record_admin.opts.app_label}_{record_admin.opts.model_name}_command",
        "changes_url": f"admin:{record_admin.opts.app_label}_{record_admin.opts.model_name}_changes",
        "side_by_side_url": f"admin:{record_admin.opts.app_label}_{record_admin.opts.model_name}_side_by_side",
        "would_send_url": f"admin:{record_admin.opts.app_label}_{record_admin.opts.model_name}_would_send",
    }


def annulments(record: Syncable) -> list[dict[str, Any]]:
    """What is annulled of a record, each with the link to what took its place."""
    held = decisions.in_force(record.kind, [record.pk])
    made = type(record)._default_manager.in_bulk([one.replacement_id for one in held if one.replacement_id])
    return [{"it": one, "replacement": linked(made.get(one.replacement_id or 0))} for one in held]


def _closed_elsewhere(request: HttpRequest, record: Syncable, annulled: list[dict[str, Any]]) -> set[str]:
    """The ERPs for which an annulled record may not be included again: not annulled there, or not this person's."""
    if not annulled:
        return set()
    its_own = {one["it"].target for one in annulled} if request.user.has_perm(decisions.MAY_ANNUL) else set()
    return {target.value for target in record.exports if target not in its_own}


def linked(record: Syncable | None) -> dict[str, str] | None:
    """Name and address of a record."""
    return {"name": str(record), "url": record_url(record.kind, record.pk)} if record else None


def record_of(record_admin: RecordModelAdmin, request: HttpRequest, pk: int, target: str) -> Syncable:
    """The record of a page. Raises: Http404 where that ERP takes no such record, PermissionDenied."""
    record: Syncable | None = record_admin.model._default_manager.filter(pk=pk).first()
    if record is None or target not in record.exports:
        raise Http404
    if not record_admin.has_view_or_change_permission(request, record):
        raise PermissionDenied
    return record


def would_send(record_admin: RecordModelAdmin, request: HttpRequest, pk: int, target: str) -> HttpResponse:
    """*Ver lo que se enviaría*: the document as the ERP would get it, and what the local checks say."""
    record = record_of(record_admin, request, pk, target)
    place = next((one for one in pages.places(record) if one.target == target), None)
    context: dict[str, Any] = {
        **record_admin.admin_site.each_context(request),
        "title": f"Lo que se enviaría a {Target(target).label}",
        "subtitle": str(record),
        "opts": record_admin.opts,
        "record": record,
        "place": place,
        "record_url": record_url(record.kind, record.pk),
    }
    if place is None or place.connection is None:
        context["impossible"] = place.why_not if place else "No va a ese ERP."
    else:
        context |= _preview(record, place)
    part = "parte" in request.GET
    return render(request, "admin/would_send_part.html" if part else "admin/would_send.html", context)


def _preview(record: Syncable, place: pages.Place) -> dict[str, Any]:
    judgement = pages.would_be_sent(record, place.connection) if place.connection else None
    if judgement is None:
        return {"impossible": "No va a ese ERP."}
    told: dict[str, Any] = {
        "blocking": gathered([one for one in judgement.problems_as_data() if one["severity"] == Severity.BLOCK]),
        "warnings": gathered([one for one in judgement.problems_as_data() if one["severity"] == Severity.WARN]),
        "is_update": place.row.send_kind == SendKind.UPDATE,
        "not_now": judgement.reason if judgement.verdict == ItemVerdict.SKIPPED else "",
    }
    if place.connection:
        told["translations"] = code_mappings.translations(record, place.connection, codes_of(place.connection))
    if judgement.payload is not None:
        body = judgement.payload.body
        told |= {"body": body, "tree": as_tree(body, labels_of(record.kind, place.target))}
    return told


def gathered(problems: list[dict[str, Any]]) -> list[str]:
    """One sentence a problem: what several lines have in common is said once, with their numbers."""
    lines: dict[str, list[int]] = {}
    for problem in problems:
        line = problem.get("line")
        message = problem["message"].removeprefix(f"Línea {line}: ")
        lines.setdefault(message, []).extend([line] if line is not None else [])
    return [_at(sorted(set(found))) + message for message, found in lines.items()]


def _at(lines: list[int]) -> str:
    if not lines:
        return ""
    if len(lines) == 1:
        return f"Línea {lines[0]}: "
    if lines == list(range(lines[0], lines[-1] + 1)):
        return f"Líneas {lines[0]} a {lines[-1]}: "
    return f"Líneas {', '.join(map(str, lines))}: "
