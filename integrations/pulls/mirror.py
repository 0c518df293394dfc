"""Take a page of an ERP's rows in: store them by key and compare them with our records, never over a local edit.

Only what differs is written: a page that has not changed since the last read costs queries and no writes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.choices import Status
from integrations.models import PullPlan, RegisterRow, Syncable, SyncStanding
from integrations.models.bulk_writes import insert_many
from integrations.pulls.comparison import IN_PROGRESS, UNSENT, differing, displayed, is_untouched
from integrations.pulls.plans import fields_of, model_of
from integrations.pulls.rows import PulledRow
from integrations.standings import mirroring, transitions

_UPDATED_COLUMNS = [
    *("code", "name", "facts", "raw", "raw_hash", "read_at"),
    *("missing_since", "record_id", "differences", "differs_since"),
]
_ROWS_PER_STATEMENT = 1_000


@dataclass
class RowCounts:
    """What became of the rows that were read."""

    read: int = 0
    created: int = 0
    updated: int = 0
    unchanged: int = 0
    differing: int = 0
    busy: int = 0
    missing: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class _StoredRow:
    """The columns of a `RegisterRow` that decide whether a row that was read needs a comparison."""

    pk: int
    key: str
    raw_hash: str
    record_id: int | None
    missing_since: datetime | None
    differs_since: datetime | None


@dataclass
class _PageChanges:
    """What a page will write."""

    now: datetime
    stored: Mapping[str, _StoredRow]
    """The rows of the mirror before the page, by key."""
    bases: Mapping[str, RegisterRow] = field(default_factory=dict)
    """What the ERP said the last time of the page's records, by key: what we have since is a local edit."""
    rows: list[RegisterRow] = field(default_factory=list)
    created: list[tuple[Syncable, RegisterRow]] = field(default_factory=list)
    updated: list[Syncable] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    """The columns in which `updated` changed."""
    already_there: list[SyncStanding] = field(default_factory=list)
    returned: list[SyncStanding] = field(default_factory=list)
    """Standings of records that had vanished from the ERP."""
    differing: list[SyncStanding] = field(default_factory=list)
    """Standings of records that the ERP has otherwise than they were ever sent."""

    def is_unchanged(self, row: RegisterRow) -> bool:
        """Whether writing a row would change nothing."""
        stored, base = self.stored.get(row.key), self.bases.get(row.key)
        if stored is None or stored.missing_since or stored.raw_hash != row.raw_hash:
            return False
        differences = base.differences if base else []
        return stored.record_id == row.record_id and bool(differences == row.differences)


class Mirror:
    """The mirror of one register, and the records that its rows become."""

    def __init__(self, plan: PullPlan, counts: RowCounts) -> None:
        self.plan, self.counts = plan, counts
        self.model = model_of(plan.register)
        self.labels = fields_of(plan.register)
        self.rows = RegisterRow.objects.filter(connection=plan.connection, register=plan.register)
        self.seen: set[int] = set()
        """Rows of the mirror that this read found again."""

    def take(self, pulled: Sequence[PulledRow], now: datetime) -> None:
        """Take a page in, inside the caller's transaction. Each key is there once."""
        stored = self._stored([row.key for row in pulled])
        self.seen |= {row.pk for row in stored.values()}
        page = _PageChanges(now, stored)
        to_compare = self._to_compare(pulled, stored)
        self.counts.unchanged += len(pulled) - len(to_compare)
        if self.model is None:
            self._add_rows(page, to_compare)
        else:
            self._compare(page, self.model, to_compare)
        self._write(page)

    def mark_missing(self, newest_before: int, now: datetime) -> None:
        """After a read of the whole register: mark the rows that were there before and did not come."""
        present = self.rows.still_there().filter(pk__lte=newest_before).values_list("pk", "record_id")
        missing = [(pk, record_id) for pk, record_id in present.iterator() if pk not in self.seen]
        for start in range(0, len(missing), _ROWS_PER_STATEMENT):
            chunk = missing[start : start + _ROWS_PER_STATEMENT]
            self.rows.filter(pk__in=[pk for pk, _ in chunk]).update(missing_since=now)
            records = [record_id for _, record_id in chunk if record_id]
            if self.model is not None and records:
                mirroring.vanished(self.model.kind, records, self.plan.connection)
        self.counts.missing = len(missing)

    def _stored(self, keys: Sequence[str]) -> dict[str, _StoredRow]:
        columns = ("pk", "key", "raw_hash", "record_id", "missing_since", "differs_since")
        return {row[1]: _StoredRow(*row) for row in self.rows.filter(key__in=keys).values_list(*columns)}

    def _to_compare(self, pulled: Sequence[PulledRow], stored: Mapping[str, _StoredRow]) -> list[PulledRow]:
        unsent = self._unsent([row.record_id for row in stored.values() if row.record_id])
        return [row for row in pulled if _needs_comparison(row, stored.get(row.key), unsent)]

    def _unsent(self, record_ids: Sequence[int]) -> set[int]:
        """The records that are not in the ERP as they are here: compared even where the ERP's row is unchanged."""
        if self.model is None or not record_ids:
            return set()
        standings = SyncStanding.objects.of_records(self.model.kind, record_ids)
        unsent = standings.filter(target=self.plan.connection.target, status__in=UNSENT)
        return set(unsent.values_list("record_id", flat=True))

    def _add_rows(self, page: _PageChanges, rows: Sequence[PulledRow]) -> None:
        """Add and count the rows of a register that has no records."""
        for row in rows:
            self._add_row(page, row)
            self._count_row(row, page.stored.get(row.key))

    def _add_row(self, page: _PageChanges, row: PulledRow, record_id: int | None = None) -> RegisterRow:
        new = RegisterRow(
            connection=self.plan.connection,
            register=self.plan.register,
            key=row.key,
            code=row.code,
            name=row.name,
            facts=row.facts,
            raw=row.raw,
            raw_hash=row.raw_hash,
            read_at=page.now,
            record_id=record_id,
        )
        page.rows.append(new)
        return new

    def _count_row(self, row: PulledRow, stored: _StoredRow | None) -> None:
        """Count a row of a register that has no records."""
        if stored is None:
            self.counts.created += 1
        elif stored.raw_hash != row.raw_hash or stored.missing_since:
            self.counts.updated += 1
        else:
            self.counts.unchanged += 1

    # --- with our records

    def _compare(self, page: _PageChanges, model: type[Syncable], pulled: Sequence[PulledRow]) -> None:
        records, standings = self._records(model, pulled)
        page.bases = self._bases(records.values())
        key_of = {row.record_id: row.key for row in page.bases.values()}
        for row in pulled:
            candidate = model(company_id=self.plan.connection.company_id, **row.values)
            record = records.get(candidate.natural_key())
            if record is None:
                records[candidate.natural_key()] = candidate
                self._create(page, candidate, row)
            elif record.pk is None or key_of.get(record.pk, row.key) != row.key:
                # Another row is this record's: a branch of the same NIT, or a NIT that is there twice.
                self._add_row(page, row)
                self.counts.unchanged += 1
            else:
                key_of[record.pk] = row.key
                self._compare_one(page, record, row, standings.get(record.pk))

    def _create(self, page: _PageChanges, candidate: Syncable, row: PulledRow) -> None:
        new = self._add_row(page, row)
        if self.plan.creates_records:
            page.created.append((candidate, new))
            self.counts.created += 1
        else:
            self.counts.unchanged += 1

    def _records(
        self, model: type[Syncable], pulled: Sequence[PulledRow]
    ) -> tuple[dict[tuple[Any, ...], Syncable], dict[int, SyncStanding]]:
        """Our records with these codes by natural key, and their standings with this ERP, locked, by record id."""
        column = model.natural_key_columns[-1]
        codes = {row.values[column] for row in pulled}
        same_code = model._default_manager.filter(company=self.plan.connection.company_id, **{f"{column}__in": codes})
        ids = list(same_code.values_list("pk", flat=True)) if codes else []
        locked = transitions.locked(model.kind, ids) if ids else []
        standings = {row.record_id: row for row in locked if row.target == self.plan.connection.target}
        records = model._default_manager.filter(pk__in=ids).defer("siigo", "sag") if ids else ()
        return {record.natural_key(): record for record in records}, standings

    def _bases(self, records: Iterable[Syncable]) -> dict[str, RegisterRow]:
        ids = [record.pk for record in records]
        rows = self.rows.filter(record_id__in=ids).only("key", "facts", "record_id", "differs_since", "differences")
        return {row.key: row for row in rows} if ids else {}

    def _compare_one(self, page: _PageChanges, record: Syncable, row: PulledRow, standing: SyncStanding | None) -> None:
        """Decide what a row does to our record of it."""
        base = page.bases.get(row.key)
        new = self._add_row(page, row, record.pk)
        names = differing(record, row, base)
        stored = page.stored.get(row.key)
        page.returned += [standing] if standing is not None and stored is not None and stored.missing_since else []
        if standing is not None and standing.status in IN_PROGRESS:
            self.counts.busy += 1
        elif not names:
            self._found_equal(page, standing)
        elif is_untouched(record, names, base, standing):
            page.columns |= set(names)
            for name in names:
                setattr(record, name, row.values[name])
            page.updated.append(record)
            self.counts.updated += 1
        else:
            new.differences = [self._difference(record, row, name) for name in names]
            new.differs_since = (base.differs_since if base else None) or page.now
            page.differing += [standing] if standing is not None and standing.content_held else []
            self.counts.differing += 1

    def _found_equal(self, page: _PageChanges, standing: SyncStanding | None) -> None:
        """A record that was never sent need not be: the ERP has it. One that was edited here stays `changed`."""
        if standing is not None and (
            standing.status == Status.NEW or (standing.status == Status.REJECTED and not standing.verify_first)
        ):
            page.already_there.append(standing)
            self.counts.updated += 1
        else:
            self.counts.unchanged += 1

    def _difference(self, record: Syncable, row: PulledRow, name: str) -> dict[str, str]:
        ours, theirs = displayed(getattr(record, name)), displayed(row.values[name])
        return {"field": name, "label": self.labels[name], "ours": ours, "theirs": theirs}

    # --- writing

    def _write(self, page: _PageChanges) -> None:
        mirroring.bring_in([record for record, _ in page.created], self.plan.connection)
        for record, row in page.created:
            row.record_id = record.pk
        if page.updated:
            model = type(page.updated[0])
            standings = transitions.locked(model.kind, [record.pk for record in page.updated])
            mirroring.take_content(page.updated, sorted(page.columns), standings, self.plan.connection)
        mirroring.found_there(page.already_there, self.plan.connection)
        mirroring.found_otherwise(page.differing)
        mirroring.came_back(page.returned, self.plan.connection)
        insert_many([row for row in page.rows if row.key not in page.stored])
        RegisterRow.objects.bulk_create(
            [row for row in page.rows if row.key in page.stored and not page.is_unchanged(row)],
            update_conflicts=True,
            unique_fields=["connection", "register", "key"],
            update_fields=_UPDATED_COLUMNS,
            batch_size=_ROWS_PER_STATEMENT,
        )


def _needs_comparison(row: PulledRow, stored: _StoredRow | None, unsent: set[int]) -> bool:
    if stored is None or stored.raw_hash != row.raw_hash or stored.missing_since or stored.differs_since:
        return True
    return stored.record_id in unsent
