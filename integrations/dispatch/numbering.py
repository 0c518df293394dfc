"""Consecutives for vouchers that come without number: given at the confirmation, kept through every retry.

Locks go batch → series (in the order of their keys) → standings, everywhere. A number is content of the record:
it is written under its locked standings and raises the version, so what was confirmed is the numbered content.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from integrations.choices import Target
from integrations.erp.siigo import dialect as siigo_dialect
from integrations.errors import ConfigurationError, IntegrationError
from integrations.models import (
    Connection,
    GivenNumber,
    NumberSeries,
    SyncBatch,
    SyncBatchItem,
    SyncStanding,
)
from integrations.models.bulk_writes import update_many
from integrations.models.syncable import SeriesKey, Syncable, model_for
from integrations.payloads import builder
from integrations.payloads.context import PayloadContext, context_for
from integrations.standings import transitions
from integrations.standings.lifecycle import Event

HIGHEST_NUMBER = 9_999_999_999
"""Ten digits are what a read-back can ask for (`siigo-notes`, section 2.4)."""
_CHUNK = 500
Items = Mapping[int, SyncBatchItem]
"""Record id → its item of a batch."""


@dataclass
class OpenSeries:
    """A series whose row is LOCKED, with the highest number known anywhere."""

    row: NumberSeries
    highest: int

    def take(self) -> int:
        """The next number; gone for good once the transaction commits.

        Raises: ConfigurationError when the consecutive has no number left that could be read back.
        """
        if self.highest >= HIGHEST_NUMBER:
            raise ConfigurationError(f"La numeración {self.row} llegó a {HIGHEST_NUMBER}: no hay más números.")
        self.highest += 1
        self.row.last_number = self.highest
        return self.highest


def gives_numbers(connection: Connection) -> bool:
    """Whether this connection numbers the vouchers that come without number."""
    return connection.target == Target.SIIGO and siigo_dialect.build(connection.settings).gives_numbers


def series_key(record: Syncable, connection: Connection) -> SeriesKey | None:
    """Which series numbers a record; None for what has its number, or whose voucher nobody named."""
    key = record.series(Target(connection.target))
    if key is None or siigo_dialect.build(connection.settings).settings["numbering_by_year"]:
        return key
    return SeriesKey(key.voucher_type, key.voucher_code, 0)


def open_for(batch: SyncBatch, record_ids: Sequence[int]) -> dict[SeriesKey, OpenSeries]:
    """Lock every series that the unnumbered records of a batch need, inside the caller's transaction."""
    if not gives_numbers(batch.connection):
        return {}
    keys = set()
    model = model_for(batch.kind)
    for start in range(0, len(record_ids), _CHUNK):
        records = model._default_manager.filter(pk__in=record_ids[start : start + _CHUNK])
        keys |= {key for record in records if (key := series_key(record, batch.connection))}
    return lock_series(batch.connection, model, keys)


def lock_series(connection: Connection, model: type[Syncable], keys: set[SeriesKey]) -> dict[SeriesKey, OpenSeries]:
    """Lock these series of a connection, inside the caller's transaction; one that is new begins at what is known."""
    opened = {}
    for key in sorted(keys):
        NumberSeries.objects.get_or_create(connection=connection, **key._asdict())
        row = NumberSeries.objects.select_for_update().get(connection=connection, **key._asdict())
        in_records = model.highest_number(connection.company_id, key)
        opened[key] = OpenSeries(row, max(row.last_number, in_records, _highest_sent(connection, model, key)))
    return opened


def _highest_sent(connection: Connection, model: type[Syncable], key: SeriesKey) -> int:
    """The highest number under which Siigo holds a document of ours, whatever the movement says now."""
    year = str(key.process_year) if key.process_year else ""
    sent = SyncStanding.objects.with_erp_of(connection).filter(
        kind=model.kind, reference_key__contains=f"{year}/{key.voucher_type}/{key.voucher_code}/"
    )
    numbers = ((text or "").rpartition("/")[2] for text in sent.values_list("reference_key", flat=True))
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def give(
    batch: SyncBatch, rows: Sequence[SyncStanding], items: Items, series: Mapping[SeriesKey, OpenSeries]
) -> list[SyncStanding]:
    """Number what comes without number among LOCKED standings of the batch; returns those that may be queued.

    What would be sent must be what the preview showed but for the number; the items then have the hash, the version
    and the name of the numbered content.
    """
    records = builder.load(batch.kind, [row.record_id for row in rows], batch.target)
    context = context_for(batch.connection, list(records.values()))
    keys = {pk: key for pk, record in records.items() if (key := series_key(record, batch.connection))}
    numbered = [
        row
        for row in rows
        if keys.get(row.record_id) in series
        and transitions.allows(row, Event.REQUESTED)
        and _hash(records[row.record_id], batch.connection, row, context) == items[row.record_id].payload_hash
    ]
    numbers = {row.record_id: series[keys[row.record_id]].take() for row in numbered}
    transitions.write_numbers([records[pk] for pk in numbers], numbers, numbered)
    _keep_numbers(batch, [(records[pk], series[keys[pk]].row, number) for pk, number in numbers.items()])
    for row in numbered:
        record, item = records[row.record_id], items[row.record_id]
        item.version, item.record_label = row.version, str(record)[:200]
        item.payload_hash = _hash(record, batch.connection, row, context)
    update_many([items[pk] for pk in numbers], ["version", "record_label", "payload_hash"])
    return [row for row in rows if row.record_id not in keys] + numbered


def _hash(record: Syncable, connection: Connection, row: SyncStanding, context: PayloadContext) -> str:
    """The hash of what would be sent; «?», which no preview has, where nothing can be."""
    try:
        return builder.build(record, connection, row, row.send_kind, context).sha256
    except IntegrationError:
        return "?"


def _keep_numbers(batch: SyncBatch, given: Sequence[tuple[Syncable, NumberSeries, int]]) -> None:
    """Record which number each record got, and the last one of each series."""
    rows = [given_number(record, series, number, batch=batch) for record, series, number in given]
    GivenNumber.objects.bulk_create(rows, batch_size=_CHUNK)
    update_many(list({series for _record, series, _number in given}), ["last_number"])


def given_number(record: Syncable, series: NumberSeries, number: int, **columns: Any) -> GivenNumber:
    """An unsaved row: this record got this number of the series."""
    label = str(record)[:200]
    return GivenNumber(
        series=series, number=number, kind=record.kind, record_id=record.pk, record_label=label, **columns
    )


@dataclass(frozen=True)
class Gap:
    """Numbers of a series that are no document in Siigo, and what happened, for staff."""

    first: int
    last: int
    what: str
    record_id: int | None = None


def gaps(series: NumberSeries) -> Iterator[Gap]:
    """Every gap of a series in order: skipped, retired, or whose movement is gone or has another number."""
    previous = None
    rows = list(series.given.order_by("number").select_related("retired_by"))
    current_numbers = _current_numbers(rows)
    for row in rows:
        if previous is not None and row.number > previous + 1:
            yield Gap(previous + 1, row.number - 1, "No se dieron: otro movimiento ya tenía un número mayor.")
        previous = row.number
        if what := _why_unused(row, current_numbers):
            is_there = row.retired_at is not None or row.record_id in current_numbers
            yield Gap(row.number, row.number, what, row.record_id if is_there else None)


def _why_unused(row: GivenNumber, current_numbers: Mapping[int, int | None]) -> str:
    """What became of a number that is no document any more, in Spanish; empty where its movement has it."""
    if row.retired_at:
        who = f" por {row.retired_by}" if row.retired_by else ""
        return f"Retirado{who}: {row.reason}"
    if row.record_id not in current_numbers:
        return f"El movimiento {row.record_label} se eliminó."
    return "" if current_numbers[row.record_id] == row.number else "Al movimiento se le escribió otro número."


def _current_numbers(rows: Sequence[GivenNumber]) -> dict[int, int | None]:
    """Record id → the number that it has now; without the records that were deleted."""
    numbers: dict[int, int | None] = {}
    for kind in {row.kind for row in rows}:
        model = model_for(kind)
        ids = [row.record_id for row in rows if row.kind == kind]
        for start in range(0, len(ids), _CHUNK):
            records = model._default_manager.filter(pk__in=ids[start : start + _CHUNK]).order_by()
            numbers |= dict(records.values_list("pk", model.number_column))
    return numbers
