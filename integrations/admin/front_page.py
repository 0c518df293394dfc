"""*Inicio*: how everything is, each number a link to what it counts."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.admin.models import LogEntry
from django.core.cache import cache
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone

from integrations.admin import first_day
from integrations.admin.badges import duration, moment, pill
from integrations.admin.inbox import kind_counted
from integrations.admin.record_pages import list_url, record_url
from integrations.admin.site import site
from integrations.choices import Kind, Target
from integrations.inbox.viewers import viewable_kinds
from integrations.models import Connection, SyncAttempt, SyncBatch
from integrations.queue import heartbeat
from integrations.queue.cluster import SCHEDULED
from integrations.selectors import dashboard, lane_status, pages
from integrations.selectors.dashboard import Day, Front

_STEP, _BAR, _HIGH, _BELOW = 44, 30, 200, 22
_GAP = 2
_RECENT = 8
_NO_CLOCK = (
    "Lo que se hace a su hora no está funcionando: nada se verifica ni se reintenta solo. Avise al administrador."
)


def context(request: HttpRequest) -> dict[str, Any]:
    """What the front page shows to this person; what is counted or listed is as old as the page says."""
    user: Any = request.user
    kinds = viewable_kinds(user)
    told = dashboard.front(kinds)
    may_see_batches = user.has_perm("integrations.view_syncbatch")
    return {
        "front": told,
        "at": f"{timezone.localtime(told.at):%H:%M}",
        "cards": _cards(told) if kinds else [],
        "chart": _chart(told.days),
        "causes": _causes(told),
        "batches": pages.newest_batches() if may_see_batches else [],
        "sees_batches": may_see_batches,
        "lanes": [_lane(lane) for lane in lane_status.lanes_now()],
        "is_new_here": first_day.is_new(),
        "warnings": cache.get_or_set("front_warnings", _warnings, dashboard.KEPT_SECONDS),
        "recent": cache.get_or_set(f"front_recent_{user.pk}", lambda: _recent(user), dashboard.KEPT_SECONDS),
    }


def _warnings() -> list[str]:
    told = [heartbeat.SILENT] if heartbeat.is_silent() else []
    return [*told, _NO_CLOCK] if heartbeat.has_beaten(SCHEDULED) and heartbeat.is_silent(SCHEDULED) else told


@dataclass(frozen=True)
class Figure:
    """One number of the first row."""

    icon: str
    label: str
    count: int
    url: str
    below: str
    look: str


def _cards(told: Front) -> list[Figure]:
    movements = list_url(Kind.MOVEMENT)
    ready = [
        Figure("○", f"Listos para {target.label}", told.ready(target), f"{movements}?vista=listos_{target}",
               "Ver y enviar", "listo")
        for target in Target
    ]  # fmt: skip
    today = f"{timezone.localdate():%d/%m/%Y}"
    sent = f"{reverse('admin:integrations_syncattempt_changelist')}?outcome=accepted&started_at_desde={today}"
    return [
        *ready,
        Figure("✕", "Con error", told.failed, reverse("admin:inbox"), "Corregir", "mal"),
        Figure("?", "Por confirmar", told.doubtful, reverse("admin:doubts"), "Verificar", "duda"),
        Figure("✓", "Enviados hoy", told.sent_today, sent, "Ver los envíos", "bien"),
    ]


def _chart(days: list[Day]) -> dict[str, Any]:
    """Whole coordinates of the bars: sent below, refused above it, without clear answer on top."""
    highest = max([day.total for day in days] + [1])
    bars = [_bar(day, place, highest) for place, day in enumerate(days)]
    width = len(days) * _STEP
    return {"bars": bars, "width": width, "height": _HIGH + _BELOW, "ground": _HIGH, "highest": highest,
            "is_empty": not any(day.total for day in days)}  # fmt: skip


def _bar(day: Day, place: int, highest: int) -> dict[str, Any]:
    x, top, parts = place * _STEP + (_STEP - _BAR) // 2, _HIGH, []
    for look, count in (("enviado", day.sent), ("rechazado", day.failed), ("dudoso", day.doubtful)):
        if count:
            height = max(2, round(count / highest * (_HIGH - 12)) - _GAP)
            top -= height + _GAP
            parts.append({"look": look, "y": top, "height": height})
    said = f"{day.day:%d/%m}: {day.sent} enviados, {day.failed} con error, {day.doubtful} sin respuesta clara"
    return {"x": x, "middle": x + _BAR // 2, "width": _BAR, "parts": parts, "said": said, "day": f"{day.day:%d/%m}",
            "facts": day}  # fmt: skip


def _causes(told: Front) -> list[dict[str, Any]]:
    most = max([card.count for card in told.causes] + [1])
    return [
        {
            "title": card.explanation.title,
            "erp": card.target.label,
            "count": card.count,
            "counted": kind_counted("", card.count),
            "url": f"{reverse('admin:inbox')}?causa={card.key}#{card.key}",
            "width": max(1, round(card.count / most * 100)),
            "is_local": card.is_local,
        }
        for card in told.causes
    ]


def _lane(lane: lane_status.LaneNow) -> dict[str, Any]:
    connection = lane.connection
    url = reverse("admin:integrations_connection_change", args=[connection.pk])
    return {"connection": connection, "url": url, "why": lane.why, **_answering(connection, closed=bool(lane.why))}


def _answering(connection: Connection, *, closed: bool) -> dict[str, Any]:
    """«responde (hace 2 min)», «sin respuesta desde…»: the pill and the words beside it."""
    last = connection.answered_at
    if connection.is_paused:
        return {"pill": pill("changed", "⏸", "En pausa"), "said": ""}
    if connection.failures_in_a_row:
        since = f"desde el {moment(last)}" if last else "todavía no ha respondido"
        return {"pill": pill("rejected", "✕", "Sin respuesta"), "said": since}
    if closed:
        return {"pill": pill("queued", "◷", "Espera"), "said": ""}
    if last is None:
        return {"pill": pill("new", "○", "Sin usar"), "said": ""}
    return {"pill": pill("synced", "✓", "Responde"), "said": ago(last)}


def ago(then: datetime) -> str:
    """«hace 2 min», «hace 3 horas»; a day and more, the date."""
    seconds = max(0.0, (timezone.now() - then).total_seconds())
    if seconds < 60:
        return "hace menos de un minuto"
    if seconds < 86_400:
        return "hace " + duration(seconds if seconds > 90 else 91).removeprefix("unos ").removeprefix("unas ")
    return moment(then)


def _recent(user: Any) -> list[dict[str, Any]]:
    """What this person did last: changes, batches, decisions."""
    logged = LogEntry.objects.filter(user=user).select_related("content_type")[:_RECENT]
    told = [(one.action_time, one.get_admin_url() or "", str(one.object_repr), _VERBS[one.action_flag])
            for one in logged]  # fmt: skip
    batches = SyncBatch.objects.filter(requested_by=user, confirmed_at__isnull=False).order_by("-confirmed_at")
    told += [(one.confirmed_at, reverse("admin:batch", args=[one.pk]), f"Lote {one.pk}",
              f"Envió a {one.get_target_display()}") for one in batches[:_RECENT] if one.confirmed_at]  # fmt: skip
    decided = SyncAttempt.objects.filter(requested_by=user, operation=SyncAttempt.Operation.DECIDE)
    told += [(one.started_at, record_url(one.kind, one.record_id), one.record_label, "Decidió sobre")
             for one in decided.order_by("-started_at")[:_RECENT]]  # fmt: skip
    newest = sorted(told, key=lambda one: one[0], reverse=True)[:_RECENT]
    return [{"at": moment(at), "url": url, "what": what, "verb": verb} for at, url, what, verb in newest]


_VERBS = {1: "Agregó", 2: "Cambió", 3: "Eliminó"}


site.front = context
