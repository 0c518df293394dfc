"""What a page of an ERP's rows does here: upserted by key, compared with our records, never over a local edit.

Only what differs is written: a page that was read before and has not changed costs reads alone.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from integrations.choices import Status
from integrations.models import PullPlan, RegisterRow, Syncable, SyncStanding
from integrations.models.bulk_writes import insert_many
from integrations.pulls.comparison import ON_THEIR_WAY, UNSENT, differing, is_untouched, shown
from integrations.pulls.plans import fields_of, model_of
from integrations.pulls.rows import PulledRow
from integrations.standings import mirroring, transitions

_WRITTEN = ("code", "name", "facts", "raw", "raw_hash", "read_at", "missing_since", "record_id", "differences",
            "differs_since")  # fmt: skip
_ROWS_PER_STATEMENT = 1_000


@dataclass
class Counts:
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
class _Known:
    """What the mirror holds of a key, as far as it decides whether to look closer."""

    pk: int
    key: str
    raw_hash: str
    record_id: int | None
    missing_since: datetime | None
    differs_since: datetime | None


@dataclass
class _Page:
    """What is being decided about a page."""

    now: datetime
    kept: list[RegisterRow] = field(default_factory=list)
    created: list[tuple[Syncable, RegisterRow]] = field(default_factory=list)
    updated: list[Syncable] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    already_there: list[SyncStanding] = field(default_factory=list)
    known: Mapping[str, _Known] = field(default_factory=dict)
    bases: Mapping[str, RegisterRow] = field(default_factory=dict)

    def is_as_kept(self, row: RegisterRow) -> bool:
        """Whether writing it would change nothing."""
        known, base = self.known.get(row.key), self.bases.get(row.key)
        if known is None or known.missing_since or known.raw_hash != row.raw_hash:
            return False
        told = base.differences if base else []
        return known.record_id == row.record_id and bool(told == row.differences)


class Mirror:
    """The mirror of one register, and the records that its rows become."""

    def __init__(self, plan: PullPlan, counts: Counts) -> None:
        self.plan, self.counts = plan, counts
        self.model = model_of(plan.register)
        self.labels = fields_of(plan.register)
        self.rows = RegisterRow.objects.filter(connection=plan.connection, register=plan.register)
        self.seen: set[int] = set()
        """Rows of the mirror that this read found again."""

    def take(self, pulled: Sequence[PulledRow], now: datetime) -> None:
        """Bring a page in, inside the caller's transaction. Keys are unique in it."""
        known = self._known([row.key for row in pulled])
        self.seen |= {row.pk for row in known.values()}
        unsent = self._unsent([row.record_id for row in known.values() if row.record_id])
        page = _Page(now, known=known)
        closer = [row for row in pulled if self._is_worth_a_look(row, known.get(row.key), unsent)]
        self.counts.unchanged += len(pulled) - len(closer)
        if self.model is None:
            for row in closer:
                self._keep(page, row, known.get(row.key))
        else:
            self._compare(page, self.model, closer, known)
        self._write(page)

    def _known(self, keys: Sequence[str]) -> dict[str, _Known]:
        columns = ("pk", "key", "raw_hash", "record_id", "missing_since", "differs_since")
        return {row[1]: _Known(*row) for row in self.rows.filter(key__in=keys).values_list(*columns)}

    def _unsent(self, record_ids: Sequence[int]) -> set[int]:
        """Records whose row is the same as ever and that are not as the ERP has them."""
        if self.model is None or not record_ids:
            return set()
        standings = SyncStanding.objects.of_records(self.model.kind, record_ids)
        unsent = standings.filter(target=self.plan.connection.target, status__in=UNSENT)
        return set(unsent.values_list("record_id", flat=True))

    def _is_worth_a_look(self, row: PulledRow, known: _Known | None, unsent: set[int]) -> bool:
        if known is None or known.raw_hash != row.raw_hash or known.missing_since or known.differs_since:
            return True
        return known.record_id in unsent

    def _keep(self, page: _Page, row: PulledRow, known: _Known | None, record_id: int | None = None) -> RegisterRow:
        """Put a row among those to be written, and count it where no record does."""
        kept = RegisterRow(
            connection=self.plan.connection, register=self.plan.register, key=row.key, code=row.code, name=row.name,
            facts=row.facts, raw=row.raw, raw_hash=row.raw_hash, read_at=page.now, record_id=record_id,
        )  # fmt: skip
        page.kept.append(kept)
        if self.model is None:
            self._count_row(row, known)
        return kept

    def _count_row(self, row: PulledRow, known: _Known | None) -> None:
        if known is None:
            self.counts.created += 1
        elif known.raw_hash != row.raw_hash or known.missing_since:
            self.counts.updated += 1
        else:
            self.counts.unchanged += 1

    # --- against our records

    def _compare(
        self, page: _Page, model: type[Syncable], pulled: Sequence[PulledRow], known: Mapping[str, _Known]
    ) -> None:
        ours, held = self._ours(model, pulled)
        page.bases = bases = self._bases(ours.values())
        taken = {row.record_id: row.key for row in bases.values()}
        for row in pulled:
            made = self._made(model, row)
            record = ours.get(made.natural_key())
            if record is None:
                ours[made.natural_key()] = made
                self._create(page, made, row, known.get(row.key))
            elif record.pk is None or taken.get(record.pk, row.key) != row.key:
                # Another row is this record's: a branch of the same NIT, or a NIT that is there twice.
                self._keep(page, row, known.get(row.key))
                self.counts.unchanged += 1
            else:
                taken[record.pk] = row.key
                self._meet(page, record, row, bases.get(row.key), held.get(record.pk, {}))

    def _made(self, model: type[Syncable], row: PulledRow) -> Syncable:
        return model(company_id=self.plan.connection.company_id, **row.values)

    def _create(self, page: _Page, made: Syncable, row: PulledRow, known: _Known | None) -> None:
        kept = self._keep(page, row, known)
        if self.plan.creates_records:
            page.created.append((made, kept))
            self.counts.created += 1
        else:
            self.counts.unchanged += 1

    def _ours(
        self, model: type[Syncable], pulled: Sequence[PulledRow]
    ) -> tuple[dict[tuple[Any, ...], Syncable], dict[int, dict[str, SyncStanding]]]:
        """Our records with these codes and their standings by target, locked before the records are read."""
        column = model.natural_key_columns[-1]
        codes = {row.values[column] for row in pulled}
        mine = model._default_manager.filter(company=self.plan.connection.company_id, **{f"{column}__in": codes})
        ids = list(mine.values_list("pk", flat=True)) if codes else []
        held: dict[int, dict[str, SyncStanding]] = {}
        for row in transitions.locked(model.kind, ids) if ids else ():
            held.setdefault(row.record_id, {})[row.target] = row
        found = model._default_manager.filter(pk__in=ids).defer("siigo", "sag") if ids else ()
        return {record.natural_key(): record for record in found}, held

    def _bases(self, records: Iterable[Syncable]) -> dict[str, RegisterRow]:
        """What the ERP said the last time, by key: what we have since is a local edit."""
        ids = [record.pk for record in records]
        mine = self.rows.filter(record_id__in=ids).only("key", "facts", "record_id", "differs_since", "differences")
        return {row.key: row for row in mine} if ids else {}

    def _meet(
        self, page: _Page, record: Syncable, row: PulledRow, base: RegisterRow | None, held: dict[str, SyncStanding]
    ) -> None:
        """One row and our record of it."""
        kept = self._keep(page, row, None, record.pk)
        mine = held.get(self.plan.connection.target)
        news = differing(record, row, base)
        if mine is not None and mine.status in ON_THEIR_WAY:
            self.counts.busy += 1
        elif not news:
            self._as_there(page, mine)
        elif is_untouched(record, news, base, mine):
            page.columns |= set(news)
            for name in news:
                setattr(record, name, row.values[name])
            page.updated.append(record)
            self.counts.updated += 1
        else:
            kept.differences = [self._difference(record, row, name) for name in news]
            kept.differs_since = (base.differs_since if base else None) or page.now
            self.counts.differing += 1

    def _as_there(self, page: _Page, mine: SyncStanding | None) -> None:
        """Nothing differs. What was never sent need not be: the ERP has it. What was edited elsewhere stays so."""
        if mine is not None and (
            mine.status == Status.NEW or (mine.status == Status.REJECTED and not mine.verify_first)
        ):
            page.already_there.append(mine)
            self.counts.updated += 1
        else:
            self.counts.unchanged += 1

    def _difference(self, record: Syncable, row: PulledRow, name: str) -> dict[str, str]:
        return {"field": name, "label": self.labels[name], "ours": shown(getattr(record, name)),
                "theirs": shown(row.values[name])}  # fmt: skip

    # --- writing

    def _write(self, page: _Page) -> None:
        mirroring.bring_in([record for record, _ in page.created], self.plan.connection)
        for record, kept in page.created:
            kept.record_id = record.pk
        if page.updated:
            model = type(page.updated[0])
            held = transitions.locked(model.kind, [record.pk for record in page.updated])
            mirroring.take_content(page.updated, sorted(page.columns), held, self.plan.connection)
        mirroring.found_there(page.already_there, self.plan.connection)
        insert_many([row for row in page.kept if row.key not in page.known])
        RegisterRow.objects.bulk_create(
            [row for row in page.kept if row.key in page.known and not page.is_as_kept(row)],
            update_conflicts=True,
            unique_fields=["connection", "register", "key"],
            update_fields=_WRITTEN,
            batch_size=_ROWS_PER_STATEMENT,
        )

    def mark_missing(self, newest_before: int, now: datetime) -> None:
        """After a whole read: what was here before and did not come is marked, never deleted."""
        here = self.rows.still_there().filter(pk__lte=newest_before)
        gone = [pk for pk in here.values_list("pk", flat=True).iterator() if pk not in self.seen]
        for start in range(0, len(gone), _ROWS_PER_STATEMENT):
            self.rows.filter(pk__in=gone[start : start + _ROWS_PER_STATEMENT]).update(missing_since=now)
        self.counts.missing = len(gone)
