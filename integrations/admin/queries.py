"""*Consultas a SAG*: saved queries, and runs of queries with their rows. The worker calls SAG; these pages wait."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.html import format_html
from django.utils.safestring import SafeString

from integrations.admin.asked_ids import by_id_or_404
from integrations.admin.badges import NOTHING, clipped, duration, moment
from integrations.admin.permissions import may_query
from integrations.admin.query_parameters import ParametersField
from integrations.admin.requesters import requester_name
from integrations.admin.site import site
from integrations.admin.staff_admin import StaffAdmin
from integrations.admin.typed_django import AnyModelForm
from integrations.admin.wording import grouped_number
from integrations.choices import Target
from integrations.erp.sag.queries import MOST_CHARACTERS, MOST_ROWS, RefusedQueryError, prepared
from integrations.files import spreadsheets
from integrations.models import Connection, QueryRun, SavedQuery
from integrations.pulls import sag_queries
from integrations.pulls.query_results import StoredRows

ROWS_A_PAGE = 200
REFRESH_SECONDS = 3

_METHODS = (("json", "Habitual"), ("json2", "Primera alterna"), ("xml", "Segunda alterna"))
"""SAG's three operations, under names that staff understand."""
_CSV = "text/csv; charset=utf-8"
_XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def _connections() -> QuerySet[Connection]:
    return Connection.objects.live().filter(target=Target.SAG)


class QueryForm(AnyModelForm):
    """A query as typed; cleaning it turns its text into the text that is sent."""

    class Meta:
        model = QueryRun
        fields = ("connection", "text", "method", "row_limit")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: Any = self.fields
        if "connection" in fields:
            fields["connection"].queryset = _connections()
            fields["connection"].initial = _connections().first()
            fields["row_limit"].help_text = f"De 1 a {grouped_number(MOST_ROWS)}."
            fields["method"].label = "Forma de la respuesta"
            fields["method"].choices = _METHODS
            fields["method"].help_text = "Las tres traen las mismas filas: cámbiela solo si la habitual falla."
            fields["text"].help_text = (
                f"Un solo SELECT de hasta {grouped_number(MOST_CHARACTERS)} caracteres. "
                "Solo se lee: nada cambia en SAG. Sale como lo escribe, sin comentarios."
            )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if {"connection", "text", "row_limit"} <= cleaned.keys():
            try:
                tables = sag_queries.allowed_tables(cleaned["connection"])
                cleaned["text"] = prepared(cleaned["text"], cleaned["row_limit"], tables=tables)
            except RefusedQueryError as refused:
                raise ValidationError({"text": str(refused)}) from refused
        return cleaned


@admin.register(QueryRun, site=site)
class QueryRunAdmin(StaffAdmin):
    """The runs of queries: who asked, when, and the outcome."""

    menu_group, menu_order, forbidden = "Seguimiento", 60, ("change", "delete")
    add_label = "Nueva consulta"
    form = QueryForm
    fields = ("connection", "text", "method", "row_limit")
    change_form_template = "admin/query_form.html"
    list_display = ("__str__", "saved", "short_text", "requester", "asked", "rows_cell", "took", "outcome")
    list_select_related = ("saved", "requested_by")
    empty_text = "Nadie ha consultado SAG todavía."

    @admin.display(description="Consulta")
    def short_text(self, run: QueryRun) -> SafeString:
        return clipped(run.text)

    @admin.display(description="Pedida", ordering="created_at")
    def asked(self, run: QueryRun) -> str:
        return moment(run.created_at)

    @admin.display(description="Filas", ordering="row_count")
    def rows_cell(self, run: QueryRun) -> SafeString:
        return NOTHING if run.row_count is None else format_html('<span class="cifra">{}</span>', run.row_count)

    @admin.display(description="Duración", ordering="seconds")
    def took(self, run: QueryRun) -> str:
        return duration(run.seconds)

    @admin.display(description="Usuario")
    def requester(self, run: QueryRun) -> str:
        return requester_name(run.requested_by, run.requested_from)

    @admin.display(description="Resultado")
    def outcome(self, run: QueryRun) -> SafeString:
        return clipped(_outcome(run))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).defer("result")

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_query(request)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_query(request)

    def has_add_permission(self, request: HttpRequest) -> bool:
        return may_query(request)

    def formfield_for_dbfield(self, db_field: Any, request: Any, **kwargs: Any) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if db_field.name == "connection":
            field.widget = field.widget.widget  # without Django's links to add or edit a connection
        return field

    def get_urls(self) -> list[URLPattern]:
        route = "<int:run_id>/descargar/<str:file_format>/"
        return [path(route, self.admin_site.admin_view(download), name="query_file"), *super().get_urls()]

    def save_model(self, request: HttpRequest, obj: Any, form: Any, change: bool) -> None:
        chosen = {"method": obj.method, "limit": obj.row_limit, "requested_by": request.user}
        obj.pk = sag_queries.ask(obj.connection, obj.text, **chosen).pk

    def response_add(self, request: HttpRequest, obj: Any, post_url_continue: Any = None) -> HttpResponse:
        return redirect("admin:integrations_queryrun_change", obj.pk)

    def change_view(self, request: HttpRequest, object_id: str, *_: Any, **__: Any) -> HttpResponse:
        return result(request, object_id)


def _run(request: HttpRequest, run_id: str | int) -> QueryRun:
    """Raises: PermissionDenied, Http404."""
    if not may_query(request):
        raise PermissionDenied
    return by_id_or_404(QueryRun.objects.select_related("connection__company", "requested_by"), run_id)


def _outcome(run: QueryRun) -> str:
    if run.error:
        return f"✕ {run.error}"
    rows = "1 fila" if run.row_count == 1 else f"{run.row_count} filas"
    if run.cut:
        return f"! {rows}. {run.cut}"
    return f"✓ {rows}" if run.finished_at else "◷ En curso"


def result(request: HttpRequest, run_id: str) -> HttpResponse:
    """The page of a run: it reloads itself, without a script, until the rows are there."""
    run = _run(request, run_id)
    rows: Any = StoredRows(run)
    context = {
        **site.each_context(request),
        "title": str(run),
        "run": run,
        "outcome": _outcome(run),
        "columns": rows.columns,
        "page": Paginator(rows, ROWS_A_PAGE).get_page(request.GET.get("p")),
        "requested_at": moment(run.created_at),
        "refresh_seconds": None if run.finished_at else REFRESH_SECONDS,
        "result_days": sag_queries.RESULT_DAYS,
    }
    return render(request, "admin/query_run.html", context)


def download(request: HttpRequest, run_id: int, file_format: str) -> HttpResponseBase:
    """The stored rows as a `csv` or an `xlsx` file. Raises: Http404 for another format."""
    run = _run(request, run_id)
    rows = StoredRows(run)
    name = f"consulta-{run.pk}.{file_format}"
    if file_format == "csv":
        headers = {"Content-Disposition": f'attachment; filename="{name}"'}
        return StreamingHttpResponse(spreadsheets.csv_pieces(rows.columns, rows), content_type=_CSV, headers=headers)
    if file_format != "xlsx":
        raise Http404
    book = spreadsheets.xlsx_file(rows.columns, rows)
    return FileResponse(book, as_attachment=True, filename=name, content_type=_XLSX)


class SavedQueryForm(AnyModelForm):
    """The form of a saved query: one that could not be sent is not saved."""

    parameters = ParametersField()

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        sample_values = {parameter["name"]: "1" for parameter in cleaned.get("parameters", [])}
        try:
            prepared(cleaned.get("text", ""), 1, sample_values)
        except RefusedQueryError as refused:
            raise ValidationError({"text": str(refused)}) from refused
        return cleaned


@admin.register(SavedQuery, site=site)
class SavedQueryAdmin(StaffAdmin):
    """Queries to run again: who may query SAG runs them, administrators edit them."""

    menu_group, menu_order = "Seguimiento", 61
    form = SavedQueryForm
    list_display = ("name", "description")
    search_fields = ("name", "description")
    change_form_template = "admin/saved_query.html"

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return may_query(request) or super().has_view_permission(request, obj)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return may_query(request) or super().has_module_permission(request)

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view(run_saved)
        return [path("<int:saved_id>/ejecutar/", view, name="run_saved_query"), *super().get_urls()]


class RunForm(forms.Form):
    """The connection, the row limit and the parameters of a saved query, the latter in fields named `p_…`."""

    connection = forms.ModelChoiceField(Connection.objects.none(), label="Conexión")
    row_limit = forms.IntegerField(label="Límite de filas", min_value=1, max_value=MOST_ROWS, initial=1000)

    def __init__(self, saved: SavedQuery, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.saved = saved
        connection: Any = self.fields["connection"]
        connection.queryset, connection.initial = _connections(), _connections().first()
        for parameter in saved.parameters:
            widget = forms.TextInput(attrs={"type": "date" if parameter["type"] == "date" else "text"})
            label = parameter.get("label") or parameter["name"]
            self.fields[f"p_{parameter['name']}"] = forms.CharField(label=label, widget=widget)

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        typed = {name.removeprefix("p_"): str(value) for name, value in cleaned.items() if name.startswith("p_")}
        try:
            cleaned["values"] = sag_queries.values_of(self.saved, typed)
        except sag_queries.ParameterError as wrong:
            raise ValidationError(str(wrong)) from wrong
        return cleaned


def run_saved(request: HttpRequest, saved_id: int) -> HttpResponse:
    """The form of a saved query's parameters; a valid POST runs it. Raises: PermissionDenied, Http404."""
    if not may_query(request):
        raise PermissionDenied
    saved = get_object_or_404(SavedQuery, pk=saved_id)
    form = RunForm(saved, request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            run = _start_run(saved, form.cleaned_data, request.user)
        except RefusedQueryError as refused:
            messages.error(request, str(refused))
        else:
            return redirect("admin:integrations_queryrun_change", run.pk)
    context = {**site.each_context(request), "title": saved.name, "saved": saved, "form": form}
    return render(request, "admin/run_saved_query.html", context)


def _start_run(saved: SavedQuery, answers: dict[str, Any], user: Any) -> QueryRun:
    return sag_queries.ask(
        answers["connection"],
        saved.text,
        method="json",
        limit=answers["row_limit"],
        requested_by=user,
        saved=saved,
        parameters=answers["values"],
    )
