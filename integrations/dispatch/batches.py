"""Batches as people ask for them: draft, preview, confirm, pause, cancel. Nothing here talks to an ERP."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence

from django.db import transaction
from django.db.models import Sum
from django.utils import timezone

from integrations.choices import BatchState, ItemVerdict, Kind, Status, Target
from integrations.connections import record_kinds
from integrations.connections.live_connection import live_connection
from integrations.dispatch import numbering, previews
from integrations.dispatch.numbering import OpenSeries
from integrations.errors import ConfigurationError
from integrations.models import Company, SyncBatch, SyncBatchItem, SyncStanding
from integrations.models.bulk_writes import update_many
from integrations.models.syncable import SeriesKey
from integrations.queue import jobs
from integrations.queue.job_runs import run
from integrations.queue.outbox import enqueue_drain, enqueue_preview, enqueue_verifications
from integrations.queue.work_kinds import PREVIEW
from integrations.standings import transitions
from integrations.standings.lifecycle import Event
from integrations.standings.requester import Requester, Tally

PREVIEWED_IN_REQUEST = 500
"""Records whose preview is made while the person waits; a larger selection is prepared by the worker."""
_CHUNK = 200


def draft(
    *,
    company: Company,
    target: Target | str,
    kind: Kind | str,
    record_ids: Sequence[int],
    requester: Requester,
    accepted_rules: Collection[str] = (),
) -> SyncBatch:
    """Freeze a selection as a draft batch with its preview; the worker prepares that of a large selection.

    `accepted_rules`: ids of blocking rules that may be broken this once. Raises: ConfigurationError, in Spanish,
    where the company has no such connection, or it does not take this kind.
    """
    connection = live_connection(company, target)
    refused = record_kinds.why_not(connection, kind)
    if refused:
        raise ConfigurationError(refused)
    batch = SyncBatch(company=company, connection=connection, target=target, kind=kind, **requester.as_columns())
    batch.accepted_rules, batch.selected_count = sorted(accepted_rules), len(record_ids)
    is_large = len(record_ids) > PREVIEWED_IN_REQUEST
    with transaction.atomic():
        batch.save()
        _add_items(batch, record_ids)
        if is_large:
            enqueue_preview(batch.pk)
    if not is_large:
        run(PREVIEW, lambda _batch_id: prepare(batch), batch.pk)
        batch.refresh_from_db()
    return batch


def _add_items(batch: SyncBatch, record_ids: Sequence[int]) -> None:
    skipped = ItemVerdict.SKIPPED
    items = [
        SyncBatchItem(batch=batch, position=position, kind=batch.kind, record_id=record_id, verdict=skipped)
        for position, record_id in enumerate(record_ids, 1)
    ]
    SyncBatchItem.objects.bulk_create(items, batch_size=_CHUNK)


def prepare(batch: SyncBatch) -> None:
    """Judge every record of a batch in preparation and make it a draft. Repeating it changes nothing."""
    if batch.state != BatchState.PREPARING:
        return
    for start in range(0, batch.selected_count, _CHUNK):
        items = list(batch.items.filter(position__gt=start, position__lte=start + _CHUNK))
        with transaction.atomic():
            previews.judge_items(batch, batch.kind, items)
    with transaction.atomic():
        previews.offer_masters(batch)
    _finish_preview(batch.pk)
    batch.refresh_from_db()


@transaction.atomic
def prepare_again(batch_id: int) -> None:
    """Have the worker make the preview of a batch again, where it failed."""
    if SyncBatch.objects.select_for_update().get(pk=batch_id).state == BatchState.FAILED:
        jobs.resume_and_ask(PREVIEW, batch_id)


@transaction.atomic
def _finish_preview(batch_id: int) -> None:
    batch = SyncBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state == BatchState.PREPARING:
        _count(batch)
        batch.state = BatchState.DRAFT
        batch.save()


def _count(batch: SyncBatch) -> None:
    chosen = batch.items.filter(position__gt=0)
    ready = chosen.filter(verdict=ItemVerdict.READY)
    batch.ready_count = ready.count()
    batch.blocked_count = chosen.filter(verdict=ItemVerdict.BLOCKED).count()
    batch.skipped_count = chosen.filter(verdict=ItemVerdict.SKIPPED).count()
    batch.masters_count = batch.items.filter(position__lt=1, verdict=ItemVerdict.READY).count()
    batch.ready_amount = ready.aggregate(total=Sum("amount"))["total"] or 0


@transaction.atomic
def confirm(batch_id: int, *, masters_first: bool = True) -> SyncBatch:
    """Queue a draft's ready records and the task that sends them, together. A second call changes nothing.

    `masters_first`: the masters that the documents name and the ERP lacks go before them, as the preview offers.
    """
    batch = SyncBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state != BatchState.DRAFT:
        return batch
    if not masters_first:
        previews.decline_masters(batch)
    queued = _queue_ready(batch)
    batch.state = BatchState.QUEUED if queued else BatchState.DONE
    batch.confirmed_at = timezone.now()
    batch.finished_at = None if queued else batch.confirmed_at
    batch.save()
    if queued:
        enqueue_drain(batch.connection_id, batch.connection.concurrency)
    return batch


def _queue_ready(batch: SyncBatch) -> int:
    """Queue the ready items, masters first: what is queued earlier in the batch leaves earlier. Returns how many."""
    queued = 0
    chosen = batch.items.filter(kind=batch.kind, verdict=ItemVerdict.READY)
    series = numbering.open_for(batch, list(chosen.values_list("record_id", flat=True)))
    for kind in _kinds_in_order(batch):
        ready = list(batch.items.filter(kind=kind, verdict=ItemVerdict.READY).order_by("position"))
        for start in range(0, len(ready), _CHUNK):
            items = {item.record_id: item for item in ready[start : start + _CHUNK]}
            queued += _queue_items(batch, kind, items, series)
    return queued


def _kinds_in_order(batch: SyncBatch) -> list[str]:
    return [kind for kind in previews.MASTERS_IN_ORDER if kind != batch.kind] + [batch.kind]


def _queue_items(
    batch: SyncBatch, kind: str, items: Mapping[int, SyncBatchItem], series: Mapping[SeriesKey, OpenSeries]
) -> int:
    """Queue the standings of items of one kind that are still as previewed; the others are skipped."""
    # A number is content of the record for every ERP: then all its standings are locked, in one order.
    rows = transitions.locked(kind, list(items), None if series else batch.target)
    eligible = [row for row in rows if row.target == batch.target and _is_as_previewed(row, items[row.record_id])]
    if series and kind == batch.kind:
        eligible = numbering.give(batch, eligible, items, series)
    for row in eligible:
        item = items[row.record_id]
        row.version_confirmed, row.hash_confirmed, row.position = item.version, item.payload_hash, item.position
    moved = transitions.move_many(
        eligible, Event.REQUESTED, batch=batch, connection=batch.connection, tries=0, message="", cause=""
    )
    transitions.wait_for(moved, {row.pk: items[row.record_id].needs for row in moved})
    queued = {row.record_id for row in moved}
    _skip([item for record_id, item in items.items() if record_id not in queued])
    return len(moved)


def _is_as_previewed(row: SyncStanding, item: SyncBatchItem) -> bool:
    return row.version == item.version and row.send_kind == item.send_kind and not row.verify_first


def _skip(items: list[SyncBatchItem]) -> None:
    for item in items:
        item.verdict = ItemVerdict.SKIPPED
        item.reason = "Cambió o entró en otro lote después de la revisión."
    update_many(items, ["verdict", "reason"])


@transaction.atomic
def cancel(batch_id: int) -> Tally:
    """Withdraw what has not left; what is being sent counts as skipped. Locks standings first, as finishing does."""
    waiting = SyncStanding.objects.filter(batch=batch_id, status__in=[Status.QUEUED, Status.RETRYING])
    rows = list(waiting.select_for_update().order_by("pk"))
    batch = SyncBatch.objects.select_for_update().get(pk=batch_id)
    if batch.state in (BatchState.DONE, BatchState.CANCELLED):
        return Tally(reasons=["El lote ya había terminado."])
    batch.state, batch.finished_at = BatchState.CANCELLED, timezone.now()
    batch.save()
    jobs.forget([PREVIEW], batch_id)
    moved = transitions.move_many(rows, Event.WITHDRAWN, message="Se canceló el lote antes de enviarlo.")
    in_flight = SyncStanding.objects.filter(batch=batch, status=Status.SENDING).count()
    return Tally(len(moved), in_flight, ["Se está enviando."] if in_flight else [])


@transaction.atomic
def set_paused(batch_id: int, *, paused: bool) -> None:
    """Pause a batch, or let it go on and queue a task that drains its connection."""
    batch = SyncBatch.objects.select_for_update().get(pk=batch_id)
    batch.paused_at, batch.pause_reason = (timezone.now() if paused else None), ""
    batch.save(update_fields=["paused_at", "pause_reason"])
    if not paused and batch.state == BatchState.QUEUED:
        enqueue_drain(batch.connection_id)


@transaction.atomic
def request_verification(
    *, kind: Kind | str, record_ids: Sequence[int], target: Target | str, requester: Requester
) -> Tally:
    """Ask the worker to look these records up in the ERP (*Verificar en el ERP*); one wide read for each lane."""
    rows = transitions.locked(kind, record_ids, target)
    readable = [row for row in rows if transitions.may_be_read(row)]
    pairs_by_lane: dict[int | None, list[tuple[int, str]]] = defaultdict(list)
    for row in readable:
        pairs_by_lane[row.connection_id].append((row.pk, str(row.attempt or "")))
    for connection_id, pairs in pairs_by_lane.items():
        enqueue_verifications(pairs, requester.origin, connection_id)
    skipped = len(rows) - len(readable)
    return Tally(len(readable), skipped, ["Solo se verifica lo que salió hacia el ERP."] if skipped else [])
