"""*Trabajos en segundo plano*: what runs, waits or failed, with *Reintentar* and *Cancelar*."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.safestring import SafeString
from django.views.decorators.http import require_GET, require_POST

from integrations.admin.badges import moment, pill
from integrations.admin.permissions import may_see_jobs, may_steer_jobs
from integrations.admin.site import OwnPage, site
from integrations.models import BackgroundJob, Connection, ImportFile, KeyProbe, PullPlan, QueryRun, SyncBatch
from integrations.queue import jobs
from integrations.selectors import background_jobs
from integrations.selectors.background_jobs import JobRow

_State = BackgroundJob.State
_LOOKS = {
    _State.FAILED: ("rejected", "✕"),
    _State.RUNNING: ("sending", "◷"),
    _State.WAITING: ("queued", "◷"),
    _State.STOPPED: ("excluded", "–"),
}
_PAGES = {
    ImportFile: "admin:integrations_importfile_change",
    SyncBatch: "admin:batch",
    QueryRun: "admin:integrations_queryrun_change",
    Connection: "admin:integrations_connection_change",
    PullPlan: "admin:integrations_pullplan_change",
}


@site.page("trabajos/", "jobs", OwnPage("Seguimiento", 90, "Trabajos en segundo plano", "jobs", "jobs", may_see_jobs))
@require_GET
def page(request: HttpRequest) -> HttpResponse:
    """Every job, those that failed first. Raises: PermissionDenied."""
    if not may_see_jobs(request):
        raise PermissionDenied
    rows = background_jobs.rows()
    context = {
        **site.each_context(request),
        "title": "Trabajos en segundo plano",
        "rows": [_row(row) for row in rows],
        "failed": background_jobs.failed_count(),
        "may_steer": may_steer_jobs(request),
        "most": background_jobs.MOST_ROWS if len(rows) == background_jobs.MOST_ROWS else 0,
    }
    return render(request, "admin/background_jobs.html", context)


def _row(row: JobRow) -> dict[str, Any]:
    job = row.job
    return {
        "pk": job.pk,
        "title": row.title,
        "about": str(row.about or ""),
        "url": _url(row.about),
        "badge": _badge(job),
        "since": moment(row.since),
        "who": row.who,
        "reason": job.reason,
        "again": moment(job.again_at) if job.again_at else "",
        "failures": job.failures,
        "may_try_again": row.may_try_again,
        "may_cancel": row.may_cancel,
        "cancel_label": "Quitar" if row.is_by_the_clock else "Cancelar",
    }


def _badge(job: BackgroundJob) -> SafeString:
    return pill(*_LOOKS[_State(job.state)], job.get_state_display())


def _url(about: Any) -> str:
    if isinstance(about, KeyProbe):
        return reverse("admin:connection_probe", args=[about.connection_id])
    return reverse(_PAGES[type(about)], args=[about.pk]) if type(about) in _PAGES else ""


@site.page("trabajos/<int:pk>/<str:verb>/", "job_command")
@require_POST
def command(request: HttpRequest, pk: int, verb: str) -> HttpResponse:
    """*Reintentar* and *Cancelar*. Raises: PermissionDenied, Http404."""
    if not may_steer_jobs(request):
        raise PermissionDenied
    if verb == "reintentar":
        is_queued = jobs.try_again(pk)
        messages.success(request, "Se puso de nuevo en cola." if is_queued else "Ya está en curso, o ya terminó.")
    elif verb == "cancelar":
        messages.success(request, jobs.cancel(pk))
    else:
        raise Http404
    return redirect("admin:jobs")
