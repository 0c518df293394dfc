"""Consecutives for vouchers that come without number: given at the confirmation, kept through every retry.

Locks go batch → series (in the order of their keys) → standings, everywhere. A number is content of the record:
it is written under its locked standings and raises the version, so what was confirmed is the numbered content.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from integrations.choices import Kind, Target
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
        for record in model._default_manager.filter(pk__in=record_ids[start : start + _CHUNK]):
            keys.add(series_key(record, batch.connection))
    return opened_series(batch.connection, model, keys - {None})  # type: ignore[arg-type]


def opened_series(connection: Connection, model: type[Syncable], keys: set[SeriesKey]) -> dict[SeriesKey, OpenSeries]:
    opened = {}
    for key in sorted(keys):
        NumberSeries.objects.get_or_create(connection=connection, **key._asdict())
        row = NumberSeries.objects.select_for_update().get(connection=connection, **key._asdict())
        known = (
            row.last_number,
            model.highest_number(connection.company_id, key),
            _highest_sent(connection, model, key),
        )
        opened[key] = OpenSeries(row, max(known))
    return opened


def _highest_sent(connection: Connection, model: type[Syncable], key: SeriesKey) -> int:
    """The highest number under which Siigo holds a document of ours, whatever the movement says now."""
    held = SyncStanding.objects.with_erp_of(connection).filter(kind=model.kind, reference_key__isnull=False)
    year = str(key.process_year) if key.process_year else ""
    found = held.filter(reference_key__contains=f"{year}/{key.voucher_type}/{key.voucher_code}/")
    numbers = ((text or "").rpartition("/")[2] for text in found.values_list("reference_key", flat=True))
    return max((int(number) for number in numbers if number.isdecimal()), default=0)


def give(
    batch: SyncBatch,
    kind: Kind | str,
    rows: Sequence[SyncStanding],
    items: Mapping[int, SyncBatchItem],
    series: Mapping[SeriesKey, OpenSeries],
) -> list[SyncStanding]:
    """Number what comes without number among LOCKED standings; answers those that may go on.

    What would be sent must be what the preview showed but for the number; the items then hold the hash, the
    version and the name of the numbered content.
    """
    records = builder.load(kind, [row.record_id for row in rows], batch.target)
    context = context_for(batch.connection, list(records.values()))
    going: list[SyncStanding] = []
    numbered: list[tuple[SyncStanding, Syncable, OpenSeries]] = []
    for row in rows:
        record = records.get(row.record_id)
        key = series_key(record, batch.connection) if record else None
        if record is None or key is None:
            going.append(row)
        elif (
            key in series
            and transitions.allows(row, Event.REQUESTED)
            and _hash(record, batch.connection, row, context) == items[row.record_id].payload_hash
        ):
            numbered.append((row, record, series[key]))
    numbers = {record.pk: opened.take() for _row, record, opened in numbered}
    transitions.write_numbers([record for _row, record, _opened in numbered], numbers, [row for row, *_ in numbered])
    for row, record, _opened in numbered:
        item = items[row.record_id]
        item.version, item.record_label = row.version, str(record)[:200]
        item.payload_hash = _hash(record, batch.connection, row, context)
        going.append(row)
    _write_down(batch, numbered, numbers)
    update_many([items[record.pk] for _, record, _ in numbered], ["version", "record_label", "payload_hash"])
    return going


def _hash(record: Syncable, connection: Connection, row: SyncStanding, context: PayloadContext) -> str:
    try:
        return builder.build(record, connection, row, row.send_kind, context).sha256
    except IntegrationError:
        return "?"


def _write_down(
    batch: SyncBatch, numbered: Sequence[tuple[SyncStanding, Syncable, OpenSeries]], numbers: Mapping[int, int]
) -> None:
    GivenNumber.objects.bulk_create(
        [
            GivenNumber(
                series=opened.row, number=numbers[record.pk], kind=record.kind, record_id=record.pk,
                record_label=str(record)[:200], batch=batch,
            )
            for _row, record, opened in numbered
        ],
        batch_size=_CHUNK,
    )  # fmt: skip
    update_many(list({opened.row for *_, opened in numbered}), ["last_number"])


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
    given = list(series.given.order_by("number").select_related("retired_by"))
    now = _numbers_now(given)
    for one in given:
        if previous is not None and one.number > previous + 1:
            yield Gap(previous + 1, one.number - 1, "No se dieron: otro movimiento ya tenía un número mayor.")
        previous = one.number
        if one.retired_at:
            who = f" por {one.retired_by}" if one.retired_by else ""
            yield Gap(one.number, one.number, f"Retirado{who}: {one.reason}", one.record_id)
        elif one.record_id not in now:
            yield Gap(one.number, one.number, f"El movimiento {one.record_label} se eliminó.")
        elif now[one.record_id] != one.number:
            yield Gap(one.number, one.number, "Al movimiento se le escribió otro número.", one.record_id)


def _numbers_now(given: Sequence[GivenNumber]) -> dict[int, int | None]:
    now: dict[int, int | None] = {}
    for kind in {one.kind for one in given}:
        model = model_for(kind)
        ids = [one.record_id for one in given if one.kind == kind]
        for start in range(0, len(ids), _CHUNK):
            chosen = model._default_manager.filter(pk__in=ids[start : start + _CHUNK]).order_by()
            now |= dict(chosen.values_list("pk", model.number_column))
    return now
