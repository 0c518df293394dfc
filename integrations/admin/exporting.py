"""«Exportar»: the filtered list or the selected records as a file; and the template files for importing."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from typing import IO, Any
from urllib.parse import urlencode

from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.contrib.admin.views.main import ChangeList
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.text import slugify

from integrations.admin.asked_ids import id_in
from integrations.admin.filters import DateRange
from integrations.admin.permissions import may_export, may_on_kind
from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.admin.record_pages import list_url
from integrations.admin.site import site
from integrations.admin.wording import grouped_number, kind_name
from integrations.choices import Kind
from integrations.files.errors import FileError
from integrations.files.writing import template
from integrations.files.writing.export_source import XLSX, ExportCounts, ExportFormat, ExportSource, formats_of
from integrations.files.writing.exporting import export
from integrations.models.syncable import model_for

SELECTION = "seleccion"
EVERYTHING = "Todo"


@dataclass(frozen=True)
class ExportSelection:
    """The records to export, and the Spanish words for how they were chosen."""

    queryset: "QuerySet[Any]"
    words: str


def urls(record_admin: RecordModelAdmin) -> list[URLPattern]:
    """The export page of one list."""
    view = record_admin.admin_site.admin_view(partial(page, record_admin))
    return [path("exportar/", view, name=record_admin.url_name("export").removeprefix("admin:"))]


def tool(record_admin: RecordModelAdmin, request: HttpRequest) -> dict[str, str]:
    """Context of the list's button; empty for who may not export."""
    return {"export_url": reverse(record_admin.url_name("export"))} if may_export(request) else {}


@admin.action(description="Exportar a un archivo", permissions=["export"])
def export_selected(record_admin: Any, request: HttpRequest, queryset: "QuerySet[Any]") -> HttpResponse:
    """Go to the export page with the selected ids or, where the whole list is selected, with its filters."""
    if request.POST.get("select_across") == "1":
        query = request.GET.urlencode()
    else:
        ids = queryset.order_by("pk").values_list("pk", flat=True)
        query = urlencode({SELECTION: ",".join(map(str, ids))})
    return redirect(f"{reverse(record_admin.url_name('export'))}?{query}")


def page(record_admin: RecordModelAdmin, request: HttpRequest) -> HttpResponseBase:
    """The choice of a format, with counts; a POST downloads the file. Raises: PermissionDenied, Http404."""
    if not (may_export(request) and record_admin.has_view_permission(request)):
        raise PermissionDenied
    selection = _selection(record_admin, request)
    if request.method != "POST":
        return render(request, "admin/export.html", _page_context(record_admin, request, selection))
    kind = record_admin.model.kind
    file_format = formats_of(kind).get(request.POST.get("formato", ""))
    if file_format is None:
        raise Http404
    return _file(request, ExportSource(kind, selection.queryset, file_format), selection)


def _page_context(record_admin: RecordModelAdmin, request: HttpRequest, selection: ExportSelection) -> dict[str, Any]:
    kind = record_admin.model.kind
    formats = formats_of(kind).values()
    counted = [(each, ExportSource(kind, selection.queryset, each).counts()) for each in formats]
    return {
        **record_admin.admin_site.each_context(request),
        "title": f"Exportar {record_admin.opts.verbose_name_plural}",
        "opts": record_admin.opts,
        "list_url": list_url(kind),
        "sentence": export_sentence(kind, counted[0][1]),
        "chosen": selection.words,
        "offered": [(each, counts, _about(each, counts)) for each, counts in counted],
        "first": XLSX.key,
        "template_url": reverse("admin:integrations_template", args=[kind.value]),
    }


def _file(request: HttpRequest, source: ExportSource, selection: ExportSelection) -> HttpResponseBase:
    try:
        file, logged = export(source, chosen=selection.words, user=request.user)
    except FileError as refused:
        messages.error(request, str(refused))
        return redirect(request.get_full_path())
    name = f"{slugify(str(source.model._meta.verbose_name_plural))}-{timezone.localdate():%Y-%m-%d}-{logged.pk}"
    return _download(file, f"{name}.{source.format.ending}", source.format.content_type)


def _download(file: IO[bytes], name: str, content_type: str) -> FileResponse:
    return FileResponse(file, as_attachment=True, filename=name, content_type=content_type)


def _selection(record_admin: RecordModelAdmin, request: HttpRequest) -> ExportSelection:
    """The selected ids of the query string, or the list with the filters that are in it. Raises: Http404."""
    query: Any = request.GET.copy()
    ids = [pk for pk in map(id_in, query.pop(SELECTION, [""])[0].split(",")) if pk is not None]
    if ids:
        return ExportSelection(record_admin.get_queryset(request).filter(pk__in=ids), f"Selección de {len(ids)}")
    request.GET = query  # the change list takes every parameter for a filter
    try:
        changelist = record_admin.get_changelist_instance(request)
    except IncorrectLookupParameters:
        raise Http404 from None
    return ExportSelection(changelist.queryset, "; ".join(_filter_words(changelist)) or EVERYTHING)


def _filter_words(changelist: ChangeList) -> Iterator[str]:
    """The search and the filters of a list, in words."""
    if changelist.query:
        yield f"Búsqueda «{changelist.query}»"
    for spec in changelist.filter_specs:
        if isinstance(spec, DateRange):
            since, until = (str(spec.used_parameters.get(name, "")) for name in spec.names)
            if since or until:
                yield f"{spec.title} de {since or '…'} a {until or '…'}"
        elif isinstance(spec, admin.SimpleListFilter) and spec.value():
            words = {str(value): str(label) for value, label in spec.lookup_choices}
            yield f"{spec.title} «{words.get(str(spec.value()), spec.value())}»"


def export_sentence(kind: Kind, counts: ExportCounts) -> str:
    """«Se exportarán 1.234 movimientos contables con 5.678 líneas.»"""
    verb = "Se exportará" if counts.records == 1 else "Se exportarán"
    text = f"{verb} {grouped_number(counts.records)} {kind_name(kind, counts.records)}"
    if "lines" in model_for(kind).part_relations:
        text += f" con {grouped_number(counts.lines)} {'línea' if counts.lines == 1 else 'líneas'}"
    return f"{text}."


def _about(file_format: ExportFormat, counts: ExportCounts) -> str:
    if not counts.left_out:
        return file_format.about
    left = f"{grouped_number(counts.left_out)} {'queda' if counts.left_out == 1 else 'quedan'}"
    return f"{file_format.about} Van {grouped_number(counts.records)}; {left} por fuera, sin lo que el formato pide."


@site.page("plantilla/<str:kind>/", "integrations_template")
def template_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """Download the template file of a kind, for whoever may see its records. Raises: Http404, PermissionDenied."""
    if kind not in Kind.values:
        raise Http404
    if not may_on_kind(request, kind, "view"):
        raise PermissionDenied
    return _download(template.template_workbook(kind), f"plantilla-{slugify(kind_name(kind))}.xlsx", XLSX.content_type)
