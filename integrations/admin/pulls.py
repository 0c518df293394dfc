"""*Lecturas desde el ERP*: what is read from each ERP, how it went, and what it found otherwise than here."""

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
from integrations.admin.badges import badge, clipped, duration, moment, pill
from integrations.admin.record_pages import record_url
from integrations.admin.requester_names import who_asked
from integrations.admin.site import site
from integrations.admin.staff_admin import ReadOnlyAdmin, StaffAdmin
from integrations.choices import Register
from integrations.errors import ConfigurationError
from integrations.models import Connection, PullPlan, PullRun, RegisterRow
from integrations.pulls import differences, schedule
from integrations.pulls.plans import READINGS, plan_for

ROWS_A_PAGE = 50
LOOKS: dict[str, tuple[str, str]] = {
    PullRun.State.RUNNING: ("queued", "◷"),
    PullRun.State.DONE: ("synced", "✓"),
    PullRun.State.PARTIAL: ("changed", "⚠"),
    PullRun.State.FAILED: ("rejected", "✕"),
}

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


def run_badge(run: PullRun) -> SafeString:
    look, icon = LOOKS[run.state]
    return pill(look, icon, run.get_state_display())


def may_pull(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.has_perm("integrations.pull_pullrun"))


@admin.register(PullPlan, site=site)
class PullPlanAdmin(StaffAdmin):
    """Its list is the page of cards; its form is what is asked and how the answer is read."""

    menu_group, menu_order = "Configuración", 52
    menu_holds = ("pullrun", "registerrow")

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        return super().get_form(
            request, obj, change, **({"form": pull_plan_form.form_for(obj)} if obj else {}), **kwargs
        )

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

    def changelist_view(  # type: ignore[override]
        self, request: HttpRequest, extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
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
        plan = _plan(connection_id, register)
        return redirect("admin:integrations_pullplan_change", plan.pk)

    def read_now(self, request: HttpRequest, connection_id: int, register: str) -> HttpResponse:
        """*Leer ahora*: what changed, or everything."""
        if not may_pull(request):
            raise PermissionDenied
        plan = _plan(connection_id, register)
        schedule.request(plan, everything="todo" in request.POST, requested_from=str(request.user))
        messages.success(request, f"Se pidió leer {plan}. Puede seguir trabajando: el resultado aparece aquí.")
        return redirect("admin:integrations_pullplan_changelist")

    def differences_of(self, request: HttpRequest, pk: int) -> HttpResponse:
        return _differences(self, request, pk)

    def response_change(self, request: HttpRequest, obj: Any) -> HttpResponse:
        messages.success(request, f"Se guardaron los ajustes de {obj}. Valen desde la próxima lectura.")
        return redirect("admin:integrations_pullplan_changelist")


def _plan(connection_id: int, register: str) -> PullPlan:
    connection = get_object_or_404(Connection.objects.live(), pk=connection_id)
    try:
        return plan_for(connection, register)
    except ConfigurationError:
        return get_object_or_404(PullPlan, connection=connection, register=register)


def _cards(connection: Connection) -> list[dict[str, Any]]:
    plans = {plan.register: plan for plan in PullPlan.objects.filter(connection=connection)}
    return [_card(connection, register, plans.get(register)) for register in READINGS[connection.target]]


def _card(connection: Connection, register: str, plan: PullPlan | None) -> dict[str, Any]:
    rows = RegisterRow.objects.filter(connection=connection, register=register)
    run = plan.runs.filter(dry_run=False).first() if plan else None
    card: dict[str, Any] = {
        "register": register, "label": Register(register).label, "plan": plan, "run": run,
        "count": rows.still_there().count(),
        "missing": rows.filter(missing_since__isnull=False).count(),
        "rows_url": f"{reverse('admin:integrations_registerrow_changelist')}?connection__id__exact={connection.pk}"
                    f"&register__exact={register}",
    }  # fmt: skip
    if plan is not None:
        card["differing"] = differences.listed(plan).count()
        card["next"] = moment(plan.due_at) if plan.due_at and plan.scheduled else ""
        card["runs_url"] = f"{reverse('admin:integrations_pullrun_changelist')}?plan__id__exact={plan.pk}"
    if run is not None:
        card |= {"badge": run_badge(run), "at": moment(run.finished_at or run.started_at)}
    return card


def _differences(view: PullPlanAdmin, request: HttpRequest, pk: int) -> HttpResponse:
    if not view.has_view_or_change_permission(request):
        raise PermissionDenied
    plan = get_object_or_404(PullPlan.objects.select_related("connection", "connection__company"), pk=pk)
    if request.method == "POST":
        return _take(request, plan)
    page = Paginator(differences.listed(plan), ROWS_A_PAGE).get_page(request.GET.get("p"))
    context = {
        **view.admin_site.each_context(request),
        "title": f"Diferencias: {plan}",
        "plan": plan,
        "target": plan.connection.get_target_display(),
        "page": page,
        "may_pull": may_pull(request),
        "rows": [
            {"one": one, "url": record_url(one.record.kind, one.record.pk), "badge": badge(one.status),
             "since": moment(one.row.differs_since)}
            for one in differences.compared(plan, list(page))
        ],
    }  # fmt: skip
    return render(request, "admin/pull_differences.html", context)


def _take(request: HttpRequest, plan: PullPlan) -> HttpResponse:
    """*Tomar lo de SAG* for the chosen ones."""
    if not may_pull(request):
        raise PermissionDenied
    chosen = [int(pk) for pk in request.POST.getlist("fila") if pk.isdigit()]
    target = plan.connection.get_target_display()
    if not chosen:
        messages.warning(request, "Marque primero en cuáles quiere tomar lo del ERP.")
        return redirect("admin:pull_differences", plan.pk)
    try:
        taken, busy = differences.take_theirs(plan, chosen, str(request.user))
    except (ConfigurationError, ValueError) as refused:
        messages.error(request, f"No se cambió nada. {refused}")
    else:
        left = f" {busy} están en envío y no se tocaron." if busy else ""
        messages.success(request, f"Se tomó lo de {target} en {taken} {'caso' if taken == 1 else 'casos'}.{left}")
    return redirect("admin:pull_differences", plan.pk)


@admin.register(PullRun, site=site)
class PullRunAdmin(ReadOnlyAdmin):
    """Every read that was made: what it counted and what it could not read."""

    change_form_template = "admin/pull_run.html"
    list_display = ("at", "plan_cell", "result", "read", "created", "updated", "differing_cell", "missing", "rejected",
                    "who")  # fmt: skip
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
        return clipped(who_asked(None, run.requested_from))

    def change_view(  # type: ignore[override]
        self, request: HttpRequest, object_id: str, form_url: str = "", extra_context: dict[str, Any] | None = None
    ) -> HttpResponseBase:
        run = get_object_or_404(PullRun.objects.select_related("plan", "plan__connection"), pk=object_id)
        if not self.has_view_permission(request, run):
            raise PermissionDenied
        took = (run.finished_at - run.started_at).total_seconds() if run.finished_at else None
        facts = [
            ("Inició", moment(run.started_at)),
            ("Duró", duration(took)),
            ("Pedida por", who_asked(None, run.requested_from)),
            ("Desde", f"{run.since:%d/%m/%Y}" if run.since else "Todo"),
        ]
        counts = [(label, getattr(run, name), look) for name, label, look in _COUNTS]
        context = {
            **self.admin_site.each_context(request), "title": f"Lectura de {run.plan}", "run": run, "facts": facts,
            "counts": counts, "state_badge": run_badge(run), "more_errors": run.rejected - len(run.errors),
        }  # fmt: skip
        return render(request, "admin/pull_run.html", context)


@admin.register(RegisterRow, site=site)
class RegisterRowAdmin(ReadOnlyAdmin):
    """What the ERP keeps, as it was last read."""

    list_display = ("code", "name_cell", "register", "read_cell", "missing_cell")
    list_filter = ("register", "connection")
    search_fields = ("code__startswith", "name")
    search_help_text = "Busque por código o nombre"
    fields = ("register", "code", "name", "key", "read_at", "missing_since", "as_it_came")
    readonly_fields = ("as_it_came",)
    empty_text = "Todavía no se ha leído nada. Presione «Leer ahora» en Lecturas desde el ERP."

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return super().get_queryset(request).select_related("connection", "connection__company")

    @admin.display(description="Como llegó")
    def as_it_came(self, row: RegisterRow) -> SafeString:
        cells = ((name, "" if value is None else value) for name, value in row.raw.items())
        return format_html('<dl class="hechos">{}</dl>', format_html_join(
            "", "<div><dt>{}</dt><dd>{}</dd></div>", cells))  # fmt: skip

    @admin.display(description="Nombre", ordering="name")
    def name_cell(self, row: RegisterRow) -> SafeString:
        return clipped(row.name)

    @admin.display(description="Leído", ordering="read_at")
    def read_cell(self, row: RegisterRow) -> str:
        return moment(row.read_at)

    @admin.display(description="Ya no aparece desde", ordering="missing_since")
    def missing_cell(self, row: RegisterRow) -> str:
        return moment(row.missing_since)
