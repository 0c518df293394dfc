"""*Lecturas desde el ERP*: what is read from each ERP, how each read went, and where ERP and own data differ."""

from typing import Any

from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString
from django.views.decorators.http import require_POST

from integrations.admin import pull_plan_form
from integrations.admin.asked_ids import by_id_or_404, id_in
from integrations.admin.badges import badge, clipped, duration_between, moment, pill
from integrations.admin.permissions import may_pull
from integrations.admin.record_pages import record_url
from integrations.admin.requesters import requester_name
from integrations.admin.site import site
from integrations.admin.staff_admin import ReadOnlyAdmin, StaffAdmin
from integrations.choices import Register
from integrations.errors import ConfigurationError
from integrations.models import Connection, PullPlan, PullRun, RegisterRow
from integrations.pulls import differences, plans, schedule

ROWS_A_PAGE = 50
_RAW_CELL = "<div><dt>{}</dt><dd>{}</dd></div>"
_LOOKS: dict[str, tuple[str, str]] = {
    PullRun.State.RUNNING: ("queued", "◷"),
    PullRun.State.DONE: ("synced", "✓"),
    PullRun.State.PARTIAL: ("changed", "⚠"),
    PullRun.State.FAILED: ("rejected", "✕"),
}

"""State → (CSS class, icon)."""
_COUNTS = (
    ("read", "Leídos", ""),
    ("created", "Creados", "bien"),
    ("updated", "Actualizados", "bien"),
    ("unchanged", "Sin cambios", ""),
    ("differing", "Con diferencias", "otro"),
    ("busy", "En envío, sin tocar", ""),
    ("missing", "Ya no aparecen", "duda"),
    ("rejected", "Rechazados", "mal"),
)
"""(column of `PullRun`, label, CSS class)."""


def run_badge(run: PullRun) -> SafeString:
    """The pill of a read's state."""
    return pill(*_LOOKS[run.state], run.get_state_display())


@admin.register(PullPlan, site=site)
class PullPlanAdmin(StaffAdmin):
    """The list is a page of cards, one for each register; the form has the query and the columns of its answer."""

    menu_group, menu_order, forbidden = "Configuración", 52, ("add", "delete")
    menu_holds = ("pullrun", "registerrow")

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        kwargs |= {"form": pull_plan_form.form_for(obj)} if obj else {}
        return super().get_form(request, obj, change, **kwargs)

    def get_fieldsets(self, request: HttpRequest, obj: Any = None) -> Any:
        return pull_plan_form.fieldsets(obj) if obj else []

    def get_urls(self) -> list[URLPattern]:
        view = self.admin_site.admin_view
        return [
            path("<int:connection_id>/<str:register>/leer/", view(require_POST(self.read_now)), name="pull_now"),
            path("<int:connection_id>/<str:register>/ajustes/", view(self.settings_of), name="pull_settings"),
            path("<int:pk>/diferencias/", view(self.differences_of), name="pull_differences"),
            *super().get_urls(),
        ]

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponseBase:  # type: ignore[override]
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        live = Connection.objects.live().select_related("company").order_by("company", "pk")
        context = {
            **self.admin_site.each_context(request),
            "title": "Lecturas desde el ERP",
            "connections": [(connection, _cards(connection)) for connection in live],
            "may_pull": may_pull(request),
            "may_change": self.has_change_permission(request),
        }
        return render(request, "admin/pulls.html", context)

    def settings_of(self, request: HttpRequest, connection_id: int, register: str) -> HttpResponse:
        """*Ajustes* of a card: to the form of its plan, which is created where there is none."""
        plan = _plan(connection_id, register)
        return redirect("admin:integrations_pullplan_change", plan.pk)

    def read_now(self, request: HttpRequest, connection_id: int, register: str) -> HttpResponse:
        """*Leer ahora*: what changed since the last read, or everything where `todo` was posted."""
        if not may_pull(request):
            raise PermissionDenied
        plan = _plan(connection_id, register)
        schedule.request(plan, everything="todo" in request.POST, requested_from=str(request.user))
        messages.success(request, f"Se pidió leer {plan}. Puede seguir trabajando: el resultado aparece aquí.")
        return redirect("admin:integrations_pullplan_changelist")

    def differences_of(self, request: HttpRequest, pk: int) -> HttpResponse:
        """The page of a plan's differences; a POST takes the ERP's values. Raises: PermissionDenied, Http404."""
        if not self.has_view_or_change_permission(request):
            raise PermissionDenied
        plan = get_object_or_404(PullPlan.objects.select_related("connection", "connection__company"), pk=pk)
        if request.method == "POST":
            return _take_erp_values(request, plan)
        context = self.admin_site.each_context(request) | _differences(request, plan)
        return render(request, "admin/pull_differences.html", context)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        messages.success(request, f"Se guardaron los ajustes de {obj}. Valen desde la próxima lectura.")
        return redirect("admin:integrations_pullplan_changelist")


def _plan(connection_id: int, register: str) -> PullPlan:
    """The plan of a register, created where it is missing. Raises: Http404."""
    connection = get_object_or_404(Connection.objects.live(), pk=connection_id)
    try:
        return plans.plan_for(connection, register)
    except ConfigurationError:
        return get_object_or_404(PullPlan, connection=connection, register=register)


def _cards(connection: Connection) -> list[dict[str, Any]]:
    kept = {plan.register: plan for plan in PullPlan.objects.filter(connection=connection)}
    return [_card(connection, register, kept.get(register)) for register in plans.READINGS[connection.target]]


def _card(connection: Connection, register: str, plan: PullPlan | None) -> dict[str, Any]:
    rows = RegisterRow.objects.filter(connection=connection, register=register)
    rows_url = reverse("admin:integrations_registerrow_changelist")
    return {
        "register": register,
        "label": Register(register).label,
        "plan": plan,
        "count": rows.still_there().count(),
        "missing": rows.filter(missing_since__isnull=False).count(),
        "rows_url": f"{rows_url}?connection__id__exact={connection.pk}&register__exact={register}",
        **(_plan_figures(plan) if plan else {"run": None}),
    }


def _plan_figures(plan: PullPlan) -> dict[str, Any]:
    """What a card shows of a plan and of its last read that was no simulation."""
    run = plan.runs.filter(dry_run=False).first()
    return {
        "run": run,
        "differing": differences.listed(plan).count(),
        "next": moment(plan.due_at) if plan.due_at and plan.scheduled else "",
        "runs_url": f"{reverse('admin:integrations_pullrun_changelist')}?plan__id__exact={plan.pk}",
        **({"badge": run_badge(run), "at": moment(run.finished_at or run.started_at)} if run else {}),
    }


def _differences(request: HttpRequest, plan: PullPlan) -> dict[str, Any]:
    page = Paginator(differences.listed(plan), ROWS_A_PAGE).get_page(request.GET.get("p"))
    return {
        "title": f"Diferencias: {plan}",
        "plan": plan,
        "target": plan.connection.get_target_display(),
        "page": page,
        "may_pull": may_pull(request),
        "rows": [
            {
                "difference": difference,
                "url": record_url(difference.record.kind, difference.record.pk),
                "badge": badge(difference.status),
                "since": moment(difference.row.differs_since),
            }
            for difference in differences.compared(plan, list(page))
        ],
    }


def _take_erp_values(request: HttpRequest, plan: PullPlan) -> HttpResponse:
    """*Tomar lo de SAG* for the rows that were marked."""
    if not may_pull(request):
        raise PermissionDenied
    chosen = [pk for text in request.POST.getlist("fila") if (pk := id_in(text)) is not None]
    if not chosen:
        messages.warning(request, "Marque primero en cuáles quiere tomar lo del ERP.")
        return redirect("admin:pull_differences", plan.pk)
    try:
        count, busy = differences.take_theirs(plan, chosen, str(request.user))
    except (ConfigurationError, ValueError) as refused:
        messages.error(request, f"No se cambió nada. {refused}")
    else:
        erp, cases = plan.connection.get_target_display(), f"{count} {'caso' if count == 1 else 'casos'}"
        left = f" {busy} están en envío y no se tocaron." if busy else ""
        messages.success(request, f"Se tomó lo de {erp} en {cases}.{left}")
    return redirect("admin:pull_differences", plan.pk)


@admin.register(PullRun, site=site)
class PullRunAdmin(ReadOnlyAdmin):
    """Every read that was made, with its counts and the rows that it could not read."""

    change_form_template = "admin/pull_run.html"
    list_display = (
        "at",
        "plan_cell",
        "result",
        "read",
        "created",
        "updated",
        "differing_cell",
        "missing",
        "rejected",
        "who",
    )
    list_filter = ("state", "plan")
    list_select_related = ("plan", "plan__connection", "connection")
    empty_text = "Todavía no se ha leído nada. Presione «Leer ahora» en Lecturas desde el ERP."

    @admin.display(description="Inició", ordering="started_at")
    def at(self, run: PullRun) -> str:
        return moment(run.started_at)

    @admin.display(description="Lectura")
    def plan_cell(self, run: PullRun) -> str:
        return f"{run.plan}{' (simulación)' if run.dry_run else ''}"

    @admin.display(description="Resultado", ordering="state")
    def result(self, run: PullRun) -> SafeString:
        return run_badge(run)

    @admin.display(description="Diferencias", ordering="differing")
    def differing_cell(self, run: PullRun) -> int:
        return run.differing

    @admin.display(description="Pedida por")
    def who(self, run: PullRun) -> SafeString:
        return clipped(requester_name(None, run.requested_from))

    def change_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        run = by_id_or_404(PullRun.objects.select_related("plan", "plan__connection"), object_id)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        context = {
            **self.admin_site.each_context(request),
            "title": f"Lectura de {run.plan}",
            "run": run,
            "facts": _run_facts(run),
            "counts": [(label, getattr(run, name), look) for name, label, look in _COUNTS],
            "state_badge": run_badge(run),
            "more_errors": run.rejected - len(run.errors),
        }
        return render(request, "admin/pull_run.html", context)


def _run_facts(run: PullRun) -> list[tuple[str, str]]:
    return [
        ("Inició", moment(run.started_at)),
        ("Duró", duration_between(run.started_at, run.finished_at)),
        ("Pedida por", requester_name(None, run.requested_from)),
        ("Desde", f"{run.since:%d/%m/%Y}" if run.since else "Todo"),
    ]


@admin.register(RegisterRow, site=site)
class RegisterRowAdmin(ReadOnlyAdmin):
    """The rows of the ERP's registers, as they were last read."""

    list_display = ("code", "name_cell", "register", "read_cell", "missing_cell")
    list_filter = ("register", "connection")
    search_fields = ("code__startswith", "name")
    tax_id_columns = ("code",)
    search_help_text = "Busque por código o nombre"
    fields = ("register", "code", "name", "key", "read_at", "missing_since", "as_it_came")
    readonly_fields = ("as_it_came",)
    empty_text = "Todavía no se ha leído nada. Presione «Leer ahora» en Lecturas desde el ERP."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("connection", "connection__company")

    @admin.display(description="Como llegó")
    def as_it_came(self, row: RegisterRow) -> SafeString:
        cells = ((name, "" if value is None else value) for name, value in row.raw.items())
        return format_html('<dl class="hechos">{}</dl>', format_html_join("", _RAW_CELL, cells))

    @admin.display(description="Nombre", ordering="name")
    def name_cell(self, row: RegisterRow) -> SafeString:
        return clipped(row.name)

    @admin.display(description="Leído", ordering="read_at")
    def read_cell(self, row: RegisterRow) -> str:
        return moment(row.read_at)

    @admin.display(description="Ya no aparece desde", ordering="missing_since")
    def missing_cell(self, row: RegisterRow) -> str:
        return moment(row.missing_since)
