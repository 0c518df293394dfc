"""The only module that changes a status, on the standing and on the record's status column together.

Every writer locks the standing first: an edit, a claim and a finish of one record follow one another.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils import timezone

from integrations.choices import Kind, SendKind, Status, Target
from integrations.connections import record_kinds
from integrations.models import Prerequisite, Syncable, SyncStanding, open_edits
from integrations.models.bulk_writes import insert_alike, insert_many, insert_unkeyed, update_many
from integrations.models.syncable import model_for
from integrations.standings import known_content, open_calls, search_keys
from integrations.standings.lifecycle import Event, destination

_ROWS_PER_INSERT = 500
GATED = frozenset({Status.REJECTED, Status.EXCLUDED})
"""The statuses in which `verify_first` keeps a record from being sent until a read, or a person, clears it."""


class StandingError(Exception):
    """An event was applied where the table does not allow it."""


def registering(records: Sequence[Syncable]) -> None:
    """Insert the standings of new records of one kind, one for each ERP that takes it, in the caller's transaction."""
    if not records:
        return
    ids_of: dict[int, list[int]] = defaultdict(list)
    for record in records:
        ids_of[record.company_id].append(record.pk)
    for company_id, targets in record_kinds.targets_by_company(type(records[0]), set(ids_of)).items():
        for target in targets:
            _insert_standings(type(records[0]), company_id, target, ids_of[company_id])


def _insert_standings(model: type[Syncable], company_id: int, target: Target, record_ids: Sequence[int]) -> None:
    values: dict[str, Sequence[int | str]] = {"record_id": record_ids}
    if model.exports[target].carries_key:
        values["search_key"] = search_keys.draw_unused(company_id, len(record_ids))
    insert_alike(SyncStanding(kind=model.kind, target=target, company_id=company_id), values)


def arriving(records: Sequence[Syncable], target: Target | str, **facts: Any) -> None:
    """Insert records that the ERP `target` already has: `synced` there, with these columns, and `new` for the others.

    Inside the caller's transaction; nobody knows these records yet, so nothing is locked.
    """
    rows = [
        SyncStanding(kind=record.kind, record_id=index, target=each, company_id=record.company_id)
        for index, record in enumerate(records)
        for each in record.exports
    ]
    for row in rows:
        if row.target == target and _moved(row, Event.MIRRORED, timezone.now(), facts | {"version_sent": row.version}):
            setattr(records[row.record_id], f"{target}_status", row.status)
    insert_many(records)
    for row in rows:
        row.record_id = records[row.record_id].pk
    insert_unkeyed(rows)


def register_missing(company_id: int, kind: Kind | str, target: Target | str) -> int:
    """Insert the standings that records lack which were here before their kind went to `target`; returns how many."""
    registered = 0
    while True:
        count = _register_chunk(company_id, kind, Target(target))
        registered += count
        if count < _ROWS_PER_INSERT:
            return registered


@transaction.atomic
def _register_chunk(company_id: int, kind: Kind | str, target: Target) -> int:
    """The records stay locked until the end: an edit follows, and raises the version of both."""
    model = model_for(kind)
    standings = SyncStanding.objects.filter(kind=kind, target=target, record_id=OuterRef("pk"))
    lacking = model._default_manager.filter(~Exists(standings), company=company_id).order_by("pk")
    rows = [
        SyncStanding(kind=kind, record_id=pk, target=target, company_id=company_id, version=version)
        for pk, version in lacking.select_for_update().values_list("pk", "version")[:_ROWS_PER_INSERT]
    ]
    if rows and model.exports[target].carries_key:
        for row, key in zip(rows, search_keys.draw_unused(company_id, len(rows)), strict=True):
            row.search_key = key
    SyncStanding.objects.bulk_create(rows, ignore_conflicts=True)
    return len(rows)


@contextmanager
def editing(record: Syncable) -> Iterator[None]:
    """The one way to write a record's content: standings locked, version raised, `synced` → `changed` and back.

    Wrap the record's own save and those of its lines and payments in ONE `with`.
    """
    with transaction.atomic():
        is_new = record.pk is None
        rows = [] if is_new else locked(record.kind, [record.pk])
        known_content.keep_before_edit(rows)
        with open_edits(record):
            yield
        if is_new:
            registering([record])
        else:
            _content_changed(record, rows)


def _content_changed(record: Syncable, rows: Sequence[SyncStanding]) -> None:
    type(record)._default_manager.filter(pk=record.pk).update(version=F("version") + 1)
    record.refresh_from_db(fields=["version"])
    for row in rows:
        row.version = record.version
        if row.status == Status.SYNCED:
            move(row, Event.EDITED)
    # Those that did not move, and one that was registered while this edit was open (`register_missing`).
    behind = SyncStanding.objects.of(record).exclude(version=record.version)
    behind.update(version=record.version)
    revert_undone(rows)
    record.refresh_from_db(fields=["siigo_status", "sag_status"])


def write_numbers(records: Sequence[Syncable], numbers: Mapping[int, int], rows: Sequence[SyncStanding]) -> None:
    """Write the numbers (by record id) of records whose standings, ALL of them, are locked; versions go up by one.

    `rows` are the standings that the caller has in memory; they are brought up to date too.
    """
    if not records:
        return
    column = type(records[0]).number_column
    in_memory = {row.pk: row for row in rows}
    standings = SyncStanding.objects.of_records(records[0].kind, [record.pk for record in records])
    written = [in_memory.get(row.pk, row) for row in standings]
    known_content.keep_before_edit(written)
    for record in records:
        setattr(record, column, numbers[record.pk])
        record.version += 1
        record.updated_at = timezone.now()
    update_many(records, [column, "version", "updated_at"])
    _raise_versions(written)


def _raise_versions(rows: Sequence[SyncStanding]) -> None:
    """The verdict of the local checks moves along: a number above every known one breaks no rule."""
    for row in rows:
        row.version_checked = row.version + 1 if row.version_checked == row.version else row.version_checked
        row.version += 1
    update_many(rows, ["version", "version_checked"])
    for row in rows:
        if row.status == Status.SYNCED:
            move(row, Event.EDITED)
    revert_undone(rows)


def revert_undone(rows: Sequence[SyncStanding]) -> None:
    """Make LOCKED standings of one kind `synced` again whose content is what the ERP is known to hold.

    Not where a call may still change what it holds (sync protocol, section 10.18).
    """
    changed = [row for row in rows if row.content_held and not row.verify_first and allows(row, Event.REVERTED)]
    if not changed:
        return
    current = known_content.digests(changed[0].kind, [row.record_id for row in changed])
    for row in changed:
        if current.get(row.record_id) == row.content_held and open_calls.all_attempts_settled(row):
            message = _REVERTED.format(row.get_target_display())
            move(row, Event.REVERTED, version_sent=row.version, message=message, cause="")


_REVERTED = "Quedó otra vez como lo tiene {}: no hay nada que enviar."


def locked(kind: Kind | str, record_ids: Sequence[int], target: Target | str | None = None) -> list[SyncStanding]:
    """The standings of these records, locked in a fixed order, inside the caller's transaction."""
    rows = SyncStanding.objects.of_records(kind, record_ids).select_for_update()
    if target is not None:
        rows = rows.filter(target=target)
    return list(rows.order_by("pk"))


def locked_one(standing_id: int) -> SyncStanding:
    """The standing, locked, inside the caller's transaction."""
    return SyncStanding.objects.select_for_update().get(pk=standing_id)


def allows(row: SyncStanding, event: Event) -> bool:
    """Whether `event` applies to a standing in this status."""
    return _goal(row, event) is not None


def may_be_read(row: SyncStanding) -> bool:
    """Whether a read of the ERP says anything about this record: what is in doubt, and what a person decides about."""
    if row.attempt is None:
        return is_in_doubt(row)
    if row.status == Status.REJECTED:
        return row.verify_first or row.ever_present
    if row.status == Status.EXCLUDED:
        return row.verify_first
    return row.status in (Status.UNCERTAIN, Status.CONFLICT, Status.SYNCED, Status.CHANGED)


def is_in_doubt(row: SyncStanding) -> bool:
    """Whether only the ERP, or a person, can settle it: then a read moves it."""
    return row.status == Status.UNCERTAIN or (row.status in GATED and row.verify_first)


IN_DOUBT = Q(status=Status.UNCERTAIN) | Q(status__in=GATED, verify_first=True)
"""The same as a condition on standings."""


def move(row: SyncStanding, event: Event, **facts: Any) -> Status:
    """Apply `event` to a LOCKED standing, with the facts that come with it, and mirror it on the record.

    Raises: StandingError where the event does not apply; nothing is written then.
    """
    if not _moved(row, event, timezone.now(), facts):
        raise StandingError(f"{event} does not apply to {row}")
    row.save()
    mirror(row.kind, [row.record_id], row.target, row.status)
    if row.status == Status.CHANGED:
        revert_undone([row])
    return Status(row.status)


def _moved(row: SyncStanding, event: Event, now: datetime, facts: Mapping[str, Any]) -> bool:
    """Whether the table moved this row, in memory, with the facts that come along."""
    for name, value in facts.items():
        setattr(row, name, value)
    goal = _goal(row, event)
    if goal is None:
        return False
    row.status, row.progressed_at = goal, now
    if goal in (Status.SYNCED, Status.CHANGED):
        row.ever_present = True
    row.send_kind = SendKind.UPDATE if row.ever_present else SendKind.CREATE
    return True


def _goal(row: SyncStanding, event: Event) -> Status | None:
    return destination(
        event,
        Status(row.status),
        ever_present=row.ever_present,
        content_is_current=row.version == row.version_sent,
    )


def move_many(rows: Sequence[SyncStanding], event: Event, **facts: Any) -> list[SyncStanding]:
    """The same for many LOCKED standings of one kind and target, in few statements; returns those that moved.

    What the caller set on a row of its versions, its hash and its position is written too.
    """
    now = timezone.now()
    moved = [row for row in rows if _moved(row, event, now, facts)]
    update_many(moved, [*_STATUS_COLUMNS, *_CONTENT_COLUMNS, *facts])
    for reached in {row.status for row in moved}:
        same = [row for row in moved if row.status == reached]
        mirror(same[0].kind, [row.record_id for row in same], same[0].target, reached)
    revert_undone(moved)
    return moved


_STATUS_COLUMNS = ("status", "progressed_at", "ever_present", "send_kind")
_CONTENT_COLUMNS = ("version", "version_sent", "version_confirmed", "hash_confirmed", "position")


def wait_for(rows: Sequence[SyncStanding], needs: Mapping[int, Sequence[int]]) -> None:
    """Let LOCKED standings wait for masters: `needs` is standing id → ids of the masters' standings."""
    Prerequisite.objects.filter(standing__in=[row.pk for row in rows]).delete()
    waits = [Prerequisite(standing=row, needs_id=needed) for row in rows for needed in needs.get(row.pk, [])]
    Prerequisite.objects.bulk_create(waits, batch_size=_ROWS_PER_INSERT)


def mirror(kind: Kind | str, record_ids: Sequence[int], target: Target | str, status: Status | str) -> None:
    """Write the status column that lists, filters and badges read. `updated_at` is the content's, untouched."""
    model = model_for(kind)
    for start in range(0, len(record_ids), _ROWS_PER_INSERT):
        chunk = record_ids[start : start + _ROWS_PER_INSERT]
        model._default_manager.filter(pk__in=chunk).update(**{f"{target}_status": status})


def note(row: SyncStanding, **facts: Any) -> None:
    """Write columns of a LOCKED standing that are not its status (message, verdict, due date)."""
    for name, value in facts.items():
        setattr(row, name, value)
    row.save(update_fields=list(facts))
