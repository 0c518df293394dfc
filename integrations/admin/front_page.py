"""*Inicio*: the state of everything, each figure with a link to the list that it counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import ADDITION, CHANGE, DELETION, LogEntry
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.safestring import SafeString

from integrations.admin import first_day
from integrations.admin.badges import duration, moment, pill
from integrations.admin.permissions import may_see_batches, may_see_jobs
from integrations.admin.record_pages import list_url, record_url
from integrations.admin.site import site
from integrations.admin.wording import counted_documents
from integrations.choices import Kind, Target
from integrations.inbox.viewers import viewable_kinds
from integrations.models import Connection, SyncAttempt, SyncBatch
from integrations.queue import heartbeat
from integrations.queue.cluster import FILES, SCHEDULED
from integrations.selectors import dashboard, lane_status, pages
from integrations.selectors.dashboard import DayCounts, FrontNumbers

_DAY_WIDTH, _BAR_WIDTH, _CHART_HEIGHT, _LABEL_HEIGHT, _GAP = 44, 30, 200, 22, 2
"""Pixels of the chart."""
_RECENT = 8
_FILES_SILENT = "Lo que lee e importa archivos no está funcionando: quedan en espera. Avise al administrador."
_SCHEDULE_SILENT = (
    "Lo que se hace a su hora no está funcionando: nada se verifica ni se reintenta solo. Avise al administrador."
)


def context(request: HttpRequest) -> dict[str, Any]:
    """Context of the front page for a person. Counts and lists are cached: `at` says when they were read."""
    user: Any = request.user
    kinds = viewable_kinds(user)
    front = dashboard.front(kinds)
    sees_batches = may_see_batches(request)
    return {
        "front": front,
        "at": f"{timezone.localtime(front.at):%H:%M}",
        "cards": _cards(front) if kinds else [],
        "chart": _chart(front.days),
        "causes": _causes(front),
        "batches": pages.newest_batches() if sees_batches else [],
        "sees_batches": sees_batches,
        "lanes": [_lane(lane) for lane in lane_status.lanes_now()],
        "is_new_here": first_day.is_new(),
        "failed_jobs": pages.menu_counts().get("jobs", 0) if may_see_jobs(request) else 0,
        "warnings": cache.get_or_set("front_warnings", _warnings, dashboard.CACHE_SECONDS),
        "recent": cache.get_or_set(f"front_recent_{user.pk}", lambda: _recent(user), dashboard.CACHE_SECONDS),
    }


def _warnings() -> list[str]:
    warnings = [heartbeat.SILENT] if heartbeat.is_silent() else []
    if heartbeat.has_beaten(SCHEDULED) and heartbeat.is_silent(SCHEDULED):
        warnings.append(_SCHEDULE_SILENT)
    if heartbeat.has_beaten(FILES) and heartbeat.is_silent(FILES):
        warnings.append(_FILES_SILENT)
    return warnings


@dataclass(frozen=True)
class FrontCard:
    """A count with its link, in the first row of the page."""

    icon: str
    label: str
    count: int
    url: str
    below: str
    look: str


def _cards(front: FrontNumbers) -> list[FrontCard]:
    today = f"{timezone.localdate():%d/%m/%Y}"
    sent_url = f"{reverse('admin:integrations_syncattempt_changelist')}?outcome=accepted&started_at_desde={today}"
    return [
        *(_ready_card(front, target) for target in Target),
        FrontCard("✕", "Con error", front.failed, reverse("admin:inbox"), "Corregir", "mal"),
        FrontCard("?", "Por confirmar", front.doubtful, reverse("admin:doubts"), "Verificar", "duda"),
        FrontCard("✓", "Enviados hoy", front.sent_today, sent_url, "Ver los envíos", "bien"),
    ]


def _ready_card(front: FrontNumbers, target: Target) -> FrontCard:
    url = f"{list_url(Kind.MOVEMENT)}?vista=listos_{target}"
    return FrontCard("○", f"Listos para {target.label}", front.ready(target), url, "Ver y enviar", "listo")


def _chart(days: list[DayCounts]) -> dict[str, Any]:
    """The bars of an SVG in whole pixels: sent at the bottom, rejected above, without clear answer on top."""
    highest = max([day.total for day in days] + [1])
    return {
        "bars": [_bar(day, index, highest) for index, day in enumerate(days)],
        "width": len(days) * _DAY_WIDTH,
        "height": _CHART_HEIGHT + _LABEL_HEIGHT,
        "ground": _CHART_HEIGHT,
        "highest": highest,
        "is_empty": not any(day.total for day in days),
    }


def _bar(day: DayCounts, index: int, highest: int) -> dict[str, Any]:
    x, top, parts = index * _DAY_WIDTH + (_DAY_WIDTH - _BAR_WIDTH) // 2, _CHART_HEIGHT, []
    for look, count in (("enviado", day.sent), ("rechazado", day.failed), ("dudoso", day.doubtful)):
        if count:
            height = max(2, round(count / highest * (_CHART_HEIGHT - 12)) - _GAP)
            top -= height + _GAP
            parts.append({"look": look, "y": top, "height": height})
    label = f"{day.day:%d/%m}"
    return {
        "x": x,
        "middle": x + _BAR_WIDTH // 2,
        "width": _BAR_WIDTH,
        "parts": parts,
        "title": f"{label}: {day.sent} enviados, {day.failed} con error, {day.doubtful} sin respuesta clara",
        "day": label,
        "facts": day,
    }


def _causes(front: FrontNumbers) -> list[dict[str, Any]]:
    most = max([card.count for card in front.causes] + [1])
    return [
        {
            "title": card.explanation.title,
            "erp": card.target.label,
            "count": card.count,
            "counted": counted_documents("", card.count),
            "url": f"{reverse('admin:inbox')}?causa={card.key}#{card.key}",
            "width": max(1, round(card.count / most * 100)),
            "is_local": card.is_local,
        }
        for card in front.causes
    ]


def _lane(lane: lane_status.LaneNow) -> dict[str, Any]:
    connection = lane.connection
    url = reverse("admin:integrations_connection_change", args=[connection.pk])
    badge, note = _lane_badge(connection, closed=bool(lane.why))
    return {"connection": connection, "url": url, "why": lane.why, "pill": badge, "note": note}


def _lane_badge(connection: Connection, *, closed: bool) -> tuple[SafeString, str]:
    """The pill of a connection and the words beside it: «hace 2 min», «desde el 28/11/2026 14:30»."""
    last = connection.answered_at
    if connection.is_paused:
        return pill("changed", "⏸", "En pausa"), ""
    if connection.failures_in_a_row:
        since = f"desde el {moment(last)}" if last else "todavía no ha respondido"
        return pill("rejected", "✕", "Sin respuesta"), since
    if closed:
        return pill("queued", "◷", "Espera"), ""
    return (pill("synced", "✓", "Responde"), ago(last)) if last else (pill("new", "○", "Sin usar"), "")


def ago(then: datetime) -> str:
    """«hace 2 min», «hace 3 horas»; after a day the date with its hour."""
    seconds = max(0.0, (timezone.now() - then).total_seconds())
    if seconds < 60:
        return "hace menos de un minuto"
    if seconds < 86_400:
        return "hace " + duration(seconds if seconds > 90 else 91).removeprefix("unos ").removeprefix("unas ")
    return moment(then)


def _recent(user: Any) -> list[dict[str, Any]]:
    """What the person did last: changes by hand, batches and decisions, newest first."""
    logged = LogEntry.objects.filter(user=user).select_related("content_type")[:_RECENT]
    batches = SyncBatch.objects.filter(requested_by=user, confirmed_at__isnull=False).order_by("-confirmed_at")
    decided = SyncAttempt.objects.filter(requested_by=user, operation=SyncAttempt.Operation.DECIDE)
    actions: list[tuple[Any, dict[str, str]]] = [
        *((entry.action_time, _logged_action(entry)) for entry in logged),
        *((batch.confirmed_at, _batch_action(batch)) for batch in batches[:_RECENT]),
        *((attempt.started_at, _decision_action(attempt)) for attempt in decided.order_by("-started_at")[:_RECENT]),
    ]
    newest = sorted(actions, key=lambda action: action[0], reverse=True)[:_RECENT]
    return [{"at": moment(at), **action} for at, action in newest]


def _logged_action(entry: LogEntry) -> dict[str, str]:
    return {"url": entry.get_admin_url() or "", "what": str(entry.object_repr), "verb": _VERBS[entry.action_flag]}


def _batch_action(batch: SyncBatch) -> dict[str, str]:
    url = reverse("admin:batch", args=[batch.pk])
    return {"url": url, "what": f"Lote {batch.pk}", "verb": f"Envió a {batch.get_target_display()}"}


def _decision_action(attempt: SyncAttempt) -> dict[str, str]:
    url = record_url(attempt.kind, attempt.record_id)
    return {"url": url, "what": attempt.record_label, "verb": "Decidió sobre"}


_VERBS = {ADDITION: "Agregó", CHANGE: "Cambió", DELETION: "Eliminó"}


site.front = context
