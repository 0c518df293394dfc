"""«Exportar»: a list as it is filtered, or a selection, to a file; and the templates to fill in."""

from collections.abc import Iterator
from dataclasses import dataclass
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

from integrations.admin.filters import DateRange
from integrations.admin.record_model_admin import RecordModelAdmin
from integrations.admin.record_pages import list_url
from integrations.admin.site import site
from integrations.choices import Kind
from integrations.files.errors import FileError
from integrations.files.writing import template
from integrations.files.writing.export_source import XLSX, Counts, Format, Source, formats_of
from integrations.files.writing.exporting import export
from integrations.models.syncable import model_for

PERMISSION = "integrations.export_fileexport"
SELECTION = "seleccion"
EVERYTHING = "Todo"


def may_export(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.has_perm(PERMISSION))


@dataclass(frozen=True)
class Chosen:
    """The records that were asked for, and how to say which they are."""

    queryset: "QuerySet[Any]"
    words: str


def urls(record_admin: RecordModelAdmin) -> list[URLPattern]:
    """The page of one list."""
    meta = record_admin.opts

    def wired(request: HttpRequest) -> HttpResponseBase:
        return page(record_admin, request)

    view = record_admin.admin_site.admin_view(wired)
    return [path("exportar/", view, name=f"{meta.app_label}_{meta.model_name}_export")]


def tool(record_admin: RecordModelAdmin, request: HttpRequest) -> dict[str, str]:
    """What the list's template needs for the button; nothing for those who may not."""
    meta = record_admin.opts
    return {"export_url": reverse(f"admin:{meta.app_label}_{meta.model_name}_export")} if may_export(request) else {}


@admin.action(description="Exportar a un archivo", permissions=["export"])
def export_selected(record_admin: Any, request: HttpRequest, queryset: "QuerySet[Any]") -> HttpResponse:
    """To the page, with the selection; where all of the list was chosen, with its filters."""
    meta = record_admin.opts
    if request.POST.get("select_across") == "1":
        query = request.GET.urlencode()
    else:
        ids = queryset.order_by("pk").values_list("pk", flat=True)
        query = urlencode({SELECTION: ",".join(map(str, ids))})
    return redirect(f"{reverse(f'admin:{meta.app_label}_{meta.model_name}_export')}?{query}")


def page(record_admin: RecordModelAdmin, request: HttpRequest) -> HttpResponseBase:
    """Choose a format with the counts said; then the file."""
    if not (may_export(request) and record_admin.has_view_permission(request)):
        raise PermissionDenied
    kind = record_admin.model.kind
    chosen = _chosen(record_admin, request)
    formats = formats_of(kind)
    if request.method == "POST":
        form = formats.get(request.POST.get("formato", ""))
        if form is None:
            raise Http404
        return _file(request, Source(kind, chosen.queryset, form), chosen)
    offered = [(form, Source(kind, chosen.queryset, form).counts()) for form in formats.values()]
    context = {
        **record_admin.admin_site.each_context(request),
        "title": f"Exportar {record_admin.opts.verbose_name_plural}",
        "opts": record_admin.opts,
        "list_url": list_url(kind),
        "sentence": sentence(kind, offered[0][1]),
        "chosen": chosen.words,
        "offered": [(form, counts, _about(form, counts)) for form, counts in offered],
        "first": XLSX.key,
        "template_url": reverse("admin:integrations_template", args=[kind.value]),
    }
    return render(request, "admin/export.html", context)


def _file(request: HttpRequest, source: Source, chosen: Chosen) -> HttpResponseBase:
    try:
        made, told = export(source, chosen=chosen.words, user=request.user)
    except FileError as refused:
        messages.error(request, str(refused))
        return redirect(request.get_full_path())
    name = f"{slugify(str(source.model._meta.verbose_name_plural))}-{timezone.localdate():%Y-%m-%d}-{told.pk}"
    return _download(made, f"{name}.{source.format.ending}", source.format.content_type)


def _download(made: IO[bytes], name: str, content_type: str) -> FileResponse:
    return FileResponse(made, as_attachment=True, filename=name, content_type=content_type)


def _chosen(record_admin: RecordModelAdmin, request: HttpRequest) -> Chosen:
    """The selection, or the list with the filters that the address carries.

    The list reads its filters of the request; a selection is none of them.
    """
    given: Any = request.GET.copy()
    ids = [word for word in given.pop(SELECTION, [""])[0].split(",") if word.isdigit()]
    if ids:
        queryset = record_admin.get_queryset(request).filter(pk__in=ids)
        return Chosen(queryset, f"Selección de {len(ids)}")
    request.GET = given
    try:
        shown = record_admin.get_changelist_instance(request)
    except IncorrectLookupParameters:
        raise Http404 from None
    return Chosen(shown.queryset, "; ".join(_in_force(shown)) or EVERYTHING)


def _in_force(shown: ChangeList) -> Iterator[str]:
    """The search and the filters of a list, in words."""
    if shown.query:
        yield f"Búsqueda «{shown.query}»"
    for spec in shown.filter_specs:
        if isinstance(spec, DateRange):
            told = [str(spec.used_parameters.get(name, "")) or "…" for name in spec.names]
            if told != ["…", "…"]:
                yield f"{spec.title} de {told[0]} a {told[1]}"
        elif isinstance(spec, admin.SimpleListFilter) and spec.value():
            words = {str(value): str(label) for value, label in spec.lookup_choices}
            yield f"{spec.title} «{words.get(str(spec.value()), spec.value())}»"


def number_of(number: int) -> str:
    """«1.234»."""
    return f"{number:,}".replace(",", ".")


def sentence(kind: Kind, counts: Counts) -> str:
    """«Se exportarán 1.234 movimientos contables con 5.678 líneas.»"""
    meta, one = model_for(kind)._meta, counts.records == 1
    told = f"{number_of(counts.records)} {meta.verbose_name if one else meta.verbose_name_plural}"
    if "lines" in model_for(kind).part_relations:
        told += f" con {number_of(counts.lines)} {'línea' if counts.lines == 1 else 'líneas'}"
    return f"{'Se exportará' if one else 'Se exportarán'} {told}."


def _about(form: Format, counts: Counts) -> str:
    if not counts.left_out:
        return form.about
    left = f"{number_of(counts.left_out)} {'queda' if counts.left_out == 1 else 'quedan'}"
    return f"{form.about} Van {number_of(counts.records)}; {left} por fuera, sin lo que el formato pide."


@site.page("plantilla/<str:kind>/", "integrations_template")
def template_file(request: HttpRequest, kind: str) -> HttpResponseBase:
    """The template of a kind, for whoever may see the kind."""
    if kind not in Kind.values:
        raise Http404
    meta, user = model_for(kind)._meta, request.user
    if not user.has_perm(f"{meta.app_label}.view_{meta.model_name}"):
        raise PermissionDenied
    name = f"plantilla-{slugify(str(meta.verbose_name_plural))}.xlsx"
    return _download(template.book(kind), name, XLSX.content_type)
