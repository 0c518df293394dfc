"""The pages of a batch: what would go, asked once; then how far it got."""

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
from integrations.admin.record_pages import gathered, list_url, record_url
from integrations.admin.result_messages import report
from integrations.admin.site import site
from integrations.choices import BatchState, ItemVerdict, Kind, SendKind, Status, Target
from integrations.dispatch import batches
from integrations.dispatch.previews import MASTERS_IN_ORDER
from integrations.models import SyncBatch, SyncBatchItem
from integrations.models.syncable import model_for
from integrations.payloads.updates import NOT_ALLOWED, PERMISSION
from integrations.queue import heartbeat
from integrations.selectors import lane_status, pages
from integrations.selectors.throughput import pace_of

ROWS_A_PAGE = 100
WORTH_SAYING_SECONDS = 60
CANCEL_TITLE = "Documentos que no saldrán"


def _batch(batch_id: int) -> SyncBatch:
    found = SyncBatch.objects.select_related("connection", "connection__company", "company", "requested_by", "notice")
    return get_object_or_404(found, pk=batch_id)


def _may_see(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.has_perm("integrations.view_syncbatch") or may_send(request))


def may_send(request: HttpRequest) -> bool:
    user: Any = request.user
    return bool(user.has_perm("integrations.send_syncbatch"))


def _context(request: HttpRequest, batch: SyncBatch, title: str) -> dict[str, Any]:
    meta = model_for(batch.kind)._meta
    return {
        **site.each_context(request),
        "title": title,
        "batch": batch,
        "target": batch.get_target_display(),
        "records_url": list_url(batch.kind),
        "records_name": str(meta.verbose_name_plural),
        "is_movement": batch.kind == Kind.MOVEMENT,
        "may_send": may_send(request),
    }


@site.page("lote/<int:batch_id>/confirmar/", "batch_confirm")
@require_http_methods(["GET", "HEAD", "POST"])
def confirm(request: HttpRequest, batch_id: int) -> HttpResponse:
    """*Revise antes de confirmar*. The form carries nothing but the batch: what is confirmed is what was shown."""
    if not may_send(request):
        raise PermissionDenied
    batch = _batch(batch_id)
    if request.method == "POST":
        return _confirmed(request, batch)
    if batch.state not in (BatchState.PREPARING, BatchState.DRAFT):
        return redirect("admin:batch", batch.pk)
    context = _context(request, batch, f"Enviar a {batch.get_target_display()}: revise antes de confirmar")
    if batch.state == BatchState.DRAFT:
        context |= {
            "why_closed": lane_status.why_closed(batch.connection),
            "blocked": _page(request, batch, ItemVerdict.BLOCKED, "b"),
            "ready": _page(request, batch, ItemVerdict.READY, "p"),
            "skipped": _page(request, batch, ItemVerdict.SKIPPED, "o"),
            "masters": [_row(batch, item) for item in pages.masters_offered(batch)[:ROWS_A_PAGE]],
            "masters_named": _masters_named(batch),
            "estimate": _estimate(batch),
        }
    return render(request, "admin/batch_confirm.html", context)


def _confirmed(request: HttpRequest, batch: SyncBatch) -> HttpResponse:
    if batch.state == BatchState.PREPARING:
        messages.warning(request, "La revisión aún no termina. Espere un momento y confirme.")
        return redirect("admin:batch_confirm", batch.pk)
    if _lacks_permission_to_update(request, batch):
        messages.error(request, f"El lote cambia documentos que ya están en Siigo. {NOT_ALLOWED}")
        return redirect("admin:batch_confirm", batch.pk)
    was_draft = batch.state == BatchState.DRAFT
    batch = batches.confirm(batch.pk, masters_first="sin_maestros" not in request.POST)
    if was_draft:
        queued = pages.items(batch, ItemVerdict.READY).count()
        name = _counted(batch.kind, queued)
        messages.success(request, f"Se pusieron en cola {name} para {batch.get_target_display()} (lote {batch.pk}).")
    return redirect("admin:batch", batch.pk)


def _lacks_permission_to_update(request: HttpRequest, batch: SyncBatch) -> bool:
    """Who confirms may be another than who asked for the preview."""
    user: Any = request.user
    if batch.target != Target.SIIGO or user.has_perm(PERMISSION):
        return False
    return pages.items(batch, ItemVerdict.READY).filter(send_kind=SendKind.UPDATE).exists()


def _counted(kind: str, count: int) -> str:
    meta = model_for(kind)._meta
    return f"{count} {meta.verbose_name if count == 1 else meta.verbose_name_plural}"


def _masters_named(batch: SyncBatch) -> str:
    """«3 clientes y 1 artículo»."""
    counts = pages.masters_offered(batch).order_by().values_list("kind").annotate(count=Count("pk"))
    named = [_counted(kind, count) for kind, count in sorted(counts, key=lambda pair: MASTERS_IN_ORDER.index(pair[0]))]
    return " y ".join([", ".join(named[:-1]), named[-1]] if len(named) > 1 else named)


def _page(request: HttpRequest, batch: SyncBatch, verdict: ItemVerdict, name: str) -> dict[str, Any]:
    paginator = Paginator(pages.items(batch, verdict), ROWS_A_PAGE)
    page = paginator.get_page(request.GET.get(name))
    return {"rows": [_row(batch, item) for item in page], "page": page, "name": name}


def _row(batch: SyncBatch, item: SyncBatchItem) -> dict[str, Any]:
    def told(severity: str) -> list[str]:
        return gathered([problem for problem in item.problems if problem["severity"] == severity])

    url = record_url(item.kind, item.record_id)
    would_send = url.removesuffix("change/") + f"enviaria/{batch.target}/"
    updates = item.send_kind == SendKind.UPDATE
    changes = url.removesuffix("change/") + f"cambios/{batch.target}/" if updates else ""
    return {
        "item": item, "url": url, "would_send": would_send, "changes": changes,
        "blocking": told("block") or [item.reason], "warnings": told("warn"),
    }  # fmt: skip


def _estimate(batch: SyncBatch) -> str:
    pace = pace_of(batch.connection)
    going = batch.ready_count + batch.masters_count
    if pace is None or not going:
        return ""
    total = pace.seconds_for(going, batch.connection.concurrency)
    if total < WORTH_SAYING_SECONDS:
        return ""
    requests = pace.requests_for(going)
    counted = "1 petición" if requests == 1 else f"{requests} peticiones"
    return f"{duration(total)}, en {counted} de {duration(pace.seconds_a_call)} según los últimos envíos"


@site.page("lote/<int:batch_id>/", "batch")
@require_GET
def progress(request: HttpRequest, batch_id: int) -> HttpResponse:
    """How a batch goes: a page to come back to."""
    if not _may_see(request):
        raise PermissionDenied
    batch = _batch(batch_id)
    if batch.state in (BatchState.PREPARING, BatchState.DRAFT):
        return redirect("admin:batch_confirm", batch.pk)
    title = f"Envío a {batch.get_target_display()} · lote {batch.pk}"
    told = pages.progress(batch)
    context = _context(request, batch, title) | {
        "progress": told,
        "message": sentence(told),
        "rows": _results(batch),
        "state_badge": batch_badge(batch.state),
        "notice": getattr(batch, "notice", None),
        "unblocked": pages.unblocked_by(batch) if told.is_over else 0,
        "failed": len(pages.failed_ids(batch)) if told.is_over and told.failed else 0,
    }
    return render(request, "admin/batch_progress.html", context)


def _results(batch: SyncBatch) -> list[dict[str, Any]]:
    return [
        {
            "url": record_url(attempt.kind, attempt.record_id),
            "label": attempt.record_label,
            "badge": badge(became),
            "message": attempt.message,
            # Before the ERP has it, the number is only what the document would be called there.
            "reference": attempt.reference if became in (Status.SYNCED, Status.CHANGED) else "",
            "at": moment(attempt.finished_at),
        }
        for attempt, became in pages.last_results(batch)
    ]


def _sent(told: pages.Progress) -> str:
    return f"{told.sent} {'enviado' if told.sent == 1 else 'enviados'}"


def sentence(told: pages.Progress) -> str:
    """What is going on, in a line."""
    batch, erp = told.batch, told.batch.get_target_display()
    if batch.state == BatchState.CANCELLED:
        return f"Lote {batch.pk} detenido: {_sent(told)} y {told.total - told.done} que no salieron."
    if batch.state == BatchState.DONE:
        return f"Lote {batch.pk} terminado: {_sent(told)}, {told.failed} con error y {told.uncertain} por confirmar" + (
            f", {told.back} devueltos sin enviar." if told.back else "."
        )
    if told.why_closed:
        return f"Nada sale ahora a {erp}. {told.why_closed}"
    if batch.paused_at:
        return f"El lote está en pausa. {batch.pause_reason or 'Nada más sale hasta que lo reanude.'}"
    if told.stalled:
        return heartbeat.SILENT
    left = f" · faltan {duration(told.remaining_seconds)}" if told.remaining_seconds else ""
    return f"Enviando: {told.done} de {told.total}{left}"


@site.page("lote/<int:batch_id>/avance/", "batch_data")
@require_GET
def progress_data(request: HttpRequest, batch_id: int) -> HttpResponse:
    """The same as JSON, for the page to poll."""
    if not _may_see(request):
        return JsonResponse({"error": "Su sesión terminó. Entre de nuevo."}, status=403)
    batch = _batch(batch_id)
    if batch.state in (BatchState.PREPARING, BatchState.DRAFT):
        return JsonResponse({"state": batch.state})
    told = pages.progress(batch)
    counts = {
        name: getattr(told, name)
        for name in ("total", "done", "sent", "failed", "uncertain", "back", "waiting", "sending")
    }
    return JsonResponse(
        {
            "state": batch.state,
            "over": told.is_over,
            "message": sentence(told),
            "counts": counts,
            "rows": _results(batch),
        }
    )


@site.page("lote/<int:batch_id>/<str:verb>/", "batch_command")
@require_POST
def command(request: HttpRequest, batch_id: int, verb: str) -> HttpResponse:
    """Pause, go on, stop, or take the refused ones through the confirm page again."""
    if not may_send(request):
        raise PermissionDenied
    batch = _batch(batch_id)
    if verb in ("pausar", "reanudar"):
        batches.hold_batch(batch.pk, paused=verb == "pausar")
    elif verb == "detener":
        report(request, CANCEL_TITLE, batches.cancel(batch.pk))
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
