"""The pages of a batch: first the confirm page with its documents, then the progress page."""

from typing import Any

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from integrations.admin import actions
from integrations.admin.badges import badge, batch_badge, duration, moment
from integrations.admin.permissions import may_on_kind, may_see_batches, may_send
from integrations.admin.record_pages import list_url, record_url, sentences
from integrations.admin.result_messages import report
from integrations.admin.site import site
from integrations.admin.wording import counted_records, kind_name, listed
from integrations.choices import BatchState, ItemVerdict, Kind, SendKind, Status, Target
from integrations.corrections.causes import causes_of
from integrations.dispatch import batches
from integrations.dispatch.previews import LACKING, MASTERS_IN_ORDER
from integrations.erp.fields.labels import sentence_case
from integrations.erp.fields.severity import Severity
from integrations.inbox.remedies import explain_rule
from integrations.models import SyncBatch, SyncBatchItem
from integrations.models.syncable import model_for
from integrations.payloads.prerequisites import PRESENT
from integrations.payloads.updates import NOT_ALLOWED, PERMISSION
from integrations.queue import heartbeat
from integrations.queue.work_kinds import PREVIEW
from integrations.selectors import background_jobs, lane_status, pages
from integrations.selectors.throughput import pace_of

ROWS_A_PAGE = 100
SHORTEST_ESTIMATE_SECONDS = 60
CANCEL_TITLE = "Documentos que no saldrán"
_UNCONFIRMED = (BatchState.PREPARING, BatchState.DRAFT, BatchState.FAILED)
_COUNTS = (
    "total",
    "done",
    "sent",
    "failed",
    "uncertain",
    "back",
    "waiting",
    "sending",
)
"""Attributes of `pages.BatchProgress` that the page polls."""


def _batch(batch_id: int) -> SyncBatch:
    found = SyncBatch.objects.select_related("connection", "connection__company", "company", "requested_by", "notice")
    return get_object_or_404(found, pk=batch_id)


def _may_see(request: HttpRequest) -> bool:
    return may_see_batches(request) or may_send(request)


def _context(request: HttpRequest, batch: SyncBatch, title: str) -> dict[str, Any]:
    return {
        **site.each_context(request),
        "title": title,
        "batch": batch,
        "target": batch.get_target_display(),
        "records_url": list_url(batch.kind),
        "records_name": kind_name(batch.kind),
        "is_movement": batch.kind == Kind.MOVEMENT,
        "may_send": may_send(request),
    }


@site.page("lote/<int:batch_id>/confirmar/", "batch_confirm")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, batch_id: int) -> HttpResponse:
    """*Revise antes de confirmar*; a POST confirms what was shown under its id. Raises: PermissionDenied, Http404."""
    if not may_send(request):
        raise PermissionDenied
    batch = _batch(batch_id)
    if request.method == "POST":
        return _confirm(request, batch)
    if batch.state not in _UNCONFIRMED:
        return redirect("admin:batch", batch.pk)
    context = _context(request, batch, f"Enviar a {batch.get_target_display()}: revise antes de confirmar")
    context |= _draft_context(request, batch) if batch.state == BatchState.DRAFT else {}
    context["why_failed"] = background_jobs.reason_of([PREVIEW], batch.pk) if batch.state == BatchState.FAILED else ""
    return render(request, "admin/batch_confirm.html", context)


def _draft_context(request: HttpRequest, batch: SyncBatch) -> dict[str, Any]:
    return {
        "why_closed": lane_status.why_closed(batch.connection),
        "causes": _causes(request, batch),
        "blocked": _page(request, batch, ItemVerdict.BLOCKED, "b"),
        "ready": _page(request, batch, ItemVerdict.READY, "p"),
        "skipped": _page(request, batch, ItemVerdict.SKIPPED, "o"),
        "masters": [_row(batch, item) for item in pages.masters_offered(batch)[:ROWS_A_PAGE]],
        "masters_named": _masters_named(batch),
        "estimate": _estimate(batch),
    }


def _causes(request: HttpRequest, batch: SyncBatch) -> list[dict[str, Any]]:
    """What stops documents of a draft, with how many, for who may put it right; none for others."""
    if not batch.blocked_count or not may_on_kind(request, batch.kind, "change"):
        return []
    return [
        {
            "rule": cause.rule,
            "name": cause.name,
            "title": explain_rule(batch.target, cause.rule).title,
            "field": sentence_case(cause.label),
            "count": len(ids),
        }
        for cause, ids in causes_of(batch).items()
        if cause.rule not in _NOT_IN_THE_DOCUMENT
    ]


_NOT_IN_THE_DOCUMENT = frozenset({LACKING, "unmapped", "payload"})
"""Rules whose cause is put right elsewhere."""


def _confirm(request: HttpRequest, batch: SyncBatch) -> HttpResponse:
    if batch.state in (BatchState.PREPARING, BatchState.FAILED):
        messages.warning(request, "La revisión aún no termina. Espere un momento y confirme.")
        return redirect("admin:batch_confirm", batch.pk)
    if _lacks_permission_to_update(request, batch):
        messages.error(request, f"El lote cambia documentos que ya están en Siigo. {NOT_ALLOWED}")
        return redirect("admin:batch_confirm", batch.pk)
    batches.confirm(batch.pk, masters_first="sin_maestros" not in request.POST)
    if batch.state == BatchState.DRAFT:
        queued = counted_records(batch.kind, pages.items(batch, ItemVerdict.READY).count())
        messages.success(request, f"Se pusieron en cola {queued} para {batch.get_target_display()} (lote {batch.pk}).")
    return redirect("admin:batch", batch.pk)


def _lacks_permission_to_update(request: HttpRequest, batch: SyncBatch) -> bool:
    """Checked again, since another person than the one who drafted the batch may confirm it."""
    if batch.target != Target.SIIGO or request.user.has_perm(PERMISSION):
        return False
    return pages.items(batch, ItemVerdict.READY).filter(send_kind=SendKind.UPDATE).exists()


def _masters_named(batch: SyncBatch) -> str:
    """«3 clientes y 1 artículo»."""
    counts = pages.masters_offered(batch).order_by().values_list("kind").annotate(count=Count("pk"))
    in_order = sorted(counts, key=lambda pair: MASTERS_IN_ORDER.index(pair[0]))
    return listed(counted_records(kind, count) for kind, count in in_order)


def _page(request: HttpRequest, batch: SyncBatch, verdict: ItemVerdict, name: str) -> dict[str, Any]:
    paginator = Paginator(pages.items(batch, verdict), ROWS_A_PAGE)
    page = paginator.get_page(request.GET.get(name))
    return {"rows": [_row(batch, item) for item in page], "page": page, "name": name}


def _row(batch: SyncBatch, item: SyncBatchItem) -> dict[str, Any]:
    url = record_url(item.kind, item.record_id)
    pages_url = url.removesuffix("change/")
    return {
        "item": item,
        "url": url,
        "would_send": f"{pages_url}enviaria/{batch.target}/",
        "changes": f"{pages_url}cambios/{batch.target}/" if item.send_kind == SendKind.UPDATE else "",
        "blocking": sentences(item.problems, Severity.BLOCK) or [item.reason],
        "warnings": sentences(item.problems, Severity.WARN),
    }


def _estimate(batch: SyncBatch) -> str:
    """How long the batch will take, by the connection's last calls; empty where that is unknown or short."""
    pace = pace_of(batch.connection)
    documents = batch.ready_count + batch.masters_count
    if pace is None or not documents:
        return ""
    seconds = pace.seconds_for(documents, batch.connection.concurrency)
    if seconds < SHORTEST_ESTIMATE_SECONDS:
        return ""
    calls = pace.requests_for(documents)
    counted = "1 petición" if calls == 1 else f"{calls} peticiones"
    return f"{duration(seconds)}, en {counted} de {duration(pace.seconds_a_call)} según los últimos envíos"


@site.page("lote/<int:batch_id>/", "batch")
@require_GET
def progress(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The progress of a confirmed batch, with its last results. Raises: PermissionDenied, Http404."""
    if not _may_see(request):
        raise PermissionDenied
    batch = _batch(batch_id)
    if batch.state in _UNCONFIRMED:
        return redirect("admin:batch_confirm", batch.pk)
    title = f"Envío a {batch.get_target_display()} · lote {batch.pk}"
    so_far = pages.progress(batch)
    context = _context(request, batch, title) | {
        "progress": so_far,
        "message": progress_sentence(so_far),
        "rows": _results(batch),
        "state_badge": batch_badge(batch.state),
        "notice": getattr(batch, "notice", None),
        "unblocked": pages.unblocked_by(batch) if so_far.is_over else 0,
        "failed": len(pages.failed_ids(batch)) if so_far.is_over and so_far.failed else 0,
    }
    return render(request, "admin/batch_progress.html", context)


def _results(batch: SyncBatch) -> list[dict[str, Any]]:
    return [
        {
            "url": record_url(attempt.kind, attempt.record_id),
            "label": attempt.record_label,
            "badge": badge(status),
            "message": attempt.message,
            "reference": attempt.reference if status in PRESENT else "",
            "at": moment(attempt.finished_at),
        }
        for attempt, status in pages.last_results(batch)
    ]


def progress_sentence(progress: pages.BatchProgress) -> str:
    """The state of a batch in one line."""
    batch, erp = progress.batch, progress.batch.get_target_display()
    sent = f"{progress.sent} {'enviado' if progress.sent == 1 else 'enviados'}"
    if batch.state == BatchState.CANCELLED:
        return f"Lote {batch.pk} detenido: {sent} y {progress.total - progress.done} que no salieron."
    if batch.state == BatchState.DONE:
        back = f", {progress.back} devueltos sin enviar" if progress.back else ""
        doubtful = f"{progress.failed} con error y {progress.uncertain} por confirmar"
        return f"Lote {batch.pk} terminado: {sent}, {doubtful}{back}."
    if progress.why_closed:
        return f"Nada sale ahora a {erp}. {progress.why_closed}"
    if batch.paused_at:
        return f"El lote está en pausa. {batch.pause_reason or 'Nada más sale hasta que lo reanude.'}"
    if progress.stalled:
        return heartbeat.SILENT
    left = f" · faltan {duration(progress.remaining_seconds)}" if progress.remaining_seconds else ""
    return f"Enviando: {progress.done} de {progress.total}{left}"


@site.page("lote/<int:batch_id>/avance/", "batch_data")
@require_GET
def progress_data(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The progress as JSON, which the page polls. Raises: Http404."""
    if not _may_see(request):
        return JsonResponse({"error": "Su sesión terminó. Entre de nuevo."}, status=403)
    batch = _batch(batch_id)
    if batch.state in _UNCONFIRMED:
        return JsonResponse({"state": batch.state})
    so_far = pages.progress(batch)
    return JsonResponse(
        {
            "state": batch.state,
            "over": so_far.is_over,
            "message": progress_sentence(so_far),
            "counts": {name: getattr(so_far, name) for name in _COUNTS},
            "rows": _results(batch),
        }
    )


@site.page("lote/<int:batch_id>/<str:verb>/", "batch_command")
@require_POST
def command(request: HttpRequest, batch_id: int, verb: str) -> HttpResponse:
    """*Pausar*, *Reanudar*, *Detener*; *Revisar de nuevo*; *Reintentar*, a draft with the rejected documents."""
    if not may_send(request):
        raise PermissionDenied
    batch = _batch(batch_id)
    if verb in ("pausar", "reanudar"):
        batches.set_paused(batch.pk, paused=verb == "pausar")
    elif verb == "detener":
        report(request, CANCEL_TITLE, batches.cancel(batch.pk))
    elif verb == "revisar":
        batches.prepare_again(batch.pk)
    elif verb == "reintentar":
        return _retry(request, batch) or redirect("admin:batch", batch.pk)
    else:
        raise Http404
    return redirect("admin:batch", batch.pk)


def _retry(request: HttpRequest, batch: SyncBatch) -> HttpResponse | None:
    ids = pages.failed_ids(batch)
    if not ids:
        messages.info(request, f"Ya no queda ninguno «{Status.REJECTED.label}» en este lote.")
        return None
    return actions.start_batch(request, model_for(batch.kind), batch.company, batch.target, ids)
