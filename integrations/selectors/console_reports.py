"""What commands print, for people and scripts: counts, the history of a record, the report of a batch."""

from collections.abc import Sequence
from typing import Any

from django.db.models import Count

from integrations.choices import BatchState, ItemVerdict, Kind, Status, Target
from integrations.models import Company, SyncAttempt, SyncBatch, SyncBatchItem, SyncStanding
from integrations.models.syncable import model_for, syncable_models
from integrations.standings import grades

ADVICE: dict[Status, str] = {
    Status.NEW: "Revíselo y envíelo.",
    Status.QUEUED: "Espere: saldrá cuando le toque el turno.",
    Status.SENDING: "Espere la respuesta del ERP.",
    Status.RETRYING: "Se reintenta solo; no llegó a salir.",
    Status.SYNCED: "",
    Status.CHANGED: "Revise la diferencia con lo que tiene el ERP.",
    Status.REJECTED: "Corrija lo que dice el mensaje y envíelo de nuevo.",
    Status.UNCERTAIN: "Verifíquelo en el ERP antes de cualquier reenvío.",
    Status.CONFLICT: "Compare con lo que tiene el ERP y decida.",
    Status.EXCLUDED: "",
}


def status_counts(company: Company | None = None) -> dict[str, dict[str, dict[str, int]]]:
    """{kind: {target: {status: count}}}, only non-zero counts."""
    rows = SyncStanding.objects.all() if company is None else SyncStanding.objects.filter(company=company)
    counted = rows.values_list("kind", "target", "status").annotate(count=Count("pk")).order_by()
    found = {(kind, target, status): count for kind, target, status, count in counted}
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for kind in Kind:
        for target in Target:
            by_status = {s.value: found[kind, target, s] for s in Status if (kind, target, s) in found}
            if by_status:
                counts.setdefault(kind.value, {})[target.value] = by_status
    return counts


def grade_counts(company: Company | None = None) -> dict[str, dict[str, dict[str, int]]]:
    """{kind: {target: {grade: count}}} of what is sent: «accepted» by the ERP, or «seen» there; only non-zero."""
    rows = SyncStanding.objects.all() if company is None else SyncStanding.objects.filter(company=company)
    counts: dict[str, dict[str, dict[str, int]]] = {}
    for (kind, target), by_grade in grades.count(rows).items():
        counts.setdefault(kind, {})[target] = by_grade
    return counts


def story(kind: str, record_id: int) -> dict[str, dict[str, Any]] | None:
    """{target: {status, reference, message, attempts…}} of one record; None where there is no such record."""
    if not model_for(kind)._default_manager.filter(pk=record_id).exists():
        return None
    rows = SyncStanding.objects.of_records(kind, [record_id]).order_by("target")
    return {row.target: _standing(row) for row in rows}


def _standing(row: SyncStanding) -> dict[str, Any]:
    attempts = SyncAttempt.objects.of_standing(row).select_related("payload", "answer", "requested_by")
    grade = grades.grade_of(row)
    return {
        "status": row.status,
        "label": row.get_status_display(),
        "grade": grade.value if grade else "",
        "grade_label": grade.label if grade else "",
        "seen_at": row.seen_at,
        "reference": row.reference,
        "message": row.message,
        "advice": ADVICE[Status(row.status)],
        "verify_first": row.verify_first,
        "settles_at": row.settles_at if row.status == Status.UNCERTAIN else None,
        "attempts": [_attempt(attempt) for attempt in attempts.order_by("started_at")],
    }


def _attempt(attempt: SyncAttempt) -> dict[str, Any]:
    return {
        "id": str(attempt.pk),
        "operation": attempt.operation,
        "started_at": attempt.started_at,
        "finished_at": attempt.finished_at,
        "who": str(attempt.requested_by or attempt.requested_from),
        "batch": attempt.batch_id,
        "phase": attempt.phase,
        "http_status": attempt.http_status,
        "outcome": attempt.outcome,
        "cause": attempt.cause,
        "message": attempt.message,
        "accepted_rules": attempt.accepted_rules,
        "sent": _text(attempt.payload),
        "answer": _text(attempt.answer),
    }


def _text(stored: Any) -> str:
    return stored.body.decode("utf-8", "replace") if stored is not None else ""


def sendable_ids(
    company: Company, kind: str, target: str, statuses: Sequence[Status], ids: Sequence[int] | None, limit: int | None
) -> list[int]:
    """The records of a company in those states, in the order that they would be sent."""
    model = syncable_models()[Kind(kind)]
    chosen = model._default_manager.filter(company=company, **{f"{target}_status__in": statuses})
    if ids is not None:
        chosen = chosen.filter(pk__in=ids)
    ordered = chosen.order_by("pk").values_list("pk", flat=True)
    return list(ordered[:limit] if limit is not None else ordered)


def batch_report(batch: SyncBatch) -> dict[str, Any]:
    """{batch, selected, masters_first, queued, blocked, skipped, outcomes, problems}: how a batch stands now.

    The counts are of what was selected; the masters that go before it are counted apart.
    """
    batch.refresh_from_db()
    outcomes = SyncStanding.objects.filter(batch=batch).values_list("status").annotate(count=Count("pk"))
    selected, masters = batch.items.filter(position__gte=1), batch.items.filter(position__lt=1)
    left_out = selected.exclude(verdict=ItemVerdict.READY)
    return {
        "batch": batch.pk,
        "state": batch.state,
        "target": batch.target,
        "selected": batch.selected_count,
        "masters_first": masters.filter(verdict=ItemVerdict.READY).count(),
        "queued": selected.filter(verdict=ItemVerdict.READY).count(),
        "blocked": left_out.filter(verdict=ItemVerdict.BLOCKED).count(),
        "skipped": left_out.filter(verdict=ItemVerdict.SKIPPED).count(),
        "outcomes": dict(outcomes.order_by()),
        "problems": [_problem(item) for item in left_out],
    }


def _problem(item: SyncBatchItem) -> dict[str, Any]:
    return {
        "id": item.record_id,
        "kind": item.kind,
        "label": item.record_label,
        "verdict": item.verdict,
        "reason": item.reason,
    }


def batch_lines(report: dict[str, Any]) -> list[str]:
    """The report of `batch_report` as Spanish sentences."""
    first = (
        f"Lote {report['batch']}: {report['queued']} en cola, {report['blocked']} no se pueden enviar y "
        f"{report['skipped']} se omiten, de {report['selected']} seleccionados."
    )
    lines = [first]
    if report["masters_first"]:
        erp = Target(report["target"]).label
        lines.append(f"  Antes salen los maestros que nombran y {erp} no tiene: {report['masters_first']}.")
    lines += [f"  {problem['label']}: {problem['reason']}" for problem in report["problems"]]
    return lines + _ending(report)


def _ending(report: dict[str, Any]) -> list[str]:
    """How a batch ended, in a sentence; none while it is under way, or where nothing came of it."""
    if report["state"] not in (BatchState.DONE, BatchState.CANCELLED) or not report["outcomes"]:
        return []
    outcomes = ", ".join(f"{Status(status).label} {count}" for status, count in report["outcomes"].items())
    return [f"Lote {report['batch']} terminado: {outcomes}."]
