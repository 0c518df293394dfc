"""What people ask for: a preview, a confirmation, a cancel, a pause, a verification. Nothing here talks to an ERP."""

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
from integrations.queue.outbox import enqueue_drain, enqueue_preview, enqueue_verifications
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
    """Freeze a selection as a draft batch with its preview; large ones are prepared by the worker.

    Raises: ConfigurationError where the company has no such connection, or it does not take this kind.
    """
    connection = live_connection(company, target)
    refused = record_kinds.why_not(connection, kind)
    if refused:
        raise ConfigurationError(refused)
    with transaction.atomic():
        batch = SyncBatch.objects.create(
            company=company,
            connection=connection,
            target=target,
            kind=kind,
            requested_by=requester.user,
            requested_from=requester.origin,
            accepted_rules=sorted(accepted_rules),
            selected_count=len(record_ids),
        )
        rows = [
            SyncBatchItem(batch=batch, position=position, kind=kind, record_id=record_id, verdict=ItemVerdict.SKIPPED)
            for position, record_id in enumerate(record_ids, 1)
        ]
        SyncBatchItem.objects.bulk_create(rows, batch_size=_CHUNK)
        if len(record_ids) > PREVIEWED_IN_REQUEST:
            enqueue_preview(batch.pk)
    if len(record_ids) <= PREVIEWED_IN_REQUEST:
        prepare(batch)
    return batch


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
    with transaction.atomic():
        held = SyncBatch.objects.select_for_update().get(pk=batch.pk)
        if held.state == BatchState.PREPARING:
            _count(held)
            held.state = BatchState.DRAFT
            held.save()
    batch.refresh_from_db()


def _count(batch: SyncBatch) -> None:
    chosen = batch.items.filter(position__gt=0)
    ready = chosen.filter(verdict=ItemVerdict.READY)
    batch.ready_count = ready.count()
    batch.blocked_count = chosen.filter(verdict=ItemVerdict.BLOCKED).count()
    batch.skipped_count = chosen.filter(verdict=ItemVerdict.SKIPPED).count()
    batch.masters_count = batch.items.filter(position__lt=1, verdict=ItemVerdict.READY).count()
    batch.ready_amount = ready.aggregate(total=Sum("amount"))["total"] or 0


def confirm(batch_id: int, *, masters_first: bool = True) -> SyncBatch:
    """Queue a draft's ready records and the task that sends them, together. A second call changes nothing.

    `masters_first` takes the offer of the preview: what the documents name and the ERP lacks goes before them.
    """
    with transaction.atomic():
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
    """Masters first: what is queued earlier in the batch leaves earlier."""
    queued = 0
    chosen = batch.items.filter(kind=batch.kind, verdict=ItemVerdict.READY)
    series = numbering.open_for(batch, list(chosen.values_list("record_id", flat=True)))
    for kind in _kinds_in_order(batch):
        ready = list(batch.items.filter(kind=kind, verdict=ItemVerdict.READY).order_by("position"))
        for start in range(0, len(ready), _CHUNK):
            queued += _queue(batch, kind, {item.record_id: item for item in ready[start : start + _CHUNK]}, series)
    return queued


def _kinds_in_order(batch: SyncBatch) -> list[str]:
    return [kind for kind in previews.MASTERS_IN_ORDER if kind != batch.kind] + [batch.kind]


def _queue(batch: SyncBatch, kind: str, items: dict[int, SyncBatchItem], series: Mapping[SeriesKey, OpenSeries]) -> int:
    # A number is content of the record for every ERP: then all its standings are locked, in one order.
    rows = transitions.locked(kind, list(items), None if series else batch.target)
    eligible = [row for row in rows if row.target == batch.target and _still_as_previewed(row, items[row.record_id])]
    if series and kind == batch.kind:
        eligible = numbering.give(batch, kind, eligible, items, series)
    for row in eligible:
        item = items[row.record_id]
        row.version_confirmed, row.hash_confirmed = item.version, item.payload_hash
        row.position = item.position
    moved = transitions.move_many(
        eligible, Event.REQUESTED, batch=batch, connection=batch.connection, tries=0, message="", cause=""
    )
    transitions.wait_for(moved, {row.pk: items[row.record_id].needs for row in moved})
    taken = {row.record_id for row in moved}
    _tell_the_left_out([item for record_id, item in items.items() if record_id not in taken])
    return len(moved)


def _still_as_previewed(row: SyncStanding, item: SyncBatchItem) -> bool:
    return row.version == item.version and row.send_kind == item.send_kind and not row.verify_first


def _tell_the_left_out(items: list[SyncBatchItem]) -> None:
    for item in items:
        item.verdict = ItemVerdict.SKIPPED
        item.reason = "Cambió o entró en otro lote después de la revisión."
    update_many(items, ["verdict", "reason"])


def cancel(batch_id: int) -> Tally:
    """Stop what of this batch has not left: queued and retrying go back; what is being sent finishes."""
    with transaction.atomic():
        # Standings before the batch, as whoever finishes a record locks them.
        waiting = SyncStanding.objects.filter(batch=batch_id, status__in=[Status.QUEUED, Status.RETRYING])
        rows = list(waiting.select_for_update().order_by("pk"))
        batch = SyncBatch.objects.select_for_update().get(pk=batch_id)
        if batch.state in (BatchState.DONE, BatchState.CANCELLED):
            return Tally(reasons=["El lote ya había terminado."])
        batch.state = BatchState.CANCELLED
        batch.finished_at = timezone.now()
        batch.save()
        moved = transitions.move_many(rows, Event.WITHDRAWN, message="Se canceló el lote antes de enviarlo.")
        in_flight = SyncStanding.objects.filter(batch=batch, status=Status.SENDING).count()
    return Tally(len(moved), in_flight, ["Se está enviando."] if in_flight else [])


def hold_batch(batch_id: int, *, paused: bool) -> None:
    """Pause a batch, or let it go on."""
    with transaction.atomic():
        batch = SyncBatch.objects.select_for_update().get(pk=batch_id)
        batch.paused_at, batch.pause_reason = (timezone.now() if paused else None), ""
        batch.save(update_fields=["paused_at", "pause_reason"])
        if not paused and batch.state == BatchState.QUEUED:
            enqueue_drain(batch.connection_id)


def request_verification(
    *, kind: Kind | str, record_ids: Sequence[int], target: Target | str, requester: Requester
) -> Tally:
    """Ask the worker to look these records up in the ERP (*Verificar en el ERP*)."""
    tally = Tally()
    with transaction.atomic():
        asked: dict[int | None, list[tuple[int, str]]] = {}
        for row in transitions.locked(kind, record_ids, target):
            if transitions.may_be_read(row):
                asked.setdefault(row.connection_id, []).append((row.pk, str(row.attempt or "")))
                tally.done += 1
            else:
                tally.skipped += 1
                tally.reasons = ["Solo se verifica lo que salió hacia el ERP."]
        for pairs in asked.values():
            enqueue_verifications(pairs, requester.origin)
    return tally
